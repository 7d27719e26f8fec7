"""Supplement items of a record that was refused (補記): what an operator gives counts in the place of what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import ChangeRecordNotFoundError, MalformedRequestError
from jukinet.municipal.resident_system.settling import Linking, settle_records
from jukinet.municipal.resident_system.store import StoredRecord, list_known, take_turn
from jukinet.postgres.database import Unit
from jukinet.protocol.resident_changes import ChangeRecord

#: What says which record it is and when it counts; that, only the resident system can say.
_FIXED: Final = frozenset(
    {
        "version",
        "order_number",
        "previous_order_number",
        "record_id",
        "revision",
        "resident_number",
    }
)
#: The items an operator may supplement.
SUPPLEMENTED: Final = tuple(name for name in ChangeRecord.__struct_fields__ if name not in _FIXED)


async def supplement_change(unit: Unit, *, record_id: str, items: Mapping[str, Any], linking: Linking) -> StoredRecord:
    """Supplement items by name, and return how the record stands now. What waited for it goes on.

    Raises:
        ChangeRecordNotFoundError: there is no such refused record.
        MalformedRequestError: there is no such item, or it cannot be such a value.
    """
    await take_turn(unit)
    found = await list_known(unit, record_ids=[record_id], order_numbers=())
    if not found or found[0].state != "refused":
        raise ChangeRecordNotFoundError(field="record_id")
    supplement = {**(found[0].supplement or {}), **items}
    _require_possible(found[0].record, supplement)
    settled = await settle_records(unit, changed=[replace(found[0], supplement=supplement)], linking=linking)
    detail = {"record_id": record_id, "items": sorted(items)}
    event = Entry(event=AuditEvent.CHANGE_SUPPLEMENTED, occurred_at=linking.now, actor=linking.actor, detail=detail)
    await append(unit, [event])
    return settled[record_id]


def _require_possible(record: ChangeRecord, supplement: Mapping[str, Any]) -> None:
    for name in supplement:
        if name not in SUPPLEMENTED:
            raise MalformedRequestError("This item cannot be supplemented.", field=name)
    try:
        msgspec.convert({**msgspec.structs.asdict(record), **supplement}, ChangeRecord)
    except msgspec.ValidationError:
        names = ", ".join(sorted(supplement))
        raise MalformedRequestError("The item cannot be such a value.", field=names) from None
