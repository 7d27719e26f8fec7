"""Print the letters about ex officio acts that wait, in one go (職権による記載等の通知書のまとめ印刷).

Every glyph of all of them is looked up before anything is drawn; what cannot be drawn, or reaches nobody, is left out
and named. Each letter is bound to the version its act made, and on the log, before the print leaves.
Source: Order art. 12(4).
"""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.audit.store import append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, PersonNoticeStateError
from jukinet.domain.person_notices import PersonNoticeEvent, PersonNoticeState
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.notice_batches import (
    BATCH_MOST,
    NoticeBatch,
    NoticeSheet,
    require_batch,
    require_drawable,
    sort_out,
)
from jukinet.municipal.notice_sheets import draw_notices
from jukinet.municipal.person_notice_store import PersonNotice, find_person_notice, list_person_notices
from jukinet.municipal.usecases.print_person_notice import find_letter, printed
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.settle_person_notice import settle_person_notice
from jukinet.postgres.database import Database, Unit


async def look_over_person_notices(*, act: Act, office: DocumentOffice, database: Database) -> NoticeBatch:
    """Return which of the letters that wait can be printed now, and which not; nothing is shown of anybody.

    Raises:
        FontMissingError: the document font is not there.
    """
    async with database.connection() as unit:
        waiting = await list_person_notices(unit, PersonNoticeState.WAITING, limit=BATCH_MOST)
        sheets = [await _letter(unit, notice, act, office) for notice in waiting]
    return sort_out(sheets, office.font())


async def print_person_notices(
    *, notice_numbers: Sequence[int], act: Act, office: DocumentOffice, database: Database
) -> bytes:
    """Return the signed PDF of these letters, each beginning on a page of its own, in the order of their numbers.

    Raises:
        MissingItemError: none, or too many.
        PersonNoticeNotFoundError, PersonNoticeStateError: one is not there, does not wait, or reaches nobody.
        DocumentSigningKeyError: this node has no key to sign with.
        GlyphMissingError, FontMissingError, DrawingFailedError: one cannot be drawn; nothing is printed.
    """
    require_batch(notice_numbers)
    async with office.seats, database.transaction() as unit:
        notices = [await find_person_notice(unit, number) for number in sorted(set(notice_numbers))]
        if any(notice.state is not PersonNoticeState.WAITING for notice in notices):
            raise PersonNoticeStateError("One of them does not wait any more.", field="notice_numbers")
        sheets = require_drawable([await _letter(unit, notice, act, office) for notice in notices])
        content = await draw_notices(sheets, office, now=act.now)
        await append(unit, [printed(notice, act) for notice in notices])
    return content


async def send_person_notices(*, notice_numbers: Sequence[int], act: Act, database: Database) -> None:
    """Record that these letters were sent today, each for itself.

    Raises:
        MissingItemError: none, or too many.
        PersonNoticeNotFoundError, PersonNoticeStateError: one is not there or was sent before; those before it are
            recorded.
    """
    require_batch(notice_numbers)
    for number in sorted(set(notice_numbers)):
        await settle_person_notice(
            notice_number=number,
            event=PersonNoticeEvent.SENT,
            happened_on=civil_day(act.now),
            act=act,
            database=database,
        )


async def _letter(unit: Unit, notice: PersonNotice, act: Act, office: DocumentOffice) -> NoticeSheet:
    try:
        sheet = await find_letter(unit, notice=notice, act=act, office=office)
    except JukinetError as error:
        return NoticeSheet(notice_number=notice.notice_number, resident_number=notice.resident_number, sheet=error)
    return NoticeSheet(notice_number=notice.notice_number, resident_number=notice.resident_number, sheet=sheet)
