"""`lookup`: audited look-ups over mutual TLS on a real national node, beside pgbench on its server (即時提供の測定)."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from psycopg.conninfo import conninfo_to_dict

from jukinet.bench.load_client import LoadOrder, LoadReport
from jukinet.bench.results import Figure, Pair, summarise_pairs, summarise_values
from jukinet.bench.setup import AGENCY, Bench
from jukinet.bench.store import LOOKUP_SCRIPT, count_uses, drop_lookup, list_codes, list_stated, prepare_lookup
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.domain.errors import BenchFailedError
from jukinet.postgres.database import DatabaseConfig, Unit, connect, find_conninfo
from jukinet.protocol.confirmation import ConfirmationQuery, StatedItems
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.files import SECRET, write_atomically

#: Residents whose items are verified.
_VERIFIED: Final = 50_000
_TRANSACTIONS_PER_SECOND: Final = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupSettings:
    """How long and how hard."""

    seconds: float = 10.0
    warm_up_seconds: float = 2.0
    connections: int = 64
    baseline_clients: int = 32


async def measure_lookup(bench: Bench, settings: LookupSettings) -> list[Figure]:
    """Measure look-ups per second and their latency, run by run beside the baseline.

    Raises:
        BenchFailedError: pgbench failed, or the use log grew by another number than there were answers.
        PeerAnswerError: the node gave a wrong answer.
    """
    codes = (bench.settings.directory / "codes.txt").absolute()
    bodies = (bench.settings.directory / "verifications.jsonl").absolute()
    async with connect(bench.owner(NATIONAL.text)) as unit:
        bench.settings.progress("照会の比較用の表", 0, bench.settings.runs)
        await prepare_lookup(unit)
        try:
            residents = await list_codes(unit)
            write_atomically(codes, "".join([f"{code}\n" for code in residents]).encode(), mode=SECRET)
            stated = await list_stated(unit, limit=_VERIFIED)
            write_atomically(bodies, b"".join([_verification(*one) + b"\n" for one in stated]), mode=SECRET)
            await bench.start(NATIONAL.text)
            runs = [
                await _measure_once(
                    bench, unit, settings, run, codes=str(codes), bodies=str(bodies), count=len(residents)
                )
                for run in range(bench.settings.runs)
            ]
        finally:
            await bench.federation.processes.stop()
            codes.unlink(missing_ok=True)
            bodies.unlink(missing_ok=True)
            await drop_lookup(unit)
    baseline_name = f"pgbench SELECT + INSERT, {settings.baseline_clients} clients"
    return [
        *summarise_pairs("lookup", "queries/s", baseline_name, [run.beside_baseline for run in runs]),
        *summarise_values("lookup.p50", "ms", [run.report.p50 for run in runs]),
        *summarise_values("lookup.p99", "ms", [run.report.p99 for run in runs]),
        *summarise_pairs(
            "lookup.verification", "queries/s", "look-ups of the same run", [run.verified for run in runs]
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    report: LoadReport
    beside_baseline: Pair
    verified: Pair


async def _measure_once(
    bench: Bench, unit: Unit, settings: LookupSettings, run: int, *, codes: str, bodies: str, count: int
) -> _Run:
    runs = bench.settings.runs
    bench.settings.progress("即時提供", run, runs)
    report = await _run_logged(unit, order_load(bench, settings, codes=codes))
    bench.settings.progress("照合", run, runs)
    verified = await _run_logged(unit, order_load(bench, settings, bodies=bodies))
    bench.settings.progress("pgbench", run, runs)
    baseline = await _run_pgbench(bench, bench.federation.config(NATIONAL.text).database, settings, count)
    rate = report.answers / report.seconds
    return _Run(report, Pair(rate, baseline), Pair(verified.answers / verified.seconds, rate))


async def _run_logged(unit: Unit, order: LoadOrder) -> LoadReport:
    before = await count_uses(unit)
    report = await run_client(order)
    _require_logged(await count_uses(unit) - before, report)
    return report


def _verification(code: str, name: str, birth_date: str, sex: str, address: str) -> bytes:
    """Return a query that asks which of somebody's four items agree."""
    query = ConfirmationQuery(
        resident_record_code=code,
        stated=StatedItems(name=name, birth_date=birth_date, sex=sex, address=address),
        affair=PENSION_AFFAIR,
        purpose="性能測定",
        matter_number="bench-1",
        official="bench",
        office="性能測定課",
    )
    return msgspec.json.encode(query)


class LoadSettings(Protocol):
    """How long and how hard a load client asks."""

    # fmt: off
    @property
    def seconds(self) -> float: ...  # noqa: D102 - the items are those of LoadOrder
    @property
    def warm_up_seconds(self) -> float: ...  # noqa: D102
    @property
    def connections(self) -> int: ...  # noqa: D102
    # fmt: on


@asynccontextmanager
async def measure_latency(
    bench: Bench, unit: Unit, settings: LookupSettings
) -> AsyncGenerator[Callable[[], Awaitable[LoadReport]]]:
    """Run the national node, and give what looks people up for a while and reports how long that took."""
    codes = bench.settings.directory / "codes.txt"
    residents = await list_codes(unit)
    write_atomically(codes, "".join([f"{code}\n" for code in residents]).encode(), mode=SECRET)
    try:
        await bench.start(NATIONAL.text)
        yield lambda: run_client(order_load(bench, settings, codes=str(codes.absolute())))
    finally:
        await bench.federation.processes.stop()
        codes.unlink(missing_ok=True)


def order_load(
    bench: Bench,
    settings: LoadSettings,
    *,
    codes: str | None = None,
    bodies: str | None = None,
    message_type: str = "confirmation_query",
) -> LoadOrder:
    """Return what a load client is to ask the national node in the name of the agency."""
    plan = bench.federation.plan
    return LoadOrder(
        host="127.0.0.1",
        port=plan.find_node(NATIONAL.text).message_port,
        server_name=NATIONAL.host,
        identity=str(plan.find_node(AGENCY).identity.absolute()),
        sender=NodeName.parse(AGENCY).text,
        receiver=NATIONAL.text,
        affair=PENSION_AFFAIR,
        message_type=message_type,
        codes=codes,
        bodies=bodies,
        connections=settings.connections,
        warm_up_seconds=settings.warm_up_seconds,
        seconds=settings.seconds,
    )


async def run_client(order: LoadOrder) -> LoadReport:
    """Run a load client in a process of its own, and return its report."""
    command = ("-m", "jukinet.cli.main", "bench", "load-client")
    client = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        report, _ = await client.communicate(msgspec.json.encode(order))
    except BaseException:
        client.kill()
        await client.wait()
        raise
    if client.returncode != 0:
        raise BenchFailedError("The load client ended; its reason stands above.")
    return msgspec.json.decode(report, type=LoadReport)


def _require_logged(entries: int, report: LoadReport) -> None:
    if entries != report.all_answers:
        raise BenchFailedError(f"{report.all_answers} answers were given and {entries} uses were logged.")


async def _run_pgbench(bench: Bench, database: DatabaseConfig, settings: LookupSettings, residents: int) -> float:
    script = bench.settings.directory / "lookup.pgbench"
    script.write_text(LOOKUP_SCRIPT, encoding="utf-8")
    place = conninfo_to_dict(find_conninfo(database))
    names = {"PGHOST": "host", "PGUSER": "user", "PGDATABASE": "dbname", "PGPASSWORD": "password"}
    environment = {name: str(place[key]) for name, key in names.items()}
    clients = settings.baseline_clients
    # fmt: off
    options = (
        "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(2, clients)}",
        f"--time={max(1, round(settings.seconds))}", f"--define=residents={residents}", f"--file={script}",
    )
    # fmt: on
    program = await asyncio.create_subprocess_exec(
        bench.server.bin_directory / "pgbench",
        *options,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await program.communicate()
    script.unlink()
    found = _TRANSACTIONS_PER_SECOND.search(output.decode())
    if program.returncode != 0 or found is None or "number of failed transactions: 0" not in output.decode():
        raise BenchFailedError("pgbench failed: is another PostgreSQL's in the way?")
    return float(found[1])
