"""Notices on paper: the sheet of a resident record code (住民票コード通知票); drawing and signing of any notice.

A notice carries no verification code: it certifies nothing to others, and the register keeps no copy of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from jukinet.documents.drawing import draw
from jukinet.documents.letters import draw_signed_letters
from jukinet.documents.sheets import Addressee, CodeNoticeSheet, DocumentMark, Issuer, LetterSheet, UseLogSheet
from jukinet.documents.signing import sign
from jukinet.domain.code_notices import NoticeState, find_notice_kind
from jukinet.domain.errors import CodeNoticeStateError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.code_notice_store import CodeNotice
from jukinet.municipal.document_office import DocumentOffice


def sheet_of_code(notice: CodeNotice, record: ResidentRecord, *, issuer: Issuer, issued_on: date) -> CodeNoticeSheet:
    """Return the sheet of one person, addressed to where the person lives or has moved to.

    Raises:
        CodeNoticeStateError: the sheet is destroyed, or the person has another code meanwhile.
    """
    if notice.state is NoticeState.DESTROYED:
        raise CodeNoticeStateError("The sheet is destroyed.", field="notice_number")
    if record.resident_record_code != notice.resident_record_code:
        raise CodeNoticeStateError("The person has another code now: print the newer sheet.", field="notice_number")
    return CodeNoticeSheet(
        issuer=issuer,
        mark=mark_of_notice(issuer, "C", notice.notice_number, issued_on),
        kind=find_notice_kind(notice.kind),
        addressee=_addressee_of(record),
        resident_record_code=record.resident_record_code,
        birth_date=record.birth_date,
        is_foreign=record.is_foreign,
    )


def mark_of_notice(issuer: Issuer, letter: str, notice_number: int, issued_on: date) -> DocumentMark:
    """Return the mark of a notice: the municipality, a letter for what it is, and the number on its list."""
    return DocumentMark(number=f"{issuer.municipality}-{letter}{notice_number:07d}", issued_on=issued_on)


async def draw_notice(
    sheet: CodeNoticeSheet | LetterSheet | UseLogSheet, office: DocumentOffice, *, now: datetime
) -> bytes:
    """Return the signed PDF of one sheet; raise as `draw_notices`."""
    if isinstance(sheet, UseLogSheet):
        return await asyncio.to_thread(_draw_statement, sheet, office, now)
    return await draw_notices([sheet], office, now=now)


def _draw_statement(sheet: UseLogSheet, office: DocumentOffice, now: datetime) -> bytes:
    signer = office.require_signer()
    pdf = draw(sheet, font=office.font(), is_specimen=office.is_specimen)
    return sign(pdf, signer, signed_at=now, reason=sheet.mark.number)


async def draw_notices(
    sheets: Sequence[CodeNoticeSheet | LetterSheet], office: DocumentOffice, *, now: datetime
) -> bytes:
    """Return the signed PDF of one or many, drawn beside the event loop; each begins on a page of its own.

    Raises:
        DocumentSigningKeyError: this node has no key.
        GlyphMissingError, FontMissingError, DrawingFailedError: as `documents.drawing.draw`.
    """
    return await draw_signed_letters(
        sheets, signer=office.require_signer(), font=office.font, is_specimen=office.is_specimen, now=now
    )


def _addressee_of(record: ResidentRecord) -> Addressee:
    moved_to = record.confirmed_move_out_to or record.planned_move_out_to
    if record.is_removed and moved_to is not None:
        return Addressee(name=record.name, address=moved_to)
    return Addressee(name=record.name, address=record.address, postal_code=record.postal_code)
