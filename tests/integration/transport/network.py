"""A network to test with: an authority, enrolled nodes, servers that note what reaches them, a line to type on."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import msgspec

from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.envelope import VERSION, Envelope, new_message_id, seal, sign
from jukinet.protocol.node_names import NATIONAL, NODE_KINDS, NodeKind, NodeName
from jukinet.transport.directory import Address, Directory
from jukinet.transport.enrolment import enrol_node
from jukinet.transport.identity import IdentityPaths, NodeIdentity
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import MessageServer, Received, Refused
from jukinet.transport.pki import NetworkAuthority, create_network_authority, create_root
from jukinet.transport.revocation import RevocationList, load_revocation_list
from jukinet.transport.serving import serve
from jukinet.transport.tls import client_context, server_context

MUNICIPAL = NodeName.parse("municipal/131016")
PREFECTURAL = NodeName.parse("prefectural/130001")
OTHER_PREFECTURE = NodeName.parse("prefectural/140007")
AGENCY = NodeName.parse("agency/nenkin")
RESIDENT_SYSTEM = NodeName.parse("resident_system/131016")
OTHER_RESIDENT_SYSTEM = NodeName.parse("resident_system/131121")
ORGAN_SYSTEM = NodeName.parse("organ_system/nenkin")
ONE_OF_EACH = {name.kind: name for name in (MUNICIPAL, PREFECTURAL, NATIONAL, AGENCY, RESIDENT_SYSTEM, ORGAN_SYSTEM)}

_QUERY = b'{"resident_record_code":"12345678901","affair":"1-77-3","purpose":"p","matter_number":"1","official":"o"}'
_GRANTS = b'{"organ":"o","day":"2026-04-01","affairs":[]}'
#: A body that every check of the form lets pass, per message type.
BODIES = {
    "identification_notice": b"[]",
    "identification_forwarding": b"[]",
    "confirmation_query": (
        b'{"resident_record_code":"12345678901","affair":"1-77-3","purpose":"p","matter_number":"1","official":"o"}'
    ),
    "batch_begin": (
        b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000","header":{"version":1,"layout":"csv",'
        b'"key":"individual_number","affair":"1-74-2","purpose":"p","matter_number":"1","official":"o"},'
        b'"length":1,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}'
    ),
    "batch_part": (
        b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000","offset":0,"content":"eA==",'
        b'"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}'
    ),
    "batch_commit": (
        b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000",'
        b'"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}'
    ),
    "batch_status": b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000"}',
    "batch_result": b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000","offset":0}',
    "batch_cancel": b'{"batch_id":"0193f3a0-0000-7000-8000-000000000000"}',
    "feed_subscribe": (
        b'{"subscription_id":"0193f3a0-0000-7000-8000-000000000000","people":[],"affair":"1-74-2","purpose":"p",'
        b'"matter_number":"1","official":"o","expires_on":"2027-03-31"}'
    ),
    "feed_follow_batch": (
        b'{"subscription_id":"0193f3a0-0000-7000-8000-000000000000","expires_on":"2027-03-31",'
        b'"batch_id":"0193f3a0-0000-7000-8000-000000000000"}'
    ),
    "feed_unfollow": b'{"subscription_id":"0193f3a0-0000-7000-8000-000000000000"}',
    "feed_read": b'{"after":0}',
    "code_allotment_request": b'{"quantity":1}',
    "code_allotment_forwarding": b'{"municipality":"131016","quantity":1}',
    "individual_number_request": b"{}",
    "move_in_notice": b"[]",
    "move_out_confirmation": b"[]",
    "annex_notice": b"[]",
    "register_hand_over": b"[]",
    "former_record_query": b'{"resident_record_code":"12345678901","procedure":"move_in","operator":"o"}',
    "person_search": (
        b'{"stated":{"name":"n","birth_date":"1990-05-06"},"affair":"1-77-3","purpose":"p","matter_number":"1",'
        b'"official":"o"}'
    ),
    "provision_grants": b"{}",
    "local_grants": b"{}",
    "local_grants_forwarding": b"{}",
    "local_confirmation": _QUERY,
    "local_confirmation_forwarding": b'{"query":' + _QUERY + b"}",
    "doubt_report": b"[]",
    "doubt_referral": b"[]",
    "doubt_referral_forwarding": b"[]",
    "doubt_answer": b"[]",
    "doubt_answer_forwarding": b"[]",
    "doubt_status": b"{}",
    "identification_consistency_check": b"{}",
    "resident_changes": b'{"records":[]}',
    "resident_changes_status": b"{}",
    "resend_request": b'{"request_id":"1","resident_number":"1"}',
    "resident_consistency_check": b"{}",
    "use_log_request": b'{"resident_record_code":"12345678901","matter_number":"1","operator":"o"}',
    "resident_enrolment": (
        b'{"resident_record_code":"12345678901","account_number":"123456789012","code_hash":"00",'
        b'"valid_until":"2026-12-01","matter_number":"1","operator":"o"}'
    ),
    "revocation_list_request": b"{}",
}
_STATUS = b'{"batch_id":"1","state":"receiving","length":1,"received":0}'
_NOTICES = b'{"received":0,"already_received":0}'
_SUBSCRIBED = b'{"subscription_id":"1","items":[],"expires_on":"2027-03-31","newest":0}'
_ANSWERS = {
    "feed_subscribe": _SUBSCRIBED,
    "feed_follow_batch": _SUBSCRIBED,
    "feed_unfollow": b'{"subscription_id":"1","people":0,"is_ended":true}',
    "feed_read": b'{"events":[],"scanned":0,"newest":0}',
    "batch_begin": _STATUS,
    "batch_part": b'{"received":0}',
    "batch_commit": _STATUS,
    "batch_status": _STATUS,
    "batch_result": b'{"offset":0,"sha256":"","content":"","is_last":true}',
    "batch_cancel": _STATUS,
    "identification_notice": b'{"applied":0,"already_applied":0,"held":0}',
    "identification_forwarding": b'{"applied":0,"already_applied":0,"held":0}',
    "confirmation_query": b'{"result":"not_found","use_log_id":"1"}',
    "code_allotment_request": b'{"resident_record_codes":[]}',
    "code_allotment_forwarding": b'{"resident_record_codes":[]}',
    "individual_number_request": b'{"answers":[]}',
    "move_in_notice": b'{"received":0,"already_received":0}',
    "move_out_confirmation": b'{"received":0,"already_received":0}',
    "annex_notice": b'{"received":0,"already_received":0}',
    "register_hand_over": b'{"received":0,"already_received":0}',
    "former_record_query": b'{"use_log_id":"1"}',
    "person_search": b'{"result":"not_found","use_log_id":"1"}',
    "local_grants": _GRANTS,
    "local_grants_forwarding": _GRANTS,
    "local_confirmation": b'{"result":"not_found","use_log_id":"1"}',
    "local_confirmation_forwarding": b'{"result":"not_found","use_log_id":"1"}',
    "doubt_report": _NOTICES,
    "doubt_referral": _NOTICES,
    "doubt_referral_forwarding": _NOTICES,
    "doubt_answer": _NOTICES,
    "doubt_answer_forwarding": _NOTICES,
    "doubt_status": b"{}",
    "provision_grants": b'{"organ":"o","day":"2026-04-01","affairs":[]}',
    "identification_consistency_check": b"{}",
    "resident_changes": b'{"submission_number":1,"mode":"automatic","results":[]}',
    "resident_changes_status": b'{"mode":"automatic","last_order_number":0,"counts":{},"results":[]}',
    "resend_request": b'{"update_sequence":1,"is_new":false}',
    "resident_consistency_check": b"{}",
    "use_log_request": b'{"use_log_id":"1","total":0}',
    "resident_enrolment": b'{"closed_accounts":0}',
    "revocation_list_request": b'{"revocation_list":""}',
}


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


class Network:
    """One authority, and what it certified."""

    def __init__(self, directory: Path, *, root_directory: Path | None = None) -> None:
        self.directory = directory
        self.clock = FixedClock()
        root = create_root(root_directory or directory / "root", clock=self.clock)
        self.authority: NetworkAuthority = create_network_authority(directory / "network", root, clock=self.clock)

    def paths(self, name: NodeName) -> IdentityPaths:
        return IdentityPaths.under(self.directory / name.text.replace("/", "-"))

    def enrol(self, name: NodeName) -> NodeIdentity:
        paths = self.paths(name)
        if not paths.certificate.exists():
            enrol_node(self.authority, name, paths.key.parent)
        return NodeIdentity.load(paths, now=self.clock())

    def revocations(self) -> RevocationList:
        return load_revocation_list(self.authority.revocation_list_path, self.authority.certificate, clock=self.clock)

    def client(self, name: NodeName, addresses: dict[NodeName, int], revocations: RevocationList) -> MessageClient:
        return MessageClient(
            identity=self.enrol(name),
            directory=Directory({peer: Address("127.0.0.1", port) for peer, port in addresses.items()}),
            revocations=revocations,
            clock=self.clock,
            random_bytes=random.Random(1).randbytes,
        )

    def sealed(self, sender: NodeName, receiver: NodeName, message_type: str, /, **replaced: object) -> bytes:
        """Return an envelope with a good body, or with what `replaced` says instead."""
        items: dict[str, Any] = {
            "version": VERSION,
            "message_id": new_message_id(self.clock(), bytes(10)),
            "type": message_type,
            "sender": sender.text,
            "receiver": receiver.text,
            "sent_at": self.clock(),
            "stream_sequence": 0,
            "body": msgspec.Raw(BODIES[message_type]),
        }
        items.update(replaced)
        return seal(Envelope(**items))


@dataclass
class RunningServer:
    """A server under test, with what it let through and what it refused."""

    name: NodeName
    port: int
    context: ssl.SSLContext
    revocations: RevocationList
    received: list[Received[Any]] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [refused.code for refused in self.refusals]


@asynccontextmanager
async def answering(
    network: Network,
    name: NodeName = NATIONAL,
    *,
    endpoint: Callable[[Received[Any]], Awaitable[msgspec.Struct | bytes]] | None = None,
    record: Callable[[Refused], Awaitable[None]] | None = None,
) -> AsyncGenerator[RunningServer]:
    """Run a node's message server with an endpoint for every message the catalogue sends to its kind."""
    running = RunningServer(name, 0, server_context(network.enrol(name).paths), network.revocations())

    async def note(received: Received[Any]) -> msgspec.Struct | bytes:
        running.received.append(received)
        return _ANSWERS[received.envelope.type] if endpoint is None else await endpoint(received)

    async def note_refusal(refused: Refused) -> None:
        running.refusals.append(refused)
        if record is not None:
            await record(refused)

    app = MessageServer(
        name=name,
        endpoints={row.name: note for row in CATALOGUE.values() if name.kind in row.receivers},
        revocations=running.revocations,
        clock=network.clock,
        record_refusal=note_refusal,
    )
    async with serve(app, host="127.0.0.1", port=0, context=running.context) as running.port:
        yield running


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: dict[str, Any]


class RawLine:
    """A connection on which a test types HTTP itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, identity: NodeIdentity, server: RunningServer) -> Self:
        context = client_context(identity.paths, lambda _name, _certificate: None)
        return cls(
            *await asyncio.open_connection("127.0.0.1", server.port, ssl=context, server_hostname=server.name.host)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def ask(
        self, message_type: str, content: bytes = b"", *, method: str = "POST", path: str | None = None, **headers: str
    ) -> Answer:
        lines = {"host": "node", "content-length": str(len(content)), **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value)
        start = f"{method} {path or '/messages/' + message_type} HTTP/1.1\r\n{head}\r\n"
        return await self.type(start.encode("latin-1") + content)

    async def type(self, octets: bytes) -> Answer:
        self.writer.write(octets)
        await self.writer.drain()
        return await self.read()

    async def read(self) -> Answer:
        head = (await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        content = await self._reader.readexactly(int(headers["content-length"]))
        is_json = headers["content-type"] == "application/json"
        return Answer(int(head[0].split()[1]), headers, json.loads(content) if is_json else {"text": content.decode()})

    async def is_ended(self) -> bool:
        return await asyncio.wait_for(self._reader.read(1), 10) == b""


async def say(
    network: Network,
    server: RunningServer,
    sender: NodeName,
    message_type: str,
    content: bytes | None = None,
    **headers: str,
) -> Answer:
    """Say one message on a line of its own, well sealed and signed unless told otherwise."""
    identity = network.enrol(sender)
    content = network.sealed(sender, server.name, message_type) if content is None else content
    headers = {"jukinet_signature": sign(content, identity.key), **headers}
    async with await RawLine.open(identity, server) as line:
        return await line.ask(message_type, content, **headers)


def every_direction() -> list[tuple[str, NodeKind, NodeKind]]:
    """Return every message type with every kind of sender and receiver, listed or not."""
    # In one order in every process: two of them run the tests side by side.
    receivers = [kind for kind in NodeKind if kind in NODE_KINDS]
    return [(name, sender, receiver) for name in CATALOGUE for sender in NodeKind for receiver in receivers]
