"""Take in changes of the connected resident system (異動情報の取込み): good rows applied, bad ones said, none twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import (
    JukinetError,
    RecordContradictsError,
    ResidentSystemNotConnectedError,
    SequenceConflictError,
)
from jukinet.municipal.resident_system.results import refusal_result, result_of
from jukinet.municipal.resident_system.settling import Linking, settle_records
from jukinet.municipal.resident_system.store import (
    StoredRecord,
    find_mode,
    has_own_register,
    list_known,
    take_turn,
)
from jukinet.municipal.resident_system.submission_store import Submission, add_submission, next_submission_number
from jukinet.postgres.database import Unit
from jukinet.protocol.envelope import read_body
from jukinet.protocol.resident_changes import ChangeRecord, RecordResult, ResidentChangesAnswer

_decoder: Final = msgspec.json.Decoder(ChangeRecord)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a message or file: the record it holds, or why it holds none."""

    number: int
    record: ChangeRecord | None = field(default=None, repr=False)
    error: JukinetError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where rows came from: a message of the line, or a file by name."""

    sha256: bytes = field(repr=False)
    file_name: str | None = None
    #: Why a file cannot be read as a whole.
    error: JukinetError | None = None


def read_row(number: int, content: bytes | msgspec.Raw) -> Row:
    """Return the row that a JSON object makes."""
    try:
        return Row(number, read_body(msgspec.Raw(content), _decoder))
    except JukinetError as error:
        return Row(number, error=error)


def digest_of(content: bytes) -> bytes:
    """Return what a submission is told by."""
    return hashlib.sha256(content).digest()


async def accept_resident_changes(
    unit: Unit, *, rows: Sequence[Row], source: Source, linking: Linking
) -> ResidentChangesAnswer:
    """Take in rows, in the transaction of `unit`, and return what became of each.

    Raises:
        ResidentSystemNotConnectedError: this node's own register has residents; nothing is connected beside it.
    """
    await take_turn(unit)
    if await has_own_register(unit):
        raise ResidentSystemNotConnectedError(
            "This node keeps residents itself: connect a resident system to an empty node."
        )
    number = await next_submission_number(unit)
    results: dict[int, RecordResult] = {
        row.number: refusal_result(row.number, row.error) for row in rows if row.error is not None
    }
    latest, superseded = _latest(rows)
    results.update(superseded)
    accepted = await _place(unit, latest, results, submission_number=number, linking=linking)
    open_ones = [one for one in accepted.values() if one.is_open]
    settled = await settle_records(unit, changed=open_ones, linking=linking)
    for row_number, one in accepted.items():
        results[row_number] = result_of(settled.get(one.record.record_id, one), row=row_number, is_new=one.is_open)
    submission = Submission(
        submission_number=number,
        source="line" if source.file_name is None else "file",
        file_name=source.file_name,
        sha256=source.sha256,
        received_at=linking.now,
        row_count=len(rows),
        error_code=None if source.error is None else source.error.code,
        results=tuple(results[key] for key in sorted(results)),
        finished_at=linking.now if source.file_name is None else None,
    )
    await add_submission(unit, submission)
    await append(unit, [_event(submission, linking)])
    return ResidentChangesAnswer(submission_number=number, mode=await find_mode(unit), results=submission.results)


def _latest(rows: Iterable[Row]) -> tuple[dict[int, ChangeRecord], dict[int, RecordResult]]:
    """Resolve duplicates of one submission to the latest: the highest revision, then the later row."""
    rows_of: dict[str, list[tuple[int, int, ChangeRecord]]] = {}
    for row in rows:
        if row.record is not None:
            rows_of.setdefault(row.record.record_id, []).append((row.record.revision, row.number, row.record))
    latest: dict[int, ChangeRecord] = {}
    superseded: dict[int, RecordResult] = {}
    for record_id, found in rows_of.items():
        *earlier, (_, number, record) = sorted(found, key=lambda one: one[:2])
        latest[number] = record
        superseded.update(
            (other, RecordResult(row=other, record_id=record_id, state="superseded")) for _, other, _ in earlier
        )
    return latest, superseded


async def _place(
    unit: Unit,
    latest: Mapping[int, ChangeRecord],
    results: dict[int, RecordResult],
    *,
    submission_number: int,
    linking: Linking,
) -> dict[int, StoredRecord]:
    """Compare each record with what is known under its id and order number; `results` grows by what ends here."""
    known = await list_known(
        unit,
        record_ids=[record.record_id for record in latest.values()],
        order_numbers=[record.order_number for record in latest.values()],
    )
    by_id = {one.record.record_id: one for one in known}
    taken = {one.record.order_number: one.record.record_id for one in known}
    accepted: dict[int, StoredRecord] = {}
    for number, record in sorted(latest.items()):
        before = by_id.get(record.record_id)
        fresh = StoredRecord(
            record=record, submission_number=submission_number, row_number=number, received_at=linking.now
        )
        if taken.setdefault(record.order_number, record.record_id) != record.record_id:
            error: JukinetError = SequenceConflictError(field="order_number")
            results[number] = refusal_result(number, error, record_id=record.record_id)
        elif before is None:
            accepted[number] = fresh
        elif before.record == record:
            accepted[number] = before
        elif record.revision < before.record.revision:
            results[number] = RecordResult(row=number, record_id=record.record_id, state="superseded")
        elif before.is_open:
            accepted[number] = fresh
        else:
            error = RecordContradictsError(field="record_id")
            results[number] = refusal_result(number, error, record_id=record.record_id)
    return accepted


def _event(submission: Submission, linking: Linking) -> Entry:
    return Entry(
        event=AuditEvent.CHANGES_SUBMITTED,
        occurred_at=linking.now,
        actor=linking.actor,
        detail={
            "submission_number": submission.submission_number,
            "source": submission.source,
            "sha256": submission.sha256.hex(),
            "rows": submission.row_count,
            "states": dict(Counter(result.state for result in submission.results)),
        },
    )
