"""What a caller of the message client can rely on, when it works and each way it fails."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from jukinet.domain.errors import (
    BusyError,
    MessageTooLargeError,
    PeerAnswerError,
    PeerNotPermittedError,
    PeerRefusedError,
    PeerUnreachableError,
)
from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentRequest
from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Endpoint, Received, Refused
from tests.integration.transport.network import AGENCY, BODIES, MUNICIPAL, PREFECTURAL, Network, answering

QUERY = "confirmation_query"
NOTICE = IdentificationNotice(
    resident_record_code="12345678901",
    name="邊󠄂",
    kana="べ",
    birth_date="1990-01-01",
    sex="1",
    municipality=MUNICIPAL.code,
    address="x",
    reason="birth",
    changed_on="2026-04-01",
    update_sequence=1,
)


@asynccontextmanager
async def asking(network: Network, port: int) -> AsyncGenerator[MessageClient]:
    async with network.client(AGENCY, {NATIONAL: port}, network.revocations()) as client:
        yield client


async def test_a_signed_message_and_its_answer_cross_whole(network: Network) -> None:
    async def allot(received: Received[CodeAllotmentRequest]) -> msgspec.Struct:
        return CodeAllotment(resident_record_codes=("1" * received.body.quantity,))

    async with (
        answering(network, PREFECTURAL, endpoint=allot) as server,
        network.client(MUNICIPAL, {PREFECTURAL: server.port}, network.revocations()) as client,
    ):
        answer = await client.send(
            PREFECTURAL, "code_allotment_request", CodeAllotmentRequest(quantity=3), deadline=10, stream_sequence=7
        )

    assert answer == CodeAllotment(resident_record_codes=("111",))
    assert server.received[0].envelope.stream_sequence == 7


@pytest.mark.parametrize("is_encoded", [False, True])
async def test_a_parcel_is_sent_as_structs_or_as_bytes_already_encoded(network: Network, is_encoded: bool) -> None:  # noqa: FBT001 - a parameter
    parcel = [NOTICE, NOTICE]

    async with (
        answering(network, PREFECTURAL) as server,
        network.client(MUNICIPAL, {PREFECTURAL: server.port}, network.revocations()) as client,
    ):
        answer = await client.send(
            PREFECTURAL, "identification_notice", msgspec.json.encode(parcel) if is_encoded else parcel, deadline=10
        )

    assert isinstance(answer, IdentificationAnswer)
    assert server.received[0].body == tuple(parcel)


async def test_many_calls_at_once_share_kept_lines(network: Network) -> None:
    async with answering(network) as server, asking(network, server.port) as client:
        answers = await asyncio.gather(*(client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=30) for _ in range(200)))

    assert answers == [ConfirmationAnswer(result="not_found", use_log_id="1")] * 200
    assert len({received.envelope.message_id for received in server.received}) == 200
    assert len({id(received.peer) for received in server.received}) <= 64


async def test_a_closed_port_is_an_unreachable_peer(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    async with asking(network, port) as client:
        with pytest.raises(PeerUnreachableError):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)


async def test_no_answer_within_the_deadline_is_an_unreachable_peer(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with asking(network, silent.getsockname()[1]) as client:
            with pytest.raises(PeerUnreachableError, match=r"within 0\.2 s"):
                await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=0.2)


async def test_a_node_without_an_address_is_an_unreachable_peer(network: Network) -> None:
    async with network.client(AGENCY, {}, network.revocations()) as client:
        with pytest.raises(PeerUnreachableError, match="directory"):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)


async def test_a_busy_peer_is_told_apart_from_one_that_says_no(network: Network) -> None:
    async def be_busy(_: Received[Any]) -> bytes:
        raise BusyError

    async with answering(network, endpoint=be_busy) as server, asking(network, server.port) as client:
        with pytest.raises(PeerRefusedError) as caught:
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert (caught.value.peer_code, caught.value.is_temporary) == ("operation.busy", True)
    assert isinstance(caught.value.__cause__, BusyError)


@pytest.mark.parametrize(
    "answer", [b"{}", b"null", b"", b"<html>", b'{"result":"found","use_log_id":"1","religion":1}']
)
async def test_an_answer_that_is_not_in_the_catalogue_is_refused(network: Network, answer: bytes) -> None:
    async def give(_: Received[Any]) -> bytes:
        return answer

    async with answering(network, endpoint=give) as server, asking(network, server.port) as client:
        with pytest.raises(PeerAnswerError):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)


async def test_what_the_catalogue_does_not_list_is_never_sent(network: Network) -> None:
    async with answering(network) as server, asking(network, server.port) as client:
        with pytest.raises(PeerNotPermittedError):
            await client.send(NATIONAL, "code_allotment_request", b'{"quantity":1}', deadline=10)
        with pytest.raises(MessageTooLargeError):
            await client.send(NATIONAL, QUERY, b" " * CATALOGUE[QUERY].maximum_bytes, deadline=10)

    assert (server.received, server.refusals) == ([], [])


async def test_a_call_under_way_ends_undisturbed_when_the_certificate_is_renewed(network: Network) -> None:
    arrived, may_answer = asyncio.Event(), asyncio.Event()

    async def answer_late(_: Received[Any]) -> msgspec.Struct:
        arrived.set()
        await may_answer.wait()
        return ConfirmationAnswer(result="not_found", use_log_id="1")

    async with answering(network, endpoint=answer_late) as server, asking(network, server.port) as client:
        call = asyncio.create_task(client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10))
        await arrived.wait()
        await client.use_identity(network.enrol(AGENCY))
        may_answer.set()

        assert (await call).result == "not_found"


async def test_a_stopping_server_ends_the_calls_under_way_with_their_answers(network: Network) -> None:
    arrived, may_answer = asyncio.Event(), asyncio.Event()

    async def answer_late(_: Received[Any]) -> msgspec.Struct:
        arrived.set()
        await may_answer.wait()
        return ConfirmationAnswer(result="not_found", use_log_id="1")

    async with asking_of(network, answer_late) as (client, stop):
        call = asyncio.create_task(client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10))
        await arrived.wait()
        stopping = asyncio.create_task(stop())
        await asyncio.sleep(0)
        may_answer.set()

        assert (await call).result == "not_found"
        await stopping


@asynccontextmanager
async def asking_of(
    network: Network, endpoint: Endpoint
) -> AsyncGenerator[tuple[MessageClient, Callable[[], Coroutine[Any, Any, None]]]]:
    running = answering(network, endpoint=endpoint)
    server = await running.__aenter__()

    async def stop() -> None:
        await running.__aexit__(None, None, None)

    async with asking(network, server.port) as client:
        yield client, stop


async def test_refusals_are_recorded_before_they_are_answered(network: Network) -> None:
    order: list[str] = []

    async def record(_: Refused) -> None:
        order.append("recorded")

    async with answering(network, record=record) as server, asking(network, server.port) as client:
        with pytest.raises(PeerRefusedError):
            await client.send(NATIONAL, QUERY, b"[]", deadline=10)
        order.append("answered")

    assert order == ["recorded", "answered"]
