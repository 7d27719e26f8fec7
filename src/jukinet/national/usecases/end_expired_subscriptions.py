"""End subscriptions whose last day is over: whom they followed is forgotten (期限の切れた登録の終了)."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.national.feed_store import end_subscription, list_expired, lock_subscription
from jukinet.postgres.database import Database


async def end_expired_subscriptions(*, database: Database, now: datetime) -> int:
    """End them, one transaction each, and return how many there were. None could be renewed any more."""
    async with database.connection() as connection:
        expired = await list_expired(connection, today=civil_day(now))
    for agency, subscription_id in expired:
        async with database.transaction() as unit:
            people = await end_subscription(unit, await lock_subscription(unit, agency, subscription_id), now=now)
            event = Entry(
                event=AuditEvent.FEED_UNFOLLOWED,
                occurred_at=now,
                actor="node",
                detail={"subscription_id": subscription_id, "people": people, "is_ended": True},
            )
            await append(unit, [event])
    return len(expired)
