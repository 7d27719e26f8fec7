"""Work off the batch files of a national node, in a process that a test may kill: `CONFIGURATION`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from jukinet.cli.console import machine_clock
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_runner import BatchRunner
from jukinet.national.node import NationalNode
from jukinet.node_process.config import load_config
from jukinet.node_process.process import open_node


async def main() -> None:
    async with open_node(load_config(Path(sys.argv[1])), clock=machine_clock) as node:
        pace = BatchPace()
        # As beside look-ups: one block for each transaction.
        pace.lookups = 1
        runner = BatchRunner(NationalNode.of(node), pace, timedelta(days=30))
        try:
            while await runner.step():
                pace.lookups += 1
        finally:
            await runner.worker.close()


if __name__ == "__main__":
    asyncio.run(main())
