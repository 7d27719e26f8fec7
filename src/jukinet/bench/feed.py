"""`feed`: events a second to ten organs, how late they come, and how a burst is worked off (変更の継続提供の測定)."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jukinet.bench.feed_organs import (
    Organ,
    People,
    Prefecture,
    list_organs,
    names_of,
    open_clients,
    prefecture_of_people,
)
from jukinet.bench.feed_store import (
    count_events,
    count_feed_uses,
    drop_baseline,
    empty_feed,
    follow,
    list_people,
    prepare_baseline,
    read_bare,
)
from jukinet.bench.results import Figure, Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.bench.setup import MUNICIPALITY, Bench
from jukinet.bench.store import write_checkpoint
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.feed_changes import FOLLOWED_KINDS
from jukinet.postgres.database import Unit, connect
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.feed import MOST_EVENTS
from jukinet.protocol.node_names import NATIONAL, NodeName

ORGANS: Final = 10
#: Changes in one message at most, as a prefecture's outbox sends them.
_MESSAGE: Final = 500
_TICK: Final = 0.05
_MOST_SECONDS: Final = 180.0
_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """How much changes, how fast, and for how long."""

    people: int = 20_000
    changes: int = 10_000
    rate: int = 1_000
    seconds: float = 20.0
    burst_factor: int = 10
    burst_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class _Feed:
    bench: Bench
    settings: FeedSettings
    owner: Unit
    admin: Unit
    prefecture: Prefecture
    organs: list[Organ]
    people: People

    async def follow(self, followers: int) -> None:
        """Let everybody be followed by so many organs, and every organ begin to read anew."""
        now = self.bench.settings.clock()
        await follow(
            self.owner,
            [organ.agency for organ in self.organs],
            [row["resident_record_code"] for row in self.people.rows],
            followers=followers,
            affair=PENSION_AFFAIR,
            kinds=[kind.value for kind in FOLLOWED_KINDS],
            now=now,
            expires_on=civil_day(now) + timedelta(days=30),
        )
        self.forget()

    def forget(self) -> None:
        """Let every organ begin to read anew, and nobody have moved yet."""
        self.people.due.clear()
        for organ in self.organs:
            organ.after = 0
            organ.heard.clear()
            organ.delays.clear()


async def measure_feed(bench: Bench, settings: FeedSettings) -> list[Figure]:
    """Measure writing and reading of events beside bare statements, delays at a steady rate, and a burst.

    Raises:
        BenchFailedError: a change was not applied, an event did not come, or one is not on the use log.
    """
    list_organs(bench, ORGANS)
    await bench.start(NATIONAL.text)
    code = NodeName.parse(MUNICIPALITY).code
    today = civil_day(bench.settings.clock()).isoformat()
    try:
        async with connect(bench.owner(NATIONAL.text)) as owner, connect(bench.server.admin) as admin:
            people = People.of(await list_people(owner, apart_from=code, limit=settings.people), today)
            names = names_of(ORGANS)
            async with open_clients(bench, [prefecture_of_people(people), *names]) as (prefecture, *lines):
                organs = [Organ(name.text, line) for name, line in zip(names, lines, strict=True)]
                feed = _Feed(bench, settings, owner, admin, Prefecture(prefecture), organs, people)
                figures = await _measure_pairs(feed)
                figures += await _measure_rate(feed)
            # What a node is still doing would stand in the way of this.
            await bench.federation.processes.stop()
            await empty_feed(owner)
    finally:
        await bench.federation.processes.stop()
    return figures


async def _measure_pairs(feed: _Feed) -> list[Figure]:
    """Measure how fast changes are applied with ten followers and with none, and how fast ten organs read them."""
    applied: list[Pair] = []
    read: list[Pair] = []
    runs = feed.bench.settings.runs
    await prepare_baseline(feed.owner)
    for run in range(runs):
        feed.bench.settings.progress("変更の継続提供", run, runs)
        await empty_feed(feed.owner)
        feed.forget()
        alone = await _apply(feed)
        await feed.follow(ORGANS)
        followed = await _apply(feed)
        applied.append(Pair(feed.settings.changes / followed, feed.settings.changes / alone))
        read.append(await _read_all(feed))
    await drop_baseline(feed.owner)
    return [
        *summarise_pairs("feed", "events/s", "bare statements that read and log the same", read),
        *summarise_pairs("feed.apply", "changes/s", "the same changes, followed by nobody", applied),
    ]


async def _apply(feed: _Feed) -> float:
    """Hand on changes as fast as the nation takes them; return the seconds."""
    messages = [
        feed.people.move([0.0] * min(_MESSAGE, feed.settings.changes - done))
        for done in range(0, feed.settings.changes, _MESSAGE)
    ]
    await write_checkpoint(feed.admin)
    started = time.perf_counter()
    for notices in messages:
        if await feed.prefecture.hand_on(notices) != len(notices):
            raise BenchFailedError("A change was not applied: remove the bench's directory.")
    return time.perf_counter() - started


async def _read_all(feed: _Feed) -> Pair:
    wanted = feed.settings.changes * ORGANS
    uses = await count_feed_uses(feed.owner)
    await write_checkpoint(feed.admin)
    started = time.perf_counter()
    await asyncio.gather(*[_read_up(organ, feed.people) for organ in feed.organs])
    seconds = time.perf_counter() - started
    heard = sum(len(organ.delays) for organ in feed.organs)
    logged = await count_feed_uses(feed.owner) - uses
    if not wanted == heard == logged == await count_events(feed.owner):
        raise BenchFailedError(f"Of {wanted} events {heard} were read and {logged} logged.")
    await write_checkpoint(feed.admin)
    started = time.perf_counter()
    await asyncio.gather(*[_read_bare(feed, organ) for organ in feed.organs])
    return Pair(wanted / seconds, wanted / (time.perf_counter() - started))


async def _read_up(organ: Organ, people: People) -> None:
    while await organ.read(people):
        pass


async def _read_bare(feed: _Feed, organ: Organ) -> None:
    clock = feed.bench.settings.clock
    async with connect(feed.bench.owner(NATIONAL.text)) as unit:
        after = 0
        while True:
            last = await read_bare(
                unit,
                organ.agency,
                after=after,
                limit=MOST_EVENTS,
                message_id=new_message_id(clock(), secrets.token_bytes(10)),
                affair=PENSION_AFFAIR,
                now=clock(),
            )
            if not last:
                return
            after = last


async def _measure_rate(feed: _Feed) -> list[Figure]:
    """Measure how late events come at the steady rate, then how long a burst is felt; everybody has one follower."""
    settings = feed.settings
    await feed.follow(1)
    is_over = asyncio.Event()
    readers = [asyncio.create_task(organ.keep_reading(feed.people)) for organ in feed.organs]
    try:
        feed.bench.settings.progress("一定の速さ", 0, 2)
        steady = await _offer(feed, [(settings.rate, settings.seconds)], is_over)
        await _await_heard(feed, steady)
        delays = sorted(delay for organ in feed.organs for delay in organ.delays)
        feed.bench.settings.progress("集中", 1, 2)
        burst = settings.rate * settings.burst_factor
        phases = [(burst, settings.burst_seconds), (settings.rate, _MOST_SECONDS)]
        calm = asyncio.create_task(_offer(feed, phases, is_over))
        offered = round(burst * settings.burst_seconds)
        await asyncio.sleep(settings.burst_seconds)
        ended = time.perf_counter()
        await _await_heard(feed, steady + offered)
        lag = time.perf_counter() - ended
        is_over.set()
        await calm
    finally:
        for reader in readers:
            reader.cancel()
        ends = await asyncio.gather(*readers, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise BenchFailedError("An organ could not read to the end; the node's log says why.") from end
    return [
        *summarise_values("feed.delay.p50", "ms", [find_percentile(delays, 50) * 1000])[:1],
        *summarise_values("feed.delay.p99", "ms", [find_percentile(delays, 99) * 1000])[:1],
        *summarise_values("feed.burst", "s", [lag])[:1],
    ]


async def _offer(feed: _Feed, phases: Sequence[tuple[int, float]], is_over: asyncio.Event) -> int:
    """Let changes fall due at these rates for these seconds, and hand on what is due; return how many."""
    begins, offered, waiting = time.perf_counter(), 0, list[float]()
    for rate, seconds in phases:
        done, wanted = 0, round(rate * seconds)
        while (done < wanted or waiting) and not is_over.is_set():
            due = min(wanted, int((time.perf_counter() - begins) * rate) + 1) if done < wanted else wanted
            waiting += [begins + number / rate for number in range(done, due)]
            done = max(done, due)
            if not waiting:
                await asyncio.sleep(_TICK)
                continue
            piece, waiting = waiting[:_MESSAGE], waiting[_MESSAGE:]
            if await feed.prefecture.hand_on(feed.people.move(piece)) != len(piece):
                raise BenchFailedError("A change was not applied: remove the bench's directory.")
        offered += wanted
        begins += seconds
    return offered


async def _await_heard(feed: _Feed, wanted: int) -> None:
    deadline = time.perf_counter() + _MOST_SECONDS
    while sum(len(organ.delays) for organ in feed.organs) < wanted:
        if time.perf_counter() > deadline:
            raise BenchFailedError("Not every event came; the node's log says why.")
        await asyncio.sleep(_LOOK_SECONDS)
