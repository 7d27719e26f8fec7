"""Lives: people who are gone without a notification, or notify it late, and what their new place tells the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.move_in_notice import MovedIn, plan_confirmation, require_confirmable
from jukinet.domain.acts.move_out import MoveOut, plan_late_move_out
from jukinet.domain.acts.removal import ExOfficioRemoval, plan_ex_officio_removal
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.update_sequence import residence_of
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World

_DAY: Final = CivilDate.of(TODAY)


def remove_ex_officio(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Remove people who are found not to live here; they may turn up elsewhere."""
    removal = ExOfficioRemoval(
        resident_number=one.resident_number,
        companions=world.some_of(municipality, one),
        gone_since=_DAY,
        succession=world.succession(municipality, one),
    )
    household = municipality.household(one.household_number)
    municipality.write(plan_ex_officio_removal(removal, notified_on=TODAY, household=household))
    world.leave(municipality, sorted(removal.leaving))


def move_out_late(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let people notify their move-out after its period."""
    move_out = MoveOut(
        resident_number=one.resident_number,
        companions=world.some_of(municipality, one),
        planned_on=_DAY,
        destination="長野県",
        succession=world.succession(municipality, one),
    )
    household = municipality.household(one.household_number)
    municipality.write(plan_late_move_out(move_out, notified_on=TODAY, household=household))
    world.leave(municipality, sorted(move_out.movers))


def confirm_move_out(former: Municipality, number: int, entered: ResidentRecord) -> None:
    """Tell the former municipality where the person lives now; it may refuse to believe it."""
    resident = former.versions[number][-1]
    moved_in = MovedIn(
        birth_date=entered.birth_date,
        moved_in_on=_DAY,
        destination=entered.address,
        residence=residence_of(entered.update_sequence or 1),
    )
    require_confirmable(moved_in, resident=resident, update_sequence=former.handles[number].update_sequence)
    household = former.household(resident.household_number)
    former.write(plan_confirmation([(resident, moved_in)], household=household, noticed_on=TODAY))


DEPARTURE_ACTS: Final = (remove_ex_officio, move_out_late)
