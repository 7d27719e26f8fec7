"""What the QR codes of a move-out certificate (転出証明書) hold: the certificate's items, for the destination to scan.

A body of MessagePack, the issuer's ECDSA signature over it and the issuer's certificate are packed, compressed,
written in Base45 (RFC 9285) and cut into parts, each of which says which it is: `JM1:<group>:<k>:<n>:<text>`.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.documents import base45
from jukinet.documents.move_out_items import MoveOutData, require_possible
from jukinet.documents.signing import Signer, find_signer_name
from jukinet.domain.errors import (
    BadSignatureError,
    CertificateNotTrustedError,
    DocumentCodePartsError,
    DocumentCodeVersionError,
    MalformedDocumentCodeError,
)

VERSION: Final = "JM1"
#: Characters of one part: a QR code of 105 modules at most, which an office scanner reads from 52 mm.
PART_LENGTH: Final = 960
GROUP_LENGTH: Final = 8
#: A certificate of a hundred people; a longer text is no certificate.
_LONGEST: Final = 1 << 18
_SIGNED_FOR: Final = b"jukinet move-out certificate 1\0"
_PART: Final = re.compile(
    rf"{VERSION}:(?P<group>[0-9A-F]{{{GROUP_LENGTH}}}):(?P<k>[1-9][0-9]?):(?P<n>[1-9][0-9]?)"
    r":(?P<text>[0-9A-Z $%*+\-./:]+)"
)
_FIELD: Final = "document_code"
_DAY: Final = timedelta(days=1)


class _Packed(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Body, signature over the body, and the certificate of the signer in DER."""

    body: bytes
    signature: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    """One QR code: which of how many, of which certificate."""

    group: str
    place: int
    count: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMoveOutData:
    """The certificate's items, and whose signature vouches for them: whether it was revoked the caller looks up."""

    data: MoveOutData = field(repr=False)
    certificate: x509.Certificate


def write_move_out_data(data: MoveOutData, signer: Signer) -> tuple[str, ...]:
    """Return the texts of the QR codes, signed; as many as the family needs."""
    body = msgspec.msgpack.encode(data)
    signature = signer.key.sign(_SIGNED_FOR + body, ec.ECDSA(hashes.SHA256()))
    certificate = signer.certificate.public_bytes(serialization.Encoding.DER)
    packed = zlib.compress(msgspec.msgpack.encode(_Packed(body, signature, certificate)), 9)
    text, group = base45.encode(packed), _group_of(packed)
    parts = [text[start : start + PART_LENGTH] for start in range(0, len(text), PART_LENGTH)]
    return tuple(f"{VERSION}:{group}:{place}:{len(parts)}:{part}" for place, part in enumerate(parts, start=1))


def read_move_out_data(texts: Sequence[str], *, authorities: Sequence[x509.Certificate]) -> ReadMoveOutData:
    """Return what the QR codes say, scanned in any order, some perhaps twice.

    Raises:
        DocumentCodePartsError: some are missing (named by number), or they are of two certificates.
        DocumentCodeVersionError: they are of a version this program does not read.
        MalformedDocumentCodeError: they are not such codes, or were read or altered wrongly.
        CertificateNotTrustedError: none of the authorities vouches for the signer on the day of issue.
        BadSignatureError: the signature does not belong to what they say, or the signer is not the issuer.
        InvalidValueError: or one of its kind: an item is none that a register holds.
    """
    packed = _unpack(_join(texts))
    certificate = _certificate(packed.certificate)
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise CertificateNotTrustedError("The key is not ECDSA.", field=_FIELD)
    try:
        key.verify(packed.signature, _SIGNED_FOR + packed.body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BadSignatureError(field=_FIELD) from None
    data = _decode(packed.body)
    if find_signer_name(certificate) != f"municipal/{data.issuer}":
        raise BadSignatureError("The signer is not the municipality the certificate names.", field=_FIELD)
    _require_trusted(certificate, authorities, data.issued_on)
    require_possible(data)
    return ReadMoveOutData(data=data, certificate=certificate)


def _join(texts: Sequence[str]) -> bytes:
    parts = {_part_of(text) for text in texts}
    if len({(part.group, part.count) for part in parts}) != 1:
        raise DocumentCodePartsError("The codes are not of one and the same certificate.", field=_FIELD)
    group, count = next((part.group, part.count) for part in parts)
    found = {part.place: part.text for part in parts}
    missing = [place for place in range(1, count + 1) if place not in found]
    if missing:
        named = ", ".join(map(str, missing))
        raise DocumentCodePartsError(f"Of {count} codes these are missing: {named}.", field=_FIELD)
    packed = base45.decode("".join(found[place] for place in sorted(found)))
    if len(parts) != count or packed is None or _group_of(packed) != group:
        raise MalformedDocumentCodeError(field=_FIELD)
    return packed


def _part_of(text: str) -> _Part:
    found = _PART.fullmatch(text.strip("\r\n"))
    if found is None:
        raise _unreadable(text)
    return _Part(found["group"], int(found["k"]), int(found["n"]), found["text"])


def _unreadable(text: str) -> MalformedDocumentCodeError:
    if re.match("JM[0-9]+:", text) and not text.startswith(f"{VERSION}:"):
        return DocumentCodeVersionError(field=_FIELD)
    return MalformedDocumentCodeError(field=_FIELD)


def _unpack(content: bytes) -> _Packed:
    try:
        plain = zlib.decompressobj()
        unpacked = plain.decompress(content, _LONGEST)
        if not plain.eof or plain.unused_data:
            raise MalformedDocumentCodeError(field=_FIELD)
        return msgspec.msgpack.decode(unpacked, type=_Packed)
    except (zlib.error, msgspec.DecodeError):
        raise MalformedDocumentCodeError(field=_FIELD) from None


def _decode(body: bytes) -> MoveOutData:
    try:
        data = msgspec.msgpack.decode(body, type=MoveOutData)
    except msgspec.DecodeError:
        raise MalformedDocumentCodeError("The items are not those of this version.", field=_FIELD) from None
    return data


def _certificate(content: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise MalformedDocumentCodeError(field=_FIELD) from None


def _require_trusted(certificate: x509.Certificate, authorities: Sequence[x509.Certificate], issued_on: date) -> None:
    # The day of issue in Japan lies within these bounds wherever the clock stands.
    issued = datetime.combine(issued_on, time(), UTC)
    if not certificate.not_valid_before_utc - _DAY <= issued <= certificate.not_valid_after_utc:
        raise CertificateNotTrustedError("The signer's certificate was not valid on the day of issue.", field=_FIELD)
    if not any(_is_issued_by(certificate, authority) for authority in authorities):
        raise CertificateNotTrustedError(field=_FIELD)


def _is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _group_of(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()[:GROUP_LENGTH].upper()
