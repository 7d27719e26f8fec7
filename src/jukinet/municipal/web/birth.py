"""The screens of a birth (出生による記載), from the page of a parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.identification import ChangeReason, Sex
from jukinet.domain.names import PersonName
from jukinet.domain.record_change import require_dates_in_order
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.usecases.record_birth import Birth, record_birth
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.changing import ChangeScreen, Draft, today_text
from jukinet.municipal.web.desk import COMPARED, Desk, ItemChange, item_text, plain_kana, plain_name
from jukinet.municipal.web.resident import Viewed
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Words
from jukinet.operator_web.screens import Visit

_CHILD: Final = "子"


def _prefill(viewed: Viewed, visit: Visit) -> Mapping[str, str]:
    parent = viewed.current
    return {
        "name": _surname(parent.name),
        "kana": _surname(parent.kana),
        "relationship": _CHILD,
        "birth_date": today_text(visit),
        "notified_on": today_text(visit),
    }


def _surname(name: str) -> str:
    surname, space, _ = name.partition("　")
    return surname + space if space else ""


def _extras(viewed: Viewed) -> Mapping[str, Any]:
    del viewed
    return {"sexes": (Sex.MALE.value, Sex.FEMALE.value)}


def _sex(text: str) -> Sex:
    if text not in {Sex.MALE.value, Sex.FEMALE.value}:
        raise UnknownCodeListValueError(field="sex")
    return Sex(text)


def _draft(desk: Desk, visit: Visit, viewed: Viewed, form: Form) -> Draft | None:
    name = form.read("name", plain_name)
    kana = form.read("kana", plain_kana)
    sex = form.read("sex", _sex)
    birth_date = form.read_civil_date("birth_date", may_be_irregular=True)
    relationship = form.read("relationship", str)
    notified_on = form.read_day("notified_on")
    if name is None or kana is None or sex is None or birth_date is None or not relationship or notified_on is None:
        return None
    person = PersonName(name=name, kana=kana)
    require_dates_in_order(changed_on=birth_date, notified_on=notified_on, today=civil_day(visit.now))
    birth = Birth(
        parent_number=viewed.current.resident_number,
        name=person,
        sex=sex,
        birth_date=birth_date,
        relationship=relationship,
        notified_on=notified_on,
    )
    child = _child_of(viewed.current, birth)

    async def record(act: Act) -> ResidentVersion:
        return await record_birth(birth=birth, act=act, database=desk.database, choice=desk.choice)

    return Draft(after=child, changes=_entries(child, visit.words, hidden=viewed.is_hidden), record=record)


def _child_of(parent: ResidentVersion, birth: Birth) -> ResidentVersion:
    """Return the child's record as it will be, but for its numbers."""
    day = birth.birth_date.wire
    return replace(
        parent,
        relationship=birth.relationship,
        resident_record_code="",
        individual_number=None,
        name=birth.name.name,
        kana=birth.name.kana,
        former_surname=None,
        alias=None,
        birth_date=day,
        sex=birth.sex.value,
        change_reason=ChangeReason.BIRTH.value,
        changed_on=day,
        previous_resident_record_code=None,
        became_resident_on=day,
        address_since_on=day,
        nationality=None,
        residence_status=None,
    )


def _entries(child: ResidentVersion, words: Words, *, hidden: bool) -> list[ItemChange]:
    left_out = {"resident_record_code", "individual_number", "is_removed", "is_protected", "household_number"}
    return [
        ItemChange(words(f"item.{name}"), "", item_text(name, getattr(child, name), words, hidden=hidden))
        for name in COMPARED
        if name not in left_out and getattr(child, name) is not None
    ]


BIRTH: Final = ChangeScreen(
    kind="birth",
    template="municipal/birth.html",
    names=("name", "kana", "sex", "birth_date", "relationship", "notified_on"),
    fields_of_errors={
        "name": "name",
        "kana": "kana",
        "sex": "sex",
        "birth_date": "birth_date",
        "changed_on": "birth_date",
        "notified_on": "notified_on",
    },
    prefill=_prefill,
    draft=_draft,
    extras=_extras,
)
