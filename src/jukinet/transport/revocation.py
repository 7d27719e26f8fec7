"""The revocation list a node goes by (失効リスト): replaced while it runs, asked on every request.

No list, a list past its date and its grace, or a revoked or expired certificate: nothing is accepted (I5).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from jukinet.domain.clock import Clock
from jukinet.domain.errors import CertificateNotTrustedError, SecretUnreadableError
from jukinet.transport.certificates import SKEW
from jukinet.transport.files import read_public
from jukinet.transport.peers import Peer

#: How long a list still counts after the date on which a newer one was due.
GRACE: Final = timedelta(days=1)


class RevocationList:
    """The newest list this node has seen. Not a value: `replace` changes what every holder sees."""

    __slots__ = (
        "_authority",
        "_authority_ends",
        "_clock",
        "_content",
        "_grace",
        "_number",
        "_serials",
        "_trusted_until",
    )

    def __init__(self, authority: x509.Certificate, *, clock: Clock, grace: timedelta = GRACE) -> None:
        self._authority: Final = authority
        self._authority_ends: Final = authority.not_valid_after_utc
        self._clock: Final = clock
        self._grace: Final = grace
        self._serials: frozenset[int] = frozenset()
        self._number = -1
        self._content = b""
        self._trusted_until: datetime | None = None

    @property
    def number(self) -> int:
        """Return the number of the list, -1 while there is none."""
        return self._number

    @property
    def content(self) -> bytes:
        """Return the list as it was signed, in PEM, to hand it on; empty while there is none."""
        return self._content

    def is_revoked(self, serial: int) -> bool:
        """Return whether the certificate with this serial was revoked."""
        return serial in self._serials

    def is_current(self, now: datetime) -> bool:
        """Return whether there is a list and its date and grace are not over."""
        return self._trusted_until is not None and now < self._trusted_until

    def require_standing(self, peer: Peer, now: datetime) -> None:
        """Raise CertificateNotTrustedError unless this certificate counts at this instant."""
        self.require_listed_as_good(peer, now)
        if self._trusted_until is None:
            raise CertificateNotTrustedError("This node has no revocation list: put one at its configured path.")
        if now >= self._trusted_until:
            raise CertificateNotTrustedError(
                "This node's revocation list is out of date: certificates cannot be checked."
            )

    def require_listed_as_good(self, peer: Peer, now: datetime) -> None:
        """Raise CertificateNotTrustedError for a revoked or expired certificate, however old the list is.

        Enough only for asking for a newer list, which proves itself by its signature.
        """
        if peer.serial in self._serials:
            raise CertificateNotTrustedError("The certificate was revoked.", field="certificate")
        if now >= peer.not_after or now >= self._authority_ends:
            raise CertificateNotTrustedError("The certificate has expired.", field="certificate")
        if now < peer.not_before:
            raise CertificateNotTrustedError("The certificate is not valid yet.", field="certificate")

    def replace(self, content: bytes) -> bool:
        """Go by `content` (PEM) from now on; return whether it was newer than what was there.

        Raises:
            CertificateNotTrustedError: the list is not signed by the network's authority, is from the future,
                or is older than the list already seen.
        """
        if content == self._content:
            return False
        signed = _parse(content)
        if signed.issuer != self._authority.subject or not _is_signed(signed, self._authority):
            raise CertificateNotTrustedError("The revocation list is not of this network.", field="revocation_list")
        number, due = _number_and_due(signed)
        if number <= self._number:
            raise CertificateNotTrustedError(
                "The revocation list is older than the one in use.", field="revocation_list"
            )
        if signed.last_update_utc > self._clock() + SKEW:
            raise CertificateNotTrustedError("The revocation list is from the future.", field="revocation_list")
        self._serials = frozenset(entry.serial_number for entry in signed)
        self._trusted_until = due + self._grace
        self._number = number
        self._content = content
        return True

    def replace_from(self, path: Path) -> bool:
        """Go by the list at `path`; raise SecretUnreadableError, or as replace does."""
        return self.replace(read_public(path))


def _parse(content: bytes) -> x509.CertificateRevocationList:
    try:
        return x509.load_pem_x509_crl(content)
    except ValueError:
        raise CertificateNotTrustedError("The revocation list cannot be read.", field="revocation_list") from None


def _is_signed(signed: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    try:
        return signed.is_signature_valid(authority.public_key())  # type: ignore[arg-type]  # a key of another kind raises TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _number_and_due(signed: x509.CertificateRevocationList) -> tuple[int, datetime]:
    try:
        number = signed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except (x509.ExtensionNotFound, ValueError):
        number = None
    due = signed.next_update_utc
    if number is None or due is None:
        raise CertificateNotTrustedError("The revocation list has no number or no date.", field="revocation_list")
    return number, due


def load_revocation_list(
    path: Path, authority: x509.Certificate, *, clock: Clock, grace: timedelta = GRACE
) -> RevocationList:
    """Return a holder with the list at `path`; without such a file, one that refuses until it is given a list.

    Raises:
        CertificateNotTrustedError: the file is not a list of this network.
    """
    holder = RevocationList(authority, clock=clock, grace=grace)
    try:
        content = read_public(path)
    except SecretUnreadableError:
        return holder
    holder.replace(content)
    return holder
