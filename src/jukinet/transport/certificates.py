"""Keys, certificate requests and certificates of the network: ECDSA P-256, X.509 version 3 (RFC 5280).

One key per node serves both TLS and message signatures. Certificates are made from the node's name, never
copied from what a request asks for; a request contributes its public key alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jukinet.domain.errors import CertificateNotTrustedError, MalformedRequestError, SecretUnreadableError
from jukinet.protocol.node_names import NodeName

#: The clocks of two nodes may differ this much.
SKEW: Final = timedelta(minutes=5)
#: id-kp-documentSigning of RFC 9336.
DOCUMENT_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_CURVE: Final = ec.SECP256R1
_HASH: Final = hashes.SHA256
_ORGANIZATION: Final = "jukinet"


@dataclass(frozen=True, slots=True)
class KeyAndRequest:
    """A private key, which never leaves its node, and the request to certify it."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    request: x509.CertificateSigningRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a certificate is valid."""

    not_before: datetime
    not_after: datetime

    @classmethod
    def starting(cls, now: datetime, length: timedelta) -> Period:
        """Return the period from a little before `now`, for clocks that are behind, until `length` after it."""
        start = now.replace(microsecond=0)
        return cls(not_before=start - SKEW, not_after=start + length)


def create_key() -> ec.EllipticCurvePrivateKey:
    """Return a new ECDSA P-256 key."""
    return ec.generate_private_key(_CURVE())


def create_request(name: NodeName, key: ec.EllipticCurvePrivateKey | None = None) -> KeyAndRequest:
    """Return the request (証明書署名要求) to certify the node `name`, for a new key or the one it has."""
    key = key or create_key()
    builder = x509.CertificateSigningRequestBuilder().subject_name(_subject(name.host))
    request = builder.add_extension(_node_names(name), critical=False).sign(key, _HASH())
    return KeyAndRequest(key, request)


def require_request_of(request: x509.CertificateSigningRequest, name: NodeName) -> ec.EllipticCurvePublicKey:
    """Return the key to certify; raise MalformedRequestError unless `request` asks for exactly this node's names."""
    try:
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        is_signed = request.is_signature_valid
    except (x509.ExtensionNotFound, ValueError, UnsupportedAlgorithm):
        raise MalformedRequestError("The certificate request names no node.", field="request") from None
    if not is_signed:
        raise MalformedRequestError("The certificate request is not signed with its own key.", field="request")
    if request.subject != _subject(name.host) or names != _node_names(name) or len(request.extensions) != 1:
        raise MalformedRequestError("The certificate request names something other than this node.", field="request")
    return require_curve(request.public_key())


def require_curve(key: object) -> ec.EllipticCurvePublicKey:
    """Return `key` if it is ECDSA P-256; raise CertificateNotTrustedError."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, _CURVE):
        raise CertificateNotTrustedError("The key is not ECDSA P-256.", field="key")
    return key


def build_authority(
    common_name: str,
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    *,
    path_length: int,
    issuer: x509.Certificate | None,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Return the certificate of a certification authority (認証局); without an issuer it signs itself."""
    subject = _subject(common_name)
    issuer_name = subject if issuer is None else issuer.subject
    issuer_key = public_key if issuer is None else issuer.public_key()
    builder = _builder(subject, issuer_name, public_key, period, issuer_key)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(key, _HASH())
    )


def build_node_certificate(
    name: NodeName,
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    *,
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Return the certificate of a node: client and server on the message lines, and signer of its messages.

    A system of a municipality or an organ is a client alone.
    """
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if name.kind.is_node:
        usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
    purposes = x509.ExtendedKeyUsage(usages)
    builder = _builder(_subject(name.host), issuer.subject, public_key, period, issuer.public_key())
    return _leaf(builder, _node_names(name), purposes).sign(key, _HASH())


def build_screens_certificate(
    hosts: Sequence[str],
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    *,
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Return a certificate for screens in a browser: server only, and it names no node, so no message line takes it."""
    names = x509.SubjectAlternativeName([_host_name(host) for host in hosts])
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    builder = _builder(_subject(hosts[0]), issuer.subject, public_key, period, issuer.public_key())
    return _leaf(builder, names, purposes).sign(key, _HASH())


def build_document_certificate(
    name: NodeName,
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    *,
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Return a certificate for signing documents (RFC 9336): its usage is that alone, so no message line takes it."""
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(name.uri)])
    purposes = x509.ExtendedKeyUsage([DOCUMENT_SIGNING])
    builder = _builder(_subject(f"documents {name.host}"), issuer.subject, public_key, period, issuer.public_key())
    return _leaf(builder, names, purposes).sign(key, _HASH())


def require_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    """Raise CertificateNotTrustedError unless `issuer` signed `certificate`."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        raise CertificateNotTrustedError("The certificate is not of this network.", field="certificate") from None


def key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PEM, to be written where only its owner reads."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_key(content: bytes, *, place: object) -> ec.EllipticCurvePrivateKey:
    """Return the private key in `content`; raise SecretUnreadableError naming `place`."""
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SecretUnreadableError(f"{place} is not a private key in PEM without a password.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, _CURVE):
        raise SecretUnreadableError(f"{place} is not an ECDSA P-256 key.")
    return key


def read_certificates(content: bytes, *, place: object) -> list[x509.Certificate]:
    """Return the certificates in `content`, at least one; raise SecretUnreadableError naming `place`."""
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise SecretUnreadableError(f"{place} holds no certificate in PEM.") from None


def read_request(content: bytes, *, place: object) -> x509.CertificateSigningRequest:
    """Return the certificate request in `content`; raise SecretUnreadableError naming `place`."""
    try:
        return x509.load_pem_x509_csr(content)
    except ValueError:
        raise SecretUnreadableError(f"{place} holds no certificate request in PEM.") from None


def request_bytes(request: x509.CertificateSigningRequest) -> bytes:
    """Return a certificate request as PEM."""
    return request.public_bytes(serialization.Encoding.PEM)


def pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM, one after the other."""
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    issuer_key: object,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=public_key,
        serial_number=x509.random_serial_number(),
        not_valid_before=period.not_before,
        not_valid_after=period.not_after,
    )
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(require_curve(issuer_key))
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    return builder.add_extension(identifier, critical=False)


def _leaf(
    builder: x509.CertificateBuilder, names: x509.SubjectAlternativeName, purposes: x509.ExtendedKeyUsage
) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(names, critical=False)
    )


def _subject(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _node_names(name: NodeName) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(name.uri), x509.DNSName(name.host)])


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
