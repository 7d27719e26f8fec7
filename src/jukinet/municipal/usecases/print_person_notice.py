"""Print the letter about an ex officio act (職権による記載等の通知書の印刷).

It can be printed again, for paper tears; every time is on the log before the letter leaves.
Source: Order art. 12(4).
"""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.documents.sheets import LetterSheet
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import PersonNoticeStateError
from jukinet.domain.person_notices import PersonNoticeState
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.notice_sheets import draw_notice, mark_of_notice
from jukinet.municipal.person_letters import letter_of
from jukinet.municipal.person_notice_store import PersonNotice, find_person_notice
from jukinet.municipal.store import list_versions
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.require_open_register import require_open_register
from jukinet.postgres.database import Database, Unit


async def print_person_notice(*, notice_number: int, act: Act, office: DocumentOffice, database: Database) -> bytes:
    """Return the signed PDF of a letter.

    Raises:
        PersonNoticeNotFoundError: there is no such letter.
        PersonNoticeStateError: nobody knows where to send it, or public notice took its place.
        DocumentSigningKeyError: this node has no key to sign with.
        GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be drawn; nothing is written.
    """
    async with office.seats, database.transaction() as unit:
        await require_open_register(unit, node=act.node, now=act.now)
        notice = await find_person_notice(unit, notice_number)
        if notice.state is PersonNoticeState.POSTED:
            raise PersonNoticeStateError("Public notice took its place.", field="notice_number")
        sheet = await find_letter(unit, notice=notice, act=act, office=office)
        content = await draw_notice(sheet, office, now=act.now)
        await append(unit, [printed(notice, act)])
    return content


async def find_letter(unit: Unit, *, notice: PersonNotice, act: Act, office: DocumentOffice) -> LetterSheet:
    """Return the letter, with the version its act made; raise PersonNoticeStateError where it reaches nobody."""
    versions = await list_versions(unit, notice.resident_number)
    record = next(version for version in versions if version.version == notice.version)
    mark = mark_of_notice(office.issuer, "P", notice.notice_number, civil_day(act.now))
    return letter_of(notice, record, issuer=office.issuer, mark=mark)


def printed(notice: PersonNotice, act: Act) -> Entry:
    """Return what the log says of a printed letter."""
    return Entry(
        event=AuditEvent.PERSON_NOTICE_PRINTED,
        occurred_at=act.now,
        actor=act.operator_id,
        detail={"notice_number": notice.notice_number, "resident_number": notice.resident_number},
    )
