"""Read the next events from the national node and keep them (変更の受取り): none lost, none twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from jukinet.agency.feed_store import find_position, keep_events, note_missed
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.postgres.database import Database
from jukinet.protocol.feed import FeedEvent, FeedPage, FeedRead
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 20.0
_encoder: Final = msgspec.json.Encoder()


async def read_feed(*, client: MessageClient, database: Database, now: datetime) -> bool:
    """Read one page after what is here, and return whether there is more.

    Events and position are one transaction: a node that was killed reads the same page again, under the same numbers.

    Raises:
        PeerError: the national node did not answer; nothing changed.
    """
    async with database.connection() as connection:
        position = await find_position(connection)
    page: FeedPage = await client.send(
        NATIONAL, "feed_read", FeedRead(after=position.scanned), deadline=_DEADLINE_SECONDS
    )
    if page.scanned == position.scanned and page.newest == position.newest and not page.events:
        return False
    events = [
        (event.sequence, event.event_id, event.subscription_id, _encoder.encode(event).decode())
        for event in _placed(page)
    ]
    async with database.transaction() as unit:
        if page.deleted > position.scanned:
            await note_missed(unit, until=page.deleted)
            detail = {"after": position.scanned, "deleted": page.deleted}
            await append(unit, [Entry(event=AuditEvent.FEED_MISSED, occurred_at=now, actor="node", detail=detail)])
        await keep_events(unit, events, scanned=page.scanned, newest=page.newest, now=now)
    return page.scanned < page.newest


def _placed(page: FeedPage) -> Iterator[FeedEvent]:
    """Yield the events, each with its place on the use log: by that it can be doubted."""
    for place, event in enumerate(page.events):
        yield msgspec.structs.replace(event, use_log_id=page.use_log_id, place=place)
