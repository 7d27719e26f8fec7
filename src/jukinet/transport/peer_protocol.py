"""Uvicorn's HTTP connection, plus what it leaves out: the peer's certificate, and limits on slow or huge headers."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from jukinet.domain.errors import CertificateNotTrustedError
from jukinet.transport.peers import Peer, peer_of_der

#: Where a connection's peer stands in the ASGI scope: a Peer, or the CertificateNotTrustedError it earned.
PEER: Final = "jukinet.peer"
#: Request line and headers of one message, together.
HEADER_BYTES: Final = 16 * 1024
#: Seconds within which a request that has begun must have arrived.
PATIENCE: Final = 30.0


class PeerProtocol(HttpToolsProtocol):
    """One connection. The certificate is read when the handshake ends; requests share what it said."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Read who connected, and start watching that requests arrive in time."""
        super().connection_made(transport)
        self._extensions: dict[str, Any] = {PEER: _peer_on(transport)}
        self._header_bytes = 0
        self._is_in_headers = False
        self._waiting_since: float | None = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE, self._close_if_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; end a connection whose headers do not end."""
        super().data_received(data)
        if self._is_in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self.send_400_response("The header is too long.")

    def on_message_begin(self) -> None:
        """Start a request, with the peer in its scope."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = self._extensions
        self._waiting_since = self.loop.time()
        self._is_in_headers = True
        self._header_bytes = 0

    def on_headers_complete(self) -> None:
        """Hand the request over, unless its headers are too long."""
        self._is_in_headers = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEADER_BYTES:
            raise ValueError  # the parser turns it into a 400 and the end of the connection
        super().on_headers_complete()

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
