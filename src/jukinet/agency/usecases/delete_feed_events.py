"""Delete the events this organ was told once their retention is over (受け取った変更の保存期間)."""

from __future__ import annotations

from datetime import datetime, timedelta

from jukinet.agency.feed_store import delete_events
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.postgres.database import Database


async def delete_feed_events(*, database: Database, now: datetime, kept: timedelta) -> int:
    """Delete the events that came longer ago than `kept`; return how many."""
    async with database.transaction() as unit:
        deleted = await delete_events(unit, before=now - kept)
        if deleted:
            detail = {"agency": "", "count": deleted}
            await append(unit, [Entry(event=AuditEvent.FEED_DELETED, occurred_at=now, actor="node", detail=detail)])
    return deleted
