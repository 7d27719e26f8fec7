"""Release kept records (手動連携での送信): each goes up, and before it every earlier record of the same resident."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import ChangeRecordNotFoundError
from jukinet.municipal.resident_system.settling import Linking, settle_records
from jukinet.municipal.resident_system.store import StoredRecord, list_known, list_open_of, take_turn
from jukinet.postgres.database import Unit


async def release_changes(unit: Unit, *, record_ids: Collection[str], linking: Linking) -> list[StoredRecord]:
    """Release these records and return how each of them stands now.

    Raises:
        ChangeRecordNotFoundError: one of them is not open.
    """
    await take_turn(unit)
    wanted = {
        one.record.record_id: one
        for one in await list_known(unit, record_ids=[*record_ids], order_numbers=())
        if one.is_open
    }
    if wanted.keys() != set(record_ids):
        raise ChangeRecordNotFoundError(field="record_id")
    last: dict[str, int] = {}
    for one in wanted.values():
        number = one.record.resident_number
        last[number] = max(one.record.order_number, last.get(number, 0))
    released = [
        replace(one, is_released=True)
        for one in await list_open_of(unit, last)
        if one.record.order_number <= last[one.record.resident_number]
    ]
    settled = await settle_records(unit, changed=released, linking=linking)
    detail = {"record_ids": sorted(one.record.record_id for one in released)}
    event = Entry(event=AuditEvent.CHANGES_RELEASED, occurred_at=linking.now, actor=linking.actor, detail=detail)
    await append(unit, [event])
    return [settled[record_id] for record_id in wanted]
