"""The history of a record as it is shown (異動履歴): who, when, what, on which basis; and the state as of any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.notifications import Notifier
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.act_store import RecordedAct
from jukinet.municipal.web.desk import ItemChange, changes_between
from jukinet.operator_web.language import Language, Words


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One version in the history: what was recorded, and what it changed."""

    version: int
    reason: str
    acted_on: str
    notified_on: str | None
    recorded_at: datetime
    recorded_by: str
    approved_by: str | None
    #: 届出 or 職権, and who notified; empty for what was loaded at the beginning.
    basis: str
    is_late: bool
    act_number: int | None
    #: The act it cancels, and the one that cancelled it.
    cancels: int | None
    cancelled_by: int | None
    #: The update sequence it went up with; None where it stayed in the municipality.
    update_sequence: int | None
    changes: list[ItemChange] = field(repr=False)


def history_of(
    versions: Sequence[ResidentRecord],
    acts: Mapping[int, RecordedAct],
    words: Words,
    *,
    cancelled: Mapping[int, int],
    hidden: bool,
) -> list[HistoryStep]:
    """Return the history, newest first. `cancelled` holds the acts that cancelled others, by the others' numbers."""
    steps: list[HistoryStep] = []
    before: ResidentRecord | None = None
    for version in versions:
        act = acts.get(version.act_number or 0)
        steps.append(
            HistoryStep(
                version.version,
                reason_text(version, words),
                effective_day(version),
                None if version.notified_on is None else version.notified_on.isoformat(),
                version.recorded_at,
                version.recorded_by,
                None if act is None else act.approved_by,
                "" if act is None else _basis(act, words),
                act is not None and act.is_late,
                version.act_number,
                None if act is None else act.cancels,
                cancelled.get(version.act_number or 0),
                version.update_sequence,
                [] if before is None else changes_between(before, version, words, hidden=hidden),
            )
        )
        before = version
    return steps[::-1]


def reason_text(version: ResidentRecord, words: Words) -> str:
    """Return why this version was recorded (異動事由)."""
    reason = version.act_reason or version.change_reason
    if words.has(f"reason.{reason}"):
        return words(f"reason.{reason}")
    label = next((one.label for one in ActReason if one.value == reason), reason)
    return reason.replace("_", " ") if words.language is Language.ENGLISH else label


def _basis(act: RecordedAct, words: Words) -> str:
    notifier = next((one for one in Notifier if one.tag == act.notifier), None)
    if notifier is None:
        return act.notifier
    key = f"notifier.{notifier.tag}"
    said = words(key) if words.has(key) else notifier.label
    return words("timeline.notified" if notifier.is_at_counter else "timeline.ex_officio", notifier=said)


def effective_day(version: ResidentRecord) -> str:
    """Return the day a version holds from, in wire form."""
    return version.acted_on or version.changed_on


def as_of(versions: Sequence[ResidentRecord], day: date) -> ResidentRecord | None:
    """Return the record as it stood on a day, as the register knows it now; None before the first entry."""
    found: ResidentRecord | None = None
    for version in versions:
        if CivilDate.from_wire(effective_day(version), may_be_irregular=True).sort_key <= day:
            found = version
    return found
