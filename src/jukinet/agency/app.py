"""Wiring of the agency node."""

from __future__ import annotations

from typing import Final

from jukinet.agency.endpoints import ENDPOINTS
from jukinet.domain.clock import Clock
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node, Parts, run_node

#: Where this kind's tables are defined, in order.
MIGRATIONS: Final = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.agency.migrations",
)


async def run(config: NodeConfig, *, clock: Clock, until_input_ends: bool = False) -> None:
    """Run the agency node until it is told to stop."""
    await run_node(config, clock=clock, migrations=MIGRATIONS, assemble=assemble, until_input_ends=until_input_ends)


def assemble(node: Node) -> Parts:
    """Return what this kind answers and does."""
    return Parts(endpoints={name: make(node) for name, make in ENDPOINTS.items()})
