"""A merger whose processes are killed (kill -9) goes on with the next ones: everybody once, all tiers equal.

`JUKINET_MERGER_HOUSEHOLDS` says how many households of two.
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
from tests.builders_merger import (
    are_equal,
    neighbours,
    open_merging,
    prepare,
    register_above,
    settle,
)
from tests.builders_tiers import Tier, Tiers
from tests.fixtures_postgres import MakeDatabase

_HOUSEHOLDS: Final = int(os.environ.get("JUKINET_MERGER_HOUSEHOLDS", "200"))
_BATCH: Final = 10 if _HOUSEHOLDS < 5_000 else 500
_LOADED_AT_ONCE: Final = 1_000
_KILLS: Final = 3
_ROOT: Final = Path(__file__).parents[3]
_PARTS: Final = "SELECT count(*) FROM delivery.outbox WHERE message_type = 'register_hand_over'"
_MERGED: Final = "SELECT coalesce(max(residents), 0) FROM register.merger"
_STOP: Final = "LOCK TABLE register.person_notice_event IN ACCESS EXCLUSIVE MODE"
_STOPPED: Final = """
    SELECT count(*) FROM pg_locks
     WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_EXPECTED: Final = "SELECT parts_expected FROM register.merger"
_NOT_TWO: Final = "SELECT resident_number FROM register.resident_record GROUP BY 1 HAVING count(*) <> 2"


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    async with open_merging(embedded_database) as found:
        yield found


async def start(work: str, tier: Tier) -> asyncio.subprocess.Process:
    config = tier.node.app
    arguments = [work, config.url, str(config.password_file or ""), str(_BATCH)]
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.merger_process", *arguments, cwd=_ROOT)


async def until(tier: Tier, statement: str, enough: int) -> None:
    async def is_enough() -> bool:
        return bool(await find_value(tier.node, statement) >= enough)

    assert await wait_until(is_enough, 300)


@pytest.mark.procedure("municipal_merger")
@pytest.mark.invariant("I3")
async def test_a_killed_merger_goes_on_and_changes_everybody_once(tiers: Tiers) -> None:
    outgoing, successor = tiers.municipal, tiers.neighbours[0]
    for first in range(0, _HOUSEHOLDS, _LOADED_AT_ONCE):
        await settle(outgoing, tiers, *neighbours(min(_LOADED_AT_ONCE, _HOUSEHOLDS - first), first=first * 2 + 1))
    for tier in (outgoing, successor):
        await prepare(tier, tiers)
    await register_above(tiers)

    started = time.perf_counter()
    # It is stopped at its last table, with everything else queued, and killed there.
    async with connect(outgoing.node.owner) as unit, unit.transaction():
        await unit.execute(_STOP)
        process = await start("hand-over", outgoing)
        await until(outgoing, _STOPPED, 1)
        process.kill()
        await process.wait()
    process = await start("hand-over", outgoing)
    assert await process.wait() == 0
    parts = await find_value(outgoing.node, _PARTS)
    handed_over = time.perf_counter() - started
    await tiers.carry()
    taken_over = time.perf_counter() - started
    for kill in range(1, _KILLS + 1):
        process = await start("merge", successor)
        await until(successor, _MERGED, _HOUSEHOLDS * 2 * kill // (_KILLS + 1))
        process.kill()
        await process.wait()
    process = await start("merge", successor)
    assert await process.wait() == 0
    merged = time.perf_counter() - started
    await tiers.carry()
    everywhere = time.perf_counter() - started

    steps = f"handed over in {parts} parts {handed_over:.1f} s, taken over {taken_over:.1f} s, merged {merged:.1f} s"
    whole = f"{_HOUSEHOLDS * 2:,} residents, killed {_KILLS + 1} times, since the start"
    sys.stdout.write(f"\n{whole}: {steps}, equal {everywhere:.1f} s\n")
    assert parts == await find_value(outgoing.node, _EXPECTED)
    assert await find_value(successor.node, "SELECT state FROM register.merger") == "finished"
    assert await list_rows(successor.node, _NOT_TWO) == []
    assert await find_value(successor.node, _MERGED) == _HOUSEHOLDS * 2
    assert await are_equal(tiers)
