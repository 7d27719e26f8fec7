"""The screens of corrections (職権修正・誤記修正・軽微な修正): which items, as they are, and as they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from jukinet.domain.acts.correction import Correction, plan_correction
from jukinet.domain.addresses import require_address, require_postal_code
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.corrections import MINOR_ITEMS, MinorGround
from jukinet.domain.identification import Sex
from jukinet.domain.kana import require_kana
from jukinet.domain.names import require_name
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.person_notices import is_person_told, require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct, is_live
from jukinet.municipal.web.desk import item_text, plain_kana, plain_name
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import companion_field
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

_KIND: Final = "correction"
_DATES: Final = frozenset({"birth_date", "became_resident_on", "address_since_on"})
#: What the form offers, in the order of a resident record.
_ITEMS: Final = (
    "name",
    "kana",
    "birth_date",
    "sex",
    "address",
    "postal_code",
    "registered_domicile",
    "first_listed_person",
    "became_resident_on",
    "address_since_on",
    "previous_address",
)
_MAY_BE_EMPTY: Final = frozenset({"postal_code", "registered_domicile", "first_listed_person", "previous_address"})
_PLACES: Final = frozenset({"address", "postal_code", "previous_address"})
_FINDINGS: Final = (
    SeenDocument.INVESTIGATION_REPORT,
    SeenDocument.DECISION,
    SeenDocument.FAMILY_REGISTER_NOTICE,
    SeenDocument.IMMIGRATION_NOTICE,
)


def _read_name(item: str, text: str) -> str:
    name = plain_name(text)
    require_name(name, field=item)
    return name


def _read_kana(text: str) -> str:
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return kana


def _read_address(item: str, text: str) -> str:
    require_address(text, field=item)
    return text


def _read_postal_code(text: str) -> str:
    figures = text.replace("-", "")
    require_postal_code(figures, field="postal_code")
    return figures


_READERS: Final[Mapping[str, Any]] = {
    "name": partial(_read_name, "name"),
    "first_listed_person": partial(_read_name, "first_listed_person"),
    "kana": _read_kana,
    "address": partial(_read_address, "address"),
    "registered_domicile": partial(_read_address, "registered_domicile"),
    "previous_address": partial(_read_address, "previous_address"),
    "postal_code": _read_postal_code,
}


def _items_of(procedure: Procedure) -> tuple[str, ...]:
    return tuple(item for item in _ITEMS if procedure is not Procedure.MINOR_CORRECTION or item in MINOR_ITEMS)


def _fields(procedure: Procedure, case: Case) -> Sequence[Field]:
    ask, words = Asking(case, _KIND), case.words
    items = _items_of(procedure)
    fields = [ask("arose_on", FieldKind.EXACT_DATE)]
    if procedure is Procedure.MINOR_CORRECTION:
        grounds = [Choice(ground.tag, words(f"correction.ground.{ground.tag}")) for ground in MinorGround]
        fields.append(ask("ground", FieldKind.CHOICE, choices=grounds))
    choices = [Choice(item, words(f"item.{item}")) for item in items]
    fields.append(ask("items", FieldKind.CHOICES, choices=choices))
    fields += [_right_field(ask, item) for item in items]
    if case.others and not case.resident.is_removed:
        fields.append(replace(companion_field(case), label=words("correction.companions")))
    return fields


def _right_field(ask: Asking, item: str) -> Field:
    case = ask.case
    details: dict[str, Any] = {
        "label": case.words("correction.right_of", item=case.words(f"item.{item}")),
        "hint": case.words("correction.now", text=_now(case, item)),
        "shown_when": shown_when("items", item),
        "is_needed": item not in _MAY_BE_EMPTY,
    }
    if item in _DATES:
        return ask(f"right_{item}", FieldKind.CIVIL_DATE, **details)
    if item == "sex":
        sexes = [Choice(sex.value, case.words(f"sex.{sex.value}")) for sex in (Sex.MALE, Sex.FEMALE)]
        return ask(f"right_{item}", FieldKind.CHOICE, choices=sexes, **details)
    return ask(f"right_{item}", read=_READERS[item], **details)


def _now(case: Case, item: str) -> str:
    if item in _PLACES and case.is_hidden:
        return case.words("protected.hidden")
    return item_text(item, getattr(case.resident, item), case.words, hidden=case.is_hidden)


async def _prefill(case: Case) -> Mapping[str, str]:
    record = case.resident
    found = {"arose_on": today_typed(case)}
    for item in _ITEMS:
        text = getattr(record, item)
        if text and item not in _DATES and item != "sex" and not (item in _PLACES and case.is_hidden):
            found[f"right_{item}"] = text
    return found


async def _plan(procedure: Procedure, case: Case) -> PlannedAct:
    values, resident, notification = case.values, case.resident, case.notification
    ground = next((one for one in MinorGround if one.tag == values.get("ground")), None)
    correction = Correction(
        procedure=procedure,
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=case.numbers_chosen("companions"),
        items={item: _wire(values.get(f"right_{item}")) for item in values["items"]},
        arose_on=values["arose_on"],
        ground=ground,
    )
    require_dates_in_order(changed_on=correction.arose_on, notified_on=notification.notified_on, today=case.today)
    if procedure is Procedure.EX_OFFICIO_CORRECTION:
        require_fact_verified(procedure, notification)
    household = [resident] if resident.is_removed else case.household
    steps = plan_correction(correction, notified_on=None, household=household)

    async def record(act: Act) -> ResidentRecord:
        return await record_correction(
            correction=correction, notification=notification, act=act, database=case.desk.database
        )

    is_told = is_person_told(procedure, notification) and not resident.is_removed
    papers = (case.words("person_notice.paper"),) if is_told else ()
    return PlannedAct(steps=steps, record=record, papers=papers, shows_new_place=True)


def _wire(value: object) -> str | None:
    if isinstance(value, CivilDate):
        return value.wire
    return None if value is None else str(value)


def _screen(procedure: Procedure, documents: Sequence[SeenDocument]) -> ChangeScreen:
    rights = {item: f"right_{item}" for item in _ITEMS}
    return ChangeScreen(
        kind=procedure.value,
        fields=partial(_fields, procedure),
        plan=partial(_plan, procedure),
        notification=NotificationBlock(kind="decide", documents=documents),
        prefill=_prefill,
        fields_of_errors={"changed_on": "arose_on", "item": "items", **rights},
        applies_to=is_live if procedure is Procedure.MINOR_CORRECTION else _has_record,
    )


def _has_record(record: ResidentRecord) -> bool:
    """Return True: what was written wrong is corrected on a removed record (除票) too."""
    del record
    return True


EX_OFFICIO_CORRECTION: Final = _screen(Procedure.EX_OFFICIO_CORRECTION, _FINDINGS)
ERROR_CORRECTION: Final = _screen(Procedure.ERROR_CORRECTION, _FINDINGS)
MINOR_CORRECTION: Final = _screen(Procedure.MINOR_CORRECTION, (SeenDocument.DECISION, SeenDocument.PUBLIC_NOTICE))
#: In the order they are offered.
CORRECTIONS: Final = (EX_OFFICIO_CORRECTION, ERROR_CORRECTION, MINOR_CORRECTION)
