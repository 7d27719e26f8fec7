"""What the national node does by itself."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from jukinet.domain.errors import JukinetError
from jukinet.national.search_filling import fill_missing
from jukinet.node_process.process import Node

_SEARCH_POLL_SECONDS: Final = 600.0
_log = structlog.stdlib.get_logger("jukinet.national")


async def keep_search_complete(node: Node) -> None:
    """Make people findable who have no search key: those an earlier version recorded."""
    while True:
        try:
            count = await fill_missing(node.database)
        except JukinetError as error:
            _log.warning("search keys not filled", node=node.name.text, error_code=error.code)
        else:
            _log.info("search keys filled", node=node.name.text, people=count)
        await asyncio.sleep(_SEARCH_POLL_SECONDS)
