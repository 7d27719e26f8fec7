"""Print a written notice of a resident record code (住民票コード通知票の印刷): one person, one sheet.

It can be printed again, for paper tears; every time is on the log before the sheet leaves.
Source: Act (–2015) art. 30-2(3), 30-3(4), (2015–) art. 30-3(3), 30-4(4); Order art. 30-4(2).
"""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.municipal.code_notice_store import CodeNotice, find_notice
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.notice_sheets import draw_notice, sheet_of_code
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database


async def print_code_notice(*, notice_number: int, act: Act, office: DocumentOffice, database: Database) -> bytes:
    """Return the signed PDF of a sheet.

    Raises:
        CodeNoticeNotFoundError: there is no such sheet.
        CodeNoticeStateError: it is destroyed, or the person has another code meanwhile.
        DocumentSigningKeyError: this node has no key to sign with.
        GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be drawn; nothing is written.
    """
    async with office.seats, database.transaction() as unit:
        notice = await find_notice(unit, notice_number)
        record = await find_resident(unit, notice.resident_number)
        sheet = sheet_of_code(notice, record, issuer=office.issuer, issued_on=civil_day(act.now))
        content = await draw_notice(sheet, office, now=act.now)
        await append(unit, [printed(notice, act)])
    return content


def printed(notice: CodeNotice, act: Act) -> Entry:
    """Return what the log says of a printed sheet."""
    return Entry(
        event=AuditEvent.CODE_NOTICE_PRINTED,
        occurred_at=act.now,
        actor=act.operator_id,
        detail={"notice_number": notice.notice_number, "resident_number": notice.resident_number},
    )
