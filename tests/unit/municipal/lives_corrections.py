"""Lives: what is wrong in a record is corrected, ex officio, as a clerical error or as a minor one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.correction import Correction, plan_correction
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.corrections import MinorGround
from jukinet.domain.households import live_members
from jukinet.domain.procedures import Procedure
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World

_PROCEDURES: Final = (Procedure.EX_OFFICIO_CORRECTION, Procedure.ERROR_CORRECTION, Procedure.MINOR_CORRECTION)


def correct_person(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Correct an item that is one person's own; only of a name it may be a minor correction."""
    item, text = world.choice.choice(
        (
            ("name", f"訂正　{world.choice.choice('一二三四')}"),
            ("birth_date", f"197{world.choice.randrange(10)}-05-05"),
            ("sex", world.choice.choice("12")),
            ("registered_domicile", "東京都千代田区千代田1番"),
        )
    )
    _correct(world, municipality, one, {item: text}, ())


def correct_address(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Correct the address of a whole household."""
    members = live_members(municipality.household(one.household_number))
    companions = tuple(member.resident_number for member in members if member.resident_number != one.resident_number)
    _correct(world, municipality, one, {"address": world.address(municipality)}, companions)


def _correct(
    world: World,
    municipality: Municipality,
    one: ResidentRecord,
    items: dict[str, str],
    companions: tuple[int, ...],
) -> None:
    correction = Correction(
        procedure=world.choice.choice(_PROCEDURES),
        resident_number=one.resident_number,
        companions=companions,
        items=items,
        arose_on=CivilDate.of(TODAY),
        ground=MinorGround.OTHER,
    )
    household = municipality.household(one.household_number)
    municipality.write(plan_correction(correction, notified_on=None, household=household))


CORRECTION_ACTS: Final = (correct_person, correct_address)
