"""What the agency node does by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from jukinet.agency.usecases.delete_queries import delete_queries
from jukinet.node_process.process import Node

_DELETE_SECONDS: Final = 3_600.0


async def keep_queries_short(node: Node) -> None:
    """Delete queries whose time is over, for ever."""
    kept = timedelta(days=node.config.queries_kept_days)
    while True:
        await delete_queries(database=node.database, now=node.clock(), kept=kept)
        await asyncio.sleep(_DELETE_SECONDS)
