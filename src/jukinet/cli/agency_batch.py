"""`jukinet agency batch`: hand in a batch file, follow it, fetch its results, by line or by removable medium."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from jukinet.agency.batch_store import list_batches
from jukinet.agency.usecases.carry_batch import read_result_container, write_request_container
from jukinet.agency.usecases.fetch_batch import fetch_batch
from jukinet.agency.usecases.follow_batch import cancel_batch, find_batch_status
from jukinet.agency.usecases.submit_batch import read_batch_file, submit_batch
from jukinet.cli.agency_node import with_agency_node
from jukinet.cli.console import show
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.provision_batches import BatchState
from jukinet.node_process.process import Node
from jukinet.protocol.batch import BatchStatus

app = typer.Typer(no_args_is_help=True, help="Batch provision (一括提供): a file of persons in, a file of results out.")

FileArgument = Annotated[Path, typer.Argument(help="The batch file: a header line, then the lines (docs/batch.md).")]
BatchArgument = Annotated[str, typer.Argument(help="The id of the file, as `submit` told it.")]
TargetArgument = Annotated[Path, typer.Argument(help="Where the results go.")]
ContainerArgument = Annotated[Path, typer.Argument(help="The container on the medium.")]
_MOST_LISTED: Final = 100
_POLL_SECONDS: Final = 0.5
_COLUMNS: Final = (
    "batch_id",
    "state",
    "received",
    "lines",
    "bad_lines",
    "matched",
    "results",
    "estimate",
    "deleted_on",
)


@app.command("submit")
def submit_command(
    config: ConfigOption,
    file: FileArgument,
    *,
    wait: Annotated[bool, typer.Option(help="Wait until its results are there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Hand in a file; handed in again after an interruption, it goes on where it was."""

    async def work(node: Node) -> BatchStatus:
        with _bar(as_json=as_json) as told:
            status = await submit_batch(
                file=read_batch_file(file),
                client=node.client,
                database=node.database,
                now=node.clock(),
                sent=lambda done, total: told("送信", done, total),
            )
            while wait and not BatchState(status.state).is_over:
                told("照合", status.matched, status.lines or None)
                await asyncio.sleep(_POLL_SECONDS)
                status = await _status_of(node, status.batch_id)
        return status

    _show_status(with_agency_node(config, work), as_json=as_json)


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List the files this organ handed in."""

    async def work(node: Node) -> list[dict[str, Any]]:
        async with node.database.connection() as connection:
            batches = await list_batches(connection, limit=_MOST_LISTED)
        return [
            {"batch_id": one.batch_id, "asked_at": one.asked_at, "matter_number": one.matter_number, "state": one.state}
            for one in batches
        ]

    show(with_agency_node(config, work), columns=("batch_id", "asked_at", "matter_number", "state"), as_json=as_json)


@app.command("status")
def status_command(config: ConfigOption, batch: BatchArgument, *, as_json: JsonOption = False) -> None:
    """Show how far a file is, and what is wrong with its lines."""
    _show_status(with_agency_node(config, lambda node: _status_of(node, batch)), as_json=as_json)


@app.command("fetch")
def fetch_command(
    config: ConfigOption, batch: BatchArgument, target: TargetArgument, *, as_json: JsonOption = False
) -> None:
    """Fetch the results; fetched again after an interruption, they go on where they were."""

    async def work(node: Node) -> int:
        status = await _status_of(node, batch)
        with _bar(as_json=as_json) as told:
            return await fetch_batch(
                status=status,
                target=target,
                client=node.client,
                database=node.database,
                fetched=lambda done, total: told("受信", done, total),
            )

    lines = with_agency_node(config, work)
    show([{"batch_id": batch, "lines": lines, "file": str(target)}], columns=("lines", "file"), as_json=as_json)


@app.command("cancel")
def cancel_command(config: ConfigOption, batch: BatchArgument, *, as_json: JsonOption = False) -> None:
    """Stop a file: no result of it is given."""

    async def work(node: Node) -> BatchStatus:
        return await cancel_batch(batch_id=batch, client=node.client, database=node.database)

    _show_status(with_agency_node(config, work), as_json=as_json)


@app.command("export")
def export_command(
    config: ConfigOption,
    file: FileArgument,
    container: ContainerArgument,
    to: Annotated[Path, typer.Option(help="The certificate of the national node (PEM).")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Write a file, signed and encrypted, for a removable medium."""

    async def work(node: Node) -> str:
        opened = read_batch_file(file)
        return await write_request_container(file=opened, path=container, receiver=to, node=node, now=node.clock())

    batch = with_agency_node(config, work, is_on_line=False)
    show([{"batch_id": batch, "file": str(container)}], columns=("batch_id", "file"), as_json=as_json)


@app.command("import")
def import_command(
    config: ConfigOption, container: ContainerArgument, target: TargetArgument, *, as_json: JsonOption = False
) -> None:
    """Read results from a removable medium."""

    async def work(node: Node) -> int:
        return await read_result_container(path=container, target=target, node=node)

    lines = with_agency_node(config, work, is_on_line=False)
    show([{"lines": lines, "file": str(target)}], columns=("lines", "file"), as_json=as_json)


async def _status_of(node: Node, batch: str) -> BatchStatus:
    return await find_batch_status(batch_id=batch, client=node.client, database=node.database)


def _show_status(status: BatchStatus, *, as_json: bool) -> None:
    row = msgspec.to_builtins(status)
    if as_json:
        show([row], columns=_COLUMNS, as_json=True)
        return
    row["state"] = BatchState(status.state).label
    show([row], columns=[name for name in _COLUMNS if row.get(name) is not None], as_json=False)
    if status.detail:
        Console(stderr=True).print(f"{status.detail} [{status.code}]", markup=False)
    problems = [msgspec.structs.asdict(problem) for problem in status.problems]
    if problems:
        show(problems, columns=("line", "column", "item", "rule", "code"), as_json=False)


@contextmanager
def _bar(*, as_json: bool) -> Generator[Callable[[str, int, int | None], None]]:
    console = Console(stderr=True, quiet=as_json)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)
