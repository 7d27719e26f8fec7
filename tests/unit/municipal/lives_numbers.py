"""Lives: people get an Individual Number and have it changed; a resident record code that was an error is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.numbers import (
    CodeChange,
    NumberChange,
    plan_code_change,
    plan_number_change,
    plan_number_entry,
)
from jukinet.domain.civil_dates import CivilDate
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World

_DAY: Final = CivilDate.of(TODAY)


def correct_code(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Write another code in place of one that was an error."""
    change = CodeChange(resident_number=one.resident_number, is_correction=True)
    steps = plan_code_change(change, current=one, code=world.new_code(), acted_on=_DAY, notified_on=None)
    municipality.write(steps)


def enter_number(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Enter the number the nation has made for somebody who has none, if there is such a resident."""
    one = next((other for other in municipality.live() if other.individual_number is None), one)
    municipality.write(plan_number_entry(one, world.new_number(), day=_DAY))


def change_number(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Change a number that may be misused, on request or ex officio, of somebody who has one if there is one."""
    one = next((other for other in municipality.live() if other.individual_number is not None), one)
    change = NumberChange(resident_number=one.resident_number, is_ex_officio=world.choice.random() < 0.5)
    steps = plan_number_change(
        change,
        current=one,
        number=world.new_number(),
        acted_on=_DAY,
        notified_on=None if change.is_ex_officio else TODAY,
    )
    municipality.write(steps)


NUMBER_ACTS: Final = (correct_code, enter_number, enter_number, change_number)
