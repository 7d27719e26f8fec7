"""A process of its own that hands a register over, or gives everybody the successor's code: for tests that kill it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jukinet.municipal.usecases.hand_over_register import hand_over_register
from jukinet.municipal.usecases.merge_municipality import merge_municipality
from jukinet.postgres.database import DatabaseConfig, open_database
from tests.builders import NOW
from tests.builders_merger import OUTGOING, SUCCESSOR


async def main(work: str, url: str, password_file: str, households: str) -> None:
    """Do it until it is done."""
    database = await open_database(
        DatabaseConfig(url=url, password_file=Path(password_file) if password_file else None)
    )
    try:
        if work == "hand-over":
            await hand_over_register(node=OUTGOING, database=database, clock=lambda: NOW)
        else:
            await merge_municipality(
                outgoing=OUTGOING.code,
                node=SUCCESSOR,
                database=database,
                clock=lambda: NOW,
                households=int(households),
            )
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
