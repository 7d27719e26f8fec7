"""`batch`: files matched with use log, results and commitment, beside one hash join (一括提供の測定)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from jukinet.bench.batch_files import hand_in
from jukinet.bench.batch_noise import measure_noise
from jukinet.bench.batch_store import count_batch_uses, empty_batches, join_lines, list_lines
from jukinet.bench.lookup import LookupSettings, measure_latency
from jukinet.bench.results import Figure, Pair, summarise_pairs
from jukinet.bench.setup import AGENCY, Bench
from jukinet.bench.store import write_checkpoint
from jukinet.domain.clock import JAPAN
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.provision_batches import BatchKey
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_runner import BatchRunner
from jukinet.national.batch_store import BatchFile, find_file
from jukinet.national.node import NationalNode
from jukinet.national.usecases.answer_batch import give_batch_result
from jukinet.node_process.process import Node
from jukinet.postgres.database import Unit, connect
from jukinet.protocol.batch import BatchResultQuery
from jukinet.protocol.node_names import NATIONAL, NodeName

_BASELINE: Final = "COPY in, one hash join, COPY out"
_LAST_WITH_CODES: Final = datetime(2015, 10, 4, 12, tzinfo=JAPAN)
_NAMES: Final = {
    BatchKey.RESIDENT_RECORD_CODE: "batch.by_code",
    BatchKey.INDIVIDUAL_NUMBER: "batch.by_number",
    BatchKey.FOUR_ITEMS: "batch.by_items",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """How many lines a file has, and how long look-ups are measured beside one."""

    lines: int = 1_000_000
    seconds: float = 10.0
    #: Labelled lines whose results are judged.
    labelled: int = 20_000


async def measure_batch(bench: Bench, settings: BatchSettings) -> list[Figure]:
    """Measure files by code, by number and by four items; then the latency of look-ups while one is matched.

    Raises:
        BenchFailedError: a line found nobody, or the use log has another number of entries than lines.
    """
    figures: list[Figure] = []
    async with connect(bench.owner(NATIONAL.text)) as owner, connect(bench.server.admin) as admin:
        async with bench.federation.open(NATIONAL.text) as node:
            for key, name in _NAMES.items():
                content = await list_lines(owner, key, lines=settings.lines)
                pairs: list[Pair] = []
                for run in range(bench.settings.runs):
                    bench.settings.progress(name, run, bench.settings.runs)
                    pairs.append(await _measure_once(_of_its_day(node, key), owner, admin, key, content))
                figures += summarise_pairs(name, "lines/s", _BASELINE, pairs)
            figures += await measure_noise(bench, owner, NationalNode.of(node), lines=settings.labelled)
        figures += await _measure_lookups(bench, owner, settings)
        await empty_batches(owner)
    return figures


def _of_its_day(node: Node, key: BatchKey) -> NationalNode:
    """Return the node, for files by code as of the last day on which organs had codes: the law is asked again."""
    if key is not BatchKey.RESIDENT_RECORD_CODE:
        return NationalNode.of(node)
    return NationalNode.of(replace(node, clock=lambda: _LAST_WITH_CODES))


async def _measure_once(node: NationalNode, owner: Unit, admin: Unit, key: BatchKey, content: bytes) -> Pair:
    lines = content.count(b"\n")
    await empty_batches(owner)
    await write_checkpoint(admin)
    started = time.perf_counter()
    file = await hand_in(node, key, content)
    runner = BatchRunner(node, BatchPace(), timedelta(days=1))
    try:
        while await runner.step():
            pass
    finally:
        await runner.worker.close()
    await _fetch(node, file)
    seconds = time.perf_counter() - started
    await _require_all(node, owner, file, lines)
    await write_checkpoint(admin)
    started = time.perf_counter()
    await join_lines(owner, key, content)
    return Pair(lines / seconds, lines / (time.perf_counter() - started))


async def _fetch(node: Node, file: BatchFile) -> None:
    offset, is_last = 0, False
    while not is_last:
        part = await give_batch_result(
            agency=NodeName(AGENCY),
            query=BatchResultQuery(batch_id=file.batch_id, offset=offset),
            database=node.database,
            now=node.clock(),
        )
        offset, is_last = offset + len(part.content), part.is_last


async def _require_all(node: Node, owner: Unit, file: BatchFile, lines: int) -> None:
    async with node.database.connection() as connection:
        done = await find_file(connection, agency=AGENCY, batch_id=file.batch_id)
    uses = await count_batch_uses(owner)
    # Two persons may share name, birth date, sex and address; then neither is shown, and neither logged.
    told = done.results.get("found", 0) + done.results.get("several", 0)
    if told != lines or uses != done.results.get("found"):
        raise BenchFailedError(f"{lines} lines, {dict(done.results)}, {uses} entries on the use log.")


async def _measure_lookups(bench: Bench, owner: Unit, settings: BatchSettings) -> list[Figure]:
    """Measure p99 of look-ups with nothing else to do, and while the running node matches a file."""
    lookups = LookupSettings(seconds=settings.seconds, connections=4)
    content = await list_lines(owner, BatchKey.INDIVIDUAL_NUMBER, lines=settings.lines)
    bench.settings.progress("batch.lookup_p99", 0, 1)
    async with measure_latency(bench, owner, lookups) as measure:
        idle = await measure()
        async with bench.federation.open(NATIONAL.text) as node:
            await hand_in(node, BatchKey.INDIVIDUAL_NUMBER, content)
            beside = await measure()
    return [
        Figure(
            bench="batch.lookup_p99",
            value=round(beside.p99, 2),
            unit="ms",
            baseline="p99 of the same look-ups without a batch",
            baseline_value=round(idle.p99, 2),
            ratio=round(beside.p99 / idle.p99, 3),
        )
    ]
