"""The line to one node (回線): kept-alive connections to it, and the certificates they were made with."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import aiohttp

from jukinet.domain.clock import Clock
from jukinet.domain.errors import CertificateNotTrustedError, PeerAnswerError
from jukinet.protocol.node_names import NodeName
from jukinet.transport.directory import Address
from jukinet.transport.identity import IdentityPaths
from jukinet.transport.peers import Peer, peer_of_der
from jukinet.transport.revocation import RevocationList
from jukinet.transport.tls import client_context

#: Connections to one node at most.
_CONNECTIONS: Final = 64
#: Seconds an idle connection is kept: shorter than servers keep it, so none is used just as it closes.
_IDLE: Final = 30.0
_SKIPPED: Final = ("User-Agent", "Accept", "Accept-Encoding")


class Line:
    """A pool of connections to one receiver. Nothing is sent before the receiver's certificate was found good."""

    __slots__ = (
        "_address",
        "_certificates",
        "_clock",
        "_in_use",
        "_is_ending",
        "_is_for_list",
        "_receiver",
        "_revocations",
        "_session",
        "problem",
    )

    def __init__(
        self,
        receiver: NodeName,
        address: Address,
        paths: IdentityPaths,
        revocations: RevocationList,
        clock: Clock,
        *,
        is_for_list: bool,
    ) -> None:
        self._receiver: Final = receiver
        self._address: Final = address
        self._revocations: Final = revocations
        self._clock: Final = clock
        #: Whether this line only fetches a revocation list, for which an old list is good enough.
        self._is_for_list: Final = is_for_list
        self._certificates: Final[dict[int, Peer]] = {}
        self._in_use = 0
        self._is_ending = False
        #: Why the last handshake was broken off, where we did it.
        self.problem: CertificateNotTrustedError | None = None
        context = client_context(paths, self._check)
        self._session: Final = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_IDLE, ssl=context),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_SKIPPED,
            timeout=aiohttp.ClientTimeout(),  # the caller's deadline covers everything
        )

    def is_sound(self, now: datetime) -> bool:
        """Return whether every certificate its connections were made with still counts."""
        try:
            for peer in self._certificates.values():
                self._require(peer, now)
        except CertificateNotTrustedError:
            return False
        return True

    async def exchange(self, path: str, content: bytes, headers: Mapping[str, str], maximum: int) -> tuple[int, bytes]:
        """Post `content`; return the status and at most `maximum` bytes of answer, or raise PeerAnswerError."""
        self._in_use += 1
        try:
            host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
            async with self._session.post(
                f"https://{host}:{self._address.port}{path}",
                data=content,
                headers=headers,
                server_hostname=self._receiver.host,
                allow_redirects=False,
            ) as response:
                return response.status, await _read(response, maximum)
        finally:
            self._in_use -= 1
            if self._is_ending and not self._in_use:
                await self._session.close()

    async def end(self) -> None:
        """Close the connections, once the calls under way are over."""
        self._is_ending = True
        if not self._in_use:
            await self._session.close()

    def _check(self, server_name: str, certificate: bytes | None) -> None:
        try:
            peer = peer_of_der(certificate)
            if peer.name != self._receiver or server_name != self._receiver.host:
                raise CertificateNotTrustedError("The certificate names another node.")
            self._require(peer, self._clock())
        except CertificateNotTrustedError as error:
            self.problem = error
            raise ssl.SSLCertVerificationError(error.detail) from None
        self._certificates[peer.serial] = peer

    def _require(self, peer: Peer, now: datetime) -> None:
        if self._is_for_list:
            self._revocations.require_listed_as_good(peer, now)
        else:
            self._revocations.require_standing(peer, now)


async def _read(response: aiohttp.ClientResponse, maximum: int) -> bytes:
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > maximum:
            raise PeerAnswerError("The answer is longer than any in the catalogue.")
    return bytes(content)
