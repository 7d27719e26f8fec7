"""TLS 1.3, and nothing else, as a node speaks it (RFC 8446).

Validity is judged by the clock the node was given (I12), so OpenSSL is told to leave dates alone; they are
checked against that clock at the end of a handshake and on every request.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jukinet.domain.errors import SecretUnreadableError
from jukinet.transport.identity import IdentityPaths

#: X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python does not name.
_NO_CHECK_TIME: Final = 0x200000


def server_context(paths: IdentityPaths) -> ssl.SSLContext:
    """Return the context of a message server: it asks for a client certificate of the network, and insists."""
    context = _only_newest(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    # Every connection is a full handshake: a resumed one would stand on a certificate shown some other time.
    context.num_tickets = 0
    _trust_network(context, paths)
    return context


def client_context(paths: IdentityPaths, check: Callable[[str, bytes | None], None]) -> ssl.SSLContext:
    """Return the context of a message client.

    `check` is called with the server name and the server's certificate at the end of every handshake, before
    anything is sent; what it raises ends the connection.
    """
    context = _only_newest(ssl.PROTOCOL_TLS_CLIENT)
    _trust_network(context, paths)
    context.sslobject_class = _checking(check)
    return context


def screens_context(*, certificate: Path, key: Path) -> ssl.SSLContext:
    """Return the context of screens: server only, for browsers."""
    context = _only_newest(ssl.PROTOCOL_TLS_SERVER)
    load_own(context, certificate=certificate, key=key)
    return context


def load_own(context: ssl.SSLContext, *, certificate: Path, key: Path) -> None:
    """Show this certificate on connections made from now on; raise SecretUnreadableError."""
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError):
        raise SecretUnreadableError(f"{certificate} and {key} cannot be read, or do not belong together.") from None


def _only_newest(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    return context


def _trust_network(context: ssl.SSLContext, paths: IdentityPaths) -> None:
    load_own(context, certificate=paths.certificate, key=paths.key)
    # Between nodes there is nothing to humour: without this, records that TLS 1.3 does not need cross the wire.
    context.options &= ~ssl.OP_ENABLE_MIDDLEBOX_COMPAT
    try:
        context.load_verify_locations(paths.authority)
    except (OSError, ssl.SSLError):
        raise SecretUnreadableError(f"{paths.authority} cannot be read.") from None
    # The network's authority is the anchor itself: a sister authority under the same root is not this network.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)


def _checking(check: Callable[[str, bytes | None], None]) -> type[ssl.SSLObject]:
    class CheckedConnection(ssl.SSLObject):
        """A connection that is ours only once `check` has seen the server's certificate."""

        def do_handshake(self) -> None:
            super().do_handshake()
            check(self.server_hostname or "", self.getpeercert(binary_form=True))

    return CheckedConnection
