"""`jukinet national`: what the operators of the national node do by hand."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption, configure_log
from jukinet.domain.clock import civil_day
from jukinet.identification.publication_report import texts_of, write_publication
from jukinet.identification.publish_provisions import publish_provisions
from jukinet.national.app import MIGRATIONS
from jukinet.national.node import NationalNode
from jukinet.national.usecases.carry_batch import take_in_container, write_result_container
from jukinet.node_process.process import open_node, refresh_revocations
from jukinet.protocol.batch import BatchStatus
from jukinet.protocol.node_names import NodeKind, NodeName

app = typer.Typer(no_args_is_help=True, help="Operate the national node.")
_batch_app = typer.Typer(no_args_is_help=True, help="Batch files on removable media (媒体による一括提供).")
app.add_typer(_batch_app, name="batch")
#: Who acts from the command line, as the audit log has it.
_OPERATOR = "command"
#: Who gave, as the publication says it.
_GIVER = "全国サーバ"
_Result = TypeVar("_Result")


@_batch_app.command("import")
def import_command(
    config: ConfigOption,
    container: Annotated[Path, typer.Argument(help="The container on the medium.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Take in a request from a medium; the running node works it off."""

    async def work(node: NationalNode) -> BatchStatus:
        return await take_in_container(path=container, node=node)

    status = _with_node(config, work)
    row = {"batch_id": status.batch_id, "state": status.state, "length": status.length}
    show([row], columns=tuple(row), as_json=as_json)


@_batch_app.command("export")
def export_command(
    config: ConfigOption,
    agency: Annotated[str, typer.Argument(help="The agency, such as agency/nenkin.")],
    batch: Annotated[str, typer.Argument(help="The id of the file.")],
    container: Annotated[Path, typer.Argument(help="The container to write.")],
    to: Annotated[Path, typer.Option(help="The certificate of the agency (PEM).")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Write results to a medium, signed and encrypted."""

    async def work(node: NationalNode) -> int:
        return await write_result_container(
            agency=NodeName.parse(agency), batch_id=batch, path=container, receiver=to, node=node
        )

    size = _with_node(config, work)
    show([{"bytes": size, "file": str(container)}], columns=("bytes", "file"), as_json=as_json)


@app.command("publication")
def publication_command(
    config: ConfigOption,
    year: Annotated[int, typer.Argument(help="The fiscal year (年度): 2026 is April 2026 to March 2027.")],
    to: Annotated[Path, typer.Option(help="The directory for report, table and charts.")] = Path(),
    *,
    as_json: JsonOption = False,
) -> None:
    """Write the yearly publication of provisions (提供状況の公表): report, CSV and charts."""

    async def work(node: NationalNode) -> list[Path]:
        now = node.clock()
        publication = await publish_provisions(
            year=year, organs=node.config.organs, operator_id=_OPERATOR, database=node.database, now=now
        )
        law, _ = await node.law.current()
        return write_publication(publication, to, texts_of(law), giver=_GIVER, made_on=civil_day(now))

    rows = [{"file": str(path), "bytes": path.stat().st_size} for path in _with_node(config, work)]
    show(rows, columns=("file", "bytes"), as_json=as_json)


def _with_node(config: Path, work: Callable[[NationalNode], Awaitable[_Result]]) -> _Result:
    configure_log(logging.ERROR)

    async def opened() -> _Result:
        settings = load_config_of(config, NodeKind.NATIONAL)
        async with open_node(settings, clock=machine_clock, migrations=MIGRATIONS) as node:
            await refresh_revocations(node)
            return await work(NationalNode.of(node))

    with plain_errors():
        return run(opened())
