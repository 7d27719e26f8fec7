"""What a municipality issues documents with: who it is, its font, its key, its fees; and the drawing itself."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.documents.binding import binding_text
from jukinet.documents.drawing import draw
from jukinet.documents.glyphs import DocumentFont, load_font
from jukinet.documents.move_out_data import write_move_out_data
from jukinet.documents.move_out_items import data_of
from jukinet.documents.sheets import Issuer, MoveOutCertificateSheet, Sheet
from jukinet.documents.signing import Signer, load_signer, sign
from jukinet.documents.verification import Verification, create_verification
from jukinet.domain.errors import DocumentSigningKeyError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.node_process.config import NodeConfig
from jukinet.protocol.node_names import NodeName

#: As many documents are drawn at the same time.
DRAWN_AT_ONCE: Final = 2
#: Who signs as mayor where the configuration names nobody: a specimen is no certificate of anybody.
SPECIMEN_MAYOR: Final = "見本　太郎"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOffice:
    """The documents' side of a municipal node."""

    issuer: Issuer
    #: None where this node has no key to sign with: it then refuses to issue.
    signer: Signer | None = field(default=None, repr=False)
    #: Every document says 見本 unless these are real residents.
    is_specimen: bool = True
    #: Yen by the value of the document kind; the ordinance's.
    fees: Mapping[str, int] = field(default_factory=dict)
    #: Where residents find the page about themselves, as a letter says it.
    resident_page: str = ""
    #: Where the document font is; loaded on first use, so that a node starts without it.
    font: Callable[[], DocumentFont] = field(default=load_font, repr=False)
    #: Drawing takes long and keeps a connection: those who wait for it wait here, and leave the others to other clerks.
    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DRAWN_AT_ONCE), repr=False)

    def require_signer(self) -> Signer:
        """Return the key to sign with; raise DocumentSigningKeyError."""
        if self.signer is None:
            raise DocumentSigningKeyError
        return self.signer


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnDocument:
    """A signed PDF, with what lets its paper be checked."""

    content: bytes = field(repr=False)
    verification: Verification

    @property
    def content_digest(self) -> bytes:
        """Return the digest of the signed PDF."""
        return digest_of_content(self.content)


def open_office(config: NodeConfig) -> DocumentOffice:
    """Return the office a configuration describes.

    Raises:
        SecretUnreadableError, CertificateNotTrustedError: a key is named, but it is not fit.
    """
    documents = config.documents
    signer = None
    if documents is not None and documents.key is not None and documents.certificate is not None:
        signer = load_signer(documents.key, documents.certificate)
    return DocumentOffice(
        issuer=issuer_of(
            config.node_name,
            mayor_name="" if documents is None else documents.mayor_name,
            office="" if documents is None else documents.office,
            contact="" if documents is None else documents.contact,
        ),
        signer=signer,
        is_specimen=not config.is_production,
        fees={} if documents is None else documents.fees,
        resident_page="" if documents is None else documents.resident_page,
    )


def issuer_of(name: NodeName, *, mayor_name: str = "", office: str = "", contact: str = "") -> Issuer:
    """Return who issues on this node: the municipality and its mayor."""
    government = find_local_government(LocalGovernmentCode(name.code))
    return Issuer(
        municipality=name.code,
        municipality_name=government.full_name,
        mayor_title=f"{government.name}長",
        mayor_name=mayor_name or SPECIMEN_MAYOR,
        office=office,
        contact=contact,
    )


async def draw_document(sheet: Sheet, office: DocumentOffice, *, request_number: int, now: datetime) -> DrawnDocument:
    """Check the glyphs, draw and sign, beside the event loop.

    Raises:
        DocumentSigningKeyError: this node has no key.
        GlyphMissingError, FontMissingError, DrawingFailedError: as `documents.drawing.draw`.
    """
    return await asyncio.to_thread(_draw_and_sign, sheet, office, request_number, now)


def _draw_and_sign(sheet: Sheet, office: DocumentOffice, request_number: int, now: datetime) -> DrawnDocument:
    signer = office.require_signer()
    font = office.font()
    verification = create_verification(sheet)
    qr_texts = write_move_out_data(data_of(sheet), signer) if isinstance(sheet, MoveOutCertificateSheet) else ()
    pdf = draw(sheet, font=font, is_specimen=office.is_specimen, verification=verification, qr_texts=qr_texts)
    reason = binding_text(verification, request_number)
    return DrawnDocument(content=sign(pdf, signer, signed_at=now, reason=reason), verification=verification)


def digest_of_content(content: bytes) -> bytes:
    """Return the digest of a signed PDF."""
    return hashlib.sha256(content).digest()


def hash_of_code(document_number: str, code: str) -> bytes:
    """Return what is kept of a verification code: with the number, so that equal codes do not look equal."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(f"{document_number}:{plain}".encode()).digest()
