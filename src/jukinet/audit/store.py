"""Appending to the log. Every function takes the unit of the act: the event commits with it, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg.types.json import Jsonb

from jukinet.audit.events import AuditEvent
from jukinet.postgres.database import Unit
from jukinet.protocol.envelope import new_message_id

_INSERT_EVENT: Final = """
    INSERT INTO audit.event (event_id, occurred_at, event, outcome, actor, resident_record_code, message_id, detail)
    VALUES (%(event_id)s, %(occurred_at)s, %(event)s, %(outcome)s, %(actor)s, %(resident_record_code)s,
            %(message_id)s, %(detail)s)
"""

_COPY_EVENTS: Final = """
    COPY audit.event (event_id, occurred_at, event, outcome, actor, resident_record_code, message_id, detail) FROM STDIN
"""

_LIST_EVENTS: Final = """
    SELECT occurred_at, event, outcome, actor, message_id, detail
      FROM audit.event
     WHERE (%(tag)s::text IS NULL OR event = %(tag)s)
     ORDER BY event_id DESC
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to append. `detail` has exactly the keys the catalogue lists for the event."""

    event: AuditEvent
    occurred_at: datetime
    actor: str
    outcome: str = "done"
    resident_record_code: str | None = field(default=None, repr=False)
    message_id: str | None = None
    detail: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        unlisted = self.detail.keys() - set(self.event.value.details)
        if unlisted:
            message = f"{self.event.tag} has no detail {sorted(unlisted)}"
            raise ValueError(message)


async def append(unit: Unit, entries: Sequence[Entry]) -> None:
    """Append `entries` in the transaction of `unit`."""
    async with unit.cursor() as cursor:
        await cursor.executemany(_INSERT_EVENT, [_row(entry) for entry in entries])


async def append_many(unit: Unit, entries: Iterable[Entry]) -> None:
    """Append many entries at once, such as those of a town whose name changes, in the transaction of `unit`."""
    async with unit.cursor() as cursor, cursor.copy(_COPY_EVENTS) as copy:
        for entry in entries:
            await copy.write_row(tuple(_row(entry).values()))


async def list_events(unit: Unit, *, limit: int, event: AuditEvent | None = None) -> list[tuple[Any, ...]]:
    """Return the newest events, perhaps of one kind only: occurred at, tag, outcome, actor, message id, detail."""
    cursor = await unit.execute(_LIST_EVENTS, {"limit": limit, "tag": None if event is None else event.tag})
    return await cursor.fetchall()


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "event_id": new_message_id(entry.occurred_at, secrets.token_bytes(10)),
        "occurred_at": entry.occurred_at,
        "event": entry.event.tag,
        "outcome": entry.outcome,
        "actor": entry.actor,
        "resident_record_code": entry.resident_record_code,
        "message_id": entry.message_id,
        "detail": Jsonb(entry.detail),
    }
