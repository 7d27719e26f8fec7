"""A move-in notice (転入通知) from another municipality: the move-out is confirmed, and takes effect if it has not yet.

What is confirmed stands beside what was planned, never over it. Somebody who notified no move-out stays on the register
until a clerk has looked into it (職権消除, Order art. 12).
Source: Act art. 9(1); Order art. 13(2)(3); standard specification of resident record systems 1.1.5, 4.1.3.1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.move_out import plan_move_out_effect
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MoveOutConfirmedError, MoveOutNotNotifiedError, NotThisResidentError
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.update_sequence import residence_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIn:
    """What a move-in notice says of one person."""

    birth_date: str = field(repr=False)
    moved_in_on: CivilDate
    destination: str = field(repr=False)
    #: The residence that began there.
    residence: int


@enforces(Rule.ONLY_NOTIFIED_MOVE_OUT_ENDS_BY_NOTICE)
def require_confirmable(moved_in: MovedIn, *, resident: ResidentRecord, update_sequence: int) -> None:
    """Refuse what cannot confirm a move-out of this resident, whose own history has come to `update_sequence`.

    Raises:
        NotThisResidentError: the birth date is another, the person has died, or has come back here since.
        MoveOutNotNotifiedError: the person is an ordinary resident here, who has notified no move-out (未届転出).
        MoveOutConfirmedError: another move-in was confirmed for this move-out.
    """
    if resident.birth_date != moved_in.birth_date:
        raise NotThisResidentError("The notice names another birth date.", field="birth_date")
    if resident.is_removed and resident.change_reason == ChangeReason.DEATH.value:
        raise NotThisResidentError("The record is that of a person who has died.", field="resident_record_code")
    if moved_in.residence <= residence_of(update_sequence):
        raise NotThisResidentError("The notice is about an earlier residence.", field="residence")
    if resident.confirmed_move_out_on is not None:
        raise MoveOutConfirmedError(field="resident_record_code")
    if not resident.is_removed and not resident.is_moving_out:
        raise MoveOutNotNotifiedError(field="resident_record_code")


def plan_confirmation(
    moved: Sequence[tuple[ResidentRecord, MovedIn]], *, household: Sequence[ResidentRecord], noticed_on: date
) -> tuple[RecordStep, ...]:
    """Return the steps for residents of one household who moved in elsewhere on one day, each of them confirmable.

    Those who are still about to move are removed, on the planned day or that of the move-in, whichever is earlier.

    Raises:
        HouseholderNeededError: those who stay need a householder, and nobody said who.
    """
    removed = {resident.resident_number: resident for resident, _ in moved if resident.is_removed}
    leaving = [resident.resident_number for resident, _ in moved if not resident.is_removed]
    steps: tuple[RecordStep, ...] = ()
    if leaving:
        moved_in_on, _ = moved[0][1].moved_in_on.span
        steps = plan_move_out_effect(household, leaving, moved_in_on=moved_in_on)
        removed |= {step.after.resident_number: step.record for step in steps if step.after.is_removed}
    return (*steps, *[_confirmed(removed[resident.resident_number], said, noticed_on) for resident, said in moved])


@enforces(Rule.CONFIRMED_MOVE_OUT_STANDS_BESIDE_THE_PLANNED)
def _confirmed(removed: ResidentRecord, moved_in: MovedIn, noticed_on: date) -> RecordStep:
    return revise(
        removed,
        reason=ActReason.MOVE_OUT_CONFIRMED,
        acted_on=moved_in.moved_in_on.wire,
        notified_on=noticed_on,
        confirmed_move_out_on=moved_in.moved_in_on.wire,
        confirmed_move_out_to=moved_in.destination,
        move_in_noticed_on=noticed_on,
    )
