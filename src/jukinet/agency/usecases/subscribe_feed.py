"""Follow people through the national node, or stop (変更の継続提供の登録・終了), and keep whom this organ follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from jukinet.agency.feed_store import KeptSubscription, keep_subscription, note_unfollowed
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.feed import FeedSubscribe, FeedSubscribed, FeedUnfollow, FeedUnfollowed
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

#: Seconds the national node has for an answer: it may have to wait for a long message of changes.
DEADLINE_SECONDS: Final = 20.0


async def subscribe_feed(
    *, asked: FeedSubscribe, client: MessageClient, database: Database, now: datetime
) -> FeedSubscribed:
    """Follow these people; said again under the same id, it adds people or renews, and does nothing twice.

    Raises:
        PeerRefusedError: the law or the form does not allow it; `peer_code` says which rule.
        PeerUnreachableError: there is no answer: say it again.
    """
    try:
        answer: FeedSubscribed = await client.send(NATIONAL, "feed_subscribe", asked, deadline=DEADLINE_SECONDS)
    except PeerRefusedError:
        async with database.transaction() as unit:
            await append(unit, [_event(asked, 0, now, outcome="refused")])
        raise
    following = sum(person.result == "following" for person in answer.people)
    kept = KeptSubscription(
        subscription_id=answer.subscription_id,
        asked_at=now,
        official=asked.official,
        office=asked.office,
        affair=asked.affair,
        matter_number=asked.matter_number,
        purpose=asked.purpose,
        items=list(answer.items),
        expires_on=date.fromisoformat(answer.expires_on),
        people=following,
    )
    async with database.transaction() as unit:
        await keep_subscription(unit, kept)
        await append(unit, [_event(asked, following, now)])
    return answer


async def unfollow_feed(
    *, asked: FeedUnfollow, official: str, client: MessageClient, database: Database, now: datetime
) -> FeedUnfollowed:
    """Stop following; raise as `subscribe_feed` does."""
    answer: FeedUnfollowed = await client.send(NATIONAL, "feed_unfollow", asked, deadline=DEADLINE_SECONDS)
    event = Entry(
        event=AuditEvent.FEED_UNFOLLOWED,
        occurred_at=now,
        actor=official,
        detail={"subscription_id": asked.subscription_id, "people": answer.people, "is_ended": answer.is_ended},
    )
    async with database.transaction() as unit:
        await note_unfollowed(unit, asked.subscription_id, people=answer.people, is_ended=answer.is_ended, now=now)
        await append(unit, [event])
    return answer


def _event(asked: FeedSubscribe, people: int, now: datetime, *, outcome: str = "done") -> Entry:
    return Entry(
        event=AuditEvent.FEED_SUBSCRIBED,
        occurred_at=now,
        actor=asked.official,
        outcome=outcome,
        detail={
            "subscription_id": asked.subscription_id,
            "affair": asked.affair,
            "official": asked.official,
            "matter_number": asked.matter_number,
            "expires_on": asked.expires_on,
            "people": people,
        },
    )
