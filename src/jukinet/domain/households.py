"""Households (世帯): who may be one, what happens to it when somebody leaves, and how people join.

Source: Act art. 7(iv), 25; Order art. 25. The network hears nothing of any of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.errors import HouseholderNeededError, UnsoundHouseholdError
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.domain.rules import Rule, enforces

_EMPTY: Final[Mapping[int, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Who becomes householder of those who remain, and how each of them is related to that person."""

    householder: int | None = None
    #: Relationship by resident number; may leave out the householder.
    relationships: Mapping[int, str] = field(default_factory=dict, repr=False)


def live_members(records: Iterable[ResidentRecord]) -> list[ResidentRecord]:
    """Return those whose record is not removed."""
    return [record for record in records if not record.is_removed]


@enforces(Rule.ONE_HOUSEHOLDER_PER_HOUSEHOLD)
def require_sound_household(records: Iterable[ResidentRecord]) -> None:
    """Refuse a household that cannot be: not one householder, or more than one address.

    Raises:
        UnsoundHouseholdError: naming the item that is wrong.
    """
    members = live_members(records)
    if not members:
        return
    if sum(member.is_householder for member in members) != 1:
        raise UnsoundHouseholdError("A household has exactly one householder.", field="relationship")
    if len({member.address for member in members}) > 1:
        raise UnsoundHouseholdError("A household has one address.", field="address")


@enforces(Rule.ONE_HOUSEHOLDER_PER_HOUSEHOLD)
def plan_departure(
    members: Sequence[ResidentRecord],
    leaving: Collection[int],
    *,
    succession: Succession,
    acted_on: str,
    notified_on: date | None,
) -> list[RecordStep]:
    """Return what becomes of those who stay when `leaving` go: most often nothing.

    One who is left alone is householder without any notification (Order art. 25).

    Raises:
        HouseholderNeededError: two or more stay, the householder goes, and nobody says who is next.
    """
    staying = [member for member in live_members(members) if member.resident_number not in leaving]
    if not staying or any(member.is_householder for member in staying):
        return []
    relationships = dict(succession.relationships)
    householder = staying[0].resident_number if len(staying) == 1 else succession.householder
    if householder is None or householder not in {member.resident_number for member in staying}:
        raise HouseholderNeededError(field="householder")
    relationships[householder] = HOUSEHOLDER
    return assign_relationships(staying, relationships, acted_on=acted_on, notified_on=notified_on)


def assign_relationships(
    members: Sequence[ResidentRecord], relationships: Mapping[int, str], *, acted_on: str, notified_on: date | None
) -> list[RecordStep]:
    """Return the steps that give the members their relationships to the new householder.

    Raises:
        HouseholderNeededError: a relationship is missing.
    """
    steps: list[RecordStep] = []
    for member in members:
        relationship = relationships.get(member.resident_number)
        if relationship is None:
            raise HouseholderNeededError(
                "Say how each member is related to the new householder.",
                field=f"relationship.{member.resident_number}",
            )
        if relationship != member.relationship:
            steps.append(
                revise(
                    member,
                    reason=ActReason.HOUSEHOLDER_CHANGE,
                    acted_on=acted_on,
                    notified_on=notified_on,
                    relationship=relationship,
                )
            )
    return steps


def own_relationships(movers: Sequence[ResidentRecord], given: Mapping[int, str] = _EMPTY) -> dict[int, str]:
    """Return the movers' relationships in a household of their own: as `given`, else as they are.

    One who moves alone is householder.

    Raises:
        HouseholderNeededError: nobody of them is householder, or more than one.
    """
    if len(movers) == 1:
        return {movers[0].resident_number: HOUSEHOLDER}
    found = {mover.resident_number: given.get(mover.resident_number, mover.relationship) for mover in movers}
    if list(found.values()).count(HOUSEHOLDER) != 1:
        raise HouseholderNeededError("Say who of them is householder.", field="householder")
    return found
