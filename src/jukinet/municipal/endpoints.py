"""Messages the municipal node answers: of other municipalities, the prefecture and a connected resident system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jukinet.municipal.resident_system.endpoints import ENDPOINTS as RESIDENT_SYSTEM
from jukinet.municipal.usecases.receive_annex_notice import receive_annex_notices
from jukinet.municipal.usecases.receive_doubt_referrals import receive_doubt_referrals
from jukinet.municipal.usecases.receive_move_in_notice import receive_move_in_notices
from jukinet.municipal.usecases.take_over_register import take_over_register
from jukinet.node_process.process import Node
from jukinet.protocol.moving import NoticesAnswer
from jukinet.transport.message_server import Endpoint, Received


def move_in_notice(node: Node) -> Endpoint:
    """Answer M02 from another municipality."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_move_in_notices(
            received=received, node=node.name, database=node.database, now=node.clock()
        )

    return answer


def annex_notice(node: Node) -> Endpoint:
    """Answer M04 from another municipality."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_annex_notices(received=received, node=node.name, database=node.database, now=node.clock())

    return answer


def register_hand_over(node: Node) -> Endpoint:
    """Answer the hand-over of a municipality that ceased and is continued by this one."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await take_over_register(received=received, node=node.name, database=node.database, now=node.clock())

    return answer


def doubt_referral_forwarding(node: Node) -> Endpoint:
    """Answer M16 from the prefecture."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_doubt_referrals(
            received=received, node=node.name, database=node.database, now=node.clock()
        )

    return answer


ENDPOINTS: Final[Mapping[str, Callable[[Node], Endpoint]]] = {
    "move_in_notice": move_in_notice,
    "annex_notice": annex_notice,
    "doubt_referral_forwarding": doubt_referral_forwarding,
    "register_hand_over": register_hand_over,
    **RESIDENT_SYSTEM,
}
