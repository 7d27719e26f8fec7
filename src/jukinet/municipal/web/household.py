"""The screens of households (世帯変更届): split, merger, change to another household, and another householder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.household import HouseholdChange, plan_household_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.households import Succession
from jukinet.domain.identification import Sex
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.relationship_proposals import Member, propose_relationships
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.municipal.usecases.record_household_change import record_household_change
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import (
    Asking,
    Case,
    ChangeScreen,
    Looked,
    NotificationBlock,
    PlannedAct,
    people_choices,
)
from jukinet.municipal.web.joining import find_households, joined_number, read_joined, search_fields
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import companion_field, relationship_fields, relationships_typed
from jukinet.operator_web.fields import Field, FieldKind

_BLOCK: Final = NotificationBlock(kind="either")
_TWO: Final = 2
#: Stands for the number a new household gets when it is recorded.
_NUMBER_LATER: Final = 0


def _split_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "household_split")
    fields = [ask("changed_on", FieldKind.EXACT_DATE, has_focus=True)]
    if len(case.others) < _TWO:
        return fields
    people = people_choices(case.household, case.words)
    return [
        *fields,
        companion_field(case),
        ask("going_householder", FieldKind.SELECT, is_needed=False, choices=people),
        ask("householder", FieldKind.SELECT, is_needed=False, choices=people),
        *relationship_fields(case, case.household),
    ]


def _joining_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "household_merger")
    return [ask("changed_on", FieldKind.EXACT_DATE, has_focus=True), *search_fields(case)]


def _merger_fields(case: Case) -> Sequence[Field]:
    return [*_joining_fields(case), *relationship_fields(case, case.household)]


def _change_fields(case: Case) -> Sequence[Field]:
    fields = list(_joining_fields(case))
    if len(case.others) >= _TWO:
        people = people_choices(case.household, case.words)
        ask = Asking(case, "household_split")
        fields += [companion_field(case), ask("householder", FieldKind.SELECT, is_needed=False, choices=people)]
    return [*fields, *relationship_fields(case, case.household)]


def _householder_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "householder_change")
    people = people_choices(case.household, case.words)
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        ask("householder", FieldKind.CHOICE, choices=people),
        *relationship_fields(case, case.household),
    ]


async def _prefill(case: Case) -> Mapping[str, str]:
    return {"changed_on": today_typed(case)}


def _going(case: Case) -> set[int]:
    return {case.resident.resident_number, *case.numbers_chosen("companions")}


def _going_householder(case: Case) -> int:
    """Return who is householder of those who split off: as chosen, else the present one, else the resident."""
    chosen = case.values.get("going_householder")
    present = next((one.resident_number for one in case.household if one.is_householder), None)
    return int(chosen) if chosen else present if present in _going(case) else case.resident.resident_number


def _staying_householder(case: Case) -> int | None:
    """Return the new householder of those who stay; None where they need none, or nobody said."""
    chosen, going = case.values.get("householder"), _going(case)
    staying = [one for one in case.household if one.resident_number not in going]
    if any(one.is_householder for one in staying):
        return None
    if len(staying) == 1:
        return staying[0].resident_number
    return int(chosen) if chosen else None


async def _find_for_split(case: Case) -> Looked | None:
    going, head = _going(case), _staying_householder(case)
    found = _proposed(case, _going_householder(case), going) if len(going) > 1 else {}
    return _looked(found if head is None else {**found, **_proposed(case, head, _numbers(case) - going)})


async def _find_for_merger(case: Case) -> Looked | None:
    return _looked(await _find_joined(case))


async def _find_for_change(case: Case) -> Looked | None:
    found, head = await _find_joined(case), _staying_householder(case)
    proposed = {} if head is None else _proposed(case, head, _numbers(case) - _going(case))
    return _looked({**found, **proposed})


async def _find_joined(case: Case) -> dict[str, str]:
    return await find_households(case, case.resident.address, leaving=case.resident.household_number)


async def _find_for_householder(case: Case) -> Looked | None:
    return _looked(_proposed(case, int(case.values["householder"]), _numbers(case)))


def _looked(proposed: Mapping[str, str]) -> Looked | None:
    """Return the proposals, for the clerk to check in the form before the page that shows what will be recorded."""
    return Looked(proposed, has_question=True) if proposed else None


def _numbers(case: Case) -> set[int]:
    return {one.resident_number for one in case.household}


def _proposed(case: Case, householder: int, numbers: set[int]) -> dict[str, str]:
    """Return proposals for the relationships that are not typed yet; nothing where no householder is known."""
    typed = relationships_typed(case)
    asked = numbers - set(typed) - {householder}
    if not asked or householder not in numbers or not any(one.is_householder for one in case.household):
        return {}
    proposals = propose_relationships([_member(one) for one in case.household], householder=householder)
    return {f"relationship-{number}": proposals[number].text for number in asked}


def _member(record: ResidentRecord) -> Member:
    return Member(
        resident_number=record.resident_number,
        relationship=record.relationship,
        sex=Sex(record.sex),
        birth_date=CivilDate.from_wire(record.birth_date, may_be_irregular=True),
    )


async def _plan_split(case: Case) -> PlannedAct:
    given = {**relationships_typed(case), _going_householder(case): HOUSEHOLDER}
    return await _planned(case, Procedure.HOUSEHOLD_SPLIT, relationships=given, succession=_succession(case))


async def _plan_merger(case: Case) -> PlannedAct:
    return await _planned(case, Procedure.HOUSEHOLD_MERGER, relationships=relationships_typed(case))


async def _plan_change(case: Case) -> PlannedAct:
    given = relationships_typed(case)
    return await _planned(case, Procedure.HOUSEHOLD_CHANGE, relationships=given, succession=_succession(case))


async def _plan_householder(case: Case) -> PlannedAct:
    is_left = not any(one.is_householder for one in case.household)
    procedure = Procedure.HOUSEHOLDER_SUCCESSION if is_left else Procedure.HOUSEHOLDER_CHANGE
    succession = Succession(householder=int(case.values["householder"]), relationships=relationships_typed(case))
    return await _planned(case, procedure, succession=succession)


def _succession(case: Case) -> Succession:
    return Succession(householder=_staying_householder(case), relationships=relationships_typed(case))


async def _planned(
    case: Case,
    procedure: Procedure,
    *,
    relationships: Mapping[int, str] | None = None,
    succession: Succession | None = None,
) -> PlannedAct:
    resident, notification = case.resident, case.notification
    change = HouseholdChange(
        procedure=procedure,
        resident_number=resident.resident_number,
        expected_version=resident.version,
        changed_on=case.values["changed_on"],
        companions=case.numbers_chosen("companions"),
        joins=joined_number(case),
        relationships=relationships or {},
        succession=succession or Succession(),
    )
    require_dates_in_order(changed_on=change.changed_on, notified_on=notification.notified_on, today=case.today)
    joined = await read_joined(case)
    steps = plan_household_change(
        change,
        notified_on=None if notification.is_ex_officio else notification.notified_on,
        household=case.household,
        joined=joined,
        household_number=_NUMBER_LATER,
    )

    async def record(act: Act) -> ResidentRecord:
        return await record_household_change(
            change=change, notification=notification, act=act, database=case.desk.database
        )

    return PlannedAct(steps=steps, record=record, outlook=_outlook(case, steps, joined))


def _outlook(case: Case, steps: Sequence[RecordStep], joined: Sequence[ResidentRecord]) -> list[str]:
    """Return for each person the household and householder before and after."""
    before = {one.resident_number: one for one in [*case.household, *joined] if not one.is_removed}
    after = {**before, **{step.after.resident_number: step.after for step in steps}}
    return [
        case.words(
            "household_split.next",
            name=one.name,
            before=_household_of(case, before[number], before),
            after=_household_of(case, one, after),
        )
        for number, one in after.items()
        if number in _numbers(case)
    ]


def _household_of(case: Case, record: ResidentRecord, records: Mapping[int, ResidentRecord]) -> str:
    number, words = record.household_number, case.words
    heads = (one.name for one in records.values() if one.household_number == number and one.is_householder)
    name = next(heads, words("value.none"))
    if number == _NUMBER_LATER:
        return words("household_split.new", name=name)
    return words("household_split.household", number=number, name=name)


HOUSEHOLD_SPLIT: Final = ChangeScreen(
    kind="household_split",
    fields=_split_fields,
    plan=_plan_split,
    find=_find_for_split,
    prefill=_prefill,
    notification=_BLOCK,
)
HOUSEHOLD_MERGER: Final = ChangeScreen(
    kind="household_merger",
    fields=_merger_fields,
    plan=_plan_merger,
    find=_find_for_merger,
    prefill=_prefill,
    notification=_BLOCK,
)
HOUSEHOLD_CHANGE: Final = ChangeScreen(
    kind="household_change",
    fields=_change_fields,
    plan=_plan_change,
    find=_find_for_change,
    prefill=_prefill,
    notification=_BLOCK,
)
HOUSEHOLDER_CHANGE: Final = ChangeScreen(
    kind="householder_change",
    fields=_householder_fields,
    plan=_plan_householder,
    find=_find_for_householder,
    prefill=_prefill,
    notification=_BLOCK,
)
#: In the order they are offered.
HOUSEHOLD_PROCEDURES: Final = (HOUSEHOLD_SPLIT, HOUSEHOLD_MERGER, HOUSEHOLD_CHANGE, HOUSEHOLDER_CHANGE)
