"""A process of its own that carries out a mass change: for tests that kill it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jukinet.municipal.usecases.change_addresses import change_addresses
from jukinet.postgres.database import DatabaseConfig, open_database
from tests.builders import NOW, SETAGAYA


async def main(url: str, password_file: str, number: str, households: str) -> None:
    """Carry out the mass change until nothing waits."""
    database = await open_database(
        DatabaseConfig(url=url, password_file=Path(password_file) if password_file else None)
    )
    try:
        await change_addresses(
            mass_change_number=int(number),
            node=SETAGAYA,
            database=database,
            clock=lambda: NOW,
            households=int(households),
        )
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
