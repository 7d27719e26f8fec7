"""Print the letter that answers a refused request (不交付決定通知書の印刷).

It goes to the requester, at the address the request gives, and says nothing of anybody's record (I9): not whose it was
about, not that it exists here, not why it is protected. It can be printed again; every time is on the log first.
"""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DocumentRequestStateError
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.document_store import RecordedRequest, find_request
from jukinet.municipal.notice_sheets import draw_notice, mark_of_notice
from jukinet.municipal.refusal_letters import refusal_letter
from jukinet.municipal.store import find_resident
from jukinet.municipal.support_review_store import find_support_review
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit


async def print_document_refusal(*, request_number: int, act: Act, office: DocumentOffice, database: Database) -> bytes:
    """Return the signed PDF of the letter.

    Raises:
        DocumentRequestNotFoundError: there is no such request.
        DocumentRequestStateError: no review refused it.
        DocumentSigningKeyError: this node has no key to sign with.
        GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be drawn; nothing is written.
    """
    async with office.seats, database.transaction() as unit:
        recorded = await find_request(unit, request_number)
        review = await find_support_review(unit, request_number)
        if review is None or review.verdict.reply_address is None:
            raise DocumentRequestStateError("No review refused it.", field="request_number")
        letter = refusal_letter(
            recorded,
            name=await _requester_name(unit, recorded),
            address=review.verdict.reply_address,
            issuer=office.issuer,
            mark=mark_of_notice(office.issuer, "R", request_number, civil_day(act.now)),
        )
        content = await draw_notice(letter, office, now=act.now)
        detail = {"request_number": request_number}
        entry = Entry(
            event=AuditEvent.DOCUMENT_REFUSAL_PRINTED, occurred_at=act.now, actor=act.operator_id, detail=detail
        )
        await append(unit, [entry])
    return content


async def _requester_name(unit: Unit, recorded: RecordedRequest) -> str:
    """Return who asked: as typed, or, of somebody of the household, as recorded."""
    number = recorded.request.requester_number
    return recorded.request.requester_name if number is None else (await find_resident(unit, number)).name
