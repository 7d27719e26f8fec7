"""The screens of an entry ex officio (職権記載) of people found living here. It begins with nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.local_governments import LocalGovernment
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.person_notices import is_person_told, require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_ex_officio_entry import ExOfficioEntry, record_ex_officio_entry
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, Looked, NotificationBlock, PlannedAct
from jukinet.municipal.web.former_records import Decided, decided_of, find_of, former_record_fields, needs_decision
from jukinet.municipal.web.joining import find_households, household_fields, joined_number
from jukinet.municipal.web.move_in_preview import messages_of, preview_steps
from jukinet.municipal.web.municipalities import municipality_field
from jukinet.municipal.web.newcomers import PERSON, foreign_items_of, person_fields, person_name_of, person_prefill
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.towns import address_fields, compose_typed_address
from jukinet.operator_web.fields import Field, FieldKind

_PROCEDURE: Final = Procedure.EX_OFFICIO_ENTRY


def _fields(case: Case) -> Sequence[Field]:
    ask, words = Asking(case, _PROCEDURE.value), case.words
    fields = [
        ask("lives_here_since", FieldKind.EXACT_DATE, has_focus=True),
        *address_fields(ask, case.desk.name.code, begins=words("ex_officio_entry.address")),
        municipality_field(ask, "from_municipality", is_needed=False, begins=words("ex_officio_entry.from")),
        ask("from_rest", is_needed=False),
        *household_fields(case),
    ]
    for number in range(1, case.count_of(PERSON) + 1):
        begins = words("ex_officio_entry.person", number=number)
        part = [*person_fields(case, number, needs_code=False, begins=begins), *former_record_fields(case, number)]
        part[-1] = replace(part[-1], closes=(PERSON.name, number))
        fields += part
    return fields


async def _prefill(case: Case) -> Mapping[str, str]:
    prefilled = {"lives_here_since": today_typed(case), "household": "own", "person_count": "1"}
    for number in range(1, PERSON.most + 1):
        prefilled |= person_prefill(number)
    return prefilled


async def _find(case: Case) -> Looked | None:
    found: dict[str, str] = {}
    numbers = range(1, case.count_of(PERSON) + 1)
    for number in numbers:
        found |= await find_of(case, number, procedure=_PROCEDURE, may_be_unanswered=False)
    households = await find_households(case, compose_typed_address(case.values))
    has_question = bool(households) or any(needs_decision(case, number, found) for number in numbers)
    return Looked({**found, **households}, has_question) if found or households else None


async def _plan(case: Case) -> PlannedAct:
    notification = case.notification
    decided = [decided_of(case, number) for number in range(1, case.count_of(PERSON) + 1)]
    entry = _entry(case, decided)
    require_dates_in_order(changed_on=entry.lives_here_since, notified_on=notification.notified_on, today=case.today)
    require_fact_verified(_PROCEDURE, notification)
    like = MoveIn(
        procedure=Procedure.MOVE_IN_WITHOUT_CERTIFICATE,
        people=entry.people,
        address=entry.address,
        previous_address=entry.previous_address or "",
        moved_in_on=entry.lives_here_since,
        joins=entry.joins,
        came_from=entry.came_from,
    )
    steps = [_as_ex_officio(step) for step in await preview_steps(case, like, notification)]

    async def record(act: Act) -> ResidentRecord:
        records = await record_ex_officio_entry(
            entry=entry, notification=notification, act=act, database=case.desk.database, choice=case.desk.choice
        )
        return records[0]

    papers = (case.words("person_notice.paper"),) if is_person_told(_PROCEDURE, notification) else ()
    return PlannedAct(
        steps=steps, record=record, messages=messages_of(case, like, steps), papers=papers, shows_new_place=True
    )


def _as_ex_officio(step: RecordStep) -> RecordStep:
    return replace(step, after=replace(step.after, act_reason=ActReason.EX_OFFICIO_ENTRY.value))


def _entry(case: Case, decided: Sequence[Decided]) -> ExOfficioEntry:
    values = case.values
    before: LocalGovernment | None = values.get("from_municipality")
    told = [] if before is None else [before.code.value]
    told += [one.record.municipality for one in decided if one.record is not None and not one.record.is_removed]
    return ExOfficioEntry(
        people=tuple(_found(case, number, one) for number, one in enumerate(decided, 1)),
        address=compose_typed_address(values),
        previous_address=None if before is None else before.full_name + (values.get("from_rest") or ""),
        lives_here_since=values["lives_here_since"],
        joins=joined_number(case),
        came_from=tuple(dict.fromkeys(told)),
    )


def _found(case: Case, number: int, decided: Decided) -> Arriving:
    part, record = case.part(PERSON, number), decided.record
    typed = part.get("individual_number")
    code = part.get("code")
    return Arriving(
        name=person_name_of(part),
        birth_date=part["birth_date"],
        sex=part["sex"],
        relationship=part["relationship"],
        former_code=record.code if record is not None else None if code is None else code.value,
        residence=None if record is None else record.residence,
        individual_number=None if typed is None else typed.value,
        registered_domicile=part.get("registered_domicile"),
        first_listed_person=part.get("first_listed_person"),
        foreign=foreign_items_of(part, since=case.values["lives_here_since"].wire),
        is_no_namesake=decided.reason is not None,
    )


EX_OFFICIO_ENTRY: Final = ChangeScreen(
    kind=_PROCEDURE.value,
    fields=_fields,
    plan=_plan,
    find=_find,
    prefill=_prefill,
    notification=NotificationBlock(
        kind="decide",
        documents=(SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION, SeenDocument.FAMILY_REGISTER_NOTICE),
    ),
    fields_of_errors={
        "changed_on": "lives_here_since",
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
