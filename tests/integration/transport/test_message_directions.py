"""Every message type × every kind of sender × every kind of receiver, over real lines (I5)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.node_names import NodeKind, NodeName
from tests.integration.transport.network import (
    ONE_OF_EACH,
    OTHER_RESIDENT_SYSTEM,
    Network,
    RawLine,
    RunningServer,
    answering,
    every_direction,
    say,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.invariant("I5")]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return Network(tmp_path_factory.mktemp("network"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers(network: Network) -> AsyncGenerator[dict[NodeKind, RunningServer]]:
    async with AsyncExitStack() as stack:
        yield {kind: await stack.enter_async_context(answering(network, name)) for kind, name in _nodes()}


@pytest.mark.parametrize(("message_type", "sender", "receiver"), every_direction())
async def test_a_message_passes_exactly_in_the_directions_the_catalogue_lists(
    network: Network,
    servers: dict[NodeKind, RunningServer],
    message_type: str,
    sender: NodeKind,
    receiver: NodeKind,
) -> None:
    row, server = CATALOGUE[message_type], servers[receiver]
    received, refusals = len(server.received), len(server.refusals)

    answer = await say(network, server, ONE_OF_EACH[sender], message_type)

    if sender in row.senders and receiver in row.receivers:
        assert answer.status == 200
        assert len(server.received) == received + 1
        assert len(server.refusals) == refusals
    else:
        assert (answer.status, answer.content["code"]) == (403, "permission.peer")
        assert len(server.received) == received
        (refused,) = server.refusals[refusals:]
        assert (refused.code, refused.message_type) == ("permission.peer", message_type)
        assert (refused.peer_name, refused.remote_address) == (ONE_OF_EACH[sender], "127.0.0.1")


async def test_a_resident_system_speaks_to_its_own_municipality_only(
    network: Network, servers: dict[NodeKind, RunningServer]
) -> None:
    answer = await say(network, servers[NodeKind.MUNICIPAL], OTHER_RESIDENT_SYSTEM, "resident_changes")

    assert (answer.status, answer.content["code"]) == (403, "permission.peer")


def _nodes() -> list[tuple[NodeKind, NodeName]]:
    return [(kind, name) for kind, name in ONE_OF_EACH.items() if kind.is_node]


async def test_a_wrong_sender_is_refused_before_a_byte_of_the_body_was_sent(
    network: Network, servers: dict[NodeKind, RunningServer]
) -> None:
    server = servers[NodeKind.NATIONAL]
    head = b"POST /messages/confirmation_query HTTP/1.1\r\nhost: n\r\ncontent-length: 100\r\n\r\n"

    async with await RawLine.open(network.enrol(ONE_OF_EACH[NodeKind.MUNICIPAL]), server) as line:
        answer = await line.type(head)

    assert (answer.status, answer.content["code"]) == (403, "permission.peer")
