"""Tell a portal who used a person's information; that it was told stands on the audit log before the answer leaves."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.audit.usage_store import list_usages
from jukinet.audit.use_store import LoggedUse
from jukinet.national.tracker.reading import UsageQuestion
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName


async def tell_usages(
    *, question: UsageQuestion, portal: NodeName, database: Database, now: datetime
) -> tuple[int, list[LoggedUse]]:
    """Return how many uses there are in the period, and the page asked for, newest first."""
    async with database.transaction() as unit:
        total, uses = await list_usages(
            unit, question.person.value, question.begin, question.until, question.offset, question.limit
        )
        event = Entry(
            event=AuditEvent.USES_TOLD,
            occurred_at=now,
            actor=portal.text,
            resident_record_code=question.person.value,
            detail={"uses": len(uses), "is_represented": question.is_represented},
        )
        await append(unit, [event])
    return total, uses
