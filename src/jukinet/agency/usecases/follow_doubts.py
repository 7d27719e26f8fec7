"""Ask the national node how far this organ's open reports of doubt are, and keep what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.agency.asking import DEADLINE_SECONDS
from jukinet.agency.doubt_store import list_open_doubts, note_refused, note_statuses
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.doubt_reports import DoubtState
from jukinet.postgres.database import Database
from jukinet.protocol.doubts import DoubtStatusAnswer, DoubtStatusQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_MOST_AT_ONCE: Final = 500


async def follow_doubts(*, client: MessageClient, database: Database, now: datetime) -> int:
    """Return how many reports went further since they were last asked for.

    Raises:
        PeerError: there is no answer; it is asked again later.
    """
    async with database.transaction() as unit:
        numbers = await list_open_doubts(unit, limit=_MOST_AT_ONCE)
        refused = await note_refused(unit) if numbers else 0
    if not numbers:
        return 0
    query = DoubtStatusQuery(report_numbers=tuple(numbers))
    answer: DoubtStatusAnswer = await client.send(NATIONAL, "doubt_status", query, deadline=DEADLINE_SECONDS)
    async with database.transaction() as unit:
        moved = await note_statuses(unit, answer.reports)
        events = [
            Entry(
                event=AuditEvent.DOUBT_ANSWERED,
                occurred_at=now,
                actor=NATIONAL.text,
                detail={"report_number": one.report_number, "outcome": one.state},
            )
            for one in moved
            if one.state != DoubtState.REFERRED.value
        ]
        if events:
            await append(unit, events)
    return len(moved) + refused
