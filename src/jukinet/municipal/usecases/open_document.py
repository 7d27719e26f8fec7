"""Open an issued document for printing (証明書の印刷): the one place where its bytes leave the node.

Right before that it is checked that they are what was recorded, and that their own signature names this document and
this request (I8). A document can be printed again until somebody says that it was handed over, or void.
"""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.documents.binding import read_binding
from jukinet.domain.errors import DocumentBindingError
from jukinet.municipal.document_office import digest_of_content
from jukinet.municipal.document_store import IssuedDocument, find_content, find_document
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database


async def open_document(*, document_number: str, act: Act, database: Database) -> bytes:
    """Return the signed PDF; that it was opened is on the log before it is returned.

    Raises:
        IssuedDocumentNotFoundError: there is no such document, or it was handed over or made void.
        DocumentBindingError: what is kept is not what was issued for its request.
    """
    async with database.transaction() as unit:
        document = await find_document(unit, document_number)
        content = await find_content(unit, document_number)
        require_bound_content(document, content)
        detail = {"document_number": document_number, "request_number": document.request_number}
        entry = Entry(event=AuditEvent.DOCUMENT_OPENED, occurred_at=act.now, actor=act.operator_id, detail=detail)
        await append(unit, [entry])
    return content


def require_bound_content(document: IssuedDocument, content: bytes) -> None:
    """Raise DocumentBindingError unless these bytes are the document, and say so themselves."""
    expected = f"{document.document_number}/{document.request_number}/{document.sheet_digest}"
    if digest_of_content(content) != document.content_digest or read_binding(content) != expected:
        raise DocumentBindingError(field="document_number")
