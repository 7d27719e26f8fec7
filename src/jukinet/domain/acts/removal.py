"""Removal (消除): death, a move-out that takes effect, and removal ex officio; and what becomes of those who stay.

Source: Act art. 8; Order art. 8, 11, 12, 13.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.addresses import require_address
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ResidentRemovedError
from jukinet.domain.households import Succession, live_members, plan_departure
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """What the report of death says, and the version of the record the operator saw."""

    resident_number: int
    expected_version: int | None = None
    died_on: CivilDate
    succession: Succession = field(default_factory=Succession)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExOfficioRemoval:
    """Who is found not to live here any more, since when, and the version of the record the operator saw."""

    resident_number: int
    expected_version: int | None = None
    #: Members of the household who are removed too.
    companions: tuple[int, ...] = ()
    #: The day since which they are gone; may be known only in part.
    gone_since: CivilDate
    #: Where they can be reached (居所), if anybody knows; else they are told by public notice.
    whereabouts: str | None = field(default=None, repr=False)
    succession: Succession = field(default_factory=Succession)

    @property
    def leaving(self) -> frozenset[int]:
        """Return the numbers of all who are removed."""
        return frozenset({self.resident_number, *self.companions})


def plan_ex_officio_removal(
    removal: ExOfficioRemoval, *, notified_on: date, household: Sequence[ResidentRecord]
) -> tuple[RecordStep, ...]:
    """Return the steps (職権消除): the records are removed, the household of those who stay goes on.

    Raises:
        ResidentRemovedError: one of them is not a live member.
        DateOutOfOrderError: the removal lies before a birth.
        HouseholderNeededError: nobody says who is householder now.
        MalformedAddressError, CharacterOutsideRepertoireError: the whereabouts cannot be an address.
    """
    if removal.whereabouts is not None:
        require_address(removal.whereabouts, field="whereabouts")
    steps = plan_removal(
        household,
        removal.leaving,
        reason=ActReason.EX_OFFICIO_REMOVAL,
        removed_on=removal.gone_since,
        notified_on=notified_on,
        succession=removal.succession,
    )
    # The one whose page it was begun from comes first.
    return tuple(sorted(steps, key=lambda step: step.after.resident_number != removal.resident_number))


def plan_death(death: Death, *, notified_on: date, household: Sequence[ResidentRecord]) -> tuple[RecordStep, ...]:
    """Return the steps: the record is removed, the household goes on.

    Raises:
        DateOutOfOrderError: the death lies before the birth.
        HouseholderNeededError: nobody says who is householder now.
    """
    return plan_removal(
        household,
        {death.resident_number},
        reason=ActReason.DEATH,
        removed_on=death.died_on,
        notified_on=notified_on,
        succession=death.succession,
    )


def plan_removal(
    household: Sequence[ResidentRecord],
    leaving: Collection[int],
    *,
    reason: ActReason,
    removed_on: CivilDate,
    notified_on: date,
    succession: Succession,
    **items: Any,  # noqa: ANN401 - items of the record the removal sets too
) -> tuple[RecordStep, ...]:
    """Return the steps that remove `leaving` from a household and settle who is householder of the others.

    Raises:
        ResidentRemovedError: one of them is not a live member.
        DateOutOfOrderError: the removal lies before a birth.
        HouseholderNeededError: nobody says who is householder now.
    """
    members = live_members(household)
    gone = [member for member in members if member.resident_number in leaving]
    if len(gone) != len(set(leaving)):
        raise ResidentRemovedError(field="resident_number")
    on = removed_on.wire
    for member in gone:
        require_not_before_birth(
            changed_on=removed_on, birth_date=CivilDate.from_wire(member.birth_date, may_be_irregular=True)
        )
    removed = [
        revise(member, reason=reason, acted_on=on, notified_on=notified_on, is_removed=True, **items) for member in gone
    ]
    left = plan_departure(members, leaving, succession=succession, acted_on=on, notified_on=notified_on)
    return (*removed, *left)
