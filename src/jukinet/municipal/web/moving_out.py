"""The screens of a move-out (転出), and of withdrawing one that has not taken effect (転出の取消し)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from jukinet.domain.acts.move_out import MoveOut, plan_late_move_out, plan_move_out, plan_withdrawal
from jukinet.domain.addresses import require_address
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.deadlines import procedure_of_move_out
from jukinet.domain.errors import DateOutOfOrderError
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.withdraw_move_out import withdraw_move_out
from jukinet.municipal.web.cases import (
    Asking,
    Case,
    ChangeScreen,
    Looked,
    NotificationBlock,
    PlannedAct,
    people_choices,
)
from jukinet.municipal.web.municipalities import country_field, municipality_field
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import read_succession
from jukinet.municipal.web.successions import propose, succession_fields
from jukinet.operator_web.fields import CHOSEN, Choice, Field, FieldKind, ShownWhen, shown_when
from jukinet.operator_web.naming import day_text

_ALL, _SOME = "all", "some"
_JAPAN, _ABROAD = "japan", "abroad"
#: So far ahead six figures without an era are still understood.
_AHEAD: Final = timedelta(days=366)


def _fields(case: Case) -> Sequence[Field]:
    ask, words = Asking(case, "move_out"), case.words
    fields: list[Field] = []
    some = shown_when("movers", _SOME)
    if _others(case):
        choices = [Choice(_ALL, words("move_out.movers.all")), Choice(_SOME, words("move_out.movers.some"))]
        fields += [ask("movers", FieldKind.CHOICE, choices=choices), _companion_field(case, shown_when=some)]
    fields.append(ask("planned_on", FieldKind.EXACT_DATE, has_focus=True, today=case.today + _AHEAD))
    places = [Choice(_JAPAN, words("move_out.to.japan")), Choice(_ABROAD, words("move_out.to.abroad"))]
    fields += [
        ask("to", FieldKind.CHOICE, choices=places, begins=words("move_out.destination")),
        municipality_field(ask, "municipality", shown_when=shown_when("to", _JAPAN)),
        ask("rest", is_needed=False, shown_when=shown_when("to", _JAPAN)),
        country_field(ask, "country", shown_when=shown_when("to", _ABROAD)),
    ]
    return [*fields, *succession_fields(case, _others(case), shown_when=some)]


def _companion_field(case: Case, *, shown_when: ShownWhen) -> Field:
    choices = people_choices(_others(case), case.words)
    return Asking(case, "people")(
        "companions", FieldKind.CHOICES, is_needed=False, choices=choices, shown_when=shown_when
    )


def _others(case: Case) -> list[ResidentRecord]:
    """Return who may go too or stay: those who are about to move already are neither."""
    return [one for one in case.others if not one.is_moving_out]


async def _prefill(case: Case) -> Mapping[str, str]:
    return {"planned_on": today_typed(case), "movers": _ALL, "to": _JAPAN}


def _companions(case: Case) -> tuple[int, ...]:
    if case.form.text("movers") == _SOME:
        return case.numbers_chosen("companions")
    return tuple(one.resident_number for one in _others(case))


async def _find(case: Case) -> Looked | None:
    movers = {case.resident.resident_number, *_companions(case)}
    proposed = propose(case, [one for one in _others(case) if one.resident_number not in movers])
    return Looked(proposed, has_question=True) if proposed else None


def _destination(case: Case) -> str:
    values = case.values
    if values["to"] == _ABROAD:
        text = str(values["country"])
    else:
        text = values["municipality"].full_name + (values.get("rest") or "")
    require_address(text, field="country" if values["to"] == _ABROAD else "rest")
    return text


async def _plan(case: Case) -> PlannedAct:
    values, resident, notification = case.values, case.resident, case.notification
    if notification.notified_on > case.today:
        raise DateOutOfOrderError(field="notified_on")
    move_out = MoveOut(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=_companions(case),
        planned_on=values["planned_on"],
        destination=_destination(case),
        is_abroad=values["to"] == _ABROAD,
        succession=read_succession(case),
    )
    procedure = procedure_of_move_out(
        planned_on=move_out.planned_on, notified_on=notification.notified_on, is_abroad=move_out.is_abroad
    )
    plan = plan_late_move_out if procedure is Procedure.MOVE_OUT_LATE else plan_move_out
    steps = plan(move_out, notified_on=notification.notified_on, household=case.household)

    async def record(act: Act) -> ResidentRecord:
        records = await record_move_out(
            move_out=move_out, notification=notification, act=act, database=case.desk.database
        )
        return next(one for one in records if one.resident_number == resident.resident_number)

    papers, outlook = _what_follows(case, move_out, procedure)
    return PlannedAct(steps=steps, record=record, papers=papers, outlook=outlook, shows_new_place=True)


def _what_follows(case: Case, move_out: MoveOut, procedure: Procedure) -> tuple[list[str], list[str]]:
    """Return the papers the person gets, and what happens next."""
    words = case.words
    names = "、".join(one.name for one in case.household if one.resident_number in move_out.movers)
    day = day_text(move_out.planned_on.wire, case.visit.language)
    if procedure is Procedure.MOVE_OUT_LATE:
        outlook = [words("move_out.next.late", names=names, day=day)]
        papers = [] if move_out.is_abroad else [words("move_out.paper.substitute")]
        return papers, outlook
    outlook = [words("move_out.next.planned", names=names)]
    is_past = move_out.planned_on.span[1] <= case.today
    outlook.append(words("move_out.next.soon" if is_past else "move_out.next.removal", day=day))
    outlook.append(words("move_out.next.withdrawal"))
    if move_out.is_abroad:
        return [], [*outlook, words("move_out.next.abroad")]
    return [words("move_out.paper.certificate")], [*outlook, words("move_out.next.move_in")]


def _may_move_out(record: ResidentRecord) -> bool:
    return not record.is_removed and not record.is_moving_out


def _withdrawal_fields(case: Case) -> Sequence[Field]:
    movers = [one for one in case.others if one.is_moving_out]
    if not movers:
        return ()
    ask = Asking(case, "move_out_withdrawal")
    return (ask("companions", FieldKind.CHOICES, is_needed=False, choices=people_choices(movers, case.words)),)


async def _prefill_withdrawal(case: Case) -> Mapping[str, str]:
    return {f"companions-{one.resident_number}": CHOSEN for one in case.others if one.is_moving_out}


async def _plan_withdrawal(case: Case) -> PlannedAct:
    notification, own = case.notification, case.resident.resident_number
    if notification.notified_on > case.today:
        raise DateOutOfOrderError(field="notified_on")
    numbers = (own, *case.numbers_chosen("companions"))
    steps = plan_withdrawal(case.household, numbers, withdrawn_on=notification.notified_on)

    async def record(act: Act) -> ResidentRecord:
        records = await withdraw_move_out(
            resident_numbers=numbers, notification=notification, act=act, database=case.desk.database
        )
        return next(one for one in records if one.resident_number == own)

    planned = CivilDate.from_wire(case.resident.planned_move_out_on or "", may_be_irregular=True)
    outlook = [
        case.words("move_out_withdrawal.next", day=day_text(planned.wire, case.visit.language)),
        case.words("move_out_withdrawal.certificate"),
    ]
    return PlannedAct(steps=steps, record=record, outlook=outlook)


def _is_about_to_move(record: ResidentRecord) -> bool:
    return record.is_moving_out


MOVE_OUT: Final = ChangeScreen(
    kind="move_out",
    fields=_fields,
    plan=_plan,
    find=_find,
    prefill=_prefill,
    fields_of_errors={"changed_on": "planned_on", "destination": "rest"},
    applies_to=_may_move_out,
    key="o",
)
MOVE_OUT_WITHDRAWAL: Final = ChangeScreen(
    kind="move_out_withdrawal",
    fields=_withdrawal_fields,
    plan=_plan_withdrawal,
    prefill=_prefill_withdrawal,
    notification=NotificationBlock(kind="request", documents=(SeenDocument.NOTIFICATION_WITHDRAWAL,)),
    applies_to=_is_about_to_move,
    key="w",
)
