"""What the agency node does by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from jukinet.agency.usecases.delete_queries import delete_queries
from jukinet.agency.usecases.follow_doubts import follow_doubts
from jukinet.domain.errors import JukinetError
from jukinet.node_process.process import Node

_log: Final = structlog.get_logger()
_DELETE_SECONDS: Final = 3_600.0
#: An answer takes days; that it came is known within this time. Nothing is asked while nothing is open.
_FOLLOW_SECONDS: Final = 5.0


async def keep_queries_short(node: Node) -> None:
    """Delete queries whose time is over, for ever."""
    kept = timedelta(days=node.config.queries_kept_days)
    while True:
        await delete_queries(database=node.database, now=node.clock(), kept=kept)
        await asyncio.sleep(_DELETE_SECONDS)


async def keep_doubts_followed(node: Node) -> None:
    """Ask how far the open reports of doubt are, for ever."""
    while True:
        try:
            await follow_doubts(client=node.client, database=node.database, now=node.clock())
        except JukinetError as error:
            _log.warning("doubts not followed", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_FOLLOW_SECONDS)
