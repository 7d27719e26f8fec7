"""The page of the pool of codes (住民票コードの空きコード): what is left, what was asked for, and what is wrong."""

from __future__ import annotations

from jukinet.municipal.code_pool_store import LOW, find_pool_state
from jukinet.municipal.individual_number_store import count_waiting
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Visit


async def show_pools(desk: Desk, visit: Visit) -> Answer:
    """Show how many codes are left, and who waits for an Individual Number."""
    del visit
    async with desk.database.connection() as connection:
        values = {
            "state": await find_pool_state(connection),
            "low": LOW,
            "waiting": await count_waiting(connection),
        }
    return Page("municipal/pools.html", values)
