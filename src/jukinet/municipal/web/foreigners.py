"""The screens of a foreign resident's status: becoming one, another status, another relationship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.acts.entry import Newcomer
from jukinet.domain.acts.foreign_status import (
    ForeignRelationshipChange,
    ResidenceStatusChange,
    plan_foreign_relationship_change,
    plan_foreign_resident,
    plan_residence_status_change,
)
from jukinet.domain.errors import ResidentNotFoundError
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.residence_kinds import ResidenceKind
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.domain.resident_record_code import BODY_LENGTH, ResidentRecordCode
from jukinet.municipal.store import list_household
from jukinet.municipal.usecases.record_foreign_status import (
    ForeignStatus,
    NewForeignResident,
    record_foreign_status,
)
from jukinet.municipal.usecases.record_move_in import Arriving
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import (
    AT_COUNTER,
    Asking,
    Case,
    ChangeScreen,
    Looked,
    NotificationBlock,
    PlannedAct,
)
from jukinet.municipal.web.desk import is_hidden
from jukinet.municipal.web.foreign_fields import foreign_fields, foreign_prefill, foreign_typed
from jukinet.municipal.web.joining import find_households, search_fields
from jukinet.municipal.web.nationality import is_foreign, read_kana, read_name
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import relationship_field
from jukinet.municipal.web.towns import address_fields, compose_typed_address
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

_OWN, _JOINS = "own", "joins"
#: Stands for the code that is drawn when the entry is recorded.
_DRAWN_LATER: Final = ResidentRecordCode.from_body("0" * BODY_LENGTH).value
_NOTIFIED_KINDS: Final = (
    ResidenceKind.MID_TO_LONG_TERM,
    ResidenceKind.SPECIAL_PERMANENT,
    ResidenceKind.TEMPORARY_REFUGE,
    ResidenceKind.PROVISIONAL_STAY,
)
_STATUS_DOCUMENTS: Final = (
    SeenDocument.RESIDENCE_CARD,
    SeenDocument.PASSPORT_CARD_TO_FOLLOW,
    SeenDocument.SPECIAL_PERMANENT_RESIDENT_CERTIFICATE,
    SeenDocument.TEMPORARY_PERMIT,
)


def _entry_fields(case: Case) -> Sequence[Field]:
    ask, words = Asking(case, "foreign_resident"), case.words
    sexes = [Choice(sex.value, words(f"sex.{sex.value}")) for sex in (Sex.MALE, Sex.FEMALE)]
    own, joins = shown_when("place", _OWN), shown_when("place", _JOINS)
    places = [Choice(tag, words(f"foreign_resident.place.{tag}")) for tag in (_OWN, _JOINS)]
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        ask("name", read=read_name),
        ask("kana", read=read_kana, is_needed=False),
        ask("birth_date", FieldKind.CIVIL_DATE),
        ask("sex", FieldKind.CHOICE, choices=sexes, read=Sex),
        ask("lived_here_since", FieldKind.EXACT_DATE),
        ask("place", FieldKind.CHOICE, choices=places),
        *address_fields(ask, case.desk.name.code, shown_when=own),
        *search_fields(case, shown_when=joins, is_needed=True),
        relationship_field(ask, shown_when=joins),
        *foreign_fields(case, _NOTIFIED_KINDS),
        ask("is_no_namesake", FieldKind.TICK),
    ]


async def _find_joined(case: Case) -> Looked | None:
    if case.values.get("place") != _JOINS:
        return None
    # Where they live follows from the household: nobody types an address beside it.
    found = await find_households(case, "")
    return Looked(found, has_question=True) if found else None


async def _prefill_entry(case: Case) -> Mapping[str, str]:
    return {
        "changed_on": today_typed(case),
        "place": _OWN,
        "residence_kind": ResidenceKind.MID_TO_LONG_TERM.name.lower(),
        "documents-residence_card": "on",
    }


async def _plan_entry(case: Case) -> PlannedAct:
    values, notification = case.values, case.notification
    joins: int | None = values.get("joins")
    joined = [] if joins is None else await _live_household(case, joins)
    person = Arriving(
        name=PersonName(name=values["name"], kana=values["kana"] or ""),
        birth_date=values["birth_date"],
        sex=values["sex"],
        relationship=HOUSEHOLDER if joins is None else values["relationship"],
        foreign=foreign_typed(values, became_on=values["changed_on"].wire),
        is_no_namesake=bool(values.get("is_no_namesake")),
    )
    status = NewForeignResident(
        person=person,
        address=joined[0].address if joined else compose_typed_address(values),
        postal_code=joined[0].postal_code if joined else None,
        changed_on=values["changed_on"],
        lived_here_since=values["lived_here_since"],
        joins=joins,
    )
    require_dates_in_order(changed_on=status.changed_on, notified_on=notification.notified_on, today=case.today)
    require_dates_in_order(changed_on=status.lived_here_since, notified_on=notification.notified_on, today=case.today)
    steps = plan_foreign_resident(
        _shown_newcomer(person),
        entry=replace(status.entry, municipality=case.desk.name.code),
        lived_here_since=status.lived_here_since,
        notified_on=notification.notified_on,
        earlier={},
        joined=joined,
        household_number=0,
        is_card_to_follow=SeenDocument.PASSPORT_CARD_TO_FOLLOW in notification.documents,
    )
    shown = [_without_code(step) for step in steps]
    if is_hidden(joined):
        shown = [_without_place(step, case) for step in shown]
    planned = _planned(case, status, shown)
    return replace(planned, outlook=(case.words("foreign_resident.number_follows"),))


async def _live_household(case: Case, number: int) -> list[ResidentRecord]:
    async with case.desk.database.connection() as connection:
        members = [one for one in await list_household(connection, number) if not one.is_removed]
    if not members:
        raise ResidentNotFoundError(field="joins")
    return members


def _shown_newcomer(person: Arriving) -> Newcomer:
    # Number and code are given when the person is entered.
    return Newcomer(
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        relationship=person.relationship,
        resident_record_code=_DRAWN_LATER,
        resident_number=0,
        foreign=person.foreign,
    )


def _without_code(step: RecordStep) -> RecordStep:
    return replace(step, after=replace(step.after, resident_record_code=""))


def _without_place(step: RecordStep, case: Case) -> RecordStep:
    """Return the step as it may be shown where the household joined is protected (支援措置)."""
    hidden = case.words("protected.hidden")
    return replace(step, after=replace(step.after, address=hidden, postal_code=None))


def _status_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "residence_status_change")
    sexes = [Choice(sex.value, case.words(f"sex.{sex.value}")) for sex in (Sex.MALE, Sex.FEMALE)]
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        ask("name", read=read_name),
        ask("kana", read=read_kana, is_needed=False),
        ask("birth_date", FieldKind.CIVIL_DATE, is_needed=False),
        ask("sex", FieldKind.CHOICE, choices=sexes, read=Sex, is_needed=False),
        *foreign_fields(case, tuple(ResidenceKind)),
    ]


async def _prefill_status(case: Case) -> Mapping[str, str]:
    return {
        "changed_on": today_typed(case),
        "name": case.resident.name,
        "kana": case.resident.kana,
        "birth_date": case.resident.birth_date,
        "sex": case.resident.sex,
        **foreign_prefill(case.resident),
        "notifier": "authority",
        "documents-immigration_notice": "on",
    }


async def _plan_status(case: Case) -> PlannedAct:
    values, current = case.values, case.resident
    status = ResidenceStatusChange(
        resident_number=current.resident_number,
        expected_version=current.version,
        changed_on=values["changed_on"],
        foreign=foreign_typed(values, became_on=current.became_foreign_resident_on or current.became_resident_on),
        name=PersonName(name=values["name"], kana=values["kana"] or ""),
        birth_date=values.get("birth_date"),
        sex=values.get("sex"),
    )
    notified_on = case.notification.notified_on
    require_dates_in_order(changed_on=status.changed_on, notified_on=notified_on, today=case.today)
    return _planned(case, status, plan_residence_status_change(status, current=current, notified_on=notified_on))


def _relationship_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "foreign_relationship_change")
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        relationship_field(ask),
        ask("is_in_foreign_language", FieldKind.TICK),
        ask("translator", read=read_name, shown_when=shown_when("is_in_foreign_language", "on")),
    ]


async def _prefill_relationship(case: Case) -> Mapping[str, str]:
    return {"changed_on": today_typed(case), "documents-proof_of_relationship": "on"}


async def _plan_relationship(case: Case) -> PlannedAct:
    values = case.values
    status = ForeignRelationshipChange(
        resident_number=case.resident.resident_number,
        expected_version=case.resident.version,
        changed_on=values["changed_on"],
        relationship=values["relationship"],
        is_in_foreign_language=bool(values.get("is_in_foreign_language")),
        translator=values.get("translator") or None,
    )
    notified_on = case.notification.notified_on
    require_dates_in_order(changed_on=status.changed_on, notified_on=notified_on, today=case.today)
    steps = plan_foreign_relationship_change(status, household=case.household, notified_on=notified_on)
    return _planned(case, status, steps)


def _planned(case: Case, status: ForeignStatus, steps: Sequence[RecordStep]) -> PlannedAct:
    notification, desk = case.notification, case.desk

    async def record(act: Act) -> ResidentRecord:
        return await record_foreign_status(
            status=status, notification=notification, act=act, database=desk.database, choice=desk.choice
        )

    return PlannedAct(steps=steps, record=record)


def _is_foreign_member(record: ResidentRecord) -> bool:
    return is_foreign(record) and not record.is_householder


FOREIGN_RESIDENT: Final = ChangeScreen(
    kind="foreign_resident",
    fields=_entry_fields,
    plan=_plan_entry,
    find=_find_joined,
    notification=replace(AT_COUNTER, documents=_STATUS_DOCUMENTS),
    prefill=_prefill_entry,
    fields_of_errors={"former_code": "is_no_namesake", "address": "lot"},
    begins_with_resident=False,
)
RESIDENCE_STATUS_CHANGE: Final = ChangeScreen(
    kind="residence_status_change",
    fields=_status_fields,
    plan=_plan_status,
    notification=NotificationBlock(kind="decide", documents=(SeenDocument.IMMIGRATION_NOTICE,)),
    prefill=_prefill_status,
    applies_to=is_foreign,
)
FOREIGN_RELATIONSHIP_CHANGE: Final = ChangeScreen(
    kind="foreign_relationship_change",
    fields=_relationship_fields,
    plan=_plan_relationship,
    notification=replace(AT_COUNTER, documents=(SeenDocument.PROOF_OF_RELATIONSHIP,)),
    prefill=_prefill_relationship,
    applies_to=_is_foreign_member,
)
