"""The screens of a birth (出生による記載), from the page of a parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.birth import Birth, plan_birth
from jukinet.domain.addresses import require_address
from jukinet.domain.identification import Sex
from jukinet.domain.kana import require_kana
from jukinet.domain.names import PersonName, require_name
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.municipal.web.desk import plain_kana, plain_name
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import relationship_field
from jukinet.operator_web.fields import Choice, Field, FieldKind

_CHILD: Final = "子"


def _fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "birth")
    sexes = [Choice(sex.value, case.words(f"sex.{sex.value}")) for sex in (Sex.MALE, Sex.FEMALE)]
    return [
        ask("name", read=_read_name, has_focus=True),
        ask("kana", read=_read_kana),
        ask("sex", FieldKind.CHOICE, choices=sexes, read=Sex),
        ask("birth_date", FieldKind.CIVIL_DATE),
        relationship_field(ask),
        ask("registered_domicile", is_needed=False, read=_read_plain),
        ask("first_listed_person", is_needed=False, read=_read_name),
    ]


def _read_name(text: str) -> str:
    name = plain_name(text)
    require_name(name, field="name")
    return name


def _read_kana(text: str) -> str:
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return kana


def _read_plain(text: str) -> str:
    require_address(text, field="registered_domicile")
    return text


async def _prefill(case: Case) -> Mapping[str, str]:
    parent = case.resident
    return {
        "name": _surname(parent.name),
        "kana": _surname(parent.kana),
        "relationship": _CHILD,
        "birth_date": today_typed(case),
        "registered_domicile": parent.registered_domicile or "",
        "first_listed_person": parent.first_listed_person or "",
        "documents-birth_report": "on",
    }


def _surname(name: str) -> str:
    surname, space, _ = name.partition("　")
    return surname + space if space else ""


async def _plan(case: Case) -> PlannedAct:
    values, notification = case.values, case.notification
    birth = Birth(
        parent_number=case.resident.resident_number,
        name=PersonName(name=values["name"], kana=values["kana"]),
        sex=values["sex"],
        birth_date=values["birth_date"],
        relationship=values["relationship"],
        registered_domicile=values["registered_domicile"],
        first_listed_person=values["first_listed_person"],
    )
    require_dates_in_order(changed_on=birth.birth_date, notified_on=notification.notified_on, today=case.today)
    # Number and code are given when the child is recorded.
    steps = plan_birth(birth, notified_on=notification.notified_on, parent=case.resident, resident_number=0, code="")

    async def record(act: Act) -> ResidentRecord:
        return await record_birth(
            birth=birth, notification=notification, act=act, database=case.desk.database, choice=case.desk.choice
        )

    return PlannedAct(steps=steps, record=record)


BIRTH: Final = ChangeScreen(
    kind="birth",
    fields=_fields,
    plan=_plan,
    notification=NotificationBlock(
        kind="report", documents=(SeenDocument.BIRTH_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE)
    ),
    prefill=_prefill,
    fields_of_errors={"changed_on": "birth_date"},
    who="birth.parent",
    key="b",
)
