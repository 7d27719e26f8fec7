"""A process that picks up files, to be killed. Its arguments: database URL, password file, directory."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jukinet.municipal.resident_system.file_drop import pick_up_files
from jukinet.postgres.database import DatabaseConfig, open_database
from tests.builders_resident_system import linking


async def main(url: str, password_file: str, directory: str) -> None:
    database = await open_database(DatabaseConfig(url=url, password_file=Path(password_file)))
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    await pick_up_files(directory=Path(directory), database=database, linking=linking)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
