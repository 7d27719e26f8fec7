"""Whatever comes between, a reader misses nothing and sees nothing twice: writers at once, kills, lost pages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from jukinet.agency.feed_store import find_position, list_events
from jukinet.agency.usecases.delete_feed_events import delete_feed_events as delete_own_events
from jukinet.devnet.federation import wait_until
from jukinet.domain.errors import FeedPositionGoneError
from jukinet.national.usecases.delete_feed_events import delete_feed_events
from jukinet.protocol.feed import FeedEvent
from jukinet.protocol.node_names import NATIONAL
from tests.architecture.source_tree import ROOT
from tests.builders import PENSION, find_value, list_rows
from tests.feed_process import MESSAGES, PEOPLE
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import person
from tests.integration.feed.follower import Follower, open_follower

_EVENTS = "SELECT count(*) FROM feed.event"


@pytest.fixture
async def follower(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Follower]:
    async with open_follower(tmp_path, embedded_database) as found:
        yield found


@pytest.mark.invariant("I3")
async def test_a_reader_beside_many_writers_sees_every_number_once_and_in_order(follower: Follower) -> None:
    await follower.apply(*[person(number) for number in range(4, 21)])
    await follower.follow(*range(1, 21))
    is_written = False
    seen: list[FeedEvent] = []

    async def write(first: int) -> None:
        for sequence in range(2, 12):
            await follower.apply(*[person(number, sequence) for number in range(first, first + 5)])

    async def read() -> None:
        after = 0
        while True:
            was_written = is_written
            page = await follower.page(after)
            seen.extend(page.events)
            after = page.scanned
            if was_written and not page.events:
                return

    reading = asyncio.create_task(read())
    await asyncio.gather(*[write(first) for first in (1, 6, 11, 16)])
    is_written = True
    await reading

    assert [event.sequence for event in seen] == list(range(1, 201))
    for number in range(1, 21):
        own = [event.person.address for event in seen if event.reference == f"p{number}"]
        assert own == [person(number, sequence).address for sequence in range(2, 12)]


@pytest.mark.invariant("I3")
async def test_no_kill_of_either_side_loses_or_doubles_an_event(follower: Follower) -> None:
    await follower.apply(*[person(number) for number in range(4, PEOPLE + 1)])
    await follower.follow(*range(1, PEOPLE + 1))
    tiers = follower.parties.tiers

    async def start(side: str) -> asyncio.subprocess.Process:
        config = tiers.config(NATIONAL if side == "apply" else PENSION)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.feed_process", side, str(config), cwd=ROOT
        )

    async with AsyncExitStack() as stack:
        for kill in (1, 2):
            writer, reader = await start("apply"), await start("read")
            stack.callback(_end, writer)
            stack.callback(_end, reader)

            async def have_come_far(wanted: int = kill * MESSAGES * PEOPLE // 3) -> bool:
                written = await find_value(tiers.databases[NATIONAL], _EVENTS)
                return bool(written >= wanted and await find_value(tiers.databases[PENSION], _EVENTS) >= wanted // 2)

            assert await wait_until(have_come_far, 60)
            for process in (writer, reader):
                process.kill()
                await process.wait()
    assert await (await start("apply")).wait() == 0
    events = await follower.read()

    assert [event.sequence for event in events] == list(range(1, MESSAGES * PEOPLE + 1))
    assert len({event.event_id for event in events}) == MESSAGES * PEOPLE
    told = {(event.reference, event.person.address) for event in events}
    assert told == {
        (f"p{number}", person(number, sequence + 1).address)
        for number in range(1, PEOPLE + 1)
        for sequence in range(1, MESSAGES + 1)
    }


async def test_a_change_that_is_taken_back_has_no_event_and_no_number(follower: Follower) -> None:
    await follower.follow(1)
    await follower.apply(person(1, 2))

    with pytest.raises(RuntimeError):
        async with follower.parties.nation.database.transaction() as unit:
            await unit.execute("UPDATE feed.reader SET last_sequence = last_sequence + 5")
            raise RuntimeError
    await follower.apply(person(1, 3))

    assert [event.sequence for event in await follower.read()] == [1, 2]


async def test_who_stays_away_for_longer_than_events_are_kept_is_told_so(follower: Follower) -> None:
    nation, agency = follower.parties.nation, follower.parties.agency
    await follower.follow(1)
    await follower.apply(person(1, 2))
    await follower.apply(person(1, 3))
    later = nation.clock() + timedelta(days=401)
    assert await delete_feed_events(database=nation.database, now=later, kept=timedelta(days=400)) == 2
    await follower.apply(person(1, 4))

    with pytest.raises(FeedPositionGoneError):
        await follower.read()

    async with agency.database.connection() as connection:
        position = await find_position(connection)
        assert (position.scanned, position.missed_after, position.missed_until) == (3, 0, 2)
        assert len(await list_events(connection, after=2, limit=10)) == 1
    assert await delete_own_events(database=agency.database, now=later, kept=timedelta(days=92)) == 1
    async with agency.database.connection() as connection:
        with pytest.raises(FeedPositionGoneError):
            await list_events(connection, after=2, limit=10)
    rows = await list_rows(follower.database_of(PENSION), "SELECT event, detail FROM audit.event ORDER BY event_id")
    assert ("feed:missed", {"after": 0, "deleted": 2}) in rows


def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
