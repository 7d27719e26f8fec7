"""The change feed for an organ's own system: follow people, and take in what changed, once, from any point."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from jukinet.protocol.agency_api import Ground, Item
from jukinet.protocol.agency_feed_api import (
    MOST_EVENTS_OF_AN_ANSWER,
    BatchSubscriptionRequest,
    EventList,
    FeedState,
    PersonToFollow,
    SubscriptionList,
    SubscriptionRequest,
    Unfollowed,
    UnfollowRequest,
)
from jukinet.protocol.feed import FeedEvent, FeedSubscribed

if TYPE_CHECKING:
    from jukinet.client.agency import AgencyClient

_Answer = TypeVar("_Answer")


class FeedClient:
    """The part of an `AgencyClient` that follows people. All of it may be said again without harm."""

    def __init__(self, client: AgencyClient) -> None:
        self._client: Final = client
        self._encode: Final = msgspec.json.Encoder().encode

    async def subscribe(
        self,
        subscription_id: str,
        ground: Ground,
        people: Iterable[PersonToFollow],
        *,
        items: Iterable[Item],
        expires_on: str,
        kinds: Iterable[str] = (),
    ) -> FeedSubscribed:
        """Follow people until a day; under the same id: more people, or longer. Raise as `AgencyClient.ask`."""
        request = SubscriptionRequest(
            subscription_id=subscription_id,
            ground=ground,
            people=tuple(people),
            items=tuple(items),
            kinds=tuple(kinds),
            expires_on=expires_on,
        )
        return await self._say("/v1/feed/subscriptions", request, FeedSubscribed)

    async def follow_batch(
        self,
        subscription_id: str,
        batch_id: str,
        *,
        items: Iterable[Item],
        expires_on: str,
        kinds: Iterable[str] = (),
    ) -> FeedSubscribed:
        """Follow everybody a batch file found; said again: how far it is. Raise as `AgencyClient.ask`."""
        request = BatchSubscriptionRequest(
            subscription_id=subscription_id,
            batch_id=batch_id,
            items=tuple(items),
            kinds=tuple(kinds),
            expires_on=expires_on,
        )
        return await self._say("/v1/feed/batches", request, FeedSubscribed)

    async def unfollow(
        self, subscription_id: str, *, official: str, references: Iterable[str] | None = None
    ) -> Unfollowed:
        """Stop following: these people, or the whole subscription. Raise as `AgencyClient.ask`."""
        request = UnfollowRequest(
            subscription_id=subscription_id,
            official=official,
            references=None if references is None else tuple(references),
        )
        return await self._say("/v1/feed/endings", request, Unfollowed)

    async def list_subscriptions(self) -> SubscriptionList:
        """Return the newest subscriptions; raise as `AgencyClient.ask`."""
        return await self._client.send("GET", "/v1/feed/list", SubscriptionList)

    async def find_state(self) -> FeedState:
        """Return how far the node has read, what it keeps, and whether it missed anything; raise likewise."""
        return await self._client.send("GET", "/v1/feed/state", FeedState)

    async def list_events(self, after: int = 0, *, limit: int = MOST_EVENTS_OF_AN_ANSWER) -> tuple[FeedEvent, ...]:
        """Return the events after a number, in order; raise likewise.

        Raises:
            RefusedError: `not_found.feed_position` where some of them are not kept any more.
        """
        answer = await self._client.send("GET", f"/v1/feed/events?after={after}&limit={limit}", EventList)
        return answer.events

    async def follow_events(self, after: int = 0, *, pause: float = 1.0) -> AsyncIterator[FeedEvent]:
        """Yield every event after a number, and those to come, without end.

        Keep the number of the last event you are done with: given as `after`, it goes on there. An event may come
        again after an interruption, under the same number and id.
        """
        tag: str | None = None
        while True:
            path = f"/v1/feed/events?after={after}&limit={MOST_EVENTS_OF_AN_ANSWER}"
            answer, tag = await self._client.send_tagged(path, EventList, tag)
            for event in answer.events if answer is not None else ():
                yield event
                after, tag = event.sequence, None
            if tag is not None:
                await asyncio.sleep(pause)

    async def _say(self, path: str, request: msgspec.Struct, kind: type[_Answer]) -> _Answer:
        return await self._client.send("POST", path, kind, body=self._encode(request))
