"""The change feed in the API: follow people, read what changed, from any point, as often as needed."""

from __future__ import annotations

from typing import Final

import msgspec

from jukinet.agency.api.operation import Asked, Operation
from jukinet.agency.api.translation import one_of_two
from jukinet.agency.feed_store import find_position, list_events, list_subscriptions
from jukinet.agency.usecases.follow_batch_feed import follow_batch_feed
from jukinet.agency.usecases.subscribe_feed import subscribe_feed, unfollow_feed
from jukinet.protocol.agency_api import Item
from jukinet.protocol.agency_feed_api import (
    BatchSubscriptionRequest,
    EventList,
    EventsAfter,
    FeedState,
    PersonToFollow,
    SubscriptionEntry,
    SubscriptionList,
    SubscriptionRequest,
    Unfollowed,
    UnfollowRequest,
)
from jukinet.protocol.feed import FeedFollowBatch, FeedSubscribe, FeedSubscribed, FeedUnfollow, FollowedPerson

_MOST_LISTED: Final = 1_000
_events: Final = msgspec.json.Decoder(EventList)


async def _subscribe(asked: Asked) -> FeedSubscribed:
    node, body = asked.node, asked.body
    ground = msgspec.structs.asdict(body.ground)
    return await subscribe_feed(
        asked=FeedSubscribe(
            subscription_id=body.subscription_id,
            people=tuple(_person(one) for one in body.people),
            items=body.items,
            kinds=body.kinds,
            expires_on=body.expires_on,
            **ground,
        ),
        client=node.client,
        database=node.database,
        now=node.clock(),
    )


def _person(one: PersonToFollow) -> FollowedPerson:
    """Return the person to follow. A number that is mistyped is not even sent."""
    return FollowedPerson(reference=one.reference, **one_of_two(one, "people"))


async def _follow_batch(asked: Asked) -> FeedSubscribed:
    node, body = asked.node, asked.body
    return await follow_batch_feed(
        asked=FeedFollowBatch(
            subscription_id=body.subscription_id,
            batch_id=body.batch_id,
            items=body.items,
            kinds=body.kinds,
            expires_on=body.expires_on,
        ),
        client=node.client,
        database=node.database,
        now=node.clock(),
    )


async def _unfollow(asked: Asked) -> Unfollowed:
    node, body = asked.node, asked.body
    answer = await unfollow_feed(
        asked=FeedUnfollow(subscription_id=body.subscription_id, references=body.references),
        official=body.official,
        client=node.client,
        database=node.database,
        now=node.clock(),
    )
    return Unfollowed(subscription_id=answer.subscription_id, people=answer.people, is_ended=answer.is_ended)


async def _list_subscriptions(asked: Asked) -> SubscriptionList:
    async with asked.node.database.connection() as connection:
        found = await list_subscriptions(connection, limit=_MOST_LISTED)
    return SubscriptionList(
        subscriptions=tuple(
            SubscriptionEntry(
                subscription_id=one.subscription_id,
                affair=one.affair,
                matter_number=one.matter_number,
                official=one.official,
                office=one.office,
                items=msgspec.convert(one.items, tuple[Item, ...]),
                expires_on=one.expires_on.isoformat(),
                people=one.people,
                batch_id=one.batch_id,
                is_complete=one.is_complete,
                is_ended=one.ended_at is not None,
            )
            for one in found
        )
    )


async def _list_events(asked: Asked) -> EventList:
    where: EventsAfter = asked.parameters
    async with asked.node.database.connection() as connection:
        contents = await list_events(connection, after=where.after, limit=where.limit)
    # They are kept as JSON and checked when they came; what leaves here is of the documented form, or nothing does.
    return _events.decode(f'{{"events":[{",".join(contents)}]}}')


async def _find_state(asked: Asked) -> FeedState:
    async with asked.node.database.connection() as connection:
        position = await find_position(connection)
    return FeedState(
        newest=position.scanned,
        behind=max(0, position.newest - position.scanned),
        deleted=max(position.deleted, position.missed_until or 0),
        missed_after=position.missed_after,
        missed_until=position.missed_until,
        read_at=None if position.read_at is None else position.read_at.isoformat(),
    )


FEED_OPERATIONS: Final = (
    Operation(
        id="subscribe",
        method="POST",
        path="/v1/feed/subscriptions",
        summary="変更の継続提供の登録",
        description=(
            "Follow people on one ground until a day. Said again under the same id, it adds people or renews, and does "
            "nothing twice."
        ),
        perform=_subscribe,
        body=SubscriptionRequest,
        answer=FeedSubscribed,
    ),
    Operation(
        id="follow_batch",
        method="POST",
        path="/v1/feed/batches",
        summary="一括提供のファイルの全員の登録",
        description=(
            "Follow everybody a batch file found, on the ground of that file. Said again: how far it is. What changed "
            "since the file was matched is told first."
        ),
        perform=_follow_batch,
        body=BatchSubscriptionRequest,
        answer=FeedSubscribed,
    ),
    Operation(
        id="unfollow",
        method="POST",
        path="/v1/feed/endings",
        summary="変更の継続提供の終了",
        description="Stop following some people of a subscription, or all of it. Nothing of them is told any more.",
        perform=_unfollow,
        body=UnfollowRequest,
        answer=Unfollowed,
    ),
    Operation(
        id="list_subscriptions",
        method="GET",
        path="/v1/feed/list",
        summary="登録の一覧",
        description="List the newest thousand subscriptions of this organ.",
        perform=_list_subscriptions,
        answer=SubscriptionList,
    ),
    Operation(
        id="list_events",
        method="GET",
        path="/v1/feed/events",
        summary="変更の一覧",
        description=(
            "List the events after a number, in order. The same number is always the same event: read from any point "
            "that is kept, as often as needed. `newest` of `/v1/feed/state` says how far there are any."
        ),
        perform=_list_events,
        parameters=EventsAfter,
        answer=EventList,
        has_tag=True,
    ),
    Operation(
        id="find_feed_state",
        method="GET",
        path="/v1/feed/state",
        summary="変更の受取りの状況",
        description="Say how far this node has read, what it still keeps, and whether it missed anything.",
        perform=_find_state,
        answer=FeedState,
    ),
)
