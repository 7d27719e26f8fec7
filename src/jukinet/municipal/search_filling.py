"""Give keys to residents who have none: after a bulk load, and on a register from before there were keys."""

from __future__ import annotations

from typing import Final

from jukinet.municipal.search_store import fill_search_keys, forget_search_keys
from jukinet.postgres.database import Database, Unit

_STEP: Final = 20_000


async def fill_in(unit: Unit) -> int:
    """Give keys to all who have none, in the transaction of `unit`; return how many they were."""
    after, total = 0, 0
    while True:
        after, count = await fill_search_keys(unit, after=after, limit=_STEP)
        if count == 0:
            return total
        total += count


async def fill_missing(database: Database) -> int:
    """Give keys to all who have none, some at a time; return how many they were. May be broken off and begun again."""
    after, total = 0, 0
    while True:
        async with database.transaction() as unit:
            after, count = await fill_search_keys(unit, after=after, limit=_STEP)
        if count == 0:
            return total
        total += count


async def rebuild_search(database: Database) -> int:
    """Forget every key and make all of them anew, in one transaction: searches see the old ones until it ends."""
    async with database.transaction() as unit:
        await forget_search_keys(unit)
        return await fill_in(unit)
