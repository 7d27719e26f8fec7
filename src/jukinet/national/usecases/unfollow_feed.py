"""Let an organ stop following people (変更の継続提供の終了): nothing of them is given any more."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.national.feed_store import end_subscription, lock_subscription, remove_people
from jukinet.postgres.database import Database
from jukinet.protocol.feed import FeedUnfollow, FeedUnfollowed
from jukinet.protocol.node_names import NodeName


async def unfollow_feed(
    *, asked: FeedUnfollow, agency: NodeName, message_id: str, database: Database, now: datetime
) -> FeedUnfollowed:
    """End a subscription, or follow some of its people no longer; said again, it changes nothing.

    Raises:
        SubscriptionNotFoundError: the organ has no such subscription.
    """
    async with database.transaction() as unit:
        subscription = await lock_subscription(unit, agency.text, asked.subscription_id)
        if asked.references is None:
            people = await end_subscription(unit, subscription, now=now)
        else:
            people = await remove_people(unit, subscription, asked.references)
        is_ended = asked.references is None or subscription.ended_at is not None
        detail = {"subscription_id": asked.subscription_id, "people": people, "is_ended": is_ended}
        event = Entry(
            event=AuditEvent.FEED_UNFOLLOWED,
            occurred_at=now,
            actor=agency.text,
            message_id=message_id,
            detail=detail,
        )
        await append(unit, [event])
    return FeedUnfollowed(subscription_id=asked.subscription_id, people=people, is_ended=is_ended)
