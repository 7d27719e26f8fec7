"""What a message server lets through, and how it refuses the rest: recorded, with a stable code, nothing reached."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from jukinet.domain.errors import BusyError, ConfigurationError, DatabaseUnavailableError, MissingItemError
from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.envelope import sign
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport import peer_protocol, serving
from jukinet.transport.message_server import MessageServer, Received, Refused
from tests.integration.transport.network import (
    AGENCY,
    MUNICIPAL,
    OTHER_PREFECTURE,
    PREFECTURAL,
    Network,
    RawLine,
    RunningServer,
    answering,
    say,
)

QUERY = "confirmation_query"
ALLOTMENT = "code_allotment_forwarding"


async def refused_with(network: Network, server: RunningServer, sender: NodeName, kind: str, content: bytes) -> str:
    """Say it; return the code, having seen that it was recorded and reached nobody."""
    answer = await say(network, server, sender, kind, content)

    assert answer.status in {403, 413, 422}
    assert server.received == []
    assert server.codes == [answer.content["code"]]
    assert server.refusals[0].peer_name == sender
    return str(answer.content["code"])


async def test_a_message_arrives_with_its_sender_its_bytes_and_its_signature(network: Network) -> None:
    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT)

    async with answering(network) as server:
        answer = await say(network, server, PREFECTURAL, ALLOTMENT, content)

    assert answer.status == 200
    (received,) = server.received
    assert received.peer.name == PREFECTURAL
    assert received.content == content
    assert received.signature is not None
    assert received.body.quantity == 1
    assert "quantity" not in repr(received)


async def test_a_query_needs_no_signature_and_keeps_none(network: Network) -> None:
    async with answering(network) as server:
        answer = await say(network, server, AGENCY, QUERY, jukinet_signature="")

    assert answer.status == 200
    assert server.received[0].signature is None


async def test_a_municipality_may_not_notify_another_prefecture(network: Network) -> None:
    kind = "identification_notice"
    content = network.sealed(MUNICIPAL, OTHER_PREFECTURE, kind)

    async with answering(network, OTHER_PREFECTURE) as server:
        assert await refused_with(network, server, MUNICIPAL, kind, content) == "permission.peer"


async def test_an_unknown_type_is_refused_and_its_name_is_not_recorded(network: Network) -> None:
    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        answer = await line.ask("resident_dump")

    assert (answer.status, answer.content["code"]) == (403, "permission.message_type")
    assert [(each.code, each.message_type) for each in server.refusals] == [("permission.message_type", None)]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/messages/confirmation_query", 422, "value.request"),
        ("PUT", "/messages/confirmation_query", 422, "value.request"),
        ("POST", "/", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("POST", "/messages", 404, "not_found"),
        ("POST", "/messages/", 403, "permission.message_type"),
        ("POST", "/messages/confirmation_query/", 403, "permission.message_type"),
        ("POST", "/messages/../messages/confirmation_query", 403, "permission.message_type"),
        ("POST", "//messages/confirmation_query", 404, "not_found"),
    ],
)
async def test_nothing_but_posting_a_message_is_spoken(
    network: Network, method: str, path: str, status: int, code: str
) -> None:
    content = network.sealed(AGENCY, NATIONAL, QUERY)

    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        answer = await line.ask(QUERY, content, method=method, path=path)

    assert (answer.status, answer.content["code"]) == (status, code)
    assert server.codes == [code]
    assert server.received == []


@pytest.mark.invariant("I1")
@pytest.mark.parametrize(
    "body",
    [
        b'{"municipality":"131016","quantity":1,"religion":"x"}',
        b'{"municipality":"131016","quantity":"1"}',
        b"{}",
        b"[]",
        b"null",
        b'{"municipality":"131016","quantity":1e999}',
    ],
)
async def test_a_body_of_another_form_is_refused_not_trimmed(network: Network, body: bytes) -> None:
    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT, body=msgspec.Raw(body))

    async with answering(network) as server:
        assert await refused_with(network, server, PREFECTURAL, ALLOTMENT, content) == "value.request"


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"sender": AGENCY.text}, "permission.peer"),
        ({"receiver": OTHER_PREFECTURE.text}, "permission.peer"),
        ({"type": QUERY}, "value.request"),
        ({"version": 2}, "value.request"),
        ({"message_id": "1"}, "value.request"),
        ({"stream_sequence": -1}, "value.request"),
    ],
)
async def test_an_envelope_that_contradicts_the_line_is_refused(
    network: Network, replaced: dict[str, Any], code: str
) -> None:
    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT, **replaced)

    async with answering(network) as server:
        assert await refused_with(network, server, PREFECTURAL, ALLOTMENT, content) == code


@pytest.mark.parametrize("minutes", [-5.1, 5.1])
async def test_a_message_from_another_time_is_refused(network: Network, minutes: float) -> None:
    sent_at = network.clock() + timedelta(minutes=minutes)
    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT, sent_at=sent_at)

    async with answering(network) as server:
        assert await refused_with(network, server, PREFECTURAL, ALLOTMENT, content) == "permission.stale"


@pytest.mark.parametrize("flaw", ["missing", "not base64", "other bytes", "other node"])
async def test_a_signature_that_does_not_prove_the_sender_is_refused(network: Network, flaw: str) -> None:
    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT)
    own, other = network.enrol(PREFECTURAL), network.enrol(MUNICIPAL)
    signature = {
        "missing": "",
        "not base64": "!",
        "other bytes": sign(content + b" ", own.key),
        "other node": sign(content, other.key),
    }[flaw]

    async with answering(network) as server:
        answer = await say(network, server, PREFECTURAL, ALLOTMENT, content, jukinet_signature=signature)

    assert (answer.status, answer.content["code"]) == (403, "permission.signature")
    assert (server.codes, server.received) == (["permission.signature"], [])


async def test_a_declared_length_beyond_the_limit_is_refused_before_the_body(network: Network) -> None:
    length = CATALOGUE[ALLOTMENT].maximum_bytes + 1
    head = b"POST /messages/code_allotment_forwarding HTTP/1.1\r\nhost: n\r\ncontent-length: %d\r\n\r\n" % length

    async with answering(network) as server, await RawLine.open(network.enrol(PREFECTURAL), server) as line:
        answer = await line.type(head)

    assert (answer.status, answer.content["code"]) == (413, "permission.too_large")
    assert server.codes == ["permission.too_large"]


@pytest.mark.parametrize(
    "header",
    [
        b"transfer-encoding: chunked",
        b"transfer-encoding: gzip, chunked",
        b"upgrade: websocket\r\nconnection: upgrade\r\ncontent-length: 9",
        b"upgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 9",
    ],
)
async def test_a_message_that_does_not_tell_its_length_or_asks_for_another_protocol_is_cut_off(
    network: Network, header: bytes
) -> None:
    # What has no length could go on for ever: in chunks, in what is said about chunks, in headers that follow them.
    head = b"POST /messages/confirmation_query HTTP/1.1\r\nhost: n\r\n" + header + b"\r\n\r\n"

    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        answer = await line.type(head + b"0\r\n" + b"a: b\r\n" * 10_000)
        is_ended = await line.is_ended()

    assert answer.status == 400
    assert server.received == []
    assert is_ended


async def test_a_refused_message_with_much_unread_ends_the_line(network: Network) -> None:
    head = b"POST /messages/code_allotment_forwarding HTTP/1.1\r\nhost: n\r\ncontent-length: 9000000\r\n\r\n"

    async with answering(network) as server, await RawLine.open(network.enrol(PREFECTURAL), server) as line:
        answer = await line.type(head + b" " * 1000)
        is_ended = await line.is_ended()

    assert answer.status == 413
    assert is_ended


async def test_a_peer_with_too_many_connections_starves_itself_and_nobody_else(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_protocol, "MOST_OF_ONE", 2)

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(answering(network))
        lines = [await stack.enter_async_context(await RawLine.open(network.enrol(AGENCY), server)) for _ in range(3)]
        assert await lines[2].is_ended()
        kept = await lines[0].ask(QUERY, network.sealed(AGENCY, NATIONAL, QUERY))
        other = await say(network, server, PREFECTURAL, ALLOTMENT)
        lines[1].writer.close()
        await lines[1].writer.wait_closed()
        again = await say(network, server, AGENCY, QUERY)

    assert [answer.status for answer in (kept, other, again)] == [200, 200, 200]


async def test_a_connection_that_never_shows_a_certificate_is_not_waited_for(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HANDSHAKE", 0.05)

    async with answering(network) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x16\x03\x01")
        try:
            is_ended = await asyncio.wait_for(reader.read(1), 10) == b""
        except ConnectionResetError:
            is_ended = True
        writer.close()

    assert is_ended


async def test_headers_without_end_are_cut_off(network: Network, capfd: pytest.CaptureFixture[str]) -> None:
    head = b"POST /messages/confirmation_query HTTP/1.1\r\nhost: n\r\nx: " + b"x" * 20_000

    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        answer = await line.type(head)
        is_ended = await line.is_ended()

    assert answer.status == 400
    assert is_ended
    output = capfd.readouterr()
    assert "not_http" in output.out + output.err
    assert AGENCY.text in output.out + output.err


@pytest.mark.parametrize(
    "beginning",
    [b"", b"POST /mess", b"POST /messages/confirmation_query HTTP/1.1\r\nhost: n\r\ncontent-length: 9\r\n\r\nx"],
)
async def test_a_request_that_does_not_arrive_is_not_waited_for(
    network: Network, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(peer_protocol, "PATIENCE", 0.05)

    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        line.writer.write(beginning)
        is_ended = await line.is_ended()

    assert is_ended
    assert server.received == []


async def test_an_endpoint_may_take_longer_than_a_request_may_take_to_arrive(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_protocol, "PATIENCE", 0.02)

    async def take_long(_: Received[Any]) -> bytes:
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, later.set)
        await later.wait()
        return b'{"result":"not_found","use_log_id":"1"}'

    async with answering(network, endpoint=take_long) as server:
        answer = await say(network, server, AGENCY, QUERY)

    assert answer.status == 200


async def test_the_line_stays_open_after_a_refusal(network: Network) -> None:
    content = network.sealed(AGENCY, NATIONAL, QUERY)

    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        first = await line.ask(ALLOTMENT, content)
        second = await line.ask(QUERY, content)

    assert (first.status, second.status) == (403, 200)


async def test_an_endpoint_s_refusal_is_answered_with_its_code_and_recorded(network: Network) -> None:
    async def refuse(_: Received[Any]) -> bytes:
        raise MissingItemError(field="purpose")

    async with answering(network, endpoint=refuse) as server:
        answer = await say(network, server, AGENCY, QUERY)

    assert (answer.status, answer.content["code"], answer.content["field"]) == (422, "value.missing", "purpose")
    assert server.codes == ["value.missing"]


async def test_a_busy_node_says_so_and_records_no_refusal(network: Network) -> None:
    async def be_busy(_: Received[Any]) -> bytes:
        raise BusyError

    async with answering(network, endpoint=be_busy) as server:
        answer = await say(network, server, AGENCY, QUERY)

    assert (answer.status, answer.content["code"]) == (503, "operation.busy")
    assert server.refusals == []


async def test_what_the_node_could_not_do_is_logged_with_its_code_and_the_message_id(
    network: Network, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fail(_: Received[Any]) -> bytes:
        raise DatabaseUnavailableError

    async with answering(network, endpoint=fail) as server:
        answer = await say(network, server, AGENCY, QUERY)

    output = capfd.readouterr()
    logged = output.out + output.err
    assert (answer.status, answer.content["code"]) == (503, "operation.database")
    assert "warning" in logged
    assert "operation.database" in logged
    assert server.received[0].envelope.message_id in logged


async def test_an_unknown_error_keeps_its_text_to_itself(
    network: Network, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: Received[Any]) -> bytes:
        raise RuntimeError("12345678901")

    async with answering(network, endpoint=fail) as server:
        answer = await say(network, server, AGENCY, QUERY)

    output = capfd.readouterr()
    logged = output.out + output.err + caplog.text
    assert (answer.status, answer.content["code"]) == (500, "operation.internal")
    assert "12345678901" not in logged + str(answer)
    assert "builtins.RuntimeError" in logged
    assert server.received[0].envelope.message_id in logged


async def test_a_refusal_that_cannot_be_recorded_is_never_an_acceptance(network: Network) -> None:
    async def fail(_: Refused) -> None:
        raise OSError("disk")

    content = network.sealed(PREFECTURAL, NATIONAL, ALLOTMENT, version=9)

    async with answering(network, record=fail) as server:
        answer = await say(network, server, PREFECTURAL, ALLOTMENT, content)

    assert (answer.status, answer.content["code"]) == (500, "operation.internal")
    assert server.received == []


def test_a_node_cannot_be_given_an_endpoint_the_catalogue_does_not_send_it(network: Network) -> None:
    async def answer(_: Received[Any]) -> bytes:
        return b"{}"

    async def record(_: Refused) -> None:
        return

    with pytest.raises(ConfigurationError, match="agency node does not answer"):
        MessageServer(
            name=AGENCY,
            endpoints={QUERY: answer},
            revocations=network.revocations(),
            clock=network.clock,
            record_refusal=record,
        )
