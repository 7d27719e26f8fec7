"""Messages of batch provision that the national node answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jukinet.national.node import NationalNode
from jukinet.national.usecases.answer_batch import give_batch_result, tell_batch_status
from jukinet.national.usecases.receive_batch import Evidence, begin_batch, cancel_batch, commit_batch, receive_part
from jukinet.protocol.batch import BatchPartAnswer, BatchResultPart, BatchStatus
from jukinet.transport.message_server import Endpoint, Received


def batch_begin(node: NationalNode) -> Endpoint:
    """Begin to take in a file."""

    async def answer(received: Received[Any]) -> BatchStatus:
        await begin_batch(
            begin=received.body,
            agency=received.peer.name,
            evidence=Evidence(received.content, received.signature or ""),
            node=node,
            message_id=received.envelope.message_id,
        )
        return await _status(node, received)

    return answer


def batch_part(node: NationalNode) -> Endpoint:
    """Take in a part of a file."""

    async def answer(received: Received[Any]) -> BatchPartAnswer:
        count = await receive_part(agency=received.peer.name, part=received.body, database=node.database)
        return BatchPartAnswer(received=count)

    return answer


def batch_commit(node: NationalNode) -> Endpoint:
    """Let a whole file wait for its turn."""

    async def answer(received: Received[Any]) -> BatchStatus:
        await commit_batch(agency=received.peer.name, commit=received.body, node=node)
        return await _status(node, received)

    return answer


def batch_status(node: NationalNode) -> Endpoint:
    """Tell how far a file is."""

    async def answer(received: Received[Any]) -> BatchStatus:
        return await _status(node, received)

    return answer


def batch_result(node: NationalNode) -> Endpoint:
    """Give results."""

    async def answer(received: Received[Any]) -> BatchResultPart:
        return await give_batch_result(
            agency=received.peer.name, query=received.body, database=node.database, now=node.clock()
        )

    return answer


def batch_cancel(node: NationalNode) -> Endpoint:
    """Stop a file."""

    async def answer(received: Received[Any]) -> BatchStatus:
        await cancel_batch(agency=received.peer.name, cancel=received.body, database=node.database, now=node.clock())
        return await _status(node, received)

    return answer


async def _status(node: NationalNode, received: Received[Any]) -> BatchStatus:
    return await tell_batch_status(
        agency=received.peer.name, batch_id=received.body.batch_id, database=node.database, now=node.clock()
    )


BATCH_ENDPOINTS: Final[Mapping[str, Callable[[NationalNode], Endpoint]]] = {
    "batch_begin": batch_begin,
    "batch_part": batch_part,
    "batch_commit": batch_commit,
    "batch_status": batch_status,
    "batch_result": batch_result,
    "batch_cancel": batch_cancel,
}
