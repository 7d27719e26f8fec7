"""`jukinet municipal`: the clerk's acts from the command line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from random import SystemRandom
from typing import Annotated, Any

import typer

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.cli import mass_change, merger, resident_system
from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.acts.birth import Birth
from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.acts.removal import Death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import (
    MissingItemError,
    RegisterElsewhereError,
    ReviewRequiredError,
    UnknownCodeListValueError,
)
from jukinet.domain.identification import Sex
from jukinet.domain.kana import fold_kana, fold_kanji
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.search_filling import rebuild_search
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.store import find_resident, list_residents, list_versions
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.config import NodeConfig
from jukinet.postgres.database import Database, connect, open_database
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Record changes on a municipality's register, and look at it.")
app.add_typer(mass_change.app, name="mass-change")
app.add_typer(resident_system.app, name="resident-system")
app.add_typer(merger.municipal_app, name="merger")

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
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        act = _act_of(settings, operator, Procedure.BIRTH)
        birth = Birth(
            parent_number=parent,
            name=PersonName(name=name, kana=kana),
            sex=_sex(sex),
            birth_date=CivilDate.parse(birth_date, may_be_irregular=True),
            relationship=relationship,
        )
        child = run(
            _record(
                settings,
                lambda database: record_birth(
                    birth=birth,
                    notification=_report(notified_on, act.now, SeenDocument.BIRTH_REPORT),
                    act=act,
                    database=database,
                    choice=SystemRandom(),
                ),
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
    statement: Annotated[str | None, typer.Option(help="申述: why the notification is late")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record a relocation inside the municipality (転居)."""
    with plain_errors():
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        act = _act_of(settings, operator, Procedure.RELOCATION)
        relocation = Relocation(
            resident_number=resident,
            address=address,
            moved_on=CivilDate.parse(moved_on),
        )
        moved = run(
            _record(
                settings,
                lambda database: record_relocation(
                    relocation=relocation,
                    notification=_notification(notified_on, act.now, statement),
                    act=act,
                    database=database,
                ),
            )
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
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        act = _act_of(settings, operator, Procedure.DEATH)
        death = Death(
            resident_number=resident,
            died_on=CivilDate.parse(died_on, may_be_irregular=True),
        )
        removed = run(
            _record(
                settings,
                lambda database: record_death(
                    death=death,
                    notification=_report(notified_on, act.now, SeenDocument.DEATH_REPORT),
                    act=act,
                    database=database,
                ),
            )
        )
    show([_row(removed)], columns=_COLUMNS, as_json=as_json)


@app.command("search")
def search_command(
    operator: OperatorOption,
    config: ConfigOption,
    name: Annotated[str | None, typer.Option(help="氏名の先頭")] = None,
    kana: Annotated[str | None, typer.Option(help="ふりがなの先頭")] = None,
    birth_date: Annotated[str | None, typer.Option(help="生年月日")] = None,
    code: Annotated[str | None, typer.Option(help="住民票コード")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Search the register: by one item at least. The search and what it found are on the log."""
    with plain_errors():
        if not (name or kana or birth_date or code):
            raise MissingItemError("Give at least one of name, kana, birth date and code.", field="name")
        day = CivilDate.parse(birth_date, may_be_irregular=True).wire if birth_date else None
        whole_code = ResidentRecordCode.parse(code).value if code else None
        keys = Search(
            name=fold_kanji(name) if name else None,
            kana=fold_kana(kana) if kana else None,
            birth_date=day,
            resident_record_code=whole_code,
            has_removed=True,
        )
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        found = run(_search(settings, keys, _act(settings, operator)))
    show([_row(one) for one in found], columns=_COLUMNS, as_json=as_json)


@app.command("rebuild-search")
def rebuild_search_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Make anew what residents are found by: after a bulk load by other means, or a change of the folding rules."""
    with plain_errors():
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        count = run(_rebuild(settings))
    show([{"residents": count}], columns=("residents",), as_json=as_json)


@app.command("history")
def history_command(
    resident: NumberArgument, operator: OperatorOption, config: ConfigOption, *, as_json: JsonOption = False
) -> None:
    """Show every version of a resident's record. That it was looked at is on the log."""
    with plain_errors():
        settings = load_config_of(config, NodeKind.MUNICIPAL)
        versions = run(_history(settings, resident, _act(settings, operator)))
    show([_row(one) for one in versions], columns=_COLUMNS, as_json=as_json)


def _sex(text: str) -> Sex:
    try:
        return Sex(text)
    except ValueError:
        raise UnknownCodeListValueError("The sex is 1 (male) or 2 (female).", field="sex") from None


def _act(settings: NodeConfig, operator: str) -> Act:
    return Act(operator_id=operator, node=settings.node_name, now=settings.clock(machine_clock)())


def _act_of(settings: NodeConfig, operator: str, procedure: Procedure) -> Act:
    """Return the act; raise ReviewRequiredError where the municipality has two operators record it: on the screens."""
    if procedure.value in settings.reviewed_procedures:
        raise ReviewRequiredError(field="reviewed_procedures")
    return _act(settings, operator)


def _day(notified_on: str | None, now: datetime) -> date:
    return CivilDate.parse(notified_on).require_exact() if notified_on else civil_day(now)


def _report(notified_on: str | None, now: datetime, document: SeenDocument) -> Notification:
    """Return what stands for a notification after a report to the family register."""
    return Notification.of_family_register(_day(notified_on, now), document)


def _notification(notified_on: str | None, now: datetime, statement: str | None = None) -> Notification:
    """Return a notification by the person, who showed a photo document."""
    day = _day(notified_on, now)
    return Notification(
        notified_on=day,
        notifier=Notifier.SELF,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
        statement=statement,
    )


async def _record(settings: NodeConfig, record: Callable[[Database], Awaitable[ResidentRecord]]) -> ResidentRecord:
    if settings.resident_system is not None:
        raise RegisterElsewhereError
    database = await open_database(settings.database)
    try:
        return await record(database)
    finally:
        await database.close()


async def _search(settings: NodeConfig, keys: Search, act: Act) -> list[ResidentRecord]:
    async with connect(settings.database) as unit, unit.transaction():
        found = await search(unit, keys, limit=_MOST_HITS)
        numbers = [one.resident_number for one in found.hits]
        event = Entry(
            event=AuditEvent.RESIDENTS_SEARCHED,
            occurred_at=act.now,
            actor=act.operator_id,
            detail={"hits": found.count, "resident_numbers": numbers},
        )
        await append(unit, [event])
        return await list_residents(unit, numbers)


async def _rebuild(settings: NodeConfig) -> int:
    database = await open_database(settings.database)
    try:
        return await rebuild_search(database)
    finally:
        await database.close()


async def _history(settings: NodeConfig, resident: int, act: Act) -> list[ResidentRecord]:
    async with connect(settings.database) as unit, unit.transaction():
        current = await find_resident(unit, resident)
        event = Entry(
            event=AuditEvent.RESIDENT_VIEWED,
            occurred_at=act.now,
            actor=act.operator_id,
            resident_record_code=current.resident_record_code,
            detail={"resident_number": resident},
        )
        await append(unit, [event])
        return await list_versions(unit, resident)


def _row(version: ResidentRecord) -> dict[str, Any]:
    return version.as_parameters()
