"""Changes of the household or its householder without a move (世帯変更届).

Source: Act art. 25; Order art. 10, 25. The network hears nothing of any of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.move_out import plan_move_out_effect
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    HouseholdElsewhereError,
    HouseholderNeededError,
    ImpossibleChangeError,
    PlannedSuccessionError,
)
from jukinet.domain.households import (
    Succession,
    assign_relationships,
    live_members,
    own_relationships,
    plan_departure,
)
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.relationships import require_relationship
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord

#: Why the records of those who go to another household get a new version.
_REASONS: Final = {
    Procedure.HOUSEHOLD_SPLIT: ActReason.HOUSEHOLD_SPLIT,
    Procedure.HOUSEHOLD_MERGER: ActReason.HOUSEHOLD_MERGER,
    Procedure.HOUSEHOLD_CHANGE: ActReason.HOUSEHOLD_CHANGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdChange:
    """What the notification says, and the version of the record the operator saw."""

    #: One of the five procedures of art. 25.
    procedure: Procedure
    resident_number: int
    expected_version: int | None = None
    changed_on: CivilDate
    #: Members who leave the household too; in a merger everybody goes.
    companions: tuple[int, ...] = ()
    #: The household they join; None for one of their own.
    joins: int | None = None
    #: Relationships of those who go in their new household, by resident number.
    relationships: Mapping[int, str] = field(default_factory=dict, repr=False)
    #: Householder and relationships of those who stay; where nobody goes, of the whole household.
    succession: Succession = field(default_factory=Succession)


def plan_household_change(
    change: HouseholdChange,
    *,
    notified_on: date | None,
    household: Sequence[ResidentRecord],
    joined: Sequence[ResidentRecord] = (),
    household_number: int,
) -> tuple[RecordStep, ...]:
    """Return the steps. `household_number` is a free one, used by a split; `notified_on` is None ex officio.

    Raises:
        ImpossibleChangeError: it is another procedure, or there is nothing to change.
        HouseholdElsewhereError: the household they join lives at another address.
        HouseholderNeededError: a householder or a relationship is missing.
        PlannedSuccessionError: a move-out that is notified would leave a household without its householder.
        DateOutOfOrderError: the day lies before somebody's birth.
    """
    members = live_members(household)
    _require_relationships(change)
    if change.procedure in _REASONS:
        steps = _plan_going(change, notified_on, members, live_members(joined), household_number)
    else:
        steps = _plan_householder(change, notified_on, members)
    for step in steps:
        require_not_before_birth(
            changed_on=change.changed_on, birth_date=CivilDate.from_wire(step.after.birth_date, may_be_irregular=True)
        )
    _require_move_outs_fit([*members, *live_members(joined)], steps)
    return steps


def _require_relationships(change: HouseholdChange) -> None:
    for number, text in {**change.succession.relationships, **change.relationships}.items():
        require_relationship(text, field=f"relationship.{number}")


def _plan_going(
    change: HouseholdChange,
    notified_on: date | None,
    members: Sequence[ResidentRecord],
    joined: Sequence[ResidentRecord],
    free_number: int,
) -> tuple[RecordStep, ...]:
    goers = _goers(change, members)
    if change.procedure is Procedure.HOUSEHOLD_SPLIT:
        number, relationships = free_number, own_relationships(goers, change.relationships)
    else:
        number, relationships = _joined(change, goers, joined), dict(change.relationships)
        _require_no_householder(goers, relationships)
    on = change.changed_on.wire
    gone = [
        revise(
            goer,
            reason=_REASONS[change.procedure],
            acted_on=on,
            notified_on=notified_on,
            household_number=number,
            relationship=relationships[goer.resident_number],
        )
        for goer in goers
    ]
    going = {goer.resident_number for goer in goers}
    left = plan_departure(members, going, succession=change.succession, acted_on=on, notified_on=notified_on)
    return (*gone, *left)


def _goers(change: HouseholdChange, members: Sequence[ResidentRecord]) -> list[ResidentRecord]:
    """Return those who go: of a merger everybody, else some."""
    if change.procedure is Procedure.HOUSEHOLD_MERGER:
        return list(members)
    numbers = {change.resident_number, *change.companions}
    goers = [member for member in members if member.resident_number in numbers]
    if len(goers) != len(numbers):
        raise ImpossibleChangeError("Only members of one household leave it together.", field="companions")
    if len(goers) == len(members):
        raise ImpossibleChangeError(
            "Somebody has to stay: where everybody joins another household it is a merger.", field="companions"
        )
    return goers


def _joined(change: HouseholdChange, goers: Sequence[ResidentRecord], joined: Sequence[ResidentRecord]) -> int:
    """Return the number of the household they join."""
    if change.joins is None or not joined or change.joins == goers[0].household_number:
        raise ImpossibleChangeError("Say which other household they join.", field="joins")
    if joined[0].address != goers[0].address or joined[0].municipality != goers[0].municipality:
        raise HouseholdElsewhereError(field="joins")
    return change.joins


def _require_no_householder(goers: Sequence[ResidentRecord], relationships: Mapping[int, str]) -> None:
    for goer in goers:
        if relationships.get(goer.resident_number, HOUSEHOLDER) == HOUSEHOLDER:
            raise HouseholderNeededError(
                "Say how each of them is related to the householder they join.",
                field=f"relationship.{goer.resident_number}",
            )


def _plan_householder(
    change: HouseholdChange, notified_on: date | None, members: Sequence[ResidentRecord]
) -> tuple[RecordStep, ...]:
    present = next((member for member in members if member.is_householder), None)
    is_succession = change.procedure is Procedure.HOUSEHOLDER_SUCCESSION
    if is_succession and present is not None:
        raise ImpossibleChangeError("There is a householder: change who it is instead.", field="householder")
    if not is_succession and present is None:
        raise ImpossibleChangeError("There is no householder: somebody has to succeed.", field="householder")
    if is_succession and len(members) == 1 and notified_on is not None:
        raise ImpossibleChangeError(
            "One who is left alone notifies nothing (Order art. 25): record it ex officio.", field="notifier"
        )
    alone = members[0].resident_number if is_succession and len(members) == 1 else None
    householder = change.succession.householder if alone is None else alone
    if householder not in {member.resident_number for member in members}:
        raise HouseholderNeededError(field="householder")
    if present is not None and present.resident_number == householder:
        raise ImpossibleChangeError("This is the householder already: nothing to record.", field="householder")
    relationships = {**change.succession.relationships, householder: HOUSEHOLDER}
    other = next((n for n, text in relationships.items() if text == HOUSEHOLDER and n != householder), None)
    if other is not None:
        raise HouseholderNeededError("A household has one householder.", field=f"relationship.{other}")
    on = change.changed_on.wire
    return tuple(assign_relationships(members, relationships, acted_on=on, notified_on=notified_on))


def _require_move_outs_fit(members: Sequence[ResidentRecord], steps: Sequence[RecordStep]) -> None:
    """Refuse a change after which a notified move-out could not take effect: who follows must be asked anew.

    A plan is what somebody declared at the counter, so that it is not recomputed here.
    """
    after = {member.resident_number: member for member in members}
    after |= {step.after.resident_number: step.after for step in steps}
    for number in {one.household_number for one in after.values()}:
        household = {n: one for n, one in after.items() if one.household_number == number}
        for day in sorted({one.planned_move_out_on or "" for one in household.values() if one.is_moving_out}):
            leaving = [n for n, one in household.items() if one.is_moving_out and one.planned_move_out_on == day]
            try:
                effects = plan_move_out_effect(list(household.values()), leaving)
            except HouseholderNeededError:
                raise PlannedSuccessionError(field="companions") from None
            household |= {step.after.resident_number: step.after for step in effects}
            household = {n: one for n, one in household.items() if not one.is_removed}
