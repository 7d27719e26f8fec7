"""Cancellation of an act (異動の取消し): what stood before it stands again, for everybody it touched.

Nothing is overwritten: each record gets a new version with the contents before the act. Upward it is an ex officio
entry, removal or modification of its own; what the cancelled act had sent stays sent. The resident record code and the
Individual Number never go back, nor does the mark of a protected person; who stands again has those of the latest
residence, for they follow the person.
Source: Act art. 14; Order art. 12(3); standard specification of resident record systems 4.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.changes import ChangeKind
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ActCancelledError,
    CancellationStandsError,
    EnteredElsewhereError,
    HouseholdChangedError,
    LaterActError,
    MassActError,
    MoveOutToWithdrawError,
    NumbersNeverReturnError,
    UnsoundHouseholdError,
)
from jukinet.domain.households import require_sound_household
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.update_sequence import residence_of

_WITH_NUMBERS: Final = frozenset(
    {
        Procedure.CODE_CHANGE,
        Procedure.CODE_CORRECTION,
        Procedure.INDIVIDUAL_NUMBER_ENTRY,
        Procedure.INDIVIDUAL_NUMBER_CHANGE,
        Procedure.INDIVIDUAL_NUMBER_CORRECTION,
    }
)
_REFUSED: Final = {
    **dict.fromkeys((one.value for one in _WITH_NUMBERS), NumbersNeverReturnError),
    **dict.fromkeys((Procedure.MOVE_OUT.value, Procedure.MOVE_OUT_ABROAD.value), MoveOutToWithdrawError),
    **dict.fromkeys((Procedure.MASS_ADDRESS_CHANGE.value, Procedure.MUNICIPAL_MERGER.value), MassActError),
    Procedure.MOVE_OUT_WITHDRAWAL.value: CancellationStandsError,
}
#: Items that tell where a version came from, and those that a cancellation leaves as they are.
_NOT_COMPARED: Final = frozenset(
    {
        "version",
        "resident_record_code",
        "individual_number",
        "previous_resident_record_code",
        "change_reason",
        "changed_on",
        "notified_on",
        "recorded_at",
        "recorded_by",
        "act_number",
        "act_reason",
        "acted_on",
        "update_sequence",
        "is_protected",
    }
)
_CONTENTS: Final = tuple(one.name for one in fields(ResidentRecord) if one.name not in _NOT_COMPARED)
_PROCEDURES: Final = {
    ChangeKind.ENTRY: Procedure.CANCELLATION_ENTRY,
    ChangeKind.REMOVAL: Procedure.CANCELLATION_REMOVAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Which act is cancelled, and the version of the record the operator saw."""

    act_number: int
    resident_number: int | None = None
    expected_version: int | None = None
    #: The day it is decided: the change date of what goes upward.
    decided_on: CivilDate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedProcedure:
    """What is on record of the act itself."""

    procedure: str
    is_cancellation: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class LatestResidence:
    """What the nation holds as somebody's latest residence, from 0, whether that record is removed, and its numbers."""

    residence: int
    is_removed: bool
    #: Elsewhere they may have been changed.
    resident_record_code: str = field(repr=False)
    individual_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Undone:
    """One record: as it stood before the act (None: not at all), and as it is now."""

    before: ResidentRecord | None
    present: ResidentRecord
    #: Where the person's updates have come to here.
    update_sequence: int


@enforces(Rule.CANCELLATION_APPENDS)
def require_cancellable(recorded: RecordedProcedure) -> None:
    """Refuse an act that another way undoes, or none.

    Raises:
        ActCancelledError: it was cancelled.
        CancellationStandsError: it undoes something itself.
        MoveOutToWithdrawError, MassActError, NumbersNeverReturnError: see what each of them says.
    """
    if recorded.is_cancelled:
        raise ActCancelledError(field="act_number")
    if recorded.is_cancellation:
        raise CancellationStandsError(field="act_number")
    refusal = _REFUSED.get(recorded.procedure)
    if refusal is not None:
        raise refusal(field="act_number")


def plan_cancellation(
    cancellation: Cancellation,
    *,
    histories: Sequence[Sequence[ResidentRecord]],
    households: Sequence[ResidentRecord],
    elsewhere: Mapping[int, LatestResidence] | None = None,
) -> tuple[RecordStep, ...]:
    """Return the steps that undo an act. `histories` holds all versions of each record it touched.

    `households` are the present records of every household concerned; `elsewhere` is what the nation said of those
    who stand again, by resident number, or None as long as nobody asked.

    Raises:
        LaterActError: a later act built on what this one left.
        EnteredElsewhereError: somebody who would stand again lives elsewhere by now.
        HouseholdChangedError: a household would be left that cannot be.
    """
    undone = [_undone(history, cancellation.act_number) for history in histories]
    steps = [_step(one, cancellation, elsewhere) for one in undone]
    _require_sound(steps, households)
    return tuple(sorted(steps, key=lambda step: (not step.after.is_removed, step.after.resident_number)))


def procedure_of(steps: Sequence[RecordStep]) -> Procedure:
    """Return which of the three cancellations this is: 増 where a record stands again, 減 where one goes, else 修正."""
    kinds = [step.reason.kind for step in steps]
    return next((_PROCEDURES[kind] for kind in _PROCEDURES if kind in kinds), Procedure.CANCELLATION)


def list_standing_again(histories: Sequence[Sequence[ResidentRecord]], act_number: int) -> list[ResidentRecord]:
    """Return the present, removed records of those whom the cancellation of this act lets stand again."""
    undone = [_undone(history, act_number) for history in histories]
    return [one.present for one in undone if _reason(one) is ActReason.CANCELLATION_ENTRY]


def _undone(history: Sequence[ResidentRecord], act_number: int) -> _Undone:
    places = [place for place, version in enumerate(history) if version.act_number == act_number]
    first, last = places[0], places[-1]
    present = history[-1]
    if not _is_same(history[last], present):
        later = next(version for version in history[last + 1 :] if _is_same(version, present))
        raise LaterActError(field="act_number", act_number=later.act_number)
    reached = max((version.update_sequence or 1 for version in history), default=1)
    return _Undone(history[first - 1] if first else None, present, reached)


def _is_same(one: ResidentRecord, other: ResidentRecord) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _CONTENTS)


def _reason(one: _Undone) -> ActReason:
    was_removed = one.before is None or one.before.is_removed
    if was_removed == one.present.is_removed:
        return ActReason.CANCELLATION
    return ActReason.CANCELLATION_REMOVAL if was_removed else ActReason.CANCELLATION_ENTRY


def _step(one: _Undone, cancellation: Cancellation, elsewhere: Mapping[int, LatestResidence] | None) -> RecordStep:
    reason = _reason(one)
    contents = replace(one.present, is_removed=True) if one.before is None else one.before
    after = replace(
        contents,
        version=one.present.version,
        resident_record_code=one.present.resident_record_code,
        individual_number=one.present.individual_number,
        previous_resident_record_code=None,
        is_protected=one.present.is_protected,
        change_reason=one.present.change_reason,
        changed_on=one.present.changed_on,
        notified_on=None,
        act_reason=reason.value,
        acted_on=cancellation.decided_on.wire,
        update_sequence=None,
    )
    if reason is not ActReason.CANCELLATION_ENTRY:
        return RecordStep(one.present, after)
    return _standing_again(one, _without_past_plan(after, cancellation), elsewhere)


def _standing_again(one: _Undone, after: ResidentRecord, elsewhere: Mapping[int, LatestResidence] | None) -> RecordStep:
    latest = None if elsewhere is None else elsewhere.get(one.present.resident_number)
    if latest is None or latest.residence <= residence_of(one.update_sequence):
        # What another municipality has told counts too: its entry may still be on its way to the nation.
        if elsewhere is not None and one.present.confirmed_move_out_on is not None:
            raise EnteredElsewhereError(field="act_number")
        return RecordStep(one.present, after)
    if not latest.is_removed:
        raise EnteredElsewhereError(field="act_number")
    number = latest.individual_number or after.individual_number
    after = replace(after, resident_record_code=latest.resident_record_code, individual_number=number)
    return RecordStep(one.present, after, residence=latest.residence + 1)


def _without_past_plan(after: ResidentRecord, cancellation: Cancellation) -> ResidentRecord:
    """Drop a planned move-out whose day has come: it would take effect again at once."""
    planned_on = after.planned_move_out_on
    if planned_on is None or planned_on > cancellation.decided_on.wire:
        return after
    return replace(
        after, planned_move_out_on=None, planned_move_out_to=None, is_moving_abroad=False, planned_succession=None
    )


def _require_sound(steps: Sequence[RecordStep], households: Sequence[ResidentRecord]) -> None:
    outcome = {record.resident_number: record for record in households}
    outcome |= {step.after.resident_number: step.after for step in steps}
    for number in {record.household_number for record in outcome.values()}:
        try:
            require_sound_household(record for record in outcome.values() if record.household_number == number)
        except UnsoundHouseholdError:
            raise HouseholdChangedError(field="act_number") from None
