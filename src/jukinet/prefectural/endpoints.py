"""Messages the prefectural node answers. Who may send them stands in the message catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jukinet.domain.errors import PeerNotPermittedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.identification.receive import Forwarding, receive_notices
from jukinet.node_process.process import Node
from jukinet.prefectural.node import PrefecturalNode
from jukinet.prefectural.usecases.answer_local_query import answer_local_query
from jukinet.prefectural.usecases.check_consistency import check_consistency
from jukinet.prefectural.usecases.hand_on_code_request import hand_on_code_request
from jukinet.prefectural.usecases.hand_on_doubts import hand_on_doubt_answers, hand_on_doubt_referrals
from jukinet.prefectural.usecases.receive_move_out_confirmation import receive_move_out_confirmations
from jukinet.protocol.code_allotment import CodeAllotment
from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.protocol.consistency import IdentificationConsistencyAnswer
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_server import Endpoint, Received

#: Applied notices go on to the nation (Act (–2015) art. 30-11(1); Act (2015–) art. 30-7(1)).
FORWARDING: Final = Forwarding(NATIONAL, "identification_forwarding")


def identification_notice(node: Node) -> Endpoint:
    """Answer M01 from a municipality of this prefecture."""

    async def answer(received: Received[Any]) -> IdentificationAnswer:
        sender = received.peer.name
        return await receive_notices(
            received=received,
            require_competent=lambda notice: require_competent(sender, notice),
            forwarding=FORWARDING,
            database=node.database,
            now=node.clock(),
        )

    return answer


def move_out_confirmation(node: Node) -> Endpoint:
    """Answer M03 from a municipality of this prefecture."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_move_out_confirmations(received=received, database=node.database, now=node.clock())

    return answer


def code_allotment_request(node: Node) -> Endpoint:
    """Answer M10 from a municipality of this prefecture with what the nation allots."""

    async def answer(received: Received[Any]) -> CodeAllotment:
        return await hand_on_code_request(
            received=received, client=node.client, database=node.database, clock=node.clock
        )

    return answer


def identification_consistency_check(node: Node) -> Endpoint:
    """Answer M12 from a municipality of this prefecture."""

    async def answer(received: Received[Any]) -> IdentificationConsistencyAnswer:
        return await check_consistency(
            check=received.body, sender=received.peer.name, database=node.database, now=node.clock()
        )

    return answer


def doubt_referral(node: Node) -> Endpoint:
    """Answer M16 from the nation: it goes on to the municipality that holds the record."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await hand_on_doubt_referrals(
            received=received, node=node.name, database=node.database, now=node.clock()
        )

    return answer


def doubt_answer(node: Node) -> Endpoint:
    """Answer a municipality that answers M16: it goes on to the nation."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await hand_on_doubt_answers(received=received, database=node.database, now=node.clock())

    return answer


def local_grants(node: PrefecturalNode) -> Endpoint:
    """Answer a municipality of this prefecture that asks what it may ask for today."""

    async def answer(received: Received[Any]) -> GrantsAnswer:
        return await node.grants.list_of(received.peer.name)

    return answer


def local_confirmation(node: PrefecturalNode) -> Endpoint:
    """Answer M13 of a municipality of this prefecture."""

    async def answer(received: Received[Any]) -> ConfirmationAnswer:
        return await answer_local_query(
            query=received.body,
            asker=received.peer.name,
            desk=node.local_desk,
            now=node.clock(),
            message_id=received.envelope.message_id,
        )

    return answer


def require_competent(sender: NodeName, notice: IdentificationNotice) -> None:
    """Raise PeerNotPermittedError unless the resident is of the sending municipality, or of one of its wards."""
    if notice.municipality == sender.code:
        return
    city = find_local_government(LocalGovernmentCode.parse(notice.municipality)).designated_city
    if city is None or city.value != sender.code:
        raise PeerNotPermittedError("A municipality notifies only its own residents.", field="municipality")


ENDPOINTS: Final[Mapping[str, Callable[[PrefecturalNode], Endpoint]]] = {
    "identification_notice": identification_notice,
    "move_out_confirmation": move_out_confirmation,
    "local_grants": local_grants,
    "local_confirmation": local_confirmation,
    "doubt_referral": doubt_referral,
    "doubt_answer": doubt_answer,
    "code_allotment_request": code_allotment_request,
    "identification_consistency_check": identification_consistency_check,
}
