"""`jukinet bench`: measure the running system beside what PostgreSQL alone can do."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jukinet.bench.batch import BatchSettings, measure_batch
from jukinet.bench.feed import FeedSettings, measure_feed
from jukinet.bench.load_client import LoadOrder, run_load
from jukinet.bench.lookup import LookupSettings, measure_lookup
from jukinet.bench.population import measure_population
from jukinet.bench.propagation import PropagationSettings, measure_propagation
from jukinet.bench.register import RegisterSettings, measure_register
from jukinet.bench.results import Figure
from jukinet.bench.search import SearchSettings, measure_search
from jukinet.bench.setup import Bench, BenchSettings, open_bench
from jukinet.bench.uselog import UselogSettings, measure_uselog
from jukinet.cli.console import machine_clock, plain_errors, run
from jukinet.cli.kinds import KINDS
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Measure the running system against raw baselines.")

_DIRECTORY: Final = Path("var/bench")
_FIRST_PORT: Final = 28_500

DirectoryOption = Annotated[Path, typer.Option(help="Where the measured federation is kept between runs.")]
PortOption = Annotated[int, typer.Option(help="The first of the ports it uses.")]
ResidentsOption = Annotated[int, typer.Option(help="Residents of the nation.", min=1000)]
MunicipalOption = Annotated[int, typer.Option(help="Residents of the municipality.", min=200)]
RunsOption = Annotated[int, typer.Option(help="How often each is measured.", min=1)]
SecondsOption = Annotated[float, typer.Option(help="How long each run of look-up lasts.", min=0.5)]
ChangesOption = Annotated[int, typer.Option(help="How many changes wait in the outbox of each run.", min=10)]
ClerksOption = Annotated[int, typer.Option(help="How many clerks work at the same time.", min=1)]
LinesOption = Annotated[int, typer.Option(help="Lines of a batch file.", min=100)]
LabelledOption = Annotated[int, typer.Option(help="Labelled lines by four items that are judged.", min=9)]
SingleChangesOption = Annotated[int, typer.Option(help="How many changes are sent one after another.", min=1)]
EntriesOption = Annotated[int, typer.Option(help="Entries sealed in each run.", min=1000)]
PersonsOption = Annotated[int, typer.Option(help="Persons they are about.", min=1)]
QueriesOption = Annotated[int, typer.Option(help="How many labelled queries are judged.", min=13)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON lines only, no table.")]


@app.command("lookup")
def lookup_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    municipal_residents: MunicipalOption = 400_000,
    runs: RunsOption = 3,
    seconds: SecondsOption = 10.0,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure audited look-ups over mutual TLS against pgbench."""
    with _settings(directory, first_port, residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_lookup(bench, LookupSettings(seconds=seconds))))
    _show(figures, as_json=as_json)


@app.command("batch")
def batch_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    runs: RunsOption = 3,
    lines: LinesOption = 1_000_000,
    seconds: SecondsOption = 10.0,
    labelled: LabelledOption = 20_000,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure batch files with use log, results and commitment against one hash join."""
    wanted = BatchSettings(lines=lines, seconds=seconds, labelled=labelled)
    with _settings(directory, first_port, residents, min(residents // 5, 100_000), runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_batch(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("search")
def search_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    municipal_residents: MunicipalOption = 300_000,
    runs: RunsOption = 3,
    seconds: SecondsOption = 10.0,
    queries: QueriesOption = 20_000,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure searches by the four basic items against the bare statements, and how well noisy queries find."""
    wanted = SearchSettings(seconds=seconds, queries=queries)
    with _settings(directory, first_port, residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_search(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("propagation")
def propagation_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    municipal_residents: MunicipalOption = 400_000,
    runs: RunsOption = 3,
    changes: ChangesOption = 100_000,
    single_changes: SingleChangesOption = 200,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure changes from a municipal outbox to the national table against one raw merge."""
    wanted = PropagationSettings(changes=changes, single_changes=single_changes)
    with _settings(directory, first_port, residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_propagation(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("register")
def register_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    municipal_residents: MunicipalOption = 400_000,
    runs: RunsOption = 3,
    clerks: ClerksOption = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure a day at the counters of a city at the end of March against bare statements."""
    wanted = RegisterSettings(clerks=clerks)
    with _settings(directory, first_port, municipal_residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_register(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("population")
def population_command(
    directory: DirectoryOption = _DIRECTORY,
    residents: ResidentsOption = 1_000_000,
    runs: RunsOption = 3,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure generating and loading a nation against a bare COPY of the same rows."""
    with _settings(directory, _FIRST_PORT, residents, residents, runs) as settings:
        figures = run(measure_population(settings, residents=residents))
    _show(figures, as_json=as_json)


@app.command("uselog")
def uselog_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    runs: RunsOption = 3,
    entries: EntriesOption = 100_000,
    persons: PersonsOption = 1_000_000,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure the sealing of the use log, and a person with 10,000 entries who looks and checks."""
    wanted = UselogSettings(entries=entries, persons=persons)
    # Residents are not asked for here: the smallest nation does.
    with _settings(directory / "uselog", first_port, 1000, 200, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_uselog(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("feed")
def feed_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    municipal_residents: MunicipalOption = 400_000,
    runs: RunsOption = 3,
    changes: Annotated[int, typer.Option(help="Changes of each run, ten events each.", min=100)] = 10_000,
    seconds: Annotated[float, typer.Option(help="How long changes come at the steady rate.", min=1)] = 20.0,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure the change feed to ten organs against bare statements, its delay at 1,000 changes/s, and a burst."""
    wanted = FeedSettings(changes=changes, seconds=seconds)
    with _settings(directory, first_port, residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, lambda bench: measure_feed(bench, wanted)))
    _show(figures, as_json=as_json)


@app.command("all")
def all_command(
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = _FIRST_PORT,
    residents: ResidentsOption = 1_000_000,
    municipal_residents: MunicipalOption = 400_000,
    runs: RunsOption = 3,
    seconds: SecondsOption = 10.0,
    changes: ChangesOption = 100_000,
    single_changes: SingleChangesOption = 200,
    clerks: ClerksOption = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure everything, one after the other."""
    wanted = PropagationSettings(changes=changes, single_changes=single_changes)

    async def measure(bench: Bench) -> list[Figure]:
        found = await measure_lookup(bench, LookupSettings(seconds=seconds))
        found += await measure_feed(bench, FeedSettings())
        found += await measure_search(bench, SearchSettings(seconds=seconds))
        found += await measure_batch(bench, BatchSettings(seconds=seconds))
        found += await measure_propagation(bench, wanted)
        return [*found, *await measure_register(bench, RegisterSettings(clerks=clerks))]

    with _settings(directory, first_port, residents, municipal_residents, runs) as settings:
        figures = run(_with_bench(settings, measure))
        figures += run(measure_population(settings, residents=residents))
    with _settings(directory / "uselog", first_port, 1000, 200, runs) as settings:
        figures += run(_with_bench(settings, lambda bench: measure_uselog(bench, UselogSettings())))
    _show(figures, as_json=as_json)


@app.command("load-client", hidden=True)
def load_client_command() -> None:
    """Do what the order on standard input says, and report on standard output."""
    with plain_errors():
        order = msgspec.json.decode(sys.stdin.buffer.read(), type=LoadOrder)
        report = run(run_load(order, clock=machine_clock))
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")


async def _with_bench(settings: BenchSettings, measure: Callable[[Bench], Awaitable[list[Figure]]]) -> list[Figure]:
    async with open_bench(settings) as bench:
        return await measure(bench)


@contextmanager
def _settings(
    directory: Path, first_port: int, residents: int, municipal_residents: int, runs: int
) -> Generator[BenchSettings]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with plain_errors(), Progress(*columns, console=console) as bar:
        task = bar.add_task("準備", total=None)
        yield BenchSettings(
            directory=directory,
            first_port=first_port,
            residents=residents,
            municipal_residents=min(municipal_residents, residents),
            runs=runs,
            migrations=_migrations,
            clock=machine_clock,
            progress=lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
        )


def _migrations(kind: NodeKind) -> tuple[str, ...]:
    return tuple(KINDS[kind].migrations)


def _show(figures: list[Figure], *, as_json: bool) -> None:
    if not as_json:
        table = Table("bench", "value", "unit", "baseline", "baseline value", "ratio")
        for figure in figures:
            cells = (figure.bench, figure.value, figure.unit, figure.baseline, figure.baseline_value, figure.ratio)
            table.add_row(*["" if cell is None else str(cell) for cell in cells])
        Console(stderr=True).print(table)
    for figure in figures:
        sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")
