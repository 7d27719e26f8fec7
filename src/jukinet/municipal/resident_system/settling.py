"""Judge open records and carry out what is judged, in the transaction of whoever calls.

Everything that may open the way for a record comes here: new records, a release, a supplement, a dismissal. Always all
open records of the residents concerned are judged anew from what was last notified: nothing depends on how they came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.outbox import queue_parcel
from jukinet.domain.clock import civil_day
from jukinet.domain.digits import plain_digits
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.resident_system.planning import OpenRecord, Residents, Verdict
from jukinet.municipal.resident_system.results import position_of
from jukinet.municipal.resident_system.store import (
    StoredRecord,
    find_mode,
    keep_copies,
    list_notices,
    list_open_of,
    list_owners,
    list_reached,
    save_records,
    save_residents,
)
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeName, prefecture_of

#: Notices in one parcel at most: the courier puts several parcels into one message, and never parts one.
_PARCEL_NOTICES: Final = 500
#: Records that are judged in one go.
_BREATH: Final = 200
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """On which node, when, and on whose behalf records are settled."""

    node: NodeName
    now: datetime
    #: The resident system's name, or the operator's id.
    actor: str


async def settle_records(
    unit: Unit,
    *,
    changed: Iterable[StoredRecord] = (),
    resident_numbers: Collection[str] = (),
    dismissed: Collection[str] = (),
    linking: Linking,
) -> dict[str, StoredRecord]:
    """Judge the open records of these residents, with `changed` in the place of what is stored; return all by id.

    The caller has taken its turn. `dismissed` are ids of records that count for nothing from now on.
    """
    fresh = {one.record.record_id: one for one in changed}
    concerned = {one.record.resident_number for one in fresh.values()} | set(resident_numbers)
    stored = {one.record.record_id: one for one in await list_open_of(unit, concerned)}
    together = {**stored, **fresh}
    verdicts = await _judge(unit, together, concerned, dismissed, linking)
    settled = {verdict.record.record_id: _settled(together[verdict.record.record_id], verdict) for verdict in verdicts}
    written = [one for key, one in settled.items() if stored.get(key) != one]
    if written:
        await save_records(unit, written, now=linking.now)
    await _notify(unit, verdicts, linking)
    return settled


async def _judge(
    unit: Unit,
    records: Mapping[str, StoredRecord],
    concerned: Collection[str],
    dismissed: Collection[str],
    linking: Linking,
) -> list[Verdict]:
    supplemented = [one.supplemented for one in records.values()]
    residents = Residents(
        notices=await list_notices(unit, concerned),
        reached=await list_reached(unit, concerned),
        owners=await list_owners(
            unit,
            resident_record_codes={plain_digits(record.resident_record_code) for record in supplemented},
            individual_numbers={plain_digits(record.individual_number or "") for record in supplemented},
        ),
    )
    is_manual = await find_mode(unit) == "manual"
    ordered = sorted(records.values(), key=lambda one: one.record.order_number)
    verdicts: list[Verdict] = []
    for start in range(0, len(ordered), _BREATH):
        # A long file keeps nobody else's messages waiting while it is judged.
        await asyncio.sleep(0)
        verdicts += residents.judge(
            [_open(one, dismissed) for one in ordered[start : start + _BREATH]],
            own=LocalGovernmentCode(linking.node.code),
            today=civil_day(linking.now),
            is_manual=is_manual,
        )
    return verdicts


def _open(one: StoredRecord, dismissed: Collection[str]) -> OpenRecord:
    return OpenRecord(
        record=one.supplemented, is_released=one.is_released, is_dismissed=one.record.record_id in dismissed
    )


def _settled(one: StoredRecord, verdict: Verdict) -> StoredRecord:
    error = verdict.error
    return replace(
        one,
        state=verdict.state,
        error_code=None if error is None else error.code,
        error_field=None if error is None else error.field,
        error_position=None if error is None else position_of(error),
        update_sequence=None if verdict.notice is None else verdict.notice.update_sequence,
    )


async def _notify(unit: Unit, verdicts: Sequence[Verdict], linking: Linking) -> None:
    applied = [(verdict, verdict.notice) for verdict in verdicts if verdict.notice is not None]
    if not applied:
        return
    await save_residents(unit, {verdict.record.resident_number: notice for verdict, notice in applied})
    copies = [(notice, _encoder.encode(notice)) for _, notice in applied]
    await keep_copies(unit, copies, now=linking.now)
    await queue_notices(unit, [encoded for _, encoded in copies], linking=linking)
    await append(unit, [_event(verdict, notice, linking) for verdict, notice in applied])


async def queue_notices(unit: Unit, notices: Sequence[bytes], *, linking: Linking) -> None:
    """Queue encoded notices to the prefecture, in their order."""
    for start in range(0, len(notices), _PARCEL_NOTICES):
        part = notices[start : start + _PARCEL_NOTICES]
        await queue_parcel(
            unit,
            receiver=prefecture_of(linking.node),
            message_type="identification_notice",
            notices=b",".join(part),
            notice_count=len(part),
            now=linking.now,
        )


def _event(verdict: Verdict, notice: IdentificationNotice, linking: Linking) -> Entry:
    record = verdict.record
    return Entry(
        event=AuditEvent.CHANGE_NOTIFIED,
        occurred_at=linking.now,
        actor=linking.actor,
        resident_record_code=notice.resident_record_code,
        detail={
            "record_id": record.record_id,
            "resident_number": record.resident_number,
            "update_sequence": notice.update_sequence,
        },
    )
