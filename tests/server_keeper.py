"""Ends the test servers when pytest is gone, however it went: `server_keeper.py PYTEST_PROCESS_ID DIRECTORY`."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import sys
from pathlib import Path

from jukinet.postgres.embedded import stop_embedded


def main(process_id: int, directory: Path) -> None:
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        pass
    else:
        select.select([descriptor], [], [])
    for server in sorted(directory.iterdir()):
        if server.is_dir():
            asyncio.run(stop_embedded(server))
    shutil.rmtree(directory)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
