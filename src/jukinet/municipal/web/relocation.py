"""The screens of a relocation (転居): of a whole household, or of some of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.relocation import Relocation, plan_relocation
from jukinet.domain.errors import HouseholderNeededError
from jukinet.domain.households import Succession
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, Looked, PlannedAct, people_choices
from jukinet.municipal.web.joining import JOIN, OWN, find_households, household_fields, joined_number, read_joined
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import companion_field, relationship_field, relationship_fields, relationships_typed
from jukinet.municipal.web.towns import address_fields, compose_typed_address
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

_ALL, _SOME = "all", "some"
_TWO = 2
#: Begins the names of the fields of the relationships to the householder they join.
_IN_JOINED: Final = "joined-relationship-"


def _fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "relocation")
    words, some = case.words, shown_when("movers", _SOME)
    fields = [ask("moved_on", FieldKind.EXACT_DATE)]
    if case.others:
        choices = [Choice(_ALL, words("relocation.movers.all")), Choice(_SOME, words("relocation.movers.some"))]
        fields += [ask("movers", FieldKind.CHOICE, choices=choices), companion_field(case, shown_when=some)]
    fields += address_fields(ask, case.resident.municipality, has_focus=True)
    if len(case.household) > _TWO:
        people = people_choices(case.household, words)
        for name in ("householder", "staying_householder"):
            fields.append(ask(name, FieldKind.SELECT, is_needed=False, choices=people, shown_when=some))
        fields += relationship_fields(case, case.household, shown_when=some)
    joining = [
        relationship_field(
            ask,
            f"{_IN_JOINED}{one.resident_number}",
            is_needed=False,
            label=words("relocation.relationship_in_joined", name=one.name),
            shown_when=shown_when("household", JOIN),
        )
        for one in case.household
    ]
    return [*fields, *household_fields(case, is_needed=False), *joining]


async def _prefill(case: Case) -> Mapping[str, str]:
    return {"moved_on": today_typed(case), "movers": _ALL, "household": OWN}


async def _find(case: Case) -> Looked | None:
    left = case.resident.household_number
    found = await find_households(case, compose_typed_address(case.values), leaving=left)
    return Looked(found, has_question=True) if found else None


async def _plan(case: Case) -> PlannedAct:
    values, resident = case.values, case.resident
    goes_alone = values.get("movers") == _SOME
    companions = case.numbers_chosen("companions") if goes_alone else tuple(o.resident_number for o in case.others)
    movers = {resident.resident_number, *companions}
    given = relationships_typed(case) if goes_alone else {}
    joins = joined_number(case)
    moved = (
        _with_householder(given, values.get("householder"))
        if joins is None
        else {number: _in_joined(case, number) for number in sorted(movers)}
    )
    relocation = Relocation(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=companions,
        address=compose_typed_address(values),
        moved_on=values["moved_on"],
        joins=joins,
        relationships={number: text for number, text in moved.items() if number in movers},
        succession=_succession(given, values.get("staying_householder")),
    )
    notification = case.notification
    require_dates_in_order(changed_on=relocation.moved_on, notified_on=notification.notified_on, today=case.today)
    steps = plan_relocation(
        relocation,
        notified_on=notification.notified_on,
        household=case.household,
        joined=await read_joined(case),
        household_number=resident.household_number,
    )

    async def record(act: Act) -> ResidentRecord:
        return await record_relocation(
            relocation=relocation, notification=notification, act=act, database=case.desk.database
        )

    return PlannedAct(steps=steps, record=record, shows_new_place=True)


def _in_joined(case: Case, number: int) -> str:
    """Return how one of those who move is related to the householder they join."""
    typed: str | None = case.values.get(f"{_IN_JOINED}{number}")
    if not typed or typed == HOUSEHOLDER:
        raise HouseholderNeededError(
            "Say how each of them is related to the householder they join.", field=f"{_IN_JOINED}{number}"
        )
    return typed


def _with_householder(given: Mapping[int, str], chosen: str | None) -> dict[int, str]:
    return {**given, **({int(chosen): HOUSEHOLDER} if chosen else {})}


def _succession(given: Mapping[int, str], chosen: str | None) -> Succession:
    return Succession(householder=int(chosen) if chosen else None, relationships=_with_householder(given, chosen))


RELOCATION: Final = ChangeScreen(
    kind="relocation",
    fields=_fields,
    plan=_plan,
    find=_find,
    prefill=_prefill,
    fields_of_errors={"changed_on": "moved_on", "address": "lot"},
    key="m",
)
