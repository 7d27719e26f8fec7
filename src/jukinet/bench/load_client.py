"""The load client of look-up, verification and search: a process that keeps many connections busy, and checks answers.

It speaks HTTP/1.1 over mutual TLS 1.3 by hand, because it shares the machine with what it measures. It skips no part
of a query: each has an envelope with a fresh id and instant, and each answer is decoded and compared with its question.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from jukinet.bench.results import find_percentile
from jukinet.domain.clock import Clock
from jukinet.domain.errors import PeerAnswerError
from jukinet.protocol.catalogue import find_message_type
from jukinet.protocol.confirmation import ConfirmationQuery
from jukinet.protocol.envelope import VERSION, Envelope, new_message_id, seal
from jukinet.transport.identity import IdentityPaths
from jukinet.transport.tls import client_context

#: Digits of a resident record code, and the line feed after it.
_CODE_LINE: Final = 12
_END_OF_HEADER: Final = b"\r\n\r\n"
_OK: Final = b"HTTP/1.1 200 "
_LENGTH: Final = b"content-length: "
_MARK_ID: Final = "00000000-0000-7000-8000-000000000000"
#: An instant as it is written, always to the microsecond.
_INSTANT: Final = "2026-01-01T00:00:00.000000Z"
_MARK_CODE: Final = "@resident_record_code@"
_MARK_BODY: Final = b'"@body@"'
#: Answers may have one of these; a search may come to several people of one name.
_RESULTS: Final = {"confirmation_query": {"found"}, "person_search": {"found", "several"}}


class LoadOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the client is to do."""

    host: str
    port: int
    server_name: str
    identity: str
    sender: str
    receiver: str
    affair: str
    message_type: str = "confirmation_query"
    #: A file of existing resident record codes, one a line: each is looked up.
    codes: str | None = None
    #: Or a file of whole queries as JSON, one a line, each asked as it is.
    bodies: str | None = None
    connections: int
    warm_up_seconds: float
    seconds: float


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """What it did. `answers` and the milliseconds are of the measured time; `all_answers` counts the warm-up too."""

    answers: int
    all_answers: int
    seconds: float
    p50: float
    p99: float
    longest: float


class _Load:
    """What all connections share: the questions to ask, and what was measured."""

    def __init__(self, order: LoadOrder, clock: Clock) -> None:
        self.clock: Final = clock
        self.time: Final = time.perf_counter
        self.choice: Final = random.Random(secrets.randbits(64))  # noqa: S311 - chance for a measurement
        self.codes: Final = b"" if order.codes is None else Path(order.codes).read_bytes()
        self.bodies: Final = [] if order.bodies is None else Path(order.bodies).read_bytes().splitlines()
        self.count: Final = len(self.bodies) or len(self.codes) // _CODE_LINE
        self.frame: Final = _frame(order, clock())
        self.query: Final = _query(order)
        self.results: Final = _RESULTS[order.message_type]
        self.decode: Final[Callable[[bytes], Any]] = msgspec.json.Decoder(
            find_message_type(order.message_type).answer
        ).decode
        self.latencies: Final[list[float]] = []
        self.answers = 0
        self.measured_from = float("inf")
        self.is_over = False

    def question(self) -> tuple[str, bytes]:
        """Return a fresh message id, and the whole request that asks under it about somebody."""
        now = self.clock()
        message_id = new_message_id(now, self.choice.randbytes(10))
        head, length, before, between, behind, end = self.frame
        sent_at = now.isoformat(timespec="microseconds").replace("+00:00", "Z").encode("ascii")
        body = self._body()
        size = b"%d\r\n\r\n" % (length + len(body))
        return message_id, b"".join(
            (head, size, before, message_id.encode("ascii"), between, sent_at, behind, body, end)
        )

    def _body(self) -> bytes:
        place = self.choice.randrange(self.count)
        if self.bodies:
            return self.bodies[place]
        start = place * _CODE_LINE
        first, last = self.query
        return first + self.codes[start : start + _CODE_LINE - 1] + last


class _Connection(asyncio.Protocol):
    """One connection: asks, waits, checks, asks again."""

    def __init__(self, load: _Load, failed: asyncio.Future[None]) -> None:
        self._load: Final = load
        self._failed: Final = failed
        self.ended: Final[asyncio.Future[None]] = asyncio.get_running_loop().create_future()
        self._arrived = b""
        self._message_id = ""
        self._asked_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        """Ask the next question, unless the time is over."""
        if self._load.is_over:
            self._transport.close()
            if not self.ended.done():
                self.ended.set_result(None)
            return
        self._message_id, request = self._load.question()
        self._asked_at = self._load.time()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        arrived = self._arrived + data if self._arrived else data
        header, end, body = arrived.partition(_END_OF_HEADER)
        if not end or len(body) < _content_length(header):
            self._arrived = arrived
            return
        self._arrived = b""
        now = self._load.time()
        if not self._is_right(header, body):
            self._fail()
            return
        self._load.answers += 1
        if self._asked_at >= self._load.measured_from:
            self._load.latencies.append(now - self._asked_at)
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.ended.done():
            self._fail()

    def _is_right(self, header: bytes, body: bytes) -> bool:
        if not header.startswith(_OK):
            return False
        answer = self._load.decode(body)
        if answer.result not in self._load.results or answer.use_log_id != self._message_id:
            return False
        return answer.result != "found" or answer.person is not None or answer.agreements is not None

    def _fail(self) -> None:
        if not self._failed.done():
            self._failed.set_exception(
                PeerAnswerError("The national node gave a wrong answer under load; see its log.")
            )


async def run_load(order: LoadOrder, *, clock: Clock) -> LoadReport:
    """Ask as fast as the connections get answers, and report.

    Raises:
        PeerAnswerError: an answer was not the right one, or a connection was lost.
    """
    loop = asyncio.get_running_loop()
    load = _Load(order, clock)
    failed: asyncio.Future[None] = loop.create_future()
    context = client_context(IdentityPaths.under(Path(order.identity)), lambda _name, _certificate: None)
    connections: list[_Connection] = []
    for _ in range(order.connections):
        _, connection = await loop.create_connection(
            lambda: _Connection(load, failed),
            order.host,
            order.port,
            ssl=context,
            server_hostname=order.server_name,
        )
        connections.append(connection)
    for connection in connections:
        connection.ask()
    await asyncio.wait([failed], timeout=order.warm_up_seconds)
    load.measured_from = started = load.time()
    await asyncio.wait([failed], timeout=order.seconds)
    seconds, answers = load.time() - started, len(load.latencies)
    load.is_over = True
    for connection in connections:
        await asyncio.wait([failed, connection.ended], return_when=asyncio.FIRST_COMPLETED)
    if failed.done():
        failed.result()
    ordered = sorted(load.latencies[:answers])
    return LoadReport(
        answers=answers,
        all_answers=load.answers,
        seconds=seconds,
        p50=find_percentile(ordered, 50) * 1000,
        p99=find_percentile(ordered, 99) * 1000,
        longest=ordered[-1] * 1000,
    )


def _query(order: LoadOrder) -> tuple[bytes, bytes]:
    """Return what stands in a query before and after the code."""
    query = ConfirmationQuery(
        resident_record_code=_MARK_CODE,
        affair=order.affair,
        purpose="性能測定",
        matter_number="bench-1",
        official="bench",
        office="性能測定課",
        items=("name", "birth_date", "sex", "address", "change"),
    )
    first, _, last = msgspec.json.encode(query).partition(_MARK_CODE.encode())
    return first, last


def _frame(order: LoadOrder, now: datetime) -> tuple[bytes, int, bytes, bytes, bytes, bytes]:
    """Return the header up to the length; the length without the body; and what stands around id, instant and body."""
    envelope = Envelope(
        version=VERSION,
        message_id=_MARK_ID,
        type=order.message_type,
        sender=order.sender,
        receiver=order.receiver,
        sent_at=now,
        stream_sequence=0,
        body=msgspec.Raw(_MARK_BODY),
    )
    content = seal(envelope)
    sent_at = msgspec.json.encode(now).strip(b'"')
    before, _, rest = content.partition(_MARK_ID.encode())
    between, _, rest = rest.partition(sent_at)
    behind, _, end = rest.partition(_MARK_BODY)
    length = sum(map(len, (before, between, behind, end))) + len(_MARK_ID) + len(_INSTANT)
    head = (
        f"POST /messages/{order.message_type} HTTP/1.1\r\nhost: {order.server_name}\r\n"
        f"content-type: application/json\r\ncontent-length: "
    )
    return head.encode("ascii"), length, before, between, behind, end


def _content_length(header: bytes) -> int:
    _, _, rest = header.partition(_LENGTH)
    return int(rest.partition(b"\r\n")[0])
