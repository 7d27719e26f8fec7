"""`jukinet agency doubt`: report that what was given cannot be right, and see what the municipality answers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from jukinet.agency.app import MIGRATIONS
from jukinet.agency.doubt_store import KeptDoubt, Reporter, list_doubts
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption, configure_log
from jukinet.domain.doubt_reports import COMPARED_ITEMS, DoubtEvidence, DoubtReason
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.node_process.process import Node, open_node
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Report doubt (疑義の通報) to the municipality that holds the record.")

_THROUGH: Final = "command"
_MOST_LISTED: Final = 100
_COLUMNS: Final = (
    "report_number", "reported_at", "reason", "items", "matter_number", "state", "answered_on", "due_on",
    "error_code",
)  # fmt: skip
_Result = TypeVar("_Result")


@app.command("report")
def report_command(
    config: ConfigOption,
    use: Annotated[str, typer.Argument(help="The number in the use log, as the answer told it; or the batch's id.")],
    reason: Annotated[DoubtReason, typer.Option(help="What is doubted.")],
    evidence: Annotated[DoubtEvidence, typer.Option(help="What it rests on.")],
    matter: Annotated[str, typer.Option(help="依頼管理番号: this organ's number of the matter.")],
    official: Annotated[str, typer.Option(help="Who reports.")],
    items: Annotated[list[str] | None, typer.Option("--item", help="What differs; may be repeated.")] = None,
    line: Annotated[int, typer.Option(help="Of a batch file: the line.", min=0)] = 0,
    office: Annotated[str, typer.Option(help="部署: the clerk sees it.")] = "",
    contact: Annotated[str, typer.Option(help="A telephone number; the clerk sees it.")] = "",
    name: Annotated[str | None, typer.Option(help="氏名, as this organ holds it.")] = None,
    kana: Annotated[str | None, typer.Option(help="ふりがな, as this organ holds it.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="生年月日: YYYY-MM-DD, as this organ holds it.")] = None,
    address: Annotated[str | None, typer.Option(help="住所, as this organ holds it.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Report a doubt. It is kept, and leaves when the national node can be reached; the running node follows it."""
    stated = StatedItems(name=name, kana=kana, birth_date=birth_date, address=address)
    with plain_errors():
        doubt = Doubt(
            use_log_id=use,
            place=line,
            reason=reason.value,
            evidence=evidence.value,
            items=_items(items or []),  # type: ignore[arg-type]  # names that were checked
            stated=None if stated == StatedItems() else stated,
            office=office,
            contact=contact,
        )
    reporter = Reporter(official=official, matter_number=matter, through=_THROUGH)

    async def report(node: Node) -> str:
        return await report_doubt(doubt=doubt, reporter=reporter, database=node.database, now=node.clock())

    number = _with_node(config, report)
    show([{"report_number": number}], columns=("report_number",), as_json=as_json)


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List the newest reports, and what was answered."""

    async def read(node: Node) -> list[KeptDoubt]:
        async with node.database.connection() as connection:
            return await list_doubts(connection, limit=_MOST_LISTED)

    rows = [{name: _text(getattr(one, name)) for name in _COLUMNS} for one in _with_node(config, read)]
    show(rows, columns=_COLUMNS, as_json=as_json)


def _items(names: list[str]) -> tuple[str, ...]:
    known = {item.value for item in COMPARED_ITEMS}
    if not known.issuperset(names):
        raise UnknownCodeListValueError(f"What can differ is one of {', '.join(sorted(known))}.", field="item")
    return tuple(names)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _with_node(config: Path, work: Callable[[Node], Awaitable[_Result]]) -> _Result:
    configure_log(logging.ERROR)
    with plain_errors():
        return run(_opened(config, work))


async def _opened(path: Path, work: Callable[[Node], Awaitable[_Result]]) -> _Result:
    config = load_config_of(path, NodeKind.AGENCY)
    async with open_node(config, clock=machine_clock, migrations=MIGRATIONS) as node:
        return await work(node)
