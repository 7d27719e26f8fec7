"""A mass change whose process is killed (kill -9) goes on with the next one: everybody once, all tiers equal.

`JUKINET_MASS_HOUSEHOLDS` says how many households of two; `make drill-mass` is the town of 50,000 residents.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from jukinet.devnet.federation import wait_until
from jukinet.postgres.database import connect
from tests.builders import find_value, list_rows
from tests.builders_mass_change import NEW_TOWN, OLD_TOWN, load, prepared, town
from tests.builders_tiers import Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

_HOUSEHOLDS: Final = int(os.environ.get("JUKINET_MASS_HOUSEHOLDS", "200"))
_BATCH: Final = 10 if _HOUSEHOLDS < 5_000 else 500
_LOADED_AT_ONCE: Final = 1_000
_KILLS: Final = 3
_ROOT: Final = Path(__file__).parents[3]
_DONE: Final = "SELECT count(*) FROM register.mass_change_household WHERE state = 'done'"
_NOT_TWO: Final = "SELECT resident_number FROM register.resident_record GROUP BY 1 HAVING count(*) <> 2"
_SENT_TWICE: Final = """
    SELECT resident_record_code FROM register.notified_identification
     GROUP BY resident_record_code, update_sequence HAVING count(*) > 1
"""
_BARE_UPDATE: Final = """
    UPDATE register.resident_record SET address = replace(address, %(old)s, %(new)s) WHERE address LIKE %(pattern)s
"""


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    async with open_tiers(embedded_database) as found:
        yield found


async def start(tiers: Tiers, number: int) -> asyncio.subprocess.Process:
    config = tiers.municipal.node.app
    arguments = [config.url, str(config.password_file or ""), str(number), str(_BATCH)]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.mass_change_process", *arguments, cwd=_ROOT
    )


async def until_done(tiers: Tiers, households: int) -> None:
    async def are_done() -> bool:
        return bool(await find_value(tiers.municipal.node, _DONE) >= households)

    assert await wait_until(are_done, 120)


async def measure_bare_update(tiers: Tiers) -> float:
    """Return how long an UPDATE of the same rows takes, and undo it."""
    async with connect(tiers.municipal.node.owner) as unit:
        started = time.perf_counter()
        async with unit.transaction(force_rollback=True):
            await unit.execute(_BARE_UPDATE, {"old": OLD_TOWN, "new": NEW_TOWN, "pattern": f"%{OLD_TOWN}%"})
            return time.perf_counter() - started


@pytest.mark.procedure("mass_address_change")
@pytest.mark.invariant("I3")
async def test_a_killed_mass_change_goes_on_and_changes_everybody_once(tiers: Tiers) -> None:
    for first in range(0, _HOUSEHOLDS, _LOADED_AT_ONCE):
        await load(tiers, *town(min(_LOADED_AT_ONCE, _HOUSEHOLDS - first), first=first * 2 + 1))
    bare = await measure_bare_update(tiers)
    number = await prepared(tiers.municipal.database)

    started = time.perf_counter()
    for kill in range(1, _KILLS + 1):
        process = await start(tiers, number)
        await until_done(tiers, _HOUSEHOLDS * kill // (_KILLS + 1))
        process.kill()
        await process.wait()
    process = await start(tiers, number)
    assert await process.wait() == 0
    recorded = time.perf_counter() - started
    await tiers.carry()
    everywhere = time.perf_counter() - started

    figures = f"recorded in {recorded:.1f} s, equal on all tiers after {everywhere:.1f} s"
    ratio = f"a bare UPDATE of the same rows takes {bare:.2f} s: ratio {bare / recorded:.4f}"
    sys.stdout.write(f"\n{_HOUSEHOLDS * 2:,} residents, killed {_KILLS} times: {figures}; {ratio}\n")
    assert await list_rows(tiers.municipal.node, _NOT_TWO) == []
    assert await list_rows(tiers.municipal.node, _SENT_TWICE) == []
    assert await find_value(tiers.municipal.node, _DONE) == _HOUSEHOLDS
    assert await tiers.are_equal()
