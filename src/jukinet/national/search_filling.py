"""Give search keys to people who have none: on a node from before there were keys, and after a bulk load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jukinet.identification.store import take_turn
from jukinet.national.search_key_store import (
    build_indexes,
    copy_search_keys,
    fill_search_keys,
    forget_search_keys,
    note_progress,
)
from jukinet.postgres.database import Database, Unit

#: People at a time: as long as that, notices wait.
_STEP: Final = 2_000
_BULK_STEP: Final = 50_000


async def fill_missing(database: Database) -> int:
    """Give keys to all of before, some at a time; return how many they were. Goes on where it was broken off."""
    total = 0
    while True:
        async with database.transaction() as unit:
            # Nobody gets another code while the former one's past is looked up.
            await take_turn(unit)
            count = await fill_search_keys(unit, limit=_STEP)
        if count == 0:
            return total
        total += count


async def load_search_keys(unit: Unit, *, loaded: Callable[[int], None]) -> None:
    """Make the keys of everybody anew, in one transaction; the unit signs in as the owner of the tables."""
    after, total = "", 0
    async with unit.transaction():
        await forget_search_keys(unit)
        while True:
            after, count = await copy_search_keys(unit, after=after, limit=_BULK_STEP)
            if count == 0:
                break
            total += count
            loaded(total)
        await build_indexes(unit)
        await note_progress(unit, after=after, is_complete=True)
