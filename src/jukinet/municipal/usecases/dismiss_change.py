"""Dismiss a refused record (異動の取下げ): it counts for nothing, and what waited for it goes on."""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import ChangeRecordNotFoundError
from jukinet.municipal.resident_system.settling import Linking, settle_records
from jukinet.municipal.resident_system.store import list_known, take_turn
from jukinet.postgres.database import Unit


async def dismiss_change(unit: Unit, *, record_id: str, linking: Linking) -> None:
    """Dismiss the record.

    Raises:
        ChangeRecordNotFoundError: there is no such refused record.
    """
    await take_turn(unit)
    found = await list_known(unit, record_ids=[record_id], order_numbers=())
    if not found or found[0].state != "refused":
        raise ChangeRecordNotFoundError(field="record_id")
    number = found[0].record.resident_number
    await settle_records(unit, resident_numbers=[number], dismissed=[record_id], linking=linking)
    event = Entry(
        event=AuditEvent.CHANGE_DISMISSED,
        occurred_at=linking.now,
        actor=linking.actor,
        detail={"record_id": record_id},
    )
    await append(unit, [event])
