"""Lives: an act that ought not to have been recorded is cancelled; whom it touched stands as before, or is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.cancellation import (
    Cancellation,
    LatestResidence,
    RecordedProcedure,
    list_standing_again,
    plan_cancellation,
    require_cancellable,
)
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.procedures import Procedure
from jukinet.domain.update_sequence import residence_of
from tests.builders import TODAY

if TYPE_CHECKING:
    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World

#: Acts that are called otherwise than the reason they leave in the records.
_PROCEDURES: Final = {
    ActReason.MOVE_OUT_NOTIFIED.value: Procedure.MOVE_OUT.value,
    ActReason.MOVE_OUT_WITHDRAWN.value: Procedure.MOVE_OUT_WITHDRAWAL.value,
}
_CANCELLATIONS: Final = frozenset(
    {ActReason.CANCELLATION.value, ActReason.CANCELLATION_ENTRY.value, ActReason.CANCELLATION_REMOVAL.value}
)


def cancel_latest(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Cancel the last act on this resident's record."""
    _cancel(world, municipality, one.act_number or 0)


def cancel_earlier(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Cancel any act on this resident's record."""
    history = municipality.versions[one.resident_number]
    _cancel(world, municipality, world.choice.choice(history).act_number or 0)


def cancel_removal(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Cancel the act that removed somebody, who may live elsewhere by now."""
    removals = [
        version.act_number or 0
        for history in municipality.versions.values()
        if history[-1].is_removed
        for before, version in pairwise(history)
        if version.is_removed and not before.is_removed and before.act_number != version.act_number
    ]
    _cancel(world, municipality, world.choice.choice(removals or [one.act_number or 0]))


def _cancel(world: World, municipality: Municipality, number: int) -> None:
    histories = [
        history
        for history in municipality.versions.values()
        if any(version.act_number == number for version in history)
    ]
    reason = next(
        version.act_reason or "" for history in histories for version in history if version.act_number == number
    )
    require_cancellable(
        RecordedProcedure(
            procedure=_PROCEDURES.get(reason, reason),
            is_cancellation=reason in _CANCELLATIONS,
            is_cancelled=number in municipality.cancelled,
        )
    )
    standing_again = [one.resident_number for one in list_standing_again(histories, number)]
    households = {version.household_number for history in histories for version in history}
    steps = plan_cancellation(
        Cancellation(act_number=number, decided_on=CivilDate.of(TODAY)),
        histories=histories,
        households=[one for one in municipality.current() if one.household_number in households],
        elsewhere={one: _latest(world, municipality, one) for one in standing_again},
    )
    municipality.write(steps)
    municipality.cancelled.add(number)
    removed = [step.after.resident_number for step in steps if step.reason is ActReason.CANCELLATION_REMOVAL]
    if removed:
        world.leave(municipality, removed)


def _latest(world: World, municipality: Municipality, number: int) -> LatestResidence:
    """Return what the nation answers once it has heard everything."""
    place, record = world.latest_of(world.person(municipality, number))
    reached = world.municipalities[place].handles[record.resident_number].update_sequence
    return LatestResidence(
        residence_of(reached),
        is_removed=record.is_removed,
        resident_record_code=record.resident_record_code,
        individual_number=record.individual_number,
    )


CANCELLATION_ACTS: Final = (cancel_latest, cancel_latest, cancel_earlier, cancel_removal, cancel_removal)
