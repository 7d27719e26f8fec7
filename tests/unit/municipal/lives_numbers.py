"""Lives: a resident record code that was an error is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.numbers import CodeChange, plan_code_change
from jukinet.domain.civil_dates import CivilDate
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World


def correct_code(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Write another code in place of one that was an error."""
    change = CodeChange(resident_number=one.resident_number, is_correction=True)
    day = CivilDate.of(TODAY)
    steps = plan_code_change(change, current=one, code=world.new_code(), acted_on=day, notified_on=None)
    municipality.write(steps)


NUMBER_ACTS: Final = (correct_code,)
