"""Print the written notices of codes that wait, in one go (住民票コード通知票のまとめ印刷): one sheet per person.

Every glyph of all of them is looked up before anything is drawn; what cannot be drawn is left out and named. Each
sheet is bound to its person's present record, and on the log, before the print leaves.
Source: Act (–2015) art. 30-2(3), 30-3(4), (2015–) art. 30-3(3), 30-4(4).
"""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.audit.store import append
from jukinet.domain.clock import civil_day
from jukinet.domain.code_notices import NoticeDelivery, NoticeState
from jukinet.domain.errors import CodeNoticeStateError, JukinetError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.code_notice_store import CodeNotice, find_notice, list_notices
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.notice_batches import (
    BATCH_MOST,
    NoticeBatch,
    NoticeSheet,
    require_batch,
    require_drawable,
    sort_out,
)
from jukinet.municipal.notice_sheets import draw_notices, sheet_of_code
from jukinet.municipal.store import list_residents
from jukinet.municipal.usecases.issue_code_notice import NoticeIssue, issue_code_notice
from jukinet.municipal.usecases.print_code_notice import printed
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit


async def look_over_code_notices(*, act: Act, office: DocumentOffice, database: Database) -> NoticeBatch:
    """Return which of the sheets that wait can be printed now, and which not; nothing is shown of anybody.

    Raises:
        FontMissingError: the document font is not there.
    """
    async with database.connection() as unit:
        waiting = await list_notices(unit, NoticeState.WAITING, limit=BATCH_MOST)
        sheets = await _sheets_of(unit, waiting, act, office)
    return sort_out(sheets, office.font())


async def print_code_notices(
    *, notice_numbers: Sequence[int], act: Act, office: DocumentOffice, database: Database
) -> bytes:
    """Return the signed PDF of these sheets, each on a page of its own, in the order of their numbers.

    Raises:
        MissingItemError: none, or too many.
        CodeNoticeNotFoundError, CodeNoticeStateError: one is not there, does not wait, or has another code meanwhile.
        DocumentSigningKeyError: this node has no key to sign with.
        GlyphMissingError, FontMissingError, DrawingFailedError: one cannot be drawn; nothing is printed.
    """
    require_batch(notice_numbers)
    async with office.seats, database.transaction() as unit:
        notices = [await find_notice(unit, number) for number in sorted(set(notice_numbers))]
        if any(notice.state is not NoticeState.WAITING for notice in notices):
            raise CodeNoticeStateError("One of them does not wait any more.", field="notice_numbers")
        sheets = require_drawable(await _sheets_of(unit, notices, act, office))
        content = await draw_notices(sheets, office, now=act.now)
        await append(unit, [printed(notice, act) for notice in notices])
    return content


async def send_code_notices(
    *, notice_numbers: Sequence[int], delivery: NoticeDelivery, act: Act, database: Database
) -> None:
    """Record that these sheets were sent, each for itself.

    Raises:
        MissingItemError: none, or too many.
        CodeNoticeNotFoundError, CodeNoticeStateError: one is not there or was sent before; those before it are
            recorded.
    """
    require_batch(notice_numbers)
    for number in sorted(set(notice_numbers)):
        issue = NoticeIssue(notice_number=number, delivery=delivery)
        await issue_code_notice(issue=issue, act=act, database=database)


async def _sheets_of(unit: Unit, notices: Sequence[CodeNotice], act: Act, office: DocumentOffice) -> list[NoticeSheet]:
    records = {one.resident_number: one for one in await list_residents(unit, [n.resident_number for n in notices])}
    return [_sheet_of(notice, records[notice.resident_number], act, office) for notice in notices]


def _sheet_of(notice: CodeNotice, record: ResidentRecord, act: Act, office: DocumentOffice) -> NoticeSheet:
    try:
        sheet = sheet_of_code(notice, record, issuer=office.issuer, issued_on=civil_day(act.now))
    except JukinetError as error:
        return NoticeSheet(notice_number=notice.notice_number, resident_number=notice.resident_number, sheet=error)
    return NoticeSheet(notice_number=notice.notice_number, resident_number=notice.resident_number, sheet=sheet)
