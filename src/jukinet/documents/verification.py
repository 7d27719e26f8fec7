"""Checking a paper document with the municipality that issued it: what its QR code holds.

The code says no personal data: who issued the document, its number, a random code nobody can guess, and a digest of
everything the document says. The municipality keeps all of them and answers whether they belong together.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from jukinet.documents.layouts import content_of
from jukinet.documents.sheets import Sheet
from jukinet.domain.errors import DocumentCodeVersionError, MalformedDocumentCodeError

VERSION: Final = "JD1"
#: Digits and letters that are not taken for one another on paper.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 12
DIGEST_LENGTH: Final = 32
_NUMBER: Final = re.compile("[0-9A-Z-]{1,32}")
_PAYLOAD: Final = re.compile(
    rf"{VERSION}:(?P<municipality>[0-9]{{6}}):(?P<number>[0-9A-Z-]{{1,32}})"
    rf":(?P<code>[{ALPHABET}]{{{CODE_LENGTH}}}):(?P<digest>[0-9A-F]{{{DIGEST_LENGTH}}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What lets a paper document be checked."""

    municipality: str
    number: str
    code: str = field(repr=False)
    digest: str

    @property
    def payload(self) -> str:
        """Return the text of the QR code."""
        return f"{VERSION}:{self.municipality}:{self.number}:{self.code}:{self.digest}"

    @property
    def code_in_groups(self) -> str:
        """Return the code as it is printed."""
        return "-".join(self.code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def create_verification(sheet: Sheet) -> Verification:
    """Return a new verification of this sheet: keep it with the document, it is not made twice alike.

    Raises:
        MalformedDocumentCodeError: the document number has characters that no document number has.
    """
    number = sheet.mark.number
    if _NUMBER.fullmatch(number) is None:
        raise MalformedDocumentCodeError("A document number has up to 32 of 0-9, A-Z and hyphen.", field="number")
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return Verification(municipality=sheet.issuer.municipality, number=number, code=code, digest=digest_of(sheet))


def digest_of(sheet: Sheet) -> str:
    """Return the digest of everything the document says: the same sheet, the same digest."""
    said = json.dumps(content_of(sheet).as_data(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:DIGEST_LENGTH].upper()


def parse_payload(text: str) -> Verification:
    """Return what a QR code says.

    Raises:
        DocumentCodeVersionError: it is of a version this program does not read.
        MalformedDocumentCodeError: it is no such code.
    """
    found = _PAYLOAD.fullmatch(text.strip())
    if found is not None:
        return Verification(**found.groupdict())
    if re.match("JD[0-9]+:", text.strip()) and not text.strip().startswith(f"{VERSION}:"):
        raise DocumentCodeVersionError(field="document_code")
    raise MalformedDocumentCodeError(field="document_code")
