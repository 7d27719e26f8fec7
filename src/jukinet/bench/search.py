"""`search`: the search by the four basic items on a real national node, and how well it finds (4情報検索の測定)."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import msgspec

from jukinet.bench.load_client import LoadReport
from jukinet.bench.lookup import order_load, run_client
from jukinet.bench.results import Figure, Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.bench.search_noise import NOISES, Resident, Stated
from jukinet.bench.search_store import draw_residents
from jukinet.bench.setup import AGENCY, Bench
from jukinet.bench.store import count_uses
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.person_search import judge, require_searchable
from jukinet.domain.provision_results import ResultCategory
from jukinet.domain.stated_items import StatedPerson, read_stated_person
from jukinet.national.person_search_store import SearchUse, gather_candidates, record_searches
from jukinet.postgres.database import Database, connect, open_database
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NATIONAL
from jukinet.protocol.person_search import PersonSearchQuery
from jukinet.transport.files import SECRET, write_atomically

_SEED: Final = 20_240_401
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """How long, how hard, and how many labelled queries."""

    seconds: float = 10.0
    warm_up_seconds: float = 3.0
    connections: int = 16
    queries: int = 20_000


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the queries of one kind of noise came to."""

    noise: str
    queries: int
    #: One hit, and the right person; or somebody else.
    right: int
    wrong: int
    #: Several hits, the right person among them; or not.
    several: int
    several_without: int
    too_many: int
    not_found: int

    @property
    def recall(self) -> float:
        """Return in how many the right person was among at most ten hits."""
        return (self.right + self.several) / max(1, self.queries)

    @property
    def precision(self) -> float:
        """Return how often a single hit was the right person."""
        return self.right / max(1, self.right + self.wrong) if self.right + self.wrong else 1.0


async def measure_search(bench: Bench, settings: SearchSettings) -> list[Figure]:
    """Measure searches per second and their latency, run by run beside the bare statements; then how well they find.

    Raises:
        BenchFailedError: the use log grew by another number than there were answers.
        PeerAnswerError: the node gave a wrong answer.
    """
    config = bench.federation.config(NATIONAL.text)
    bodies = bench.federation.plan.directory.absolute() / "searches.jsonl"
    async with connect(bench.owner(NATIONAL.text)) as unit:
        residents = await draw_residents(unit, limit=settings.queries)
        stated = _usual_queries(residents)
        write_atomically(bodies, b"".join([_body(one) + b"\n" for one in stated]), mode=SECRET)
        database = await open_database(msgspec.structs.replace(config.database, pool_max=settings.connections))
        try:
            pairs, reports, bare = await _measure_pairs(bench, settings, bodies, database, stated)
            outcomes = await measure_outcomes(bench, database, residents, queries=settings.queries)
        finally:
            await bench.federation.processes.stop()
            bodies.unlink(missing_ok=True)
            await database.close()
    baseline = f"the bare statements, {settings.connections} connections"
    return [
        *summarise_pairs("search", "searches/s", baseline, pairs),
        *summarise_values("search.p50", "ms", [report.p50 for report in reports]),
        *summarise_values("search.p99", "ms", [report.p99 for report in reports]),
        *summarise_values("search.bare.p99", "ms", bare),
        *_figures_of(outcomes),
    ]


async def _measure_pairs(
    bench: Bench, settings: SearchSettings, bodies: Path, database: Database, stated: Sequence[Stated]
) -> tuple[list[Pair], list[LoadReport], list[float]]:
    pairs: list[Pair] = []
    reports: list[LoadReport] = []
    bare: list[float] = []
    order = order_load(bench, settings, bodies=str(bodies), message_type="person_search")
    await bench.start(NATIONAL.text)
    async with connect(bench.owner(NATIONAL.text)) as unit:
        for run in range(bench.settings.runs):
            bench.settings.progress("4情報による照会", run, bench.settings.runs)
            before = await count_uses(unit)
            report = await run_client(order)
            if await count_uses(unit) - before != report.all_answers:
                raise BenchFailedError("Answers were given that are not on the use log.")
            rate, p99 = await _run_bare(database, stated, settings, bench)
            pairs.append(Pair(report.answers / report.seconds, rate))
            reports.append(report)
            bare.append(p99)
    return pairs, reports, bare


def _usual_queries(residents: Sequence[Resident]) -> list[Stated]:
    """Return what officials usually state, of the very residents, in turn."""
    pairs = (("name", "birth_date"), ("kana", "birth_date"), ("name", "address"), ("kana", "address"))
    shapes = (*pairs, ("birth_date", "address"), ("name", "birth_date", "sex", "address"))
    return [
        {name: getattr(resident, name) for name in shape}
        for resident, shape in zip(residents, cycle(shapes), strict=False)
    ]


def _body(stated: Stated) -> bytes:
    query = PersonSearchQuery(
        stated=StatedItems(**stated),
        affair=PENSION_AFFAIR,
        purpose="性能測定",
        matter_number="bench-1",
        official="bench",
        office="性能測定課",
        items=("name", "birth_date", "sex", "address", "change"),
    )
    return msgspec.json.encode(query)


async def _run_bare(
    database: Database, stated: Sequence[Stated], settings: SearchSettings, bench: Bench
) -> tuple[float, float]:
    """Return how many searches a second the statements alone make, and the 99th percentile in milliseconds."""
    people = [_read(one) for one in stated[:2000]]
    choice = random.Random(_SEED)  # noqa: S311 - chance for a measurement
    latencies: list[float] = []
    ends_at = time.perf_counter() + settings.seconds

    async def ask() -> None:
        while (started := time.perf_counter()) < ends_at:
            now = bench.settings.clock()
            gathered = await gather_candidates(database, choice.choice(people))
            code = gathered.records[0].resident_record_code if gathered.records else None
            await record_searches(database, [_use(new_message_id(now, choice.randbytes(10)), code)], now=now)
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*[ask() for _ in range(settings.connections)])
    return len(latencies) / settings.seconds, find_percentile(sorted(latencies), 99) * 1000


def _use(message_id: str, resident_record_code: str | None) -> SearchUse:
    return SearchUse(
        message_id=message_id,
        agency=AGENCY,
        resident_record_code=resident_record_code,
        affair=PENSION_AFFAIR,
        purpose="性能測定",
        matter_number="bench-1",
        official="bench",
        office="性能測定課",
        ground="性能測定",
        result="found",
        items="name,birth_date,sex,address,change",
    )


def _read(stated: Stated) -> StatedPerson:
    return read_stated_person(**stated)  # type: ignore[arg-type]  # a search states no prefix here


async def measure_outcomes(
    bench: Bench, database: Database, residents: Sequence[Resident], *, queries: int
) -> list[Outcome]:
    """Return what labelled queries come to, of every kind of noise as many."""
    choice = random.Random(_SEED)  # noqa: S311 - chance for a measurement
    outcomes: list[Outcome] = []
    each = -(-queries // len(NOISES))
    for place, (name, noise) in enumerate(NOISES.items()):
        bench.settings.progress("検索の精度", place, len(NOISES))
        labelled: list[tuple[Resident, StatedPerson]] = []
        drawn = cycle(choice.sample(list(residents), len(residents)))
        for _ in range(len(residents) * 3):
            if len(labelled) >= each:
                break
            one = next(drawn)
            stated = noise.make(one, choice)
            if stated is not None:
                labelled.append((one, _read(stated)))
        outcomes.append(await _judge_all(database, name, labelled))
    return outcomes


async def _judge_all(database: Database, name: str, labelled: Sequence[tuple[Resident, StatedPerson]]) -> Outcome:
    waiting = iter(labelled)
    counts: dict[str, int] = dict.fromkeys(("right", "wrong", "several", "several_without", "too_many", "not_found"), 0)

    async def judge_some() -> None:
        for resident, stated in waiting:
            counts[await _judge_one(database, resident, stated)] += 1

    await asyncio.gather(*[judge_some() for _ in range(_AT_ONCE)])
    return Outcome(noise=name, queries=len(labelled), **counts)


async def _judge_one(database: Database, resident: Resident, stated: StatedPerson) -> str:
    require_searchable(stated)
    gathered = await gather_candidates(database, stated)
    verdict = judge(
        stated,
        gathered.candidates,
        is_complete=gathered.is_complete,
        is_strictly_complete=gathered.is_strictly_complete,
    )
    has_right = any(gathered.records[hit].resident_record_code == resident.resident_record_code for hit in verdict.hits)
    if verdict.category is ResultCategory.FOUND:
        return "right" if has_right else "wrong"
    if verdict.category is ResultCategory.SEVERAL:
        return "several" if has_right else "several_without"
    category: str = verdict.category.value
    return category


def _figures_of(outcomes: Sequence[Outcome]) -> list[Figure]:
    two_right = [one for one in outcomes if NOISES[one.noise].has_two_right]
    recall = sum(one.right + one.several for one in two_right) / max(1, sum(one.queries for one in two_right))
    right, wrong = sum(one.right for one in outcomes), sum(one.wrong for one in outcomes)
    figures = [_share("search.recall", recall), _share("search.precision", right / max(1, right + wrong))]
    for one in outcomes:
        figures += [
            _share(f"search.recall.{one.noise}", one.recall),
            _share(f"search.precision.{one.noise}", one.precision),
            _share(f"search.one_hit.{one.noise}", (one.right + one.wrong) / max(1, one.queries)),
        ]
    return figures


def _share(name: str, value: float) -> Figure:
    return Figure(bench=name, value=round(value, 5), unit="share")
