"""Who gets onto a line at all, and for how long: handshakes, expiry, revocation, renewal."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
import uvloop

from jukinet.domain.errors import (
    CertificateNotTrustedError,
    PeerNotTrustedError,
    PeerRefusedError,
    PortTakenError,
)
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.enrolment import enrol_screens, renew_node
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.serving import serve, serve_screens
from jukinet.transport.tls import client_context, load_own, screens_context
from tests.integration.transport.network import (
    AGENCY,
    BODIES,
    MUNICIPAL,
    PREFECTURAL,
    Answer,
    Network,
    RawLine,
    RunningServer,
    answering,
)

QUERY = "confirmation_query"


def anonymous(network: Network) -> ssl.SSLContext:
    """Return a client that trusts the network and shows no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(network.paths(NATIONAL).authority)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(0x200000)
    return context


async def is_let_in(server: RunningServer, context: ssl.SSLContext) -> bool:
    """Return whether anything at all is answered; in TLS 1.3 a client learns only then that it is not wanted."""
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", server.port, ssl=context, server_hostname=server.name.host
        )
    except OSError:
        return False
    try:
        writer.write(b"POST /messages/confirmation_query HTTP/1.1\r\nhost: n\r\ncontent-length: 0\r\n\r\n")
        return await asyncio.wait_for(reader.read(1), 10) != b""
    except OSError:
        return False
    finally:
        writer.close()


async def query(network: Network, line: RawLine) -> Answer:
    return await line.ask(QUERY, network.sealed(AGENCY, NATIONAL, QUERY))


async def test_without_a_client_certificate_there_is_no_line(network: Network) -> None:
    async with answering(network) as server:
        assert not await is_let_in(server, anonymous(network))

    assert (server.received, server.refusals) == ([], [])


async def test_a_certificate_of_the_network_is_let_in(network: Network) -> None:
    own = network.enrol(AGENCY).paths
    context = anonymous_with(network, own.certificate, own.key)

    async with answering(network) as server:
        assert await is_let_in(server, context)


async def test_a_certificate_of_another_network_is_not_let_in(network: Network, tmp_path: Path) -> None:
    foreign = Network(tmp_path / "foreign").enrol(AGENCY).paths
    context = anonymous_with(network, foreign.certificate, foreign.key)

    async with answering(network) as server:
        assert not await is_let_in(server, context)


async def test_a_screens_certificate_opens_no_message_line(network: Network, tmp_path: Path) -> None:
    certificate, key = enrol_screens(network.authority, tmp_path / "screens", ["localhost", "127.0.0.1"])
    context = anonymous_with(network, certificate, key)

    async with answering(network) as server:
        assert not await is_let_in(server, context)


def anonymous_with(network: Network, certificate: Path, key: Path) -> ssl.SSLContext:
    network.enrol(NATIONAL)
    context = anonymous(network)
    load_own(context, certificate=certificate, key=key)
    return context


async def test_nothing_older_than_tls_1_3_is_spoken(network: Network) -> None:
    own = network.enrol(AGENCY).paths
    context = anonymous_with(network, own.certificate, own.key)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    async with answering(network) as server:
        assert not await is_let_in(server, context)


async def test_an_expired_certificate_is_refused_on_new_and_on_kept_lines(network: Network) -> None:
    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        before = await query(network, line)
        own = network.enrol(AGENCY)
        network.clock.now = own.own.not_after
        network.authority.issue_revocation_list()
        server.revocations.replace_from(network.authority.revocation_list_path)
        kept = await query(network, line)
        async with await RawLine.open(own, server) as new_line:
            new = await query(network, new_line)

    assert before.status == 200
    assert [answer.content["code"] for answer in (kept, new)] == ["permission.certificate"] * 2
    assert "expired" in kept.content["detail"]
    assert server.codes == ["permission.certificate"] * 2


async def test_a_certificate_revoked_while_its_line_is_open_is_refused_at_the_next_request(network: Network) -> None:
    agency = network.enrol(AGENCY)

    async with answering(network) as server, await RawLine.open(agency, server) as line:
        before = await query(network, line)
        network.authority.revoke(agency.own.serial)
        server.revocations.replace_from(network.authority.revocation_list_path)
        after = await query(network, line)

    assert before.status == 200
    assert (after.status, after.content["code"]) == (403, "permission.certificate")
    assert (len(server.received), server.codes) == (1, ["permission.certificate"])


async def test_a_node_whose_revocation_list_is_out_of_date_accepts_nothing_and_says_why(network: Network) -> None:
    async with answering(network) as server, await RawLine.open(network.enrol(AGENCY), server) as line:
        network.clock.advance(days=7.5)
        within_grace = await query(network, line)
        network.clock.advance(days=0.5)
        after = await query(network, line)

    assert within_grace.status == 200
    assert (after.status, after.content["code"]) == (403, "permission.certificate")
    assert "out of date" in after.content["detail"]


async def test_the_client_drops_a_kept_line_when_the_server_s_certificate_is_revoked(network: Network) -> None:
    revocations = network.revocations()

    async with answering(network) as server, network.client(AGENCY, {NATIONAL: server.port}, revocations) as client:
        await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)
        network.authority.revoke(network.enrol(NATIONAL).own.serial)
        revocations.replace_from(network.authority.revocation_list_path)
        with pytest.raises(PeerNotTrustedError, match="revoked"):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert len(server.received) == 1


async def test_the_client_refuses_a_server_whose_certificate_has_expired(network: Network) -> None:
    async with (
        answering(network) as server,
        network.client(AGENCY, {NATIONAL: server.port}, network.revocations()) as client,
    ):
        network.clock.advance(days=91)
        with pytest.raises(PeerNotTrustedError, match="expired"):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert (server.received, server.refusals) == ([], [])


async def test_a_new_revocation_list_can_be_fetched_with_one_that_is_out_of_date(network: Network) -> None:
    stale = network.revocations()
    agency_serial = network.enrol(AGENCY).own.serial
    network.enrol(NATIONAL)
    network.clock.advance(days=9)
    network.authority.issue_revocation_list()

    async with answering(network) as server, network.client(AGENCY, {NATIONAL: server.port}, stale) as client:
        with pytest.raises(PeerNotTrustedError, match="out of date"):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)
        await client.send(NATIONAL, "revocation_list_request", b"{}", deadline=10)
        stale.replace(server.revocations.content)
        await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert not stale.is_revoked(agency_serial)
    assert [received.envelope.type for received in server.received] == ["revocation_list_request", QUERY]


async def test_another_node_of_the_network_cannot_stand_in_for_the_receiver(network: Network) -> None:
    async with (
        answering(network, PREFECTURAL) as impostor,
        network.client(AGENCY, {NATIONAL: impostor.port}, network.revocations()) as client,
    ):
        with pytest.raises(PeerNotTrustedError):
            await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert (impostor.received, impostor.refusals) == ([], [])


async def test_renewed_certificates_are_used_without_a_restart(network: Network) -> None:
    revocations = network.revocations()

    async with answering(network) as server, network.client(AGENCY, {NATIONAL: server.port}, revocations) as client:
        old = [network.enrol(AGENCY).own.serial, network.enrol(NATIONAL).own.serial]
        await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)
        for name in (AGENCY, NATIONAL):
            renew_node(network.authority, name, network.paths(name).key.parent)
        load_own(server.context, certificate=network.paths(NATIONAL).certificate, key=network.paths(NATIONAL).key)
        await client.use_identity(NodeIdentity.load(network.paths(AGENCY), now=network.clock()))
        for serial in old:
            network.authority.revoke(serial)
        for holder in (revocations, server.revocations):
            holder.replace_from(network.authority.revocation_list_path)
        await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)

    assert [received.peer.serial == old[0] for received in server.received] == [True, False]


async def test_a_taken_port_is_named(network: Network) -> None:
    context = screens_context(
        certificate=network.enrol(NATIONAL).paths.certificate, key=network.enrol(NATIONAL).paths.key
    )

    async def app(*_: object) -> None:
        return

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)):
            async with serve(app, host="127.0.0.1", port=port, context=context):
                pass


async def test_screens_are_served_without_a_client_certificate_but_not_below_tls_1_3(
    network: Network, tmp_path: Path
) -> None:
    certificate, key = enrol_screens(network.authority, tmp_path / "screens", ["localhost", "127.0.0.1"])

    async def app(_scope: object, _receive: object, send: Callable[[object], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async with serve_screens(
        app, host="127.0.0.1", port=0, context=screens_context(certificate=certificate, key=key)
    ) as port:
        network.enrol(NATIONAL)
        browser = anonymous(network)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=browser, server_hostname="127.0.0.1")
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        page = await reader.read()
        writer.close()
        browser.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=browser, server_hostname="127.0.0.1")

    assert page.endswith(b"ok")


async def test_a_refusal_reaches_the_caller_with_the_peer_s_code(network: Network) -> None:
    async with (
        answering(network) as server,
        network.client(AGENCY, {NATIONAL: server.port}, network.revocations()) as client,
    ):
        with pytest.raises(PeerRefusedError) as caught:
            await client.send(NATIONAL, QUERY, b'{"religion":1}', deadline=10)

    assert caught.value.peer_code == "value.request"
    assert not caught.value.is_temporary


def test_lines_are_checked_the_same_way_on_the_event_loop_nodes_run_on(network: Network) -> None:
    async def converse() -> list[str]:
        async with answering(network) as server, answering(network, PREFECTURAL) as impostor:
            addresses = {NATIONAL: server.port, PREFECTURAL: impostor.port}
            async with network.client(AGENCY, addresses, network.revocations()) as client:
                await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)
            async with network.client(AGENCY, {NATIONAL: impostor.port}, network.revocations()) as client:
                with pytest.raises(PeerNotTrustedError):
                    await client.send(NATIONAL, QUERY, BODIES[QUERY], deadline=10)
        return [received.envelope.sender for received in server.received + impostor.received]

    assert uvloop.run(converse()) == [AGENCY.text]


def test_an_identity_says_what_is_wrong_with_it(network: Network) -> None:
    identity = network.enrol(MUNICIPAL)

    with pytest.raises(CertificateNotTrustedError, match=r"run `jukinet pki renew municipal/131016`"):
        NodeIdentity.load(identity.paths, now=identity.own.not_after)
    with pytest.raises(CertificateNotTrustedError, match="check the clock"):
        NodeIdentity.load(identity.paths, now=identity.own.not_before - timedelta(seconds=1))


def test_the_client_context_accepts_nothing_but_tls_1_3(network: Network) -> None:
    context = client_context(network.enrol(AGENCY).paths, lambda _name, _certificate: None)

    assert context.minimum_version == context.maximum_version == ssl.TLSVersion.TLSv1_3
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
