"""Follow everybody a batch file of this organ found (一括提供のファイルの全員の登録), and keep how far that is."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from jukinet.agency.batch_store import AskedBatch, find_batch
from jukinet.agency.feed_store import KeptSubscription, keep_subscription
from jukinet.agency.usecases.subscribe_feed import DEADLINE_SECONDS
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.postgres.database import Database
from jukinet.protocol.batch import BatchHeader
from jukinet.protocol.feed import FeedFollowBatch, FeedSubscribed
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient


async def follow_batch_feed(
    *, asked: FeedFollowBatch, client: MessageClient, database: Database, now: datetime
) -> FeedSubscribed:
    """Follow the people of a file; said again, it tells how far it is.

    Raises:
        BatchNotFoundError: this organ handed in no such file.
        PeerRefusedError: the law does not allow it, or the results are not there; `peer_code` says which.
        PeerUnreachableError: there is no answer: say it again.
    """
    async with database.connection() as connection:
        batch = await find_batch(connection, asked.batch_id)
    answer: FeedSubscribed = await client.send(NATIONAL, "feed_follow_batch", asked, deadline=DEADLINE_SECONDS)
    kept = _kept(batch, asked, answer, now)
    detail = {
        "subscription_id": answer.subscription_id,
        "affair": batch.affair,
        "official": batch.official,
        "matter_number": batch.matter_number,
        "expires_on": answer.expires_on,
        "batch_id": asked.batch_id,
        "people": answer.lines,
    }
    async with database.transaction() as unit:
        await keep_subscription(unit, kept)
        event = Entry(event=AuditEvent.FEED_SUBSCRIBED, occurred_at=now, actor=batch.official, detail=detail)
        await append(unit, [event])
    return answer


def _kept(batch: AskedBatch, asked: FeedFollowBatch, answer: FeedSubscribed, now: datetime) -> KeptSubscription:
    return KeptSubscription(
        subscription_id=answer.subscription_id,
        asked_at=now,
        official=batch.official,
        office=msgspec.json.decode(batch.header, type=BatchHeader).office,
        affair=batch.affair,
        matter_number=batch.matter_number,
        purpose=batch.purpose,
        items=list(answer.items),
        expires_on=date.fromisoformat(answer.expires_on),
        people=answer.lines,
        batch_id=asked.batch_id,
        is_complete=answer.is_complete,
    )
