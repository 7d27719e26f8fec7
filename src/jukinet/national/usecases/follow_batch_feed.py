"""Let an organ follow everybody a batch file found, on the ground of that file (一括提供のファイルの全員の登録)."""

from __future__ import annotations

from typing import Final

import msgspec

from jukinet.audit.store import append
from jukinet.domain.errors import BatchStateError
from jukinet.domain.provision_batches import BatchKey, BatchState, require_batch_key
from jukinet.national.batch_store import find_file
from jukinet.national.feed_agreement import Asking, agree_terms, begin_or_renew, subscribed_event
from jukinet.national.feed_event_store import find_reader
from jukinet.national.node import NationalNode
from jukinet.protocol.batch import BatchHeader
from jukinet.protocol.feed import FeedFollowBatch, FeedSubscribed

_headers: Final = msgspec.json.Decoder(BatchHeader)


async def follow_batch_feed(*, asked: FeedFollowBatch, asking: Asking, node: NationalNode) -> FeedSubscribed:
    """Begin to follow the people of a file, or tell how far it is; a job does it, some thousands at a time.

    What was recorded since the file was matched is told as events first, so that nothing is missed in between.

    Raises:
        BatchNotFoundError: the organ handed in no such file.
        BatchStateError: its results are not there, or deleted already.
        NotPermittedError, InvalidValueError, SubscriptionStateError: as `subscribe_feed` raises them.
    """
    now, agency = node.clock(), asking.agency.text
    async with node.database.connection() as connection:
        file = await find_file(connection, agency=agency, batch_id=asked.batch_id)
    if file.state != BatchState.READY.value:
        raise BatchStateError("A file is followed once its results are there, and until they are deleted.")
    header = _headers.decode(file.header)
    terms, allowed = await agree_terms(asked, header, asking=asking, node=node)
    require_batch_key(allowed.grant, BatchKey(header.key))
    async with node.database.transaction() as unit:
        subscription, is_new = await begin_or_renew(unit, asked.subscription_id, terms, asking=asking, now=now)
        if is_new:
            await append(unit, [subscribed_event(subscription, file.lines, now, asking.message_id)])
        newest, _ = await find_reader(unit, agency)
    return FeedSubscribed(
        subscription_id=subscription.subscription_id,
        items=tuple(subscription.items),
        expires_on=subscription.expires_on.isoformat(),
        newest=newest,
        lines=subscription.lines,
        is_complete=subscription.is_complete and not is_new,
    )
