"""Who is on the other end of a line, as its certificate says. Read once per connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.domain.errors import CertificateNotTrustedError, MalformedNodeNameError
from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import require_curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The owner of a certificate that the network's authority signed."""

    name: NodeName
    serial: int
    not_before: datetime
    not_after: datetime
    public_key: ec.EllipticCurvePublicKey = field(repr=False)


def peer_of(certificate: x509.Certificate) -> Peer:
    """Return the node a certificate names, by its URI and the host name that must agree with it.

    Raises:
        CertificateNotTrustedError: the certificate names no node, or not exactly one.
    """
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (uri,) = names.get_values_for_type(x509.UniformResourceIdentifier)
        (host,) = names.get_values_for_type(x509.DNSName)
        name = NodeName.from_uri(uri)
    except (x509.ExtensionNotFound, ValueError, MalformedNodeNameError):
        raise CertificateNotTrustedError("The certificate does not name exactly one node.") from None
    if host != name.host:
        raise CertificateNotTrustedError("The certificate's host name is not that of the node it names.")
    return Peer(
        name=name,
        serial=certificate.serial_number,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        public_key=require_curve(certificate.public_key()),
    )


def peer_of_der(certificate: bytes | None) -> Peer:
    """Return the node a certificate from a handshake names; raise as peer_of does."""
    if certificate is None:
        raise CertificateNotTrustedError("No certificate was shown.")
    try:
        return peer_of(x509.load_der_x509_certificate(certificate))
    except ValueError:
        raise CertificateNotTrustedError("The certificate cannot be read.") from None
