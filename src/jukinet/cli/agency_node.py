"""What every `jukinet agency` command does around its work: open the agency node's database and its line."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from jukinet.agency.app import MIGRATIONS
from jukinet.cli.console import machine_clock, plain_errors, run
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import configure_log
from jukinet.node_process.process import Node, open_node, refresh_revocations
from jukinet.protocol.node_names import NodeKind

_Result = TypeVar("_Result")


def with_agency_node(config: Path, work: Callable[[Node], Awaitable[_Result]], *, is_on_line: bool = True) -> _Result:
    """Return what the work on the node comes to; what goes wrong is said in one plain line."""
    # What the line grumbles about stays out of the answer: standard output is for the answer alone.
    configure_log(logging.ERROR)

    async def opened() -> _Result:
        settings = load_config_of(config, NodeKind.AGENCY)
        async with open_node(settings, clock=machine_clock, migrations=MIGRATIONS) as node:
            if is_on_line:
                await refresh_revocations(node)
            return await work(node)

    with plain_errors():
        return run(opened())
