"""What an act does to the register: for each resident concerned, the version before and the version after.

A planner (`domain.acts`) knows the law and returns steps; the engine of the register writes them. What only the
register can know – version, update sequence, act number, time and operator – the engine fills in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jukinet.domain.act_reasons import ActReason, notified_reason
from jukinet.domain.changes import ChangeReason
from jukinet.domain.resident_record import ResidentRecord


@dataclass(frozen=True, slots=True)
class RecordStep:
    """One resident's next version. `before` is None for a person this register never had."""

    before: ResidentRecord | None
    after: ResidentRecord
    #: For an entry: which residence on the network this is, from 0, where the person's earlier one was elsewhere.
    residence: int | None = None

    @property
    def reason(self) -> ActReason:
        """Return why the record has the new version."""
        return ActReason(self.after.act_reason)

    @property
    def notified_reason(self) -> ChangeReason | None:
        """Return the reason this version goes upward with; None where it stays local."""
        return notified_reason(self.reason, before=self.before, after=self.after)

    @property
    def record(self) -> ResidentRecord:
        """Return the new version with the change information it leaves on the tiers above."""
        change_reason, changed_on = change_information(self.after, self.notified_reason)
        return replace(self.after, change_reason=change_reason, changed_on=changed_on)


def change_information(after: ResidentRecord, reason: ChangeReason | None) -> tuple[str, str]:
    """Return the reason and the day of the last change that was notified upward, once `after` is with this reason."""
    return (after.change_reason, after.changed_on) if reason is None else (reason.value, after.acted_on or "")


def revise(
    before: ResidentRecord,
    *,
    reason: ActReason,
    acted_on: str,
    notified_on: date | None,
    **items: Any,  # noqa: ANN401 - any item of the record
) -> RecordStep:
    """Return the step that changes `items` of a record. `notified_on` is None for an ex officio act."""
    after = replace(
        before,
        act_reason=reason.value,
        acted_on=acted_on,
        notified_on=notified_on,
        previous_resident_record_code=None,
        update_sequence=None,
        **items,
    )
    return RecordStep(before, after)
