"""Delete events of the change feed whose retention is over (変更の事象の保存期間): the oldest of every organ first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.national.feed_event_store import delete_events, list_readers
from jukinet.postgres.database import Database

#: Deleted in one transaction: whoever applies changes waits for no more.
_AT_ONCE: Final = 5_000


async def delete_feed_events(*, database: Database, now: datetime, kept: timedelta) -> int:
    """Delete the events recorded longer ago than `kept`; return how many. Readers are told which are gone."""
    before, total = now - kept, 0
    async with database.connection() as connection:
        readers = await list_readers(connection)
    for agency in readers:
        deleted = _AT_ONCE
        while deleted == _AT_ONCE:
            async with database.transaction() as unit:
                deleted = await delete_events(unit, agency, before=before, limit=_AT_ONCE)
                if deleted:
                    detail = {"agency": agency, "count": deleted}
                    event = Entry(event=AuditEvent.FEED_DELETED, occurred_at=now, actor="node", detail=detail)
                    await append(unit, [event])
            total += deleted
    return total
