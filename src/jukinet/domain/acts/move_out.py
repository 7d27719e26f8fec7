"""Move-out (転出): notified beforehand, and taking effect on the planned day, on an earlier move-in, or never.

Until then the person is a resident who is about to move (転出予定者): the record lives, and copies say so.
Source: Act art. 24; Order art. 13, 23, 24; the notice of removal carries the planned day (Order art. 30-5(ii)).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.removal import plan_removal
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ImpossibleChangeError
from jukinet.domain.households import Succession, live_members, plan_departure
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOut:
    """What the notification of move-out says, and the version of the record the operator saw."""

    resident_number: int
    expected_version: int | None = None
    #: Members of the household who move too.
    companions: tuple[int, ...] = ()
    #: 転出予定年月日.
    planned_on: CivilDate
    #: 転出先: an address in Japan, or the country.
    destination: str = field(repr=False)
    is_abroad: bool = False
    succession: Succession = field(default_factory=Succession)

    @property
    def movers(self) -> frozenset[int]:
        """Return the numbers of all who move."""
        return frozenset({self.resident_number, *self.companions})


def plan_move_out(
    move_out: MoveOut, *, notified_on: date, household: Sequence[ResidentRecord]
) -> tuple[RecordStep, ...]:
    """Return the steps that make residents ones who are about to move.

    Raises:
        ImpossibleChangeError: a mover is not of this household, or has notified a move-out already.
        HouseholderNeededError: two or more stay and nobody says who will be householder.
        DateOutOfOrderError: the day lies before a mover's birth.
    """
    members = live_members(household)
    movers = [member for member in members if member.resident_number in move_out.movers]
    if len(movers) != len(move_out.movers):
        raise ImpossibleChangeError("Only members of one household move out together.", field="companions")
    if any(mover.is_moving_out for mover in movers):
        raise ImpossibleChangeError("A move-out is notified already: withdraw it first.", field="resident_number")
    for mover in movers:
        require_not_before_birth(
            changed_on=move_out.planned_on, birth_date=CivilDate.from_wire(mover.birth_date, may_be_irregular=True)
        )
    on = move_out.planned_on.wire
    # Asked now, while somebody stands at the counter who knows: needed on the day it takes effect.
    stay = [member for member in members if not member.is_moving_out]
    plan_departure(stay, move_out.movers, succession=move_out.succession, acted_on=on, notified_on=notified_on)
    return tuple(
        revise(
            mover,
            reason=ActReason.MOVE_OUT_NOTIFIED,
            acted_on=on,
            notified_on=notified_on,
            planned_move_out_on=on,
            planned_move_out_to=move_out.destination,
            is_moving_abroad=move_out.is_abroad,
            planned_succession=write_succession(move_out.succession),
        )
        for mover in movers
    )


def plan_late_move_out(
    move_out: MoveOut, *, notified_on: date, household: Sequence[ResidentRecord]
) -> tuple[RecordStep, ...]:
    """Return the steps of a move-out that is notified after its period: ex officio removal, with the real day.

    Where the person went stands on the removed record, for the substitute certificate.

    Raises:
        ResidentRemovedError: a mover is not a live member of this household.
        HouseholderNeededError: two or more stay and nobody says who will be householder.
        DateOutOfOrderError: the day lies before a mover's birth.
    """
    if any(member.is_moving_out for member in live_members(household) if member.resident_number in move_out.movers):
        raise ImpossibleChangeError("A move-out is notified already: withdraw it first.", field="resident_number")
    return plan_removal(
        household,
        move_out.movers,
        reason=ActReason.EX_OFFICIO_REMOVAL,
        removed_on=move_out.planned_on,
        notified_on=notified_on,
        succession=move_out.succession,
        planned_move_out_on=move_out.planned_on.wire,
        planned_move_out_to=move_out.destination,
        is_moving_abroad=move_out.is_abroad,
    )


def plan_move_out_effect(
    household: Sequence[ResidentRecord], movers: Sequence[int], *, moved_in_on: date | None = None
) -> tuple[RecordStep, ...]:
    """Return the steps of the day the move-out takes effect: the planned one, or that of the move-in if it was earlier.

    Raises:
        ImpossibleChangeError: one of them has notified no move-out.
        HouseholderNeededError: what was said at the counter no longer fits those who stay.
    """
    leaving = [member for member in live_members(household) if member.resident_number in movers]
    if not leaving or any(not member.is_moving_out for member in leaving):
        raise ImpossibleChangeError("No move-out is notified.", field="resident_number")
    steps: list[RecordStep] = []
    first = leaving[0]
    planned_on = CivilDate.from_wire(first.planned_move_out_on or "", may_be_irregular=True)
    on = CivilDate.of(moved_in_on) if moved_in_on is not None and moved_in_on < planned_on.span[0] else planned_on
    steps.extend(
        plan_removal(
            household,
            [member.resident_number for member in leaving],
            reason=ActReason.MOVE_OUT_ABROAD if first.is_moving_abroad else ActReason.MOVE_OUT,
            removed_on=on,
            notified_on=first.notified_on or on.span[0],
            succession=read_succession(first.planned_succession),
        )
    )
    return tuple(steps)


def plan_withdrawal(
    household: Sequence[ResidentRecord], movers: Sequence[int], *, withdrawn_on: date
) -> tuple[RecordStep, ...]:
    """Return the steps that withdraw a move-out that has not taken effect (転出の取消し).

    Raises:
        ImpossibleChangeError: one of them has notified no move-out, or it has taken effect.
    """
    staying = [member for member in live_members(household) if member.resident_number in movers]
    if len(staying) != len(set(movers)) or any(not member.is_moving_out for member in staying):
        raise ImpossibleChangeError("There is no move-out to withdraw.", field="resident_number")
    return tuple(
        revise(
            member,
            reason=ActReason.MOVE_OUT_WITHDRAWN,
            acted_on=withdrawn_on.isoformat(),
            notified_on=withdrawn_on,
            planned_move_out_on=None,
            planned_move_out_to=None,
            is_moving_abroad=False,
            planned_succession=None,
        )
        for member in staying
    )


def write_succession(succession: Succession) -> str | None:
    """Return the succession as the record keeps it until the move-out takes effect."""
    if succession.householder is None and not succession.relationships:
        return None
    relationships = {str(number): text for number, text in succession.relationships.items()}
    return json.dumps({"householder": succession.householder, "relationships": relationships}, ensure_ascii=False)


def read_succession(text: str | None) -> Succession:
    """Return what `write_succession` wrote."""
    if text is None:
        return Succession()
    found = json.loads(text)
    relationships = {int(number): relationship for number, relationship in found["relationships"].items()}
    return Succession(householder=found["householder"], relationships=relationships)
