"""Uvicorn's HTTP connection, plus what it leaves out: the peer's certificate, and limits on what one peer may take.

Nobody can starve a node by being slow, endless or many: a request arrives whole and in time or its connection ends,
and each owner of a certificate has a limited number of connections (docs/delivery.md).
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Hashable
from typing import Any, Final, cast

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from jukinet.domain.errors import CertificateNotTrustedError
from jukinet.transport.answer_transport import AnswerTransport
from jukinet.transport.peers import Peer, peer_of_der

_log: Final = structlog.get_logger("jukinet.transport")

#: Where a connection's peer stands in the ASGI scope: a Peer, or the CertificateNotTrustedError it earned.
PEER: Final = "jukinet.peer"
#: Request line and headers of one message, together.
HEADER_BYTES: Final = 16 * 1024
#: Seconds within which a request that has begun must have arrived.
PATIENCE: Final = 30.0
#: Connections of one owner at once. A client of ours keeps 64, and as many for a moment while it renews itself.
MOST_OF_ONE: Final = 256
#: Connections at once: more than every municipality, prefecture and agency of the country keeps.
MOST_OF_ALL: Final = 8192
#: How a message may not come: its length is told first, and the line speaks nothing else.
_NOT_SPOKEN: Final = frozenset({b"transfer-encoding", b"upgrade", b"trailer"})


class Occupancy:
    """How many connections each owner has to one server. Not a value: connections come and go."""

    __slots__ = ("_by_owner", "_total")

    def __init__(self) -> None:
        self._by_owner: Final[Counter[Hashable]] = Counter()
        self._total = 0

    def enter(self, owner: Hashable) -> bool:
        """Count one more connection of this owner; return whether there is room for it."""
        self._by_owner[owner] += 1
        self._total += 1
        return self._by_owner[owner] <= MOST_OF_ONE and self._total <= MOST_OF_ALL

    def leave(self, owner: Hashable) -> None:
        """Count one less."""
        self._total -= 1
        self._by_owner[owner] -= 1
        if not self._by_owner[owner]:
            del self._by_owner[owner]


class PeerProtocol(HttpToolsProtocol):
    """One connection. The certificate is read when the handshake ends; requests share what it said."""

    def __init__(self, *arguments: Any, occupancy: Occupancy, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._occupancy: Final = occupancy

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Read who connected, and start watching that requests arrive in time."""
        super().connection_made(transport)
        peer = _peer_on(transport)
        self._extensions: dict[str, Any] = {PEER: peer}
        self._owner: Hashable = peer.name if isinstance(peer, Peer) else self.client and self.client[0]
        self._answers = AnswerTransport(transport)
        self._header_bytes = 0
        self._is_in_headers = False
        self._waiting_since: float | None = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE, self._close_if_slow)
        if not self._occupancy.enter(self._owner):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching, and make room."""
        self._watch.cancel()
        self._occupancy.leave(self._owner)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; end a connection whose headers do not end."""
        super().data_received(data)
        if self._is_in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self.send_400_response("The header is too long.")

    def send_400_response(self, message: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # not msg
        """Refuse what is no request, and leave word of who sent it."""
        _log.warning("not_http", peer=str(self._owner))
        super().send_400_response(message)

    def on_message_begin(self) -> None:
        """Start a request, with the peer in its scope."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = self._extensions
        self._waiting_since = self.loop.time()
        self._is_in_headers = True
        self._header_bytes = 0

    def on_headers_complete(self) -> None:
        """Hand the request over, unless its headers are too long, or say that it comes in another way."""
        self._is_in_headers = False
        length = len(self.url)
        for name, value in self.headers:
            length += len(name) + len(value)
            if name in _NOT_SPOKEN or length > HEADER_BYTES:
                raise ValueError  # the parser turns it into a 400 and the end of the connection
        super().on_headers_complete()
        self.cycle.transport = cast("asyncio.Transport", self._answers)

    def on_message_complete(self) -> None:
        """Note that the request has arrived."""
        self._waiting_since = None
        super().on_message_complete()

    def _close_if_slow(self) -> None:
        now = self.loop.time()
        if self._waiting_since is not None and now - self._waiting_since >= PATIENCE:
            self.transport.abort()
            return
        self._watch = self.loop.call_later(PATIENCE, self._close_if_slow)


def _peer_on(transport: asyncio.Transport) -> Peer | CertificateNotTrustedError:
    connection = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
    try:
        return peer_of_der(None if connection is None else connection.getpeercert(binary_form=True))
    except CertificateNotTrustedError as error:
        return error
