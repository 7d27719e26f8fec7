"""What the agency node does by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from jukinet.agency.feed_store import is_following
from jukinet.agency.usecases.delete_feed_events import delete_feed_events
from jukinet.agency.usecases.delete_queries import delete_queries
from jukinet.agency.usecases.follow_doubts import follow_doubts
from jukinet.agency.usecases.read_feed import read_feed
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError
from jukinet.node_process.process import Node

_DELETE_SECONDS: Final = 3_600.0
#: An answer takes days; that it came is known within this time. Nothing is asked while nothing is open.
_FOLLOW_SECONDS: Final = 5.0
#: Between two looks for events: where the organ follows anybody; where it does not, or there was no answer.
_READ_SECONDS: Final = 0.5
_IDLE_SECONDS: Final = 5.0
_log: Final = structlog.stdlib.get_logger("jukinet.agency")


async def keep_queries_short(node: Node) -> None:
    """Delete queries and events whose time is over, for ever."""
    kept, feed_kept = timedelta(days=node.config.queries_kept_days), timedelta(days=node.config.feed_kept_days)
    while True:
        await delete_queries(database=node.database, now=node.clock(), kept=kept)
        await delete_feed_events(database=node.database, now=node.clock(), kept=feed_kept)
        await asyncio.sleep(_DELETE_SECONDS)


async def keep_doubts_followed(node: Node) -> None:
    """Ask how far the open reports of doubt are, for ever."""
    while True:
        try:
            await follow_doubts(client=node.client, database=node.database, now=node.clock())
        except JukinetError as error:
            _log.warning("doubts not followed", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_FOLLOW_SECONDS)


async def keep_feed_read(node: Node) -> None:
    """Read what the national node has to tell, for ever: often while the organ follows anybody, else now and then."""
    loop = asyncio.get_running_loop()
    next_look, is_answered = loop.time(), True
    while True:
        pause = _READ_SECONDS
        try:
            async with node.database.connection() as connection:
                following = await is_following(connection, today=civil_day(node.clock()))
            if following or loop.time() >= next_look:
                has_more = await read_feed(client=node.client, database=node.database, now=node.clock())
                pause = 0.0 if has_more else _READ_SECONDS
                next_look = loop.time() + (0.0 if has_more else _IDLE_SECONDS)
            is_answered = True
        except JukinetError as error:
            if is_answered:
                _log.warning("change feed not read", node=node.name.text, error_code=error.code)
            is_answered, pause = False, _IDLE_SECONDS
        await asyncio.sleep(pause)
