"""Corrections (職権修正・誤記修正・軽微な修正): items of a record, or of several members of a household alike.

Nothing is overwritten: the wrong version stays in the history. A minor correction goes upward as one, so that nobody's
certificate is revoked for it. Of a removed record (除票) what was written wrong is corrected too, for its copies; it
stays removed, and nobody above hears of it. Source: Act art. 8, 14; Order art. 9, 12; Regulation art. 11(3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.corrections import SHARED_ITEMS, MinorGround, require_item, require_minor
from jukinet.domain.errors import ImpossibleChangeError, NothingCorrectedError, ResidentRemovedError
from jukinet.domain.households import live_members
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord

_REASONS: Final = {
    Procedure.EX_OFFICIO_CORRECTION: ActReason.EX_OFFICIO_CORRECTION,
    Procedure.ERROR_CORRECTION: ActReason.ERROR_CORRECTION,
    Procedure.MINOR_CORRECTION: ActReason.MINOR_CORRECTION,
}
_DATED: Final = frozenset({"birth_date", "became_resident_on", "address_since_on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is corrected of whom, and the version of the record the operator saw."""

    procedure: Procedure
    resident_number: int
    expected_version: int | None = None
    #: Members of the household whose records are corrected alike.
    companions: tuple[int, ...] = ()
    #: The right texts by the name of the item, in wire form; None where the item is to be empty.
    items: Mapping[str, str | None] = field(repr=False)
    #: 事由の生じた年月日: of a clerical error, the day it is corrected.
    arose_on: CivilDate
    #: Needed for a minor correction.
    ground: MinorGround | None = None

    def __post_init__(self) -> None:
        """Refuse a procedure that corrects nothing."""
        if self.procedure not in _REASONS:
            raise ImpossibleChangeError("This procedure is not a correction.", field="procedure")

    @property
    def reason(self) -> ActReason:
        """Return the reason of the new versions."""
        return _REASONS[self.procedure]

    @property
    def people(self) -> frozenset[int]:
        """Return the numbers of all whose records are corrected."""
        return frozenset({self.resident_number, *self.companions})


def plan_correction(
    correction: Correction, *, notified_on: date | None, household: Sequence[ResidentRecord]
) -> tuple[RecordStep, ...]:
    """Return the steps, of those only whose record differs. `notified_on` is None where nobody asked for it.

    Raises:
        OwnProcedureError: an item has its own procedure.
        MinorCorrectionError: a minor correction changes more than the wording of a name or address.
        NothingCorrectedError: the records say so already.
        ImpossibleChangeError: an item is one person's own, and several are named.
        ResidentRemovedError: one of them is not a live member of the household.
        DateOutOfOrderError: a date would lie before the birth.
        InvalidValueError: what cannot stand in the item.
    """
    people = [member for member in _correctable(correction, household) if member.resident_number in correction.people]
    if len(people) != len(correction.people):
        raise ResidentRemovedError(field="companions")
    if correction.companions and not correction.items.keys() <= SHARED_ITEMS:
        raise ImpossibleChangeError("This item is one person's own.", field="companions")
    # The one whose page it was begun from comes first.
    people.sort(key=lambda member: member.resident_number != correction.resident_number)
    steps = tuple(_corrected(member, correction, notified_on) for member in people if _differing(member, correction))
    if not steps:
        raise NothingCorrectedError(field="items")
    return steps


def _correctable(correction: Correction, household: Sequence[ResidentRecord]) -> Sequence[ResidentRecord]:
    """Return the live members, or the one removed record the correction is about: it is corrected by itself."""
    removed = [one for one in household if one.is_removed and one.resident_number == correction.resident_number]
    if not removed:
        return live_members(household)
    if correction.procedure is Procedure.MINOR_CORRECTION:
        raise ResidentRemovedError(field="resident_number")
    return removed


def _differing(member: ResidentRecord, correction: Correction) -> dict[str, Any]:
    for item, text in correction.items.items():
        require_item(item, text, member)
    return {item: text for item, text in correction.items.items() if getattr(member, item) != text}


def _corrected(member: ResidentRecord, correction: Correction, notified_on: date | None) -> RecordStep:
    differing = _differing(member, correction)
    if correction.procedure is Procedure.MINOR_CORRECTION:
        for item, text in differing.items():
            require_minor(correction.ground, item, before=getattr(member, item), after=text)
    step = revise(
        member, reason=correction.reason, acted_on=correction.arose_on.wire, notified_on=notified_on, **differing
    )
    birth_date = CivilDate.from_wire(step.after.birth_date, may_be_irregular=True)
    for item in _DATED & differing.keys():
        name = "became_resident_on" if item == "birth_date" else item
        since = CivilDate.from_wire(getattr(step.after, name), may_be_irregular=True)
        require_not_before_birth(changed_on=since, birth_date=birth_date)
    return step
