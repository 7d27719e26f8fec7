"""`population`: residents generated and loaded per second, beside COPY of the same ready rows (一括登録の測定)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

from jukinet.bench.results import Figure, Pair, summarise_pairs
from jukinet.bench.setup import BenchSettings
from jukinet.bench.store import count_residents, empty_records, write_checkpoint
from jukinet.devnet.bulk_load import build_indexes, copy_blocks, drop_indexes, load_residents, spread_over_cities
from jukinet.devnet.store import drop_database
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BenchFailedError
from jukinet.population.generator import Population
from jukinet.postgres.database import DatabaseConfig, Unit, connect
from jukinet.postgres.embedded import start_embedded
from jukinet.postgres.migrations import apply_migrations
from jukinet.postgres.provisioning import provision_node_database
from jukinet.protocol.node_names import NodeKind

_DATABASE: Final = "jukinet_bench_population"
_SEED: Final = 1


async def measure_population(settings: BenchSettings, *, residents: int) -> list[Figure]:
    """Measure the bulk loader beside a bare COPY, each with the same index builds, into the same empty table.

    Raises:
        BenchFailedError: the table has another number of residents than were loaded.
    """
    server = await start_embedded(settings.directory / "population")
    try:
        owner = await _make_database(settings, server.admin, settings.directory / "population" / "secrets")
        now = settings.clock()
        populations = spread_over_cities(residents, seed=_SEED, as_of=civil_day(now))
        settings.progress("比較用の住民", 0, settings.runs)
        ready = _generate(populations, settings)
        pairs: list[Pair] = []
        async with connect(owner) as unit, connect(server.admin) as admin:
            for run in range(settings.runs):
                settings.progress("人口", run, settings.runs)
                pairs.append(await _measure_once(unit, admin, populations, ready, settings))
        return summarise_pairs("population", "residents/s", "COPY of ready rows + the same indexes", pairs)
    finally:
        await _drop(server.admin)
        await server.stop()


async def _measure_once(
    unit: Unit,
    admin: Unit,
    populations: Sequence[Population],
    ready: Sequence[tuple[bytes, int]],
    settings: BenchSettings,
) -> Pair:
    residents = sum(size for _, size in ready)
    await empty_records(unit)
    await write_checkpoint(admin)
    started = time.perf_counter()
    await load_residents(unit, populations, received_at=settings.clock(), loaded=_nothing)
    seconds = time.perf_counter() - started
    await _require_all(unit, residents)
    await empty_records(unit)
    await write_checkpoint(admin)
    started = time.perf_counter()
    async with unit.transaction():
        await drop_indexes(unit)
        await copy_blocks(unit, _each(ready), loaded=_nothing)
        await build_indexes(unit)
    raw_seconds = time.perf_counter() - started
    await _require_all(unit, residents)
    return Pair(residents / seconds, residents / raw_seconds)


async def _make_database(settings: BenchSettings, admin: DatabaseConfig, secrets: Path) -> DatabaseConfig:
    await _drop(admin)
    database = await provision_node_database(admin, _DATABASE, secrets)
    migrations = [name for name in settings.migrations(NodeKind.NATIONAL) if ".identification." in name]
    await apply_migrations(database.owner, migrations, app_role=database.app_role, clock=settings.clock)
    return database.owner


async def _drop(admin: DatabaseConfig) -> None:
    async with connect(admin) as unit:
        await drop_database(unit, _DATABASE)


def _generate(populations: Sequence[Population], settings: BenchSettings) -> list[tuple[bytes, int]]:
    now = settings.clock()
    blocks = (one.generate_block(number) for one in populations for number in range(one.block_count))
    return [(block.identification_copy(received_at=now), block.size) for block in blocks]


async def _each(ready: Sequence[tuple[bytes, int]]) -> AsyncIterator[tuple[bytes, int]]:
    for block in ready:
        yield block


async def _require_all(unit: Unit, residents: int) -> None:
    if await count_residents(unit) != residents:
        raise BenchFailedError("The table has another number of residents than were loaded.")


def _nothing(_loaded: int) -> None:
    """Show no progress while the time is taken."""
