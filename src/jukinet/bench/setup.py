"""The federation that is measured: one node of each kind on the embedded server, kept between runs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jukinet.bench.store import count_residents
from jukinet.devnet.build import Progress, build_federation, is_built, refresh_federation
from jukinet.devnet.bulk_load import load_residents, spread_over_cities, vacuum_records
from jukinet.devnet.federation import Federation
from jukinet.devnet.plan import MUNICIPALITIES, FederationPlan
from jukinet.devnet.processes import NodeProcesses
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.errors import BenchFailedError
from jukinet.national.search_filling import load_search_keys
from jukinet.postgres.database import DatabaseConfig, connect
from jukinet.postgres.embedded import EmbeddedServer, start_embedded, stop_embedded
from jukinet.protocol.node_names import NATIONAL, NodeKind

MUNICIPALITY: Final = "municipal/131121"
PREFECTURE: Final = "prefectural/130001"
AGENCY: Final = "agency/nenkin"
_SEED: Final = 20_020_805


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSettings:
    """What every bench needs to know."""

    directory: Path
    first_port: int
    #: Residents of the nation, and of the one municipality whose changes are propagated.
    residents: int
    municipal_residents: int
    runs: int
    migrations: Callable[[NodeKind], Sequence[str]] = field(repr=False)
    clock: Clock = field(repr=False)
    progress: Progress = field(repr=False)

    @property
    def unfinished(self) -> Path:
        """Return the file that says a run did not end well."""
        return self.directory / "unfinished"

    @property
    def plan(self) -> FederationPlan:
        """Return the federation that is measured."""
        share = MUNICIPALITIES[MUNICIPALITY]
        names = (NATIONAL.text, PREFECTURE, MUNICIPALITY, AGENCY)
        residents = round(self.municipal_residents / share)
        return FederationPlan(self.directory / "federation", residents, self.first_port, names)


@dataclass(frozen=True, slots=True)
class Bench:
    """The federation with its server running, and those of its nodes that a bench started."""

    settings: BenchSettings
    federation: Federation
    server: EmbeddedServer

    async def start(self, *names: str) -> None:
        """Start node processes."""
        plan = self.federation.plan
        await self.federation.processes.start([plan.find_node(name) for name in names])

    def owner(self, name: str) -> DatabaseConfig:
        """Return how the owner of a node's tables signs in."""
        owner = self.federation.config(name).owner
        if owner is None:
            raise BenchFailedError("The configuration of a measured node names no owner: remove the directory.")
        return owner


@asynccontextmanager
async def open_bench(settings: BenchSettings) -> AsyncGenerator[Bench]:
    """Give the federation with the wanted residents and no node running; stop everything at the end."""
    plan = settings.plan
    if settings.unfinished.exists():
        # What an interrupted run left half-way on three nodes would be measured together with the next.
        await stop_embedded(plan.postgres)
        await asyncio.to_thread(shutil.rmtree, plan.directory, ignore_errors=True)
        settings.unfinished.unlink()
    server = await start_embedded(plan.postgres)
    processes = NodeProcesses()
    try:
        if is_built(plan):
            await refresh_federation(plan, migrations=settings.migrations, clock=settings.clock)
        else:
            await build_federation(
                plan, migrations=settings.migrations, clock=settings.clock, progress=settings.progress
            )
        _lift_rate_limit(plan)
        bench = Bench(settings, Federation(plan, processes, settings.clock), server)
        await _fill_nation(settings, bench.owner(NATIONAL.text))
        yield bench
    finally:
        await processes.stop()
        await server.stop()


@contextmanager
def noting_end(settings: BenchSettings) -> Generator[None]:
    """Note while the block runs that changes are on their way: if it does not end well, the federation is made anew."""
    settings.unfinished.touch()
    yield
    settings.unfinished.unlink()


def _lift_rate_limit(plan: FederationPlan) -> None:
    """Let the one agency ask as often as it can: what is measured is not the limit."""
    path = plan.find_node(NATIONAL.text).config
    content = path.read_text(encoding="utf-8")
    if "[usual_rate_limit]" not in content:
        limit = "\n[usual_rate_limit]\nper_second = 1000000.0\nburst = 1000000\n"
        path.write_text(content + limit, encoding="utf-8")


async def _fill_nation(settings: BenchSettings, owner: DatabaseConfig) -> None:
    async with connect(owner) as unit:
        missing = settings.residents - await count_residents(unit)
        # The municipality's own changes make it a few more or less; only a nation that was never filled is far off.
        if missing <= settings.municipal_residents // 2 and missing < settings.residents // 2:
            return
        code = MUNICIPALITY.partition("/")[2]
        now = settings.clock()
        populations = spread_over_cities(missing, seed=_SEED, as_of=civil_day(now), beside=[code])
        await load_residents(
            unit,
            populations,
            received_at=now,
            loaded=lambda done: settings.progress("全国の住民", done, missing),
        )
        await load_search_keys(unit, loaded=lambda done: settings.progress("検索の鍵", done, settings.residents))
        await vacuum_records(unit)
