"""`jukinet municipal`: the clerk's acts from the command line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from random import SystemRandom
from typing import Annotated, Any

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.store import SearchKeys, list_versions, search_residents
from jukinet.municipal.usecases.record_birth import Birth, record_birth
from jukinet.municipal.usecases.record_death import Death, record_death
from jukinet.municipal.usecases.record_relocation import Relocation, record_relocation
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.postgres.database import Database, open_database

app = typer.Typer(no_args_is_help=True, help="Record changes on a municipality's register, and look at it.")

OperatorOption = Annotated[str, typer.Option("--operator", help="Who records: the operator id.")]
NumberArgument = Annotated[int, typer.Argument(help="The resident number (宛名番号).")]
NotifiedOption = Annotated[
    str | None, typer.Option("--notified-on", help="Day of the notification; today if left out.")
]

_COLUMNS = ("resident_number", "version", "name", "kana", "birth_date", "address", "change_reason", "changed_on")
_MOST_HITS = 50


@app.command("record-birth")
def record_birth_command(
    parent: Annotated[int, typer.Argument(help="Resident number of the parent whose household the child enters.")],
    name: Annotated[str, typer.Option(help="氏名")],
    kana: Annotated[str, typer.Option(help="ふりがな")],
    sex: Annotated[str, typer.Option(help="1 male, 2 female")],
    birth_date: Annotated[str, typer.Option(help="1985-03-12 or 昭和60年3月12日")],
    operator: OperatorOption,
    config: ConfigOption,
    relationship: Annotated[str, typer.Option(help="続柄")] = "子",
    notified_on: NotifiedOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record a birth (出生)."""
    with plain_errors():
        settings = load_config(config)
        act = _act(settings, operator)
        birth = Birth(
            parent_number=parent,
            name=PersonName(name=name, kana=kana),
            sex=Sex(sex),
            birth_date=CivilDate.parse(birth_date, may_be_irregular=True),
            relationship=relationship,
            notified_on=_notified(notified_on, act.now),
        )
        child = run(
            _record(
                settings, lambda database: record_birth(birth=birth, act=act, database=database, choice=SystemRandom())
            )
        )
    show([_row(child)], columns=_COLUMNS, as_json=as_json)


@app.command("record-relocation")
def record_relocation_command(
    resident: NumberArgument,
    address: Annotated[str, typer.Option(help="新しい住所, from the prefecture on")],
    moved_on: Annotated[str, typer.Option(help="1985-03-12 or 昭和60年3月12日")],
    operator: OperatorOption,
    config: ConfigOption,
    notified_on: NotifiedOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record a relocation inside the municipality (転居)."""
    with plain_errors():
        settings = load_config(config)
        act = _act(settings, operator)
        relocation = Relocation(
            resident_number=resident,
            address=address,
            moved_on=CivilDate.parse(moved_on),
            notified_on=_notified(notified_on, act.now),
        )
        moved = run(
            _record(settings, lambda database: record_relocation(relocation=relocation, act=act, database=database))
        )
    show([_row(moved)], columns=_COLUMNS, as_json=as_json)


@app.command("record-death")
def record_death_command(
    resident: NumberArgument,
    died_on: Annotated[str, typer.Option(help="1985-03-12, 昭和60年3月12日, or a date known in part")],
    operator: OperatorOption,
    config: ConfigOption,
    notified_on: NotifiedOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record a death (死亡)."""
    with plain_errors():
        settings = load_config(config)
        act = _act(settings, operator)
        death = Death(
            resident_number=resident,
            died_on=CivilDate.parse(died_on, may_be_irregular=True),
            notified_on=_notified(notified_on, act.now),
        )
        removed = run(_record(settings, lambda database: record_death(death=death, act=act, database=database)))
    show([_row(removed)], columns=_COLUMNS, as_json=as_json)


@app.command("search")
def search_command(
    config: ConfigOption,
    name: Annotated[str | None, typer.Option(help="氏名の先頭")] = None,
    kana: Annotated[str | None, typer.Option(help="ふりがなの先頭")] = None,
    birth_date: Annotated[str | None, typer.Option(help="生年月日")] = None,
    code: Annotated[str | None, typer.Option(help="住民票コード")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Search the register."""
    with plain_errors():
        day = CivilDate.parse(birth_date, may_be_irregular=True).wire if birth_date else None
        keys = SearchKeys(name=name, kana=kana, birth_date=day, resident_record_code=code)
        found = run(_search(load_config(config), keys))
    show([_row(one) for one in found], columns=_COLUMNS, as_json=as_json)


@app.command("history")
def history_command(resident: NumberArgument, config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show every version of a resident's record."""
    with plain_errors():
        versions = run(_history(load_config(config), resident))
    show([_row(one) for one in versions], columns=_COLUMNS, as_json=as_json)


def _act(settings: NodeConfig, operator: str) -> Act:
    return Act(operator_id=operator, node=settings.node_name, now=settings.clock(machine_clock)())


def _notified(text: str | None, now: datetime) -> date:
    return CivilDate.parse(text).require_exact() if text else civil_day(now)


async def _record(settings: NodeConfig, record: Callable[[Database], Awaitable[ResidentVersion]]) -> ResidentVersion:
    database = await open_database(settings.database)
    try:
        return await record(database)
    finally:
        await database.close()


async def _search(settings: NodeConfig, keys: SearchKeys) -> list[ResidentVersion]:
    database = await open_database(settings.database)
    try:
        async with database.connection() as connection:
            return await search_residents(connection, keys, limit=_MOST_HITS)
    finally:
        await database.close()


async def _history(settings: NodeConfig, resident: int) -> list[ResidentVersion]:
    database: Database = await open_database(settings.database)
    try:
        async with database.connection() as connection:
            return await list_versions(connection, resident)
    finally:
        await database.close()


def _row(version: ResidentVersion) -> dict[str, Any]:
    return version.as_parameters()
