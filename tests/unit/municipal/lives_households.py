"""Lives: households that split, merge and change, with or without a new householder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.household import HouseholdChange, plan_household_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.procedures import Procedure
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World


def split(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let some of a household have one of their own at the same address."""
    goers = (one.resident_number, *world.some_of(municipality, one))
    relationships = dict.fromkeys(goers, "縁故者") | {world.choice.choice(goers): "世帯主"}
    _change(world, municipality, one, Procedure.HOUSEHOLD_SPLIT, goers=goers, relationships=relationships)


def merge(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let a household go up in another one."""
    _join(world, municipality, one, Procedure.HOUSEHOLD_MERGER)


def change(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let some of a household go over to another one under the same roof; where there is none, first make one."""
    _join(world, municipality, one, Procedure.HOUSEHOLD_CHANGE)


def change_householder(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let another member be householder."""
    _change(world, municipality, one, Procedure.HOUSEHOLDER_CHANGE)


def succeed(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let somebody succeed a householder; there always is one, so that it is refused."""
    _change(world, municipality, one, Procedure.HOUSEHOLDER_SUCCESSION)


def _join(world: World, municipality: Municipality, one: ResidentRecord, procedure: Procedure) -> None:
    neighbours = _neighbours(municipality, procedure)
    if not neighbours:
        _change(world, municipality, one, Procedure.HOUSEHOLD_SPLIT, goers=(one.resident_number,))
        neighbours = _neighbours(municipality, procedure)
    one, joined = world.choice.choice(neighbours or [(one, world.choice.choice(municipality.live()))])
    members = municipality.household(one.household_number)
    _change(
        world,
        municipality,
        one,
        procedure,
        goers=(one.resident_number,),
        relationships={member.resident_number: "同居人" for member in members},
        joins=joined.household_number,
    )


def _neighbours(municipality: Municipality, procedure: Procedure) -> list[tuple[ResidentRecord, ResidentRecord]]:
    """Return who could join whom under one roof; for a change somebody has to stay."""
    live = municipality.live()
    return [
        (goer, other)
        for goer in live
        for other in live
        if goer.address == other.address and goer.household_number != other.household_number
        if procedure is Procedure.HOUSEHOLD_MERGER or not goer.is_householder
    ]


def _change(
    world: World,
    municipality: Municipality,
    one: ResidentRecord,
    procedure: Procedure,
    *,
    goers: tuple[int, ...] = (),
    relationships: dict[int, str] | None = None,
    joins: int | None = None,
) -> None:
    declared = HouseholdChange(
        procedure=procedure,
        resident_number=one.resident_number,
        changed_on=CivilDate.of(TODAY),
        companions=tuple(number for number in goers if number != one.resident_number),
        joins=joins,
        relationships=relationships or {},
        succession=world.succession(municipality, one),
    )
    steps = plan_household_change(
        declared,
        notified_on=TODAY,
        household=municipality.household(one.household_number),
        joined=[] if joins is None else municipality.household(joins),
        household_number=municipality.free_number(),
    )
    municipality.write(steps)


HOUSEHOLD_ACTS: Final = (split, merge, change, change, change_householder, succeed)
