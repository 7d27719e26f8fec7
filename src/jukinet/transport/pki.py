"""The public key infrastructure (認証基盤) of one network: a root that stays offline, and the network's authority.

The root certifies the network's authority and is then put away. The network's authority certifies nodes and
screens, and publishes the list of what it revoked. Its directory holds the key, the register and the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.domain.clock import Clock
from jukinet.domain.errors import (
    AlreadyExistsError,
    CertificateNotFoundError,
    CertificateNotTrustedError,
    InvalidValueError,
)
from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import (
    Period,
    build_authority,
    build_document_certificate,
    build_node_certificate,
    build_screens_certificate,
    create_key,
    key_bytes,
    pem,
    read_certificates,
    read_key,
    require_request_of,
)
from jukinet.transport.files import SECRET, make_directory, read_public, read_secret, write_atomically
from jukinet.transport.registry import CertificateRegistry, IssuedCertificate

ROOT_LIFE: Final = timedelta(days=20 * 365)
NETWORK_LIFE: Final = timedelta(days=10 * 365)
NODE_LIFE: Final = timedelta(days=90)
#: A document is checked for as long as somebody accepts it: longer than a line.
DOCUMENTS_LIFE: Final = timedelta(days=3 * 365)
#: A list is issued anew long before this; nodes ask for it every minute.
REVOCATION_LIST_LIFE: Final = timedelta(days=7)
KEY_FILE: Final = "key.pem"
CERTIFICATE_FILE: Final = "certificate.pem"
REVOCATION_LIST_FILE: Final = "revocation_list.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A key that signs certificates, and the certificate that says so."""

    directory: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)


def create_root(directory: Path, *, clock: Clock, life: timedelta = ROOT_LIFE) -> Authority:
    """Make the root (ルート認証局): it may certify authorities, and only them.

    Raises:
        AlreadyExistsError: there is a key already.
    """
    key = create_key()
    certificate = build_authority(
        "jukinet root", key.public_key(), Period.starting(clock(), life), path_length=1, issuer=None, key=key
    )
    return _keep(directory, key, certificate)


def create_network_authority(
    directory: Path, root: Authority, *, clock: Clock, life: timedelta = NETWORK_LIFE
) -> NetworkAuthority:
    """Make the network's authority (ネットワーク認証局) under `root`, with a first, empty revocation list.

    Raises:
        AlreadyExistsError: there is a key already.
    """
    key = create_key()
    period = Period.starting(clock(), life)
    certificate = build_authority(
        "jukinet network", key.public_key(), period, path_length=0, issuer=root.certificate, key=root.key
    )
    authority = NetworkAuthority(_keep(directory, key, certificate), clock=clock)
    authority.issue_revocation_list()
    return authority


def load_authority(directory: Path) -> Authority:
    """Return the authority kept in `directory`.

    Raises:
        SecretUnreadableError: a file is missing, unreadable, or its key may be read by others.
        CertificateNotTrustedError: key and certificate do not belong together.
    """
    place = directory / KEY_FILE
    key = read_key(read_secret(place), place=place)
    place = directory / CERTIFICATE_FILE
    certificate = read_certificates(read_public(place), place=place)[0]
    if certificate.public_key() != key.public_key():
        raise CertificateNotTrustedError(f"{place} is not the certificate of the key beside it.")
    return Authority(directory=directory, certificate=certificate, key=key)


def find_reason(text: str) -> x509.ReasonFlags:
    """Return the reason of RFC 5280 with this name; raise InvalidValueError listing them."""
    known = {reason.name: reason for reason in x509.ReasonFlags if reason is not x509.ReasonFlags.remove_from_crl}
    if text not in known:
        raise InvalidValueError(f"The reason is one of {', '.join(sorted(known))}.", field="reason")
    return known[text]


class NetworkAuthority:
    """What certifies nodes. Every method that changes something is one locked step."""

    def __init__(self, authority: Authority, *, clock: Clock) -> None:
        self._authority: Final = authority
        self._clock: Final = clock
        self._registry: Final = CertificateRegistry(authority.directory)

    @property
    def certificate(self) -> x509.Certificate:
        """Return the authority's own certificate: what nodes trust."""
        return self._authority.certificate

    def enrol(
        self, request: x509.CertificateSigningRequest, name: NodeName, *, life: timedelta = NODE_LIFE
    ) -> x509.Certificate:
        """Certify a node that has no valid certificate yet.

        Raises:
            MalformedRequestError: the request does not name exactly this node.
            AlreadyExistsError: the node has a valid certificate: renew it, or revoke it first.
        """
        key = require_request_of(request, name)
        with self._registry.locked():
            if self._list_valid(name.text):
                raise AlreadyExistsError(f"{name} has a valid certificate: renew it, or revoke it first.")
            return self._certify(name, key, life)

    def renew(
        self, request: x509.CertificateSigningRequest, name: NodeName, *, life: timedelta = NODE_LIFE
    ) -> x509.Certificate:
        """Certify a node again; what it holds stays valid meanwhile, so that it can change over while it runs.

        Raises:
            MalformedRequestError: the request does not name exactly this node.
            CertificateNotFoundError: the node was never enrolled, or its last certificate was revoked.
        """
        key = require_request_of(request, name)
        with self._registry.locked():
            past = [line for line in self._registry.list_issued() if line.name == name.text]
            if not past or past[-1].revoked_at is not None:
                raise CertificateNotFoundError(f"{name} has no certificate to renew: enrol it.", field="name")
            return self._certify(name, key, life)

    def issue_screens_certificate(
        self, key: ec.EllipticCurvePublicKey, hosts: Sequence[str], *, life: timedelta = NODE_LIFE
    ) -> x509.Certificate:
        """Certify screens for browsers under these host names or addresses."""
        own = self._authority
        with self._registry.locked():
            now = self._clock()
            period = self._period(now, life)
            certificate = build_screens_certificate(hosts, key, period, issuer=own.certificate, key=own.key)
            self._registry.record(certificate, f"screens {hosts[0]}", issued_at=now)
        return certificate

    def issue_document_certificate(
        self, key: ec.EllipticCurvePublicKey, name: NodeName, *, life: timedelta = DOCUMENTS_LIFE
    ) -> x509.Certificate:
        """Certify the key a municipality signs documents with."""
        own = self._authority
        with self._registry.locked():
            now = self._clock()
            certificate = build_document_certificate(
                name, key, self._period(now, life), issuer=own.certificate, key=own.key
            )
            self._registry.record(certificate, f"documents {name}", issued_at=now)
        return certificate

    def revoke(self, serial: int, reason: x509.ReasonFlags = x509.ReasonFlags.unspecified) -> IssuedCertificate:
        """Revoke a certificate (失効) and publish the new list at once.

        Raises:
            CertificateNotFoundError: no certificate with this serial was issued here.
        """
        with self._registry.locked():
            revoked = self._registry.record_revocation(serial, reason=reason.name, revoked_at=self._clock())
            self._publish(REVOCATION_LIST_LIFE)
        return revoked

    def issue_revocation_list(self, life: timedelta = REVOCATION_LIST_LIFE) -> x509.CertificateRevocationList:
        """Sign the list of everything revoked (失効リスト) under the next number and publish it."""
        with self._registry.locked():
            return self._publish(life)

    def list_issued(self) -> list[IssuedCertificate]:
        """Return every certificate ever issued here, oldest first."""
        return self._registry.list_issued()

    def find_issued(self, name_or_serial: str) -> list[IssuedCertificate]:
        """Return every certificate of this node, newest first, or the one with this hexadecimal serial.

        Raises:
            CertificateNotFoundError: there is none.
        """
        serial = name_or_serial.lower().lstrip("0")
        lines = self._registry.list_issued()
        found = [line for line in reversed(lines) if name_or_serial == line.name or serial == line.serial]
        if not found:
            raise CertificateNotFoundError(f"No certificate was issued here for {name_or_serial}.", field="name")
        return found

    @property
    def revocation_list_path(self) -> Path:
        """Return where the newest list is published."""
        return self._authority.directory / REVOCATION_LIST_FILE

    def _certify(self, name: NodeName, key: ec.EllipticCurvePublicKey, life: timedelta) -> x509.Certificate:
        own, now = self._authority, self._clock()
        period = self._period(now, life)
        certificate = build_node_certificate(name, key, period, issuer=own.certificate, key=own.key)
        self._registry.record(certificate, name.text, issued_at=now)
        return certificate

    def _period(self, now: datetime, life: timedelta) -> Period:
        # Nothing outlives what vouches for it.
        end = self._authority.certificate.not_valid_after_utc
        if now >= end:
            raise CertificateNotTrustedError("The network's authority has expired: make a new one under the root.")
        return Period.starting(now, min(life, end - now))

    def _list_valid(self, name: str) -> list[IssuedCertificate]:
        now = self._clock()
        return [line for line in self._registry.list_issued() if line.name == name and line.is_valid_at(now)]

    def _publish(self, life: timedelta) -> x509.CertificateRevocationList:
        own, now = self._authority, self._clock().replace(microsecond=0)
        builder = x509.CertificateRevocationListBuilder(own.certificate.subject, now, now + life)
        for line in self._registry.list_issued():
            if line.revoked_at is not None:
                builder = builder.add_revoked_certificate(_entry(line, line.revoked_at))
        key = own.key.public_key()
        number = x509.CRLNumber(self._last_number() + 1)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key)
        builder = builder.add_extension(number, critical=False).add_extension(identifier, critical=False)
        signed = builder.sign(own.key, hashes.SHA256())
        write_atomically(self.revocation_list_path, signed.public_bytes(serialization.Encoding.PEM))
        return signed

    def _last_number(self) -> int:
        if not self.revocation_list_path.exists():
            return 0
        last = x509.load_pem_x509_crl(self.revocation_list_path.read_bytes())
        return last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def load_network_authority(directory: Path, *, clock: Clock) -> NetworkAuthority:
    """Return the network's authority kept in `directory`; raise as load_authority does."""
    return NetworkAuthority(load_authority(directory), clock=clock)


def _keep(directory: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Authority:
    if (directory / KEY_FILE).exists():
        raise AlreadyExistsError(f"{directory} holds a key already: it is never overwritten.")
    make_directory(directory, mode=0o700)
    write_atomically(directory / KEY_FILE, key_bytes(key), mode=SECRET)
    write_atomically(directory / CERTIFICATE_FILE, pem(certificate))
    return Authority(directory=directory, certificate=certificate, key=key)


def _entry(line: IssuedCertificate, revoked_at: datetime) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(line.serial_number, revoked_at.replace(microsecond=0))
    reason = find_reason(line.reason or "unspecified")
    if reason is not x509.ReasonFlags.unspecified:  # RFC 5280 5.3.1: absent rather than unspecified
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()
