"""`register`: a day's work at the counters of a city at the end of March, beside bare statements (窓口事務の測定)."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from jukinet.bench.register_day import SEARCH_KINDS, Errand, Measured, count_of_day, key_of, pause, plan_day, run_errand
from jukinet.bench.register_store import (
    clone_register,
    insert_raw,
    last_act,
    list_acts,
    list_people,
    prepare_register,
    search_raw,
)
from jukinet.bench.results import Figure, Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.bench.setup import MUNICIPALITY, Bench
from jukinet.devnet.store import drop_database
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.store import add_codes, find_resident
from jukinet.node_process.process import Node, open_node
from jukinet.postgres.database import DatabaseConfig, Unit, connect, open_database
from jukinet.postgres.provisioning import app_role_of, database_name_of, owner_role_of
from jukinet.protocol.node_names import NodeKind, NodeName

_CLONE: Final = "jukinet_bench_register"
_SEED: Final = 20_260_331

_Errand = TypeVar("_Errand")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSettings:
    """How many clerks work at the same time, and how long each takes from one screen to the next, on average."""

    clerks: int = 20
    pause_seconds: float = 0.5


async def measure_register(bench: Bench, settings: RegisterSettings) -> list[Figure]:
    """Measure searches and acts of a whole day, run by run beside the baseline, each time on a fresh copy.

    Raises:
        BenchFailedError: a search missed whom it was for, or another number of acts was recorded than reported.
    """
    searches: dict[str, list[Pair]] = {kind: [] for kind in SEARCH_KINDS}
    acts: list[Pair] = []
    days: list[Measured] = []
    runs = bench.settings.runs
    for run in range(runs):
        async with _clone(bench) as (owner, node):
            counts = count_of_day(bench.settings.municipal_residents)
            await _prepare(owner, bench.settings.clock(), births=counts["birth"])
            people = await list_people(owner, seed=_SEED + run, limit=sum(counts.values()))
            errands = plan_day(counts, people, random.Random(_SEED + run))  # noqa: S311 - chance for a measurement
            bench.settings.progress("窓口の一日", run, runs)
            before = await last_act(owner)
            day = await _work_day(node, errands, settings)
            acts_of_day = await list_acts(owner, after=before)
            if len(acts_of_day) != len(errands):
                raise BenchFailedError("Another number of acts was recorded than the clerks reported.")
            bench.settings.progress("窓口の一日（比較）", run, runs)
            jobs = list(zip(errands, acts_of_day, strict=True))
            raw = await _work_raw(owner, node.database.config, jobs, settings)
            days.append(day)
            acts.append(_pair(day.acts, raw.acts, settings.clerks))
            for kind in SEARCH_KINDS:
                searches[kind].append(_pair(day.searches[kind], raw.searches[kind], settings.clerks))
    return _figures(days, searches, acts, settings)


async def _work_day(node: Node, errands: Sequence[Errand], settings: RegisterSettings) -> Measured:
    day = Measured.nothing()

    async def work(errand: Errand) -> None:
        await run_errand(node, errand, day, pause_seconds=settings.pause_seconds)

    await _share(errands, [work] * settings.clerks)
    return day


async def _work_raw(
    owner: Unit, config: DatabaseConfig, jobs: Sequence[tuple[Errand, int]], settings: RegisterSettings
) -> Measured:
    """Do the same searches and insert the same rows by bare statements, a connection for each clerk."""
    raw = Measured.nothing()
    codes = {}
    for errand, _ in jobs:
        number = errand.person.resident_number
        codes[number] = (await find_resident(owner, number)).resident_record_code

    def clerk(unit: Unit) -> Callable[[tuple[Errand, int]], Awaitable[None]]:
        async def work(job: tuple[Errand, int]) -> None:
            errand, act_number = job
            for kind in errand.kinds:
                key = key_of(kind, errand.person, codes[errand.person.resident_number])
                await pause(settings.pause_seconds)
                started = time.perf_counter()
                await search_raw(unit, kind, key)
                raw.searches[kind].append(time.perf_counter() - started)
            await pause(settings.pause_seconds)
            started = time.perf_counter()
            await insert_raw(unit, act_number)
            raw.acts.append(time.perf_counter() - started)

        return work

    async with AsyncExitStack() as stack:
        units = [await stack.enter_async_context(connect(config)) for _ in range(settings.clerks)]
        await _share(jobs, [clerk(unit) for unit in units])
    return raw


async def _share(errands: Sequence[_Errand], clerks: Sequence[Callable[[_Errand], Awaitable[None]]]) -> None:
    """Let clerks take the next errand whenever they are done with one."""
    waiting = iter(errands)

    async def serve(work: Callable[[_Errand], Awaitable[None]]) -> None:
        for errand in waiting:
            await work(errand)

    async with asyncio.TaskGroup() as group:
        for work in clerks:
            group.create_task(serve(work))


@asynccontextmanager
async def _clone(bench: Bench) -> AsyncGenerator[tuple[Unit, Node]]:
    """Give a copy of the municipality's database: the federation stays as it was."""
    original = database_name_of(NodeKind.MUNICIPAL.value, NodeName.parse(MUNICIPALITY).code)
    async with connect(bench.server.admin) as admin:
        await drop_database(admin, _CLONE)
        owner, app = owner_role_of(original), app_role_of(original)
        await clone_register(admin, original=original, clone=_CLONE, owner=owner, app=app)
        try:
            config = bench.federation.config(MUNICIPALITY)
            async with open_node(config, clock=bench.settings.clock) as node, AsyncExitStack() as stack:
                database = await open_database(_moved(node.config.database, original))
                stack.push_async_callback(database.close)
                unit = await stack.enter_async_context(connect(_moved(bench.owner(MUNICIPALITY), original)))
                yield unit, replace(node, database=database)
        finally:
            await drop_database(admin, _CLONE)


def _moved(config: DatabaseConfig, original: str) -> DatabaseConfig:
    return DatabaseConfig(
        url=config.url.replace(f"@/{original}", f"@/{_CLONE}", 1),
        password_file=config.password_file,
        pool_min=config.pool_min,
        pool_max=config.pool_max,
    )


async def _prepare(owner: Unit, now: datetime, *, births: int) -> None:
    app = app_role_of(database_name_of(NodeKind.MUNICIPAL.value, NodeName.parse(MUNICIPALITY).code))
    await prepare_register(owner, app=app)
    codes = [ResidentRecordCode.from_body(f"8{number:09}").value for number in range(births)]
    await add_codes(owner, codes, now=now)


def _pair(ours: Sequence[float], raw: Sequence[float], clerks: int) -> Pair:
    """Return how many a second so many clerks would do who did nothing else, beside the baseline."""
    return Pair(clerks * len(ours) / sum(ours), clerks * len(raw) / sum(raw))


def _figures(
    days: Sequence[Measured], searches: dict[str, list[Pair]], acts: Sequence[Pair], settings: RegisterSettings
) -> list[Figure]:
    bare = f"the same rows by bare INSERTs, {settings.clerks} connections"
    indexed = f"one prepared index look-up, {settings.clerks} connections"
    figures = summarise_pairs("register", "acts/s", bare, acts)
    figures += _percentiles("register", [day.acts for day in days])
    for kind in SEARCH_KINDS:
        figures += summarise_pairs(f"register.search.{kind}", "searches/s", indexed, searches[kind])
        figures += _percentiles(f"register.search.{kind}", [day.searches[kind] for day in days])
    everything = [[seconds for kind in SEARCH_KINDS for seconds in day.searches[kind]] for day in days]
    return [*figures, *_percentiles("register.search", everything)]


def _percentiles(bench: str, runs: Sequence[Sequence[float]]) -> list[Figure]:
    return [
        figure
        for percent in (50, 99)
        for figure in summarise_values(
            f"{bench}.p{percent}", "ms", [find_percentile(sorted(one), percent) * 1000 for one in runs]
        )
    ]
