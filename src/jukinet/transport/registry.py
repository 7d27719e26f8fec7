"""The register of issued certificates (発行済証明書): one JSON line each, in the authority's directory.

The file is rewritten whole and swapped in, under a lock, so two commands at once never lose a line.
"""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509

from jukinet.domain.errors import CertificateNotFoundError, ConfigurationError
from jukinet.transport.files import write_atomically

_FILE: Final = "issued.jsonl"
_LOCK: Final = "authority.lock"


class IssuedCertificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One certificate that was issued, and whether it still counts."""

    #: Hexadecimal.
    serial: str
    #: A node name, or `screens` and the host.
    name: str
    issued_at: datetime
    not_after: datetime
    revoked_at: datetime | None = None
    #: Reason of RFC 5280 section 5.3.1, such as `key_compromise`.
    reason: str | None = None

    @property
    def serial_number(self) -> int:
        """Return the serial as the number the certificate carries."""
        return int(self.serial, 16)

    def is_valid_at(self, now: datetime) -> bool:
        """Return whether the certificate is neither revoked nor expired."""
        return self.state_at(now) == "valid"

    def state_at(self, now: datetime) -> str:
        """Return `valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < self.not_after else "expired"


class CertificateRegistry:
    """The register in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory: Final = directory
        self._decoder: Final = msgspec.json.Decoder(IssuedCertificate)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keep every other command of this authority waiting meanwhile."""
        place = self._directory / _LOCK
        try:
            file = place.open("w")
        except OSError as error:
            raise ConfigurationError(f"{place} cannot be written: {error.strerror}.") from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def list_issued(self) -> list[IssuedCertificate]:
        """Return every certificate, oldest first."""
        path = self._directory / _FILE
        if not path.exists():
            return []
        try:
            return self._decoder.decode_lines(path.read_bytes())
        except msgspec.DecodeError:
            raise ConfigurationError(f"{path} is damaged: restore it from a backup.") from None

    def record(self, certificate: x509.Certificate, name: str, *, issued_at: datetime) -> IssuedCertificate:
        """Add a certificate. The caller holds the lock."""
        issued = IssuedCertificate(
            serial=f"{certificate.serial_number:x}",
            name=name,
            issued_at=issued_at,
            not_after=certificate.not_valid_after_utc,
        )
        self._replace([*self.list_issued(), issued])
        return issued

    def record_revocation(self, serial: int, *, reason: str, revoked_at: datetime) -> IssuedCertificate:
        """Mark a certificate revoked; the first revocation stands. The caller holds the lock.

        Raises:
            CertificateNotFoundError: no certificate with this serial was issued here.
        """
        lines = self.list_issued()
        for place, line in enumerate(lines):
            if line.serial_number == serial:
                if line.revoked_at is None:
                    lines[place] = msgspec.structs.replace(line, revoked_at=revoked_at, reason=reason)
                    self._replace(lines)
                return lines[place]
        raise CertificateNotFoundError(field="serial")

    def _replace(self, lines: list[IssuedCertificate]) -> None:
        write_atomically(self._directory / _FILE, msgspec.json.Encoder().encode_lines(lines))
