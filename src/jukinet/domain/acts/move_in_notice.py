"""A move-in notice (転入通知) from another municipality: the move-out is confirmed, and takes effect if it has not yet.

What is confirmed stands beside what was planned, never over it. Somebody who notified no move-out stays on the register
until a clerk has looked into it (職権消除, Order art. 12).
Source: Act art. 9(1); Order art. 13(3); standard specification of resident record systems 1.1.5, 4.1.3.1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.move_out import plan_move_out_effect
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ImpossibleChangeError,
    MoveOutConfirmedError,
    MoveOutNotNotifiedError,
    NotThisResidentError,
)
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.update_sequence import residence_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInNews:
    """What a move-in notice says of one person, and the day it came (転入通知日)."""

    resident_number: int
    birth_date: str = field(repr=False)
    moved_in_on: CivilDate
    destination: str = field(repr=False)
    #: The residence that began there.
    residence: int
    noticed_on: date


@enforces(Rule.MOVE_OUT_CONFIRMED_BESIDE_THE_PLANNED)
def plan_move_in_notice(
    news: MoveInNews, *, household: Sequence[ResidentRecord], update_sequence: int
) -> tuple[RecordStep, ...]:
    """Return the steps: the removal of somebody who is about to move, and the confirmation on the removed record.

    `update_sequence` is that which the resident's own history has come to.

    Raises:
        NotThisResidentError: the birth date is another, the person has died, or has come back here since.
        MoveOutNotNotifiedError: the person is an ordinary resident here, who has notified no move-out (未届転出).
        MoveOutConfirmedError: another move-in was confirmed for this move-out.
        HouseholderNeededError: those who stay need a householder, and nobody said who.
    """
    resident = next(one for one in household if one.resident_number == news.resident_number)
    _require_same(resident, news, update_sequence)
    steps: tuple[RecordStep, ...] = ()
    if not resident.is_removed:
        if not resident.is_moving_out:
            raise MoveOutNotNotifiedError(field="resident_number")
        moved_in_on, _ = news.moved_in_on.span
        steps = plan_move_out_effect(household, [news.resident_number], moved_in_on=moved_in_on)
        resident = next(step.record for step in steps if step.after.resident_number == news.resident_number)
    return (*steps, _confirmation(resident, news))


def _require_same(resident: ResidentRecord, news: MoveInNews, update_sequence: int) -> None:
    if resident.birth_date != news.birth_date:
        raise NotThisResidentError("The notice names another birth date.", field="birth_date")
    if resident.is_removed and resident.change_reason == ChangeReason.DEATH.value:
        raise NotThisResidentError("The record is that of a person who has died.", field="resident_record_code")
    if news.residence <= residence_of(update_sequence):
        raise NotThisResidentError("The notice is about an earlier residence.", field="residence")
    if resident.is_removed and resident.confirmed_move_out_on is not None:
        raise MoveOutConfirmedError(field="resident_number")


def _confirmation(removed: ResidentRecord, news: MoveInNews) -> RecordStep:
    if not removed.is_removed:
        raise ImpossibleChangeError("Only a removed record is confirmed.", field="resident_number")
    return revise(
        removed,
        reason=ActReason.MOVE_OUT_CONFIRMED,
        acted_on=news.moved_in_on.wire,
        notified_on=news.noticed_on,
        confirmed_move_out_on=news.moved_in_on.wire,
        confirmed_move_out_to=news.destination,
        move_in_noticed_on=news.noticed_on,
    )
