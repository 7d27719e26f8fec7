"""What somebody on the wire sees: TLS 1.3, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_server import Received
from tests.integration.transport.network import AGENCY, Network, answering

HANDSHAKE, APPLICATION_DATA = 22, 23
CLIENT_HELLO, SERVER_HELLO = 1, 2
#: Extension supported_versions (43), two octets long, choosing 0x0304: TLS 1.3.
CHOSEN_TLS_1_3 = bytes.fromhex("002b00020304")
MARKER = "PLANTED-邊󠄂-MARKER"


@dataclass
class Wiretap:
    """Everything that crossed a connection, per direction."""

    port: int = 0
    to_server: bytearray = field(default_factory=bytearray)
    to_client: bytearray = field(default_factory=bytearray)


@asynccontextmanager
async def wiretapped(target: int) -> AsyncGenerator[Wiretap]:
    tap = Wiretap()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
        while octets := await reader.read(65536):
            kept.extend(octets)
            writer.write(octets)
            await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(copy(reader, onward_writer, tap.to_server), copy(onward_reader, writer, tap.to_client))

    proxy = await asyncio.start_server(connect, "127.0.0.1", 0)
    tap.port = proxy.sockets[0].getsockname()[1]
    try:
        yield tap
    finally:
        proxy.close()


def records(octets: bytearray) -> Iterator[tuple[int, bytes]]:
    """Yield type and fragment of every TLS record; fail if there is anything between them."""
    place = 0
    while place < len(octets):
        kind, version, length = octets[place], octets[place + 1 : place + 3], octets[place + 3 : place + 5]
        assert bytes(version) in {b"\x03\x01", b"\x03\x03"}
        end = place + 5 + int.from_bytes(length, "big")
        assert end <= len(octets)
        yield kind, bytes(octets[place + 5 : end])
        place = end


async def test_only_tls_1_3_records_cross_the_wire_and_no_plaintext(network: Network) -> None:
    async def answer(_: Received[object]) -> msgspec.Struct:
        return ConfirmationAnswer(result=MARKER, use_log_id="1")

    query = msgspec.json.encode(
        {"resident_record_code": MARKER, "affair": "1-77-3", "purpose": MARKER, "matter_number": "1", "official": "o"}
    )

    async with answering(network, endpoint=answer) as server, wiretapped(server.port) as tap:
        async with network.client(AGENCY, {NATIONAL: tap.port}, network.revocations()) as client:
            answers = [await client.send(NATIONAL, "confirmation_query", query, deadline=10) for _ in range(3)]
        sent, received = list(records(tap.to_server)), list(records(tap.to_client))

    assert [each.result for each in answers] == [MARKER] * 3
    assert server.received[0].body.purpose == MARKER
    assert (sent[0][0], sent[0][1][0]) == (HANDSHAKE, CLIENT_HELLO)
    assert (received[0][0], received[0][1][0]) == (HANDSHAKE, SERVER_HELLO)
    assert CHOSEN_TLS_1_3 in received[0][1]
    assert {kind for kind, _ in sent[1:] + received[1:]} == {APPLICATION_DATA}
    assert len(sent) > 4
    for plaintext in (MARKER.encode(), b"PLANTED", b"confirmation_query", b"jukinet://", AGENCY.host.encode()):
        assert plaintext not in tap.to_server + tap.to_client
