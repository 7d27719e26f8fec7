"""Messages of the change feed that the national node answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jukinet.national.feed_agreement import Asking
from jukinet.national.node import NationalNode
from jukinet.national.usecases.follow_batch_feed import follow_batch_feed
from jukinet.national.usecases.provide_feed import provide_feed
from jukinet.national.usecases.subscribe_feed import subscribe_feed
from jukinet.national.usecases.unfollow_feed import unfollow_feed
from jukinet.protocol.feed import FeedPage, FeedSubscribed, FeedUnfollowed
from jukinet.transport.message_server import Endpoint, Received


def feed_subscribe(node: NationalNode) -> Endpoint:
    """Follow people."""

    async def answer(received: Received[Any]) -> FeedSubscribed:
        asking = Asking.of(received)
        return await node.gate.admit(
            asking.agency, None, received.body, lambda: subscribe_feed(asked=received.body, asking=asking, node=node)
        )

    return answer


def feed_follow_batch(node: NationalNode) -> Endpoint:
    """Follow everybody a batch file found."""

    async def answer(received: Received[Any]) -> FeedSubscribed:
        return await follow_batch_feed(asked=received.body, asking=Asking.of(received), node=node)

    return answer


def feed_unfollow(node: NationalNode) -> Endpoint:
    """Stop following."""

    async def answer(received: Received[Any]) -> FeedUnfollowed:
        return await unfollow_feed(
            asked=received.body,
            agency=received.peer.name,
            message_id=received.envelope.message_id,
            database=node.database,
            now=node.clock(),
        )

    return answer


def feed_read(node: NationalNode) -> Endpoint:
    """Give the next events. It counts against no rate: a page is bounded, and whoever reads rarely reads more."""

    async def answer(received: Received[Any]) -> FeedPage:
        return await provide_feed(
            read=received.body,
            agency=received.peer.name,
            message_id=received.envelope.message_id,
            node=node,
        )

    return answer


FEED_ENDPOINTS: Final[Mapping[str, Callable[[NationalNode], Endpoint]]] = {
    "feed_subscribe": feed_subscribe,
    "feed_follow_batch": feed_follow_batch,
    "feed_unfollow": feed_unfollow,
    "feed_read": feed_read,
}
