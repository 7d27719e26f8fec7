"""The screens of a move-in (転入): with a move-out certificate, from abroad, or without one. It begins with nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.addresses import require_address
from jukinet.domain.errors import HouseholderNeededError
from jukinet.domain.further_items import read_further_items
from jukinet.domain.local_governments import LocalGovernment
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, Looked, NotificationBlock, PlannedAct
from jukinet.municipal.web.former_records import (
    Decided,
    decided_of,
    find_again,
    find_of,
    former_record_fields,
    needs_decision,
)
from jukinet.municipal.web.joining import JOIN, find_households, household_fields, joined_number
from jukinet.municipal.web.move_in_preview import messages_of, outlook_of, preview_steps
from jukinet.municipal.web.municipalities import country_field, municipality_field
from jukinet.municipal.web.newcomers import (
    PERSON,
    foreign_items_of,
    person_fields,
    person_name_of,
    person_prefill,
)
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.scanning import read_codes
from jukinet.municipal.web.towns import address_fields, compose_typed_address
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

_CERTIFICATE, _ABROAD, _NONE = "certificate", "abroad", "none"
_PROCEDURES: Final = {
    _CERTIFICATE: Procedure.MOVE_IN,
    _ABROAD: Procedure.MOVE_IN_FROM_ABROAD,
    _NONE: Procedure.MOVE_IN_WITHOUT_CERTIFICATE,
}
_DOCUMENTS: Final = (
    SeenDocument.MOVE_OUT_CERTIFICATE,
    SeenDocument.MOVE_OUT_CERTIFICATE_SUBSTITUTE,
    SeenDocument.INDIVIDUAL_NUMBER_CARD,
    SeenDocument.JUKI_CARD,
    SeenDocument.PASSPORT,
    SeenDocument.PROOF_OF_ENTRY,
    SeenDocument.FAMILY_REGISTER,
    SeenDocument.FAMILY_REGISTER_ANNEX,
    SeenDocument.RESIDENCE_CARD,
    SeenDocument.PASSPORT_CARD_TO_FOLLOW,
    SeenDocument.SPECIAL_PERMANENT_RESIDENT_CERTIFICATE,
    SeenDocument.TEMPORARY_PERMIT,
    SeenDocument.PROOF_OF_RELATIONSHIP,
)


def _fields(case: Case) -> Sequence[Field]:
    ask, words = Asking(case, "move_in"), case.words
    ways = [Choice(way, words(f"move_in.way.{way}")) for way in _PROCEDURES]
    in_japan = shown_when("way", _CERTIFICATE, _NONE)
    fields = [
        ask("way", FieldKind.CHOICE, choices=ways, has_focus=True),
        ask(
            "document_code",
            FieldKind.LONG_TEXT,
            is_needed=False,
            is_secret=True,
            is_read_at_once=True,
            shown_when=shown_when("way", _CERTIFICATE),
        ),
        ask("moved_in_on", FieldKind.EXACT_DATE),
        municipality_field(ask, "from_municipality", shown_when=in_japan, begins=words("move_in.from")),
        ask("from_rest", is_needed=False, shown_when=in_japan),
        country_field(ask, "from_country", shown_when=shown_when("way", _ABROAD)),
        *address_fields(ask, case.desk.name.code, begins=words("move_in.address")),
        *household_fields(case),
    ]
    for number in range(1, case.count_of(PERSON) + 1):
        part = [
            *person_fields(
                case,
                number,
                needs_code=case.form.text("way") == _CERTIFICATE,
                begins=words("move_in.person", number=number),
            ),
            *former_record_fields(case, number),
        ]
        part[-1] = replace(part[-1], closes=(PERSON.name, number))
        fields += part
    return fields


async def _prefill(case: Case) -> Mapping[str, str]:
    prefilled = {"way": _CERTIFICATE, "moved_in_on": today_typed(case), "household": "own", "person_count": "1"}
    for number in range(1, PERSON.most + 1):
        prefilled |= person_prefill(number)
    return prefilled


async def _find(case: Case) -> Looked | None:
    procedure = _PROCEDURES[case.values["way"]]
    require_dates_in_order(
        changed_on=case.values["moved_in_on"], notified_on=case.notification.notified_on, today=case.today
    )
    _require_one_householder(case)
    _require_aliases_of_certificate(case)
    found: dict[str, str] = {}
    numbers = range(1, case.count_of(PERSON) + 1)
    for number in numbers:
        # With the certificate in hand the entry does not wait for the line: the certificate says the code.
        found |= await find_of(case, number, procedure=procedure, may_be_unanswered=procedure is Procedure.MOVE_IN)
    households = await find_households(case, compose_typed_address(case.values))
    has_question = bool(households) or any(needs_decision(case, number, found) for number in numbers)
    return Looked({**found, **households}, has_question) if found or households else None


def _require_one_householder(case: Case) -> None:
    """Refuse before anybody else is asked what the household itself can't be."""
    count = case.count_of(PERSON)
    parts = [case.part(PERSON, number) for number in range(1, count + 1)]
    householders = [n for n, part in enumerate(parts, 1) if part["relationship"] == HOUSEHOLDER]
    if len(householders) != (0 if case.values.get("household") == JOIN else 1):
        raise HouseholderNeededError(field=f"{PERSON.prefix(householders[-1] if householders else 1)}relationship")


def _require_aliases_of_certificate(case: Case) -> None:
    """Refuse an alias that was typed over the one the scanned certificate carries with its history."""
    for number in range(1, case.count_of(PERSON) + 1):
        part = case.part(PERSON, number)
        history = read_further_items(part.get("further_items")).aliases
        history.require_present(part.get("alias"), field_name=f"{PERSON.prefix(number)}alias")


async def _plan(case: Case) -> PlannedAct:
    notification, procedure = case.notification, _PROCEDURES[case.values["way"]]
    decided = [decided_of(case, number) for number in range(1, case.count_of(PERSON) + 1)]
    move_in = _move_in(case, decided)
    notification = _with_reasons(notification, move_in, decided)
    require_dates_in_order(changed_on=move_in.moved_in_on, notified_on=notification.notified_on, today=case.today)
    open_proceeding(procedure, notification=notification, changed_on=move_in.moved_in_on)
    steps = await preview_steps(case, move_in, notification)

    async def record(act: Act) -> ResidentRecord:
        people = [await _as_it_is_now(case, person, procedure, act) for person in move_in.people]
        records = await record_move_in(
            move_in=replace(move_in, people=tuple(people)),
            notification=notification,
            act=act,
            database=case.desk.database,
            choice=case.desk.choice,
        )
        return records[0]

    return PlannedAct(
        steps=steps, record=record, messages=messages_of(case, move_in, steps), outlook=outlook_of(case, move_in)
    )


def _move_in(case: Case, decided: Sequence[Decided]) -> MoveIn:
    values = case.values
    procedure = _PROCEDURES[values["way"]]
    before: LocalGovernment | None = values.get("from_municipality")
    if before is None:
        previous = str(values["from_country"])
        require_address(previous, field="from_country")
    else:
        previous = before.full_name + (values.get("from_rest") or "")
        require_address(previous, field="from_rest")
    told = [] if before is None else [before.code.value]
    # Where the person was recorded last is told too, where that is not where he or she says to come from.
    told += [one.record.municipality for one in decided if one.record is not None and not one.record.is_removed]
    return MoveIn(
        procedure=procedure,
        people=tuple(_arriving(case, number, one) for number, one in enumerate(decided, 1)),
        address=compose_typed_address(values),
        previous_address=previous,
        moved_in_on=values["moved_in_on"],
        joins=joined_number(case),
        came_from=tuple(dict.fromkeys(told)),
    )


def _arriving(case: Case, number: int, decided: Decided) -> Arriving:
    part = case.part(PERSON, number)
    typed_code, typed_number = part.get("code"), part.get("individual_number")
    code = typed_code.value if typed_code is not None else None
    record = decided.record
    return Arriving(
        name=person_name_of(part),
        birth_date=part["birth_date"],
        sex=part["sex"],
        relationship=part["relationship"],
        former_code=code if record is None else record.code,
        residence=part.get("residence") or part.get("residence_read") if record is None else record.residence,
        individual_number=None if typed_number is None else typed_number.value,
        registered_domicile=part.get("registered_domicile"),
        first_listed_person=part.get("first_listed_person"),
        foreign=foreign_items_of(part, since=case.values["moved_in_on"].wire),
        further_items=part.get("further_items"),
        is_no_namesake=decided.reason is not None,
    )


async def _as_it_is_now(case: Case, person: Arriving, procedure: Procedure, act: Act) -> Arriving:
    """Return the person with residence and Individual Number as the nation has them at this moment."""
    if person.former_code is None:
        return person
    found = await find_again(case, person.former_code, procedure=procedure, act=act)
    if found is None:
        return person
    number = person.individual_number or found.record.individual_number
    return replace(person, residence=found.next_residence, individual_number=number)


def _with_reasons(notification: Notification, move_in: MoveIn, decided: Sequence[Decided]) -> Notification:
    """Return the notification with why a namesake is somebody else: it stays with the act."""
    reasons = [
        f"{person.name.name}：別人と判断（{one.reason}）"
        for person, one in zip(move_in.people, decided, strict=True)
        if one.reason
    ]
    if not reasons:
        return notification
    said = [notification.statement] if notification.statement else []
    return replace(notification, statement="\n".join([*said, *reasons]))


MOVE_IN: Final = ChangeScreen(
    kind="move_in",
    fields=_fields,
    plan=_plan,
    find=_find,
    read=read_codes,
    prefill=_prefill,
    notification=NotificationBlock(documents=_DOCUMENTS),
    fields_of_errors={
        "changed_on": "moved_in_on",
        "address": "lot",
        "joins": "joins",
        "relationship": "person-1-relationship",
        "former_code": "person-1-code",
        "resident_record_code": "person-1-code",
        "residence": "person-1-code",
    },
    begins_with_resident=False,
    repeats=(PERSON,),
)
