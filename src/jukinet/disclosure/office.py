"""What a prefecture or the nation answers persons with: who it is, its key, its font."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.documents.glyphs import DocumentFont, load_font
from jukinet.documents.letters import draw_signed_letters
from jukinet.documents.sheets import Issuer, LetterSheet
from jukinet.documents.signing import Signer, load_signer
from jukinet.domain.errors import DocumentSigningKeyError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.node_process.config import DocumentsConfig, NodeConfig
from jukinet.protocol.node_names import NodeKind, NodeName

#: Who signs where the configuration names nobody: a specimen is no letter of anybody.
SPECIMEN_HEAD: Final = "見本　太郎"
#: From this day the national body is the Agency (機構).
AGENCY_BEGINS_ON: Final = date(2014, 4, 1)
_NATIONAL_NUMBER: Final = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffice:
    """The letters' side of a prefectural or national node."""

    head_name: str = SPECIMEN_HEAD
    office: str = ""
    contact: str = ""
    #: None where this node has no key to sign with: it then prints nothing.
    signer: Signer | None = field(default=None, repr=False)
    #: Every letter says 見本 unless these are real residents.
    is_specimen: bool = True
    #: Where the document font is; loaded on first use.
    font: Callable[[], DocumentFont] = field(default=load_font, repr=False)

    def issuer(self, node: NodeName, *, issued_on: date) -> Issuer:
        """Return who answers on this node on this day."""
        body, head = body_of(node, on=issued_on)
        return Issuer(
            municipality=_NATIONAL_NUMBER if node.kind is NodeKind.NATIONAL else node.code,
            municipality_name=body,
            mayor_title=head,
            mayor_name=self.head_name,
            office=self.office,
            contact=self.contact,
        )


def open_answer_office(config: NodeConfig) -> AnswerOffice:
    """Return the office a configuration describes.

    Raises:
        SecretUnreadableError, CertificateNotTrustedError: a key is named, but it is not fit.
    """
    documents = config.documents or DocumentsConfig()
    signer = None
    if documents.key is not None and documents.certificate is not None:
        signer = load_signer(documents.key, documents.certificate)
    return AnswerOffice(
        head_name=documents.mayor_name or SPECIMEN_HEAD,
        office=documents.office,
        contact=documents.contact,
        signer=signer,
        is_specimen=not config.is_production,
    )


def body_of(node: NodeName, *, on: date) -> tuple[str, str]:
    """Return the body that runs a prefectural or the national node on this day, and its head."""
    if node.kind is NodeKind.NATIONAL:
        if on >= AGENCY_BEGINS_ON:
            return "地方公共団体情報システム機構", "地方公共団体情報システム機構理事長"
        return "指定情報処理機関", "指定情報処理機関の長"
    prefecture = find_local_government(LocalGovernmentCode(node.code)).full_name
    return prefecture, f"{prefecture}知事"


async def draw_answer(sheet: LetterSheet, office: AnswerOffice, *, now: datetime) -> bytes:
    """Return the signed PDF of a letter.

    Raises:
        DocumentSigningKeyError: this node has no key.
        GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be drawn.
    """
    if office.signer is None:
        raise DocumentSigningKeyError
    return await draw_signed_letters(
        [sheet], signer=office.signer, font=office.font, is_specimen=office.is_specimen, now=now
    )
