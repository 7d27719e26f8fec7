"""The identity of a node (ノードの身元): its key, its certificate, and the authority it trusts, loaded from paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.domain.errors import CertificateNotTrustedError
from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import read_certificates, read_key, require_issued_by
from jukinet.transport.files import read_public, read_secret
from jukinet.transport.peers import Peer, peer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPaths:
    """Where a node keeps its key (0600), its certificate, and the certificate of the network's authority."""

    key: Path
    certificate: Path
    authority: Path

    @classmethod
    def under(cls, directory: Path) -> IdentityPaths:
        """Return the paths by their usual names in `directory`, as `jukinet pki enrol` writes them."""
        return cls(
            key=directory / "key.pem",
            certificate=directory / "certificate.pem",
            authority=directory / "network.pem",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeIdentity:
    """A key and certificate that were found to belong together, to this node, and to the network."""

    name: NodeName
    paths: IdentityPaths
    #: The node as others see it.
    own: Peer
    authority: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def load(cls, paths: IdentityPaths, *, now: datetime) -> NodeIdentity:
        """Return the identity kept at `paths`.

        Raises:
            SecretUnreadableError: a file is missing, unreadable, or the key may be read by others.
            CertificateNotTrustedError: the certificate is not of this key or network, expired, or not valid yet.
        """
        key = read_key(read_secret(paths.key), place=paths.key)
        certificate = read_certificates(read_public(paths.certificate), place=paths.certificate)[0]
        authority = read_certificates(read_public(paths.authority), place=paths.authority)[0]
        own = peer_of(certificate)
        if certificate.public_key() != key.public_key():
            raise CertificateNotTrustedError(f"{paths.certificate} is not the certificate of the key {paths.key}.")
        require_issued_by(certificate, authority)
        _require_valid(own, authority, now, place=paths.certificate)
        return cls(name=own.name, paths=paths, own=own, authority=authority, key=key)


def _require_valid(own: Peer, authority: x509.Certificate, now: datetime, *, place: Path) -> None:
    if now >= own.not_after:
        end = own.not_after.isoformat()
        raise CertificateNotTrustedError(f"{place} expired at {end}: run `jukinet pki renew {own.name}`.")
    if now < own.not_before:
        start = own.not_before.isoformat()
        raise CertificateNotTrustedError(f"{place} is valid only from {start}: check the clock of this machine.")
    if now >= authority.not_valid_after_utc:
        raise CertificateNotTrustedError("The network's authority has expired: enrol this node with its successor.")
