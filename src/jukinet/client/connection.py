"""Where the agency node's API is, who asks, and how patiently: everything a client is told."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jukinet.protocol.node_names import NodeName

_KEY: Final = "key.pem"
_CERTIFICATE: Final = "certificate.pem"
_AUTHORITY: Final = "network.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The API of one agency node."""

    #: The agency node, such as `agency/nenkin`.
    agency: str
    host: str
    port: int
    #: Directory with key.pem, certificate.pem and network.pem, as `jukinet pki enrol organ_system/…` writes them.
    identity: Path
    #: Seconds one attempt may take.
    deadline: float = 10.0
    #: Attempts in all, the first included.
    attempts: int = 4
    #: Seconds before the second attempt; each further pause is twice as long.
    first_pause: float = 0.2
    #: Connections at once.
    connections: int = 16

    @property
    def server_name(self) -> str:
        """Return the name the node's certificate must have."""
        return NodeName.parse(self.agency).host

    @property
    def address(self) -> str:
        """Return the beginning of every address of the API."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """Return the TLS context: version 1.3 alone, the network's own authority alone, our certificate shown."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # The network's authority is the anchor itself: a sister authority under the same root is not this network.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(self.identity / _AUTHORITY)
        context.load_cert_chain(self.identity / _CERTIFICATE, self.identity / _KEY)
        return context
