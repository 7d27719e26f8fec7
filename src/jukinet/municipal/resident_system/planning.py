"""What a change of the resident system means for the network, and in which order changes count. Plain rules, no I/O.

Each record names the one before it of the same resident. So a resident's records make a chain, whatever files and
messages they come in: a record counts when all before it have, and a bad or missing one stops its own resident only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from jukinet.domain.changes import REMOVAL_REASONS, ChangeKind, ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    DateOutOfOrderError,
    DuplicateIndividualNumberError,
    DuplicateResidentRecordCodeError,
    ImpossibleChangeError,
    JukinetError,
    ResidentEnteredError,
    ResidentNotFoundError,
    ResidentRemovedError,
    SequenceConflictError,
)
from jukinet.domain.identification import validate_identification
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.update_sequence import first_of_residence, next_residence, next_sequence
from jukinet.municipal.resident_system.conversion import Change, Items, convert_record
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.resident_changes import ChangeRecord

_ITEMS: Final = tuple(Items.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord:
    """A record that is not settled, as it came and with what an operator supplemented."""

    record: ChangeRecord = field(repr=False)
    is_released: bool = False
    is_dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one record. `notice` is what goes up with it; an accepted record may have none."""

    record: ChangeRecord = field(repr=False)
    state: str
    notice: IdentificationNotice | None = field(default=None, repr=False)
    error: JukinetError | None = None


@dataclass(slots=True)
class _Resident:
    """How far one resident has come while records are judged. Not a value: it moves on."""

    notice: IdentificationNotice | None
    reached: int | None
    is_stopped: bool = False
    is_kept: bool = False


class Residents:
    """The residents a submission speaks of, as they stand. Not a value: it moves on with every record judged."""

    def __init__(
        self,
        *,
        notices: Mapping[str, IdentificationNotice],
        reached: Mapping[str, int],
        owners: Mapping[str, str],
    ) -> None:
        """Take what was last notified of each resident, the order number reached, and whose each code or number is."""
        self._residents: dict[str, _Resident] = {}
        self._notices: Final = notices
        self._reached: Final = reached
        self._owners: Final = dict(owners)

    def judge(
        self, records: Iterable[OpenRecord], *, own: LocalGovernmentCode, today: date, is_manual: bool
    ) -> list[Verdict]:
        """Return what becomes of each record; they come in the ascending order of their order numbers."""
        return [self._judge(one, own=own, today=today, is_manual=is_manual) for one in records]

    def _judge(self, one: OpenRecord, *, own: LocalGovernmentCode, today: date, is_manual: bool) -> Verdict:
        record, resident = one.record, self._find(one.record.resident_number)
        if one.is_dismissed:
            resident.reached = max(resident.reached or 0, record.order_number)
            return Verdict(record, "dismissed")
        if resident.is_stopped or record.previous_order_number != resident.reached:
            return _out_of_turn(record, resident.reached)
        try:
            change = convert_record(record, own=own)
            notice = plan_notice(resident.notice, change, today=today)
            self._require_unowned(record.resident_number, notice)
        except JukinetError as error:
            resident.is_stopped = True
            return Verdict(record, "refused", error=error)
        self._move_on(record, resident, notice)
        resident.is_kept = resident.is_kept or (is_manual and not one.is_released)
        if resident.is_kept:
            return Verdict(record, "kept")
        return Verdict(record, "applied", notice)

    def _find(self, resident_number: str) -> _Resident:
        resident = self._residents.get(resident_number)
        if resident is None:
            resident = _Resident(self._notices.get(resident_number), self._reached.get(resident_number))
            self._residents[resident_number] = resident
        return resident

    def _require_unowned(self, resident_number: str, notice: IdentificationNotice | None) -> None:
        if notice is None:
            return
        if self._owners.get(notice.resident_record_code, resident_number) != resident_number:
            raise DuplicateResidentRecordCodeError(field="resident_record_code")
        number = notice.individual_number
        if number and self._owners.get(number, resident_number) != resident_number:
            raise DuplicateIndividualNumberError(field="individual_number")

    def _move_on(self, record: ChangeRecord, resident: _Resident, notice: IdentificationNotice | None) -> None:
        resident.reached = record.order_number
        if notice is None:
            return
        before = resident.notice
        if before is not None and before.individual_number:
            self._owners.pop(before.individual_number, None)
        self._owners[notice.resident_record_code] = record.resident_number
        if notice.individual_number and not is_removal(notice):
            self._owners[notice.individual_number] = record.resident_number
        resident.notice = notice


def _out_of_turn(record: ChangeRecord, reached: int | None) -> Verdict:
    previous = record.previous_order_number
    if reached is not None and (previous is None or previous < reached):
        return Verdict(record, "refused", error=SequenceConflictError(field="previous_order_number"))
    return Verdict(record, "waiting")


def is_removal(notice: IdentificationNotice) -> bool:
    """Return whether the notice removes the resident record (消除)."""
    return notice.reason in REMOVAL_REASONS


def plan_notice(before: IdentificationNotice | None, change: Change, *, today: date) -> IdentificationNotice | None:
    """Return the notice that a change gives, None where the network has nothing to hear of it.

    Raises:
        ConflictError, NotFoundError: the change does not fit what was last notified of this resident.
        InvalidValueError: an item is not one that can be notified.
    """
    _require_fitting(before, change)
    _require_not_in_future(change, today)
    is_local = change.reason.kind is ChangeKind.MODIFICATION and before is not None
    if is_local and before is not None and (is_removal(before) or _items_of(before) == _items(change)):
        return None
    items: dict[str, Any] = dict(zip(_ITEMS, _items(change), strict=True))
    notice = IdentificationNotice(
        **items,
        reason=change.reason.change_reason.value,
        changed_on=change.changed_on,
        previous_resident_record_code=change.previous_resident_record_code,
        update_sequence=_sequence(before, change),
    )
    validate_identification(notice, day=today)
    return notice


def resend_notice(before: IdentificationNotice, reason: ChangeReason, *, was_refused: bool) -> IdentificationNotice:
    """Return what is sent again with this reason: the same notice, or a new one where the reason changes.

    Where the prefecture did not apply the notice, it is replaced under its own update sequence. Where it did, only a
    modification of the present record can follow.

    Raises:
        ImpossibleChangeError: nothing can be sent with this reason after what was notified.
    """
    if reason.value == before.reason:
        return before
    previous = before.previous_resident_record_code
    if was_refused:
        again = msgspec.structs.replace(before, reason=reason.value)
    elif reason.kind is ChangeKind.MODIFICATION and not is_removal(before):
        sequence, previous = next_sequence(before.update_sequence), None
        again = msgspec.structs.replace(
            before, reason=reason.value, update_sequence=sequence, previous_resident_record_code=previous
        )
    else:
        raise ImpossibleChangeError("The notice was applied: only a modification can follow.", field="reason")
    validate_identification(again)
    return again


def _items(change: Change) -> Sequence[str | None]:
    return [getattr(change.items, name) for name in _ITEMS]


def _items_of(notice: IdentificationNotice) -> Sequence[str | None]:
    return [getattr(notice, name) for name in _ITEMS]


def _require_fitting(before: IdentificationNotice | None, change: Change) -> None:
    kind = change.reason.kind
    if kind is ChangeKind.ENTRY:
        if before is not None and not is_removal(before):
            raise ResidentEnteredError(field="reason")
    elif before is None:
        raise ResidentNotFoundError(field="resident_number")
    elif is_removal(before) and kind is not ChangeKind.MODIFICATION:
        raise ResidentRemovedError(field="reason")
    if before is None:
        return
    known_as = change.items.resident_record_code
    if kind is ChangeKind.CODE_MODIFICATION:
        if change.previous_resident_record_code != before.resident_record_code:
            raise ImpossibleChangeError(field="previous_resident_record_code")
    elif known_as != before.resident_record_code:
        message = "The resident record code is another than the resident's: only a change of the code changes it."
        raise ImpossibleChangeError(message, field="resident_record_code")


def _require_not_in_future(change: Change, today: date) -> None:
    earliest, _ = CivilDate.from_wire(change.changed_on, may_be_irregular=True).span
    if earliest > today and change.reason.change_reason is not ChangeReason.MOVE_OUT:
        raise DateOutOfOrderError("The change lies in the future.", field="changed_on")


def _sequence(before: IdentificationNotice | None, change: Change) -> int:
    if change.reason.kind is not ChangeKind.ENTRY:
        return next_sequence(before.update_sequence if before is not None else 0)
    if change.residence is None:
        return 1 if before is None else next_residence(before.update_sequence)
    sequence = first_of_residence(change.residence)
    if before is not None and sequence <= before.update_sequence:
        raise SequenceConflictError("This residence lies before what was notified.", field="residence")
    return sequence
