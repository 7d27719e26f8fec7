"""Relocation (転居): a new address inside the municipality, of a whole household or of some of it.

Source: Act art. 23; the notice goes up with the reason 転居 (Regulation art. 11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.addresses import require_address_in
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import HouseholdElsewhereError, HouseholderNeededError, ImpossibleChangeError
from jukinet.domain.households import Succession, live_members, own_relationships, plan_departure
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocation:
    """What the notification of relocation says, and the version of the record the operator saw."""

    resident_number: int
    expected_version: int | None = None
    #: Members of the household who move too.
    companions: tuple[int, ...] = ()
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)
    moved_on: CivilDate
    #: The household they join at the new address; None for one of their own.
    joins: int | None = None
    #: Relationships in the new household, by resident number, where they change.
    relationships: Mapping[int, str] = field(default_factory=dict, repr=False)
    succession: Succession = field(default_factory=Succession)

    @property
    def movers(self) -> frozenset[int]:
        """Return the numbers of all who move."""
        return frozenset({self.resident_number, *self.companions})


def plan_relocation(
    relocation: Relocation,
    *,
    notified_on: date,
    household: Sequence[ResidentRecord],
    joined: Sequence[ResidentRecord] = (),
    household_number: int,
) -> tuple[RecordStep, ...]:
    """Return the steps. `household_number` is a free one, used when they leave others behind and join nobody.

    Raises:
        MalformedAddressError: the address is not in this municipality.
        ImpossibleChangeError: the address is the one they have.
        HouseholdElsewhereError: the household they join lives at another address.
        DateOutOfOrderError: the day lies before a mover's birth.
        HouseholderNeededError: a householder or a relationship is missing.
    """
    members = live_members(household)
    movers = [member for member in members if member.resident_number in relocation.movers]
    if len(movers) != len(relocation.movers):
        raise ImpossibleChangeError("Only members of one household relocate together.", field="companions")
    _require_possible(relocation, movers, live_members(joined))
    number, relationships = _new_place(relocation, members, movers, household_number)
    steps = [
        _relocated(mover, relocation, notified_on, household_number=number, relationship=relationships)
        for mover in movers
    ]
    left = plan_departure(
        members,
        relocation.movers,
        succession=relocation.succession,
        acted_on=relocation.moved_on.wire,
        notified_on=notified_on,
    )
    return (*steps, *left)


def _relocated(
    mover: ResidentRecord,
    relocation: Relocation,
    notified_on: date,
    *,
    household_number: int,
    relationship: Mapping[int, str],
) -> RecordStep:
    return revise(
        mover,
        reason=ActReason.RELOCATION,
        acted_on=relocation.moved_on.wire,
        notified_on=notified_on,
        household_number=household_number,
        relationship=relationship[mover.resident_number],
        address=relocation.address,
        postal_code=relocation.postal_code,
        address_since_on=relocation.moved_on.wire,
        previous_address=mover.address,
    )


def _require_possible(
    relocation: Relocation, movers: Sequence[ResidentRecord], joined: Sequence[ResidentRecord]
) -> None:
    for mover in movers:
        require_address_in(LocalGovernmentCode.parse(mover.municipality), relocation.address)
        if relocation.address == mover.address:
            raise ImpossibleChangeError(
                "The new address is the present one: there is nothing to record.", field="address"
            )
        require_not_before_birth(
            changed_on=relocation.moved_on,
            birth_date=CivilDate.from_wire(mover.birth_date, may_be_irregular=True),
        )
    if relocation.joins is not None and not any(member.address == relocation.address for member in joined):
        raise HouseholdElsewhereError("The household they join lives at another address.", field="joins")


def _new_place(
    relocation: Relocation,
    members: Sequence[ResidentRecord],
    movers: Sequence[ResidentRecord],
    free_number: int,
) -> tuple[int, dict[int, str]]:
    """Return the household the movers will be, and their relationships in it."""
    if relocation.joins is None:
        number = members[0].household_number if len(movers) == len(members) else free_number
        return number, own_relationships(movers, relocation.relationships)
    relationships = {
        mover.resident_number: relocation.relationships.get(mover.resident_number, HOUSEHOLDER) for mover in movers
    }
    if HOUSEHOLDER in relationships.values():
        raise HouseholderNeededError(
            "Say how each of them is related to the householder they join.", field="relationships"
        )
    return relocation.joins, relationships
