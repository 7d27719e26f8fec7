"""What became of documents (印刷・交付・書損), the fees of the day, and whether a document is genuine."""

from __future__ import annotations

from typing import Final

from jukinet.domain.clock import civil_day
from jukinet.domain.document_requests import DocumentKind, find_tagged
from jukinet.domain.errors import IssuedDocumentNotFoundError, JukinetError
from jukinet.municipal.document_store import IssuedDocument, find_document_of, list_documents, list_fee_totals
from jukinet.municipal.usecases.open_document import open_document
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.settle_document import confirm_print, void_document
from jukinet.municipal.usecases.verify_document import DocumentClaim, VerificationAnswer, verify_document
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit

_MOST_ROWS: Final = 200
#: How the QR code of a document begins.
_SCANNED: Final = "JD"


async def show_document(desk: Desk, visit: Visit) -> Answer:
    """Show where a document is: to be printed, handed over, or void."""
    return _document_page(await _find(desk, visit), Form({}))


async def print_document(desk: Desk, visit: Visit) -> Answer:
    """Give the document to the browser; that it left is on the log before."""
    document = await _find(desk, visit)
    number = document.document_number
    content = await open_document(document_number=number, act=_act(desk, visit), database=desk.database)
    return Pdf(content, f"document-{number}")


async def settle_document(desk: Desk, visit: Visit) -> Answer:
    """Record that the document was handed over, or is void."""
    document = await _find(desk, visit)
    number, act = document.document_number, _act(desk, visit)
    if visit.form.get("step") == "handed_over":
        await confirm_print(document_number=number, act=act, database=desk.database)
        return Redirect(f"/documents/{document.request_number}", "done.document.handed_over")
    form = Form(visit.form)
    try:
        await void_document(document_number=number, reason=form.text("reason"), act=act, database=desk.database)
    except JukinetError as error:
        form.refuse(error, names=("reason",))
        return _document_page(document, form)
    return Redirect(f"/documents/{document.request_number}", "done.document.void")


async def show_documents(desk: Desk, visit: Visit) -> Answer:
    """Show the day's documents, what each operator took, and where to check a document."""
    return await _documents_page(desk, visit, Form({}), None)


async def check_document(desk: Desk, visit: Visit) -> Answer:
    """Say whether a document is genuine: its QR code was scanned, or its number and code typed."""
    form = Form(visit.form)
    answer = None
    try:
        claim = _claim(form)
        answer = await verify_document(claim=claim, act=_act(desk, visit), database=desk.database)
    except JukinetError as error:
        form.refuse(error, names={"document_code": "document_number", "code": "code", "number": "document_number"})
    return await _documents_page(desk, visit, form, answer)


def _claim(form: Form) -> DocumentClaim:
    scanned = form.text("document_number")
    if scanned.startswith(_SCANNED) and ":" in scanned:
        return DocumentClaim.of_payload(scanned)
    return DocumentClaim(document_number=scanned.upper(), code=form.text("code"))


async def _documents_page(desk: Desk, visit: Visit, form: Form, answer: VerificationAnswer | None) -> Page:
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        documents = await list_documents(connection, issued_on=today, limit=_MOST_ROWS)
        totals = await list_fee_totals(connection, issued_on=today)
    values = {
        "documents": [(one, _kind(one)) for one in documents],
        "totals": totals,
        "total_yen": sum(one.total_yen for one in totals),
        "today": today.isoformat(),
        "form": form,
        "labels": {name: visit.words(f"document.{name}") for name in ("document_number", "code")},
        "answer": answer,
        "limit": _MOST_ROWS,
    }
    return Page("municipal/documents.html", values, status=422 if form.problems else 200)


def _document_page(document: IssuedDocument, form: Form) -> Page:
    values = {"document": document, "kind": _kind(document), "form": form}
    return Page("municipal/document.html", values, status=422 if form.problems else 200)


async def _find(desk: Desk, visit: Visit) -> IssuedDocument:
    async with desk.database.connection() as connection:
        document = await find_document_of(connection, visit.numbers["request_number"])
    if document is None:
        raise IssuedDocumentNotFoundError(field="request_number")
    return document


def _kind(document: IssuedDocument) -> DocumentKind:
    return find_tagged(DocumentKind, document.kind, field_name="kind")


def _act(desk: Desk, visit: Visit) -> Act:
    return Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
