"""`propagation`: changes per second from a municipal outbox to the nation, beside one raw merge (伝達の測定)."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from dataclasses import dataclass
from typing import Final

from jukinet.bench.notices import copy_text, encode_notices, make_notices
from jukinet.bench.propagation_store import (
    count_applied,
    count_differences,
    count_held,
    count_queued_parcels,
    drop_merge,
    empty_staging,
    fill_outbox,
    list_codes_of_births,
    list_living,
    list_untouched,
    merge_raw,
    prepare_merge,
)
from jukinet.bench.results import Figure, Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.bench.setup import MUNICIPALITY, PREFECTURE, Bench, noting_end
from jukinet.bench.store import write_checkpoint
from jukinet.devnet.acts import new_address, report_relocation
from jukinet.devnet.federation import wait_until
from jukinet.devnet.store import find_record
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.store import find_resident
from jukinet.postgres.database import Unit, connect
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName

_LOOK_SECONDS: Final = 0.02
_SHORT_LOOK_SECONDS: Final = 0.001
#: Addresses that people move to.
_HOUSES: Final = 5000
_MOST_SECONDS: Final = 120.0
_MOST_SECONDS_OF_ONE: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PropagationSettings:
    """How many changes at once, and how many one by one."""

    changes: int = 100_000
    single_changes: int = 200


async def measure_propagation(bench: Bench, settings: PropagationSettings) -> list[Figure]:
    """Measure changes per second beside the raw merge, then the delay of single changes on the idle federation.

    Raises:
        BenchFailedError: something was held back, or the outcome is not that of the raw merge.
    """
    pairs: list[Pair] = []
    progress, runs = bench.settings.progress, bench.settings.runs
    async with connect(bench.owner(NATIONAL.text)) as national, connect(bench.owner(MUNICIPALITY)) as municipal:
        try:
            await bench.start(NATIONAL.text, PREFECTURE)
            progress("伝達の比較用の表", 0, runs)
            await prepare_merge(national)
            with noting_end(bench.settings):
                for run in range(runs):
                    progress("伝達", run, runs)
                    pairs.append(await _measure_once(bench, national, municipal, settings.changes))
                await drop_merge(national)
                delays = await _measure_delays(bench, national, municipal, settings.single_changes)
        finally:
            await bench.federation.processes.stop()
            await drop_merge(national)
    return [
        *summarise_pairs("propagation", "changes/s", "COPY into staging + one merge", pairs),
        *summarise_values("propagation.delay.p50", "ms", [find_percentile(delays, 50) * 1000]),
        *summarise_values("propagation.delay.p99", "ms", [find_percentile(delays, 99) * 1000]),
    ]


async def _measure_once(bench: Bench, national: Unit, municipal: Unit, changes: int) -> Pair:
    notices = await _make_changes(bench, national, changes)
    now = bench.settings.clock()
    await fill_outbox(
        municipal,
        encode_notices(notices),
        receiver=PREFECTURE,
        message_type="identification_notice",
        queued_at=now,
    )
    before = await count_applied(national)
    await _write_checkpoint(bench)
    await bench.start(MUNICIPALITY)
    started = time.perf_counter()
    seconds = await _await_applied(bench, national, before + changes, started)
    await _stop_municipality(bench, municipal)
    rows = copy_text(notices, received_at=now)
    await _write_checkpoint(bench)
    started = time.perf_counter()
    await merge_raw(national, rows)
    raw_seconds = time.perf_counter() - started
    await empty_staging(national)
    if await count_held(national) or await count_differences(national):
        raise BenchFailedError("The nation does not have what the raw merge has: the figures mean nothing.")
    return Pair(changes / seconds, changes / raw_seconds)


async def _write_checkpoint(bench: Bench) -> None:
    # Both sides then pay alike for the first touch of every page; without it the fresh copy would pay nothing.
    async with connect(bench.server.admin) as unit:
        await write_checkpoint(unit)


async def _make_changes(bench: Bench, national: Unit, changes: int) -> list[IdentificationNotice]:
    code = NodeName.parse(MUNICIPALITY).code
    municipality = LocalGovernmentCode.parse(code)
    residents = await list_living(national, municipality=code, seed=secrets.randbits(32), limit=changes)
    if len(residents) < changes:
        raise BenchFailedError("The municipality has too few living residents left: remove the bench's directory.")
    houses = [new_address(code, house) for house in range(_HOUSES)]
    return make_notices(
        residents,
        count=changes,
        municipality=municipality,
        addresses=houses,
        today=civil_day(bench.settings.clock()),
        choice=random.Random(secrets.randbits(64)),  # noqa: S311 - chance for a measurement
        taken=await list_codes_of_births(national),
    )


async def _await_applied(bench: Bench, national: Unit, wanted: int, started: float) -> float:
    while (applied := await count_applied(national)) < wanted:
        if time.perf_counter() - started > _MOST_SECONDS or bench.federation.processes.list_ended():
            raise BenchFailedError(f"{wanted - applied} changes did not arrive; the nodes' logs say why.")
        await asyncio.sleep(_LOOK_SECONDS)
    return time.perf_counter() - started


async def _stop_municipality(bench: Bench, municipal: Unit) -> None:
    async def is_empty() -> bool:
        return not await count_queued_parcels(municipal)

    if not await wait_until(is_empty, _MOST_SECONDS):
        raise BenchFailedError("The municipal outbox did not empty; the node's log says why.")
    await bench.federation.kill(MUNICIPALITY)


async def _measure_delays(bench: Bench, national: Unit, municipal: Unit, changes: int) -> list[float]:
    await bench.start(MUNICIPALITY)
    delays: list[float] = []
    numbers = await list_untouched(municipal, seed=secrets.randbits(32), limit=changes)
    async with bench.federation.open(MUNICIPALITY) as node:
        for done, number in enumerate(numbers):
            bench.settings.progress("一件ずつの伝達", done, len(numbers))
            async with node.database.connection() as connection:
                resident = await find_resident(connection, number)
            moved = await report_relocation(node, resident, done)
            delays.append(await _await_one(national, moved.resident_record_code, moved.address, time.perf_counter()))
    return sorted(delays)


async def _await_one(national: Unit, resident_record_code: str, address: str, recorded: float) -> float:
    while time.perf_counter() - recorded < _MOST_SECONDS_OF_ONE:
        record = await find_record(national, resident_record_code)
        if record is not None and record[3] == address:
            return time.perf_counter() - recorded
        await asyncio.sleep(_SHORT_LOOK_SECONDS)
    raise BenchFailedError("A single change did not arrive; the nodes' logs say why.")
