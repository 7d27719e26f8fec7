"""Say what became of a printed document (証明書の交付・書損): handed over with its fee, or void, free of charge."""

from __future__ import annotations

from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import MissingItemError
from jukinet.domain.repertoire import require_repertoire
from jukinet.municipal.document_store import IssuedDocument, find_document, note_handed_over, note_void
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database

#: The longest reason, in characters.
REASON_MAX_LENGTH: Final = 100


async def confirm_print(*, document_number: str, act: Act, database: Database) -> IssuedDocument:
    """Record that a document was handed over and its fee taken; its PDF is kept no longer.

    Raises:
        IssuedDocumentNotFoundError: there is no such document.
        IssuedDocumentStateError: it was handed over or made void before.
    """
    async with database.transaction() as unit:
        document = await find_document(unit, document_number)
        await note_handed_over(unit, document_number, now=act.now, operator_id=act.operator_id)
        detail = {"document_number": document_number, "fee_yen": document.fee_yen}
        entry = Entry(event=AuditEvent.DOCUMENT_HANDED_OVER, occurred_at=act.now, actor=act.operator_id, detail=detail)
        await append(unit, [entry])
    return document


async def void_document(*, document_number: str, reason: str, act: Act, database: Database) -> IssuedDocument:
    """Record that a document is void (書損等): its number is no longer genuine, its fee is nothing.

    Raises:
        MissingItemError: no reason is given, or it is too long.
        IssuedDocumentNotFoundError: there is no such document.
        IssuedDocumentStateError: it was handed over or made void before.
    """
    if not reason.strip() or len(reason) > REASON_MAX_LENGTH:
        raise MissingItemError(f"Say in up to {REASON_MAX_LENGTH} characters why it is void.", field="reason")
    require_repertoire(reason, field="reason")
    async with database.transaction() as unit:
        document = await find_document(unit, document_number)
        await note_void(unit, document_number, reason=reason, now=act.now, operator_id=act.operator_id)
        detail = {"document_number": document_number, "reason": reason}
        entry = Entry(event=AuditEvent.DOCUMENT_VOIDED, occurred_at=act.now, actor=act.operator_id, detail=detail)
        await append(unit, [entry])
    return document
