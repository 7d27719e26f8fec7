"""Delete what the organ asked once it need not be kept any longer (照会の記録の保存期間)."""

from __future__ import annotations

from datetime import datetime, timedelta

from jukinet.agency.doubt_store import delete_doubts
from jukinet.agency.store import delete_confirmations
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.postgres.database import Database


async def delete_queries(*, database: Database, now: datetime, kept: timedelta) -> int:
    """Delete the queries and the answered reports of doubt older than `kept`; return how many.

    What was answered to a query was never kept at all.
    """
    async with database.transaction() as unit:
        deleted = await delete_confirmations(unit, before=now - kept) + await delete_doubts(unit, before=now - kept)
        if deleted:
            event = Entry(
                event=AuditEvent.QUERIES_DELETED,
                occurred_at=now,
                actor="node",
                detail={"count": str(deleted), "before": (now - kept).date().isoformat()},
            )
            await append(unit, [event])
    return deleted
