"""Issue a document (証明書の発行): the page belongs to one request, one household and the versions the clerk looked at.

In one transaction the people are locked, their records read again and compared with the request, the sheet drawn and
signed, and the document and the disclosure recorded. Bytes leave only after that, by `open_document`, which checks
once more that they are what was recorded (I8).
Source: Act art. 12 to 12-3, 36-2; Order art. 23, 24.
"""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.documents.verification import Verification, digest_of
from jukinet.domain.clock import civil_day
from jukinet.domain.document_requests import DocumentKind, RecordItem, find_people, require_permitted
from jukinet.domain.errors import ChangedMeanwhileError, DocumentBindingError, DocumentRequestStateError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.document_office import DocumentOffice, DrawnDocument, draw_document, hash_of_code
from jukinet.municipal.document_sheets import mark_of, sheet_of
from jukinet.municipal.document_store import (
    IssuedDocument,
    RecordedRequest,
    add_document,
    find_document_of,
    lock_request,
    next_document_number,
)
from jukinet.municipal.store import list_household, list_residents, list_versions, lock_residents
from jukinet.municipal.support_review_store import find_support_review
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.request_document import live_numbers
from jukinet.municipal.usecases.require_open_register import require_open_register
from jukinet.postgres.database import Database, Unit


async def issue_document(
    *, request_number: int, act: Act, office: DocumentOffice, database: Database
) -> IssuedDocument:
    """Draw, sign and record the document of a request, and return what was recorded; `open_document` gives the bytes.

    Raises:
        DocumentSigningKeyError: this node has no key to sign with.
        DocumentRequestNotFoundError, DocumentRequestStateError: there is no such request, or it has its document.
        ChangedMeanwhileError: a record changed since the request: look again and ask anew.
        GlyphMissingError: the font cannot draw what would stand on it; nothing is written.
        JukinetError: the law no longer permits it, as `document_requests.require_permitted`.
    """
    office.require_signer()
    async with office.seats, database.transaction() as unit:
        recorded = await lock_request(unit, request_number)
        found = await find_document_of(unit, request_number)
        if found is not None:
            raise DocumentRequestStateError(field="request_number")
        handles = await lock_residents(unit, recorded.request.resident_numbers)
        household = await _read_household(unit, recorded, act)
        people = find_people(recorded.request, household)
        require_bound(recorded, people, household)
        issued_on = civil_day(act.now)
        reviewed = await _reviewed(unit, recorded)
        require_permitted(recorded.request, household, today=issued_on, reviewed=reviewed)
        sheet = sheet_of(
            recorded.request,
            people,
            household,
            issuer=office.issuer,
            mark=mark_of(await next_document_number(unit, issued_on=issued_on), issued_on),
            update_sequences={number: handle.update_sequence for number, handle in handles.items()},
            versions=await _histories(unit, recorded),
        )
        drawn = await draw_document(sheet, office, request_number=request_number, now=act.now)
        require_of_sheet(drawn.verification, digest_of(sheet), sheet.mark.number)
        document = _document_of(recorded, people, drawn, act)
        await add_document(unit, document, drawn.content)
        await append(unit, _disclosures(document, people, act))
    return document


async def _histories(unit: Unit, recorded: RecordedRequest) -> dict[int, list[ResidentRecord]]:
    """Return the versions of everybody on the document, where their history was asked for."""
    if RecordItem.HISTORY not in recorded.request.items:
        return {}
    return {number: await list_versions(unit, number) for number in recorded.request.resident_numbers}


async def _read_household(unit: Unit, recorded: RecordedRequest, act: Act) -> list[ResidentRecord]:
    first = (await list_residents(unit, recorded.request.resident_numbers[:1]))[0]
    household = await list_household(unit, first.household_number)
    await require_open_register(unit, node=act.node, now=act.now, records=household)
    return household


@enforces(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
async def _reviewed(unit: Unit, recorded: RecordedRequest) -> frozenset[int]:
    """Return the protected persons whom a review approved of; raise DocumentRequestStateError after any other end."""
    review = await find_support_review(unit, recorded.request_number)
    if review is None:
        return frozenset()
    if not review.is_approval:
        raise DocumentRequestStateError("The review did not approve of it.", field="request_number")
    return recorded.protected_numbers


@enforces(Rule.DOCUMENT_BELONGS_TO_ITS_REQUEST)
def require_bound(
    recorded: RecordedRequest, people: Sequence[ResidentRecord], household: Sequence[ResidentRecord]
) -> None:
    """Refuse records that are not those the request was about.

    Raises:
        ChangedMeanwhileError: a record has another version now, or the household other members.
    """
    request = recorded.request
    versions = {one.resident_number: one.version for one in people}
    if versions != dict(zip(request.resident_numbers, recorded.versions, strict=True)):
        raise ChangedMeanwhileError(
            "A record changed since the request: look at it again and ask anew.", field="version"
        )
    if request.kind is DocumentKind.HOUSEHOLD_COPY and set(live_numbers(household)) != set(versions):
        raise ChangedMeanwhileError("The household changed since the request: ask anew.", field="resident_numbers")


def require_of_sheet(verification: Verification, digest: str, number: str) -> None:
    """Raise DocumentBindingError unless what was drawn is this sheet."""
    if (verification.digest, verification.number) != (digest, number):
        raise DocumentBindingError(field="document_number")


def _document_of(
    recorded: RecordedRequest, people: Sequence[ResidentRecord], drawn: DrawnDocument, act: Act
) -> IssuedDocument:
    number = drawn.verification.number
    return IssuedDocument(
        document_number=number,
        request_number=recorded.request_number,
        kind=recorded.request.kind.tag,
        resident_numbers=[one.resident_number for one in people],
        versions=[one.version for one in people],
        sheet_digest=drawn.verification.digest,
        content_digest=drawn.content_digest,
        code_hash=hash_of_code(number, drawn.verification.code),
        issued_at=act.now,
        issued_on=civil_day(act.now),
        issued_by=act.operator_id,
        fee_yen=recorded.fee_yen,
        state="printed",
        void_reason=None,
    )


def _disclosures(document: IssuedDocument, people: Sequence[ResidentRecord], act: Act) -> list[Entry]:
    return [
        Entry(
            event=AuditEvent.DOCUMENT_ISSUED,
            occurred_at=act.now,
            actor=act.operator_id,
            resident_record_code=one.resident_record_code,
            detail={
                "document_number": document.document_number,
                "request_number": document.request_number,
                "kind": document.kind,
                "resident_number": one.resident_number,
                "fee_yen": document.fee_yen,
            },
        )
        for one in people
    ]
