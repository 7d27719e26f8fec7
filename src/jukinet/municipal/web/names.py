"""The screens of aliases (通称) of foreign residents and of former surnames (旧氏) of Japanese ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from jukinet.domain.acts.alias import AliasChange, AliasEntry, AliasRemoval, plan_alias_change
from jukinet.domain.acts.former_surname import (
    FormerSurnameAct,
    FormerSurnameChange,
    plan_former_surname_change,
)
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_alias import record_alias
from jukinet.municipal.usecases.record_former_surname import record_former_surname
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.municipal.web.nationality import is_foreign, is_japanese, read_kana, read_name
from jukinet.operator_web.fields import Field, FieldKind

_ERRORS: Final = {"former_surname_kana": "kana", "alias_kana": "kana", "changed_on": "given_up_on"}


def _alias_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "alias_entry")
    return [ask("alias", read=read_name, has_focus=True), ask("kana", read=read_kana)]


def _no_fields(case: Case) -> Sequence[Field]:
    del case
    return ()


async def _prefill(documents: Sequence[SeenDocument], case: Case) -> Mapping[str, str]:
    del case
    return {f"documents-{document.tag}": "on" for document in documents}


async def _plan_alias_entry(case: Case) -> PlannedAct:
    change = AliasEntry(
        resident_number=case.resident.resident_number,
        expected_version=case.resident.version,
        alias=case.values["alias"],
        kana=case.values["kana"],
    )
    return _planned_alias(case, change)


async def _plan_alias_removal(case: Case) -> PlannedAct:
    change = AliasRemoval(resident_number=case.resident.resident_number, expected_version=case.resident.version)
    return _planned_alias(case, change)


def _planned_alias(case: Case, change: AliasChange) -> PlannedAct:
    notification, day = case.notification, CivilDate.of(case.today)
    steps = plan_alias_change(
        change,
        current=case.resident,
        municipality_name=municipality_of(LocalGovernmentCode.parse(case.desk.name.code)).name,
        acted_on=day,
        notified_on=_notified_on(notification),
    )

    async def record(act: Act) -> ResidentRecord:
        return await record_alias(change=change, notification=notification, act=act, database=case.desk.database)

    return PlannedAct(steps=steps, record=record)


def _surname_fields(kind: str, case: Case) -> Sequence[Field]:
    ask = Asking(case, kind)
    return [
        ask("former_surname", read=read_name, has_focus=True, is_short=True),
        ask("kana", read=read_kana, is_short=True),
        ask("given_up_on", FieldKind.EXACT_DATE),
    ]


async def _plan_surname(kind: FormerSurnameAct, case: Case) -> PlannedAct:
    values, notification = case.values, case.notification
    change = FormerSurnameChange(
        act=kind,
        resident_number=case.resident.resident_number,
        expected_version=case.resident.version,
        former_surname=values.get("former_surname"),
        kana=values.get("kana"),
        given_up_on=values.get("given_up_on"),
    )
    day = CivilDate.of(case.today)
    require_dates_in_order(changed_on=change.given_up_on or day, notified_on=notification.notified_on, today=case.today)
    steps = plan_former_surname_change(
        change, current=case.resident, acted_on=day, notified_on=_notified_on(notification)
    )

    async def record(act: Act) -> ResidentRecord:
        return await record_former_surname(
            change=change, notification=notification, act=act, database=case.desk.database
        )

    return PlannedAct(steps=steps, record=record)


def _notified_on(notification: Notification) -> date | None:
    return None if notification.is_ex_officio else notification.notified_on


def _has_alias(record: ResidentRecord) -> bool:
    return is_foreign(record) and record.alias is not None


def _has_no_alias(record: ResidentRecord) -> bool:
    return is_foreign(record) and record.alias is None


def _has_former_surname(record: ResidentRecord) -> bool:
    return is_japanese(record) and record.former_surname is not None


def _has_no_former_surname(record: ResidentRecord) -> bool:
    return is_japanese(record) and record.former_surname is None


def _surname_screen(
    kind: FormerSurnameAct, applies_to: Callable[[ResidentRecord], bool], *documents: SeenDocument
) -> ChangeScreen:
    name = kind.procedure.value
    return ChangeScreen(
        kind=name,
        fields=_no_fields if kind is FormerSurnameAct.REMOVAL else partial(_surname_fields, name),
        plan=partial(_plan_surname, kind),
        notification=NotificationBlock(kind="request", documents=documents),
        prefill=partial(_prefill, documents[:1]),
        fields_of_errors=_ERRORS,
        applies_to=applies_to,
    )


_SURNAME_DOCUMENTS: Final = (SeenDocument.FORMER_SURNAME_REQUEST, SeenDocument.FAMILY_REGISTER)
FORMER_SURNAME_ENTRY: Final = _surname_screen(FormerSurnameAct.ENTRY, _has_no_former_surname, *_SURNAME_DOCUMENTS)
FORMER_SURNAME_CHANGE: Final = _surname_screen(FormerSurnameAct.CHANGE, _has_former_surname, *_SURNAME_DOCUMENTS)
FORMER_SURNAME_REMOVAL: Final = _surname_screen(
    FormerSurnameAct.REMOVAL, _has_former_surname, SeenDocument.FORMER_SURNAME_REQUEST
)
ALIAS_ENTRY: Final = ChangeScreen(
    kind="alias_entry",
    fields=_alias_fields,
    plan=_plan_alias_entry,
    notification=NotificationBlock(kind="request", documents=(SeenDocument.ALIAS_REQUEST, SeenDocument.PROOF_OF_ALIAS)),
    prefill=partial(_prefill, (SeenDocument.ALIAS_REQUEST,)),
    fields_of_errors=_ERRORS,
    applies_to=_has_no_alias,
)
ALIAS_REMOVAL: Final = ChangeScreen(
    kind="alias_removal",
    fields=_no_fields,
    plan=_plan_alias_removal,
    notification=NotificationBlock(
        kind="either", documents=(SeenDocument.ALIAS_REQUEST, SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION)
    ),
    prefill=partial(_prefill, (SeenDocument.ALIAS_REQUEST,)),
    applies_to=_has_alias,
)
#: In the order they are offered.
ALIASES: Final = (ALIAS_ENTRY, ALIAS_REMOVAL)
FORMER_SURNAMES: Final = (FORMER_SURNAME_ENTRY, FORMER_SURNAME_CHANGE, FORMER_SURNAME_REMOVAL)
