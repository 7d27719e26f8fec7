"""`jukinet municipal mass-change`: a mass change of addresses (一括住所変更) from a table to its end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.acts.mass_address_change import find_mass_change_kind
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import FileFormatError, MassChangeStateError, RegisterElsewhereError
from jukinet.municipal.address_table import AddressTable, read_address_table
from jukinet.municipal.mass_change_store import MassChange, NotApplied, list_mass_changes, list_refused_rows
from jukinet.municipal.usecases.follow_address_change import Followed, follow_address_change
from jukinet.municipal.usecases.prepare_address_change import (
    AddressChange,
    Preview,
    approve_address_change,
    discard_address_change,
    prepare_address_change,
    preview_address_change,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.config import NodeConfig
from jukinet.postgres.database import Database, open_database
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Change the wording of many addresses at once (一括住所変更).")

OperatorOption = Annotated[str, typer.Option("--operator", help="Who does it: the operator id.")]
NumberArgument = Annotated[int, typer.Argument(help="Number of the mass change.")]
_COLUMNS: Final = (
    "mass_change_number",
    "state",
    "kind",
    "public_notice",
    "effective_on",
    "households",
    "settled",
    "refused",
    "residents",
    "made_by",
    "approved_by",
)
_MOST_SHOWN: Final = 100
_POLL_SECONDS: Final = 1.0
_ENDED: Final = frozenset({"finished", "discarded"})
_Result = TypeVar("_Result")


class Kind(Enum):
    """Why the addresses change, as one types it."""

    TOWN_RENAMED = "town_renamed"
    AREA_CHANGED = "area_changed"
    LOT_RENUMBERED = "lot_renumbered"
    RESIDENTIAL_INDICATION = "residential_indication"


@app.command("prepare")
def prepare_command(
    table: Annotated[Path, typer.Argument(help="CSV: old place, new place, postal code; UTF-8 or Shift_JIS.")],
    kind: Annotated[Kind, typer.Option(help="Of towns and areas a row is a town; else an address.")],
    public_notice: Annotated[str, typer.Option(help="告示の番号")],
    noticed_on: Annotated[str, typer.Option(help="Day of the public notice: 2026-11-01 or 令和8年11月1日")],
    effective_on: Annotated[str, typer.Option(help="Day it takes effect")],
    operator: OperatorOption,
    config: ConfigOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Keep a mass change (作成). Lines that cannot be used are listed and left out; nothing changes yet."""
    with plain_errors():
        settings = _settings(config)
        read = _read(table)
        change = AddressChange(
            kind=find_mass_change_kind(kind.value),
            public_notice=public_notice,
            noticed_on=CivilDate.parse(noticed_on).require_exact(),
            effective_on=CivilDate.parse(effective_on).require_exact(),
            rows=read.rows,
            refused=read.refused,
        )
        act = _act(settings, operator)
        number, refused = run(_with(settings, lambda database: _prepare(change, act, database)))
    _say_refused(refused)
    show(
        [{"mass_change_number": number, "lines": len(read.rows) + len(read.refused), "refused_lines": len(refused)}],
        columns=("mass_change_number", "lines", "refused_lines"),
        as_json=as_json,
    )


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List mass changes, the newest first."""
    with plain_errors():
        changes = run(_with(_settings(config), _list))
    show([_row(one) for one in changes], columns=_COLUMNS, as_json=as_json)


@app.command("preview")
def preview_command(
    number: NumberArgument, operator: OperatorOption, config: ConfigOption, *, as_json: JsonOption = False
) -> None:
    """Show whom a mass change would concern (事前確認). That it was looked at is on the log."""
    with plain_errors():
        settings = _settings(config)
        act = _act(settings, operator)
        seen = run(
            _with(
                settings,
                lambda database: preview_address_change(mass_change_number=number, act=act, database=database),
            )
        )
    if as_json:
        show([_preview(seen)], columns=(), as_json=True)
        return
    facts = {name: value for name, value in _preview(seen).items() if not isinstance(value, list)}
    show([facts], columns=tuple(facts), as_json=False)
    show([{"old": old, "new": new} for old, new in seen.samples], columns=("old", "new"), as_json=False)
    show(
        [{"line": one.number, "column": one.error_field, "reason": one.error_code} for one in seen.refused_rows],
        columns=("line", "column", "reason"),
        as_json=False,
    )


@app.command("approve")
def approve_command(number: NumberArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Approve a mass change (承認) somebody else made. The node carries it out from its day on."""
    with plain_errors():
        settings = _settings(config)
        act = _act(settings, operator)
        run(
            _with(
                settings,
                lambda database: approve_address_change(mass_change_number=number, act=act, database=database),
            )
        )


@app.command("discard")
def discard_command(number: NumberArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Give a mass change up before it begins (取りやめ)."""
    with plain_errors():
        settings = _settings(config)
        act = _act(settings, operator)
        run(
            _with(
                settings,
                lambda database: discard_address_change(mass_change_number=number, act=act, database=database),
            )
        )


@app.command("watch")
def watch_command(number: NumberArgument, config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Watch a mass change until it is over: how far it is, and about how long it takes. Stop watching with Ctrl-C."""
    with plain_errors():
        settings = _settings(config)
        followed = run(_with(settings, lambda database: _watch(number, settings, database, as_json=as_json)))
        _say_refused(followed.refused_households, "household")
    if not as_json:
        show([_row(followed.change)], columns=_COLUMNS, as_json=False)


def _settings(config: Path) -> NodeConfig:
    settings = load_config_of(config, NodeKind.MUNICIPAL)
    if settings.resident_system is not None:
        raise RegisterElsewhereError
    return settings


def _act(settings: NodeConfig, operator: str) -> Act:
    return Act(operator_id=operator, node=settings.node_name, now=settings.clock(machine_clock)())


def _read(table: Path) -> AddressTable:
    try:
        content = table.read_bytes()
    except OSError as failure:
        what = f"The table cannot be read: {failure.strerror}."
        raise FileFormatError(what, field="table") from None
    return read_address_table(content)


async def _with(settings: NodeConfig, work: Callable[[Database], Awaitable[_Result]]) -> _Result:
    database = await open_database(settings.database)
    try:
        return await work(database)
    finally:
        await database.close()


async def _prepare(change: AddressChange, act: Act, database: Database) -> tuple[int, list[NotApplied]]:
    number = await prepare_address_change(change=change, act=act, database=database)
    async with database.connection() as connection:
        return number, await list_refused_rows(connection, number)


async def _list(database: Database) -> list[MassChange]:
    async with database.connection() as connection:
        return await list_mass_changes(connection, limit=_MOST_SHOWN)


async def _watch(number: int, settings: NodeConfig, database: Database, *, as_json: bool) -> Followed:
    """Look again every second; on a terminal as a bar, else as a line for each step."""
    clock = settings.clock(machine_clock)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn("{task.fields[left]}"), console=Console(stderr=True)) as progress:
        task = progress.add_task(f"mass change {number}", total=None, left="", visible=not as_json)
        last = None
        while True:
            followed = await follow_address_change(mass_change_number=number, now=clock(), database=database)
            change = followed.change
            if change.state == "made":
                raise MassChangeStateError("It waits for approval.", field="mass_change_number")
            progress.update(
                task, total=change.households or None, completed=change.settled, left=_left(followed), refresh=True
            )
            step = _step(followed)
            if as_json and step != last:
                show([step], columns=tuple(step), as_json=True)
                sys.stdout.flush()
            last = step
            if change.state in _ENDED:
                return followed
            await asyncio.sleep(_POLL_SECONDS)


def _left(followed: Followed) -> str:
    if followed.change.state == "approved":
        return f"waits for {followed.change.effective_on}"
    if followed.pace.held and followed.pace.held == followed.pace.waiting:
        return f"waits for {followed.pace.held} households that somebody edits"
    if followed.is_stopped:
        return "stands still: does the node run?"
    if followed.remaining is None:
        return ""
    return f"about {timedelta(seconds=round(followed.remaining.total_seconds()))} left"


def _step(followed: Followed) -> dict[str, Any]:
    change, remaining = followed.change, followed.remaining
    return {
        "state": change.state,
        "households": change.households,
        "settled": change.settled,
        "refused": change.refused,
        "residents": change.residents,
        "held": followed.pace.held,
        "remaining_seconds": None if remaining is None else round(remaining.total_seconds()),
    }


def _preview(seen: Preview) -> dict[str, Any]:
    return {
        "mass_change_number": seen.change.mass_change_number,
        "state": seen.change.state,
        "residents": seen.residents,
        "households": seen.households,
        "beside": seen.beside,
        "annex_untold": seen.annex_untold,
        "samples": [list(pair) for pair in seen.samples],
        "beside_samples": list(seen.beside_samples),
        "lines_of_nobody": list(seen.empty_rows),
        "left_out_households": [one.number for one in seen.left_out],
        "annex_notices": [list(pair) for pair in seen.annex_notices],
        "refused_lines": [[one.number, one.error_field, one.error_code] for one in seen.refused_rows],
    }


def _say_refused(refused: Sequence[NotApplied], what: str = "line") -> None:
    for one in refused:
        sys.stderr.write(f"jukinet: {what} {one.number} left out ({one.error_field or '-'}) [{one.error_code}]\n")


def _row(change: MassChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in _COLUMNS}
