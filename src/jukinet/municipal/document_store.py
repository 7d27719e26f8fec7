"""Every statement on requests for documents and on documents issued (証明書の請求と発行)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from psycopg import sql

from jukinet.domain.document_requests import (
    DocumentKind,
    DocumentRequest,
    HandingOver,
    RecordItem,
    RequestBearer,
    RequestGround,
    find_tagged,
)
from jukinet.domain.errors import (
    DocumentRequestNotFoundError,
    DocumentRequestStateError,
    IssuedDocumentNotFoundError,
    IssuedDocumentStateError,
)
from jukinet.domain.notifications import find_identity_check, find_seen_document
from jukinet.domain.resident_record import ResidentRecord
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD_REQUEST: Final = """
    INSERT INTO register.document_request
           (kind, ground, resident_numbers, versions, items, requester_number, requester_name, bearer, bearer_name,
            identity_check, documents, purpose, client, handing_over, is_reissue, fee_yen, requested_at, requested_by,
            protected_numbers)
    VALUES (%(kind)s, %(ground)s, %(resident_numbers)s, %(versions)s, %(items)s, %(requester_number)s,
            %(requester_name)s, %(bearer)s, %(bearer_name)s, %(identity_check)s, %(documents)s, %(purpose)s, %(client)s,
            %(handing_over)s, %(is_reissue)s, %(fee_yen)s, %(requested_at)s, %(requested_by)s, %(protected_numbers)s)
    RETURNING request_number
"""

#: One issue of a request at a time.
_LOCK_REQUEST: Final = """
    SELECT pg_advisory_xact_lock(%(space)s, hashint8(%(request_number)s))
"""
_REQUESTS: Final = 7_011

_FIND_REQUEST: Final = """
    SELECT request_number, kind, ground, resident_numbers, versions, items, requester_number, requester_name, bearer,
           bearer_name, identity_check, documents, purpose, client, handing_over, is_reissue, fee_yen, requested_at,
           requested_by, protected_numbers
      FROM register.document_request
     WHERE request_number = %(request_number)s
"""

_NEXT_NUMBER: Final = "SELECT nextval('register.document_number')"

_ADD_DOCUMENT: Final = """
    INSERT INTO register.issued_document
           (document_number, request_number, resident_numbers, versions, sheet_digest, content_digest, code_hash,
            issued_at, issued_on, issued_by, fee_yen, state, content)
    VALUES (%(document_number)s, %(request_number)s, %(resident_numbers)s, %(versions)s, %(sheet_digest)s,
            %(content_digest)s, %(code_hash)s, %(issued_at)s, %(issued_on)s, %(issued_by)s, %(fee_yen)s, 'printed',
            %(content)s)
"""

_COLUMNS: Final = sql.SQL(
    "document.document_number, document.request_number, request.kind, document.resident_numbers, document.versions,"
    " document.sheet_digest, document.content_digest, document.code_hash, document.issued_at, document.issued_on,"
    " document.issued_by, document.fee_yen, document.state, document.void_reason"
)

_FIND_DOCUMENT: Final = sql.SQL("""
    SELECT {columns}
      FROM register.issued_document AS document
      JOIN register.document_request AS request USING (request_number)
     WHERE document.document_number = %(document_number)s
""").format(columns=_COLUMNS)

_FIND_OF_REQUEST: Final = sql.SQL("""
    SELECT {columns}
      FROM register.issued_document AS document
      JOIN register.document_request AS request USING (request_number)
     WHERE document.request_number = %(request_number)s
     ORDER BY document.state = 'void', document.issued_at DESC
     LIMIT 1
""").format(columns=_COLUMNS)

_LIST_DOCUMENTS: Final = sql.SQL("""
    SELECT {columns}
      FROM register.issued_document AS document
      JOIN register.document_request AS request USING (request_number)
     WHERE document.issued_on = %(issued_on)s
     ORDER BY document.issued_at DESC, document.document_number DESC
     LIMIT %(limit)s
""").format(columns=_COLUMNS)

_LIST_FEES: Final = """
    SELECT issued_by, count(*) FILTER (WHERE state <> 'void'), count(*) FILTER (WHERE state = 'void'),
           coalesce(sum(fee_yen), 0)
      FROM register.issued_document
     WHERE issued_on = %(issued_on)s
     GROUP BY issued_by
     ORDER BY issued_by
"""

_FIND_CONTENT: Final = """
    SELECT content FROM register.issued_document WHERE document_number = %(document_number)s AND content IS NOT NULL
"""

_HAND_OVER: Final = """
    UPDATE register.issued_document
       SET state = 'handed_over', settled_at = %(settled_at)s, settled_by = %(settled_by)s, content = NULL
     WHERE document_number = %(document_number)s AND state = 'printed'
"""

_VOID: Final = """
    UPDATE register.issued_document
       SET state = 'void', settled_at = %(settled_at)s, settled_by = %(settled_by)s, content = NULL, fee_yen = 0,
           void_reason = %(void_reason)s
     WHERE document_number = %(document_number)s AND state = 'printed'
"""

_ADD_ATTEMPT: Final = """
    INSERT INTO register.verification_attempt (operator_id, attempted_at, is_genuine)
    VALUES (%(operator_id)s, %(attempted_at)s, %(is_genuine)s)
"""

_COUNT_FAILED: Final = """
    SELECT count(*)
      FROM register.verification_attempt
     WHERE operator_id = %(operator_id)s AND attempted_at > %(since)s AND NOT is_genuine
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """A request as it was recorded, with the versions it was about and its fee."""

    request_number: int
    request: DocumentRequest
    versions: tuple[int, ...]
    fee_yen: int
    requested_at: datetime
    requested_by: str
    #: Who was protected when it was taken: it is issued after a review (審査) of these.
    protected_numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document that was issued."""

    document_number: str
    request_number: int
    kind: str
    resident_numbers: list[int]
    versions: list[int]
    sheet_digest: str
    content_digest: bytes = field(repr=False)
    code_hash: bytes = field(repr=False)
    issued_at: datetime
    issued_on: date
    issued_by: str
    fee_yen: int
    state: str
    void_reason: str | None

    @property
    def is_waiting(self) -> bool:
        """Return whether it is printed and nobody has said yet what became of it."""
        return self.state == "printed"

    @property
    def is_void(self) -> bool:
        """Return whether it was made void."""
        return self.state == "void"


@dataclass(frozen=True, slots=True)
class FeeTotal:
    """What one operator took in a day."""

    operator_id: str
    documents: int
    voided: int
    total_yen: int


async def add_request(
    unit: Unit,
    request: DocumentRequest,
    people: Sequence[ResidentRecord],
    *,
    fee_yen: int,
    now: datetime,
    operator_id: str,
    protected_numbers: Collection[int] = (),
) -> int:
    """Record a request with the versions it is about, and return its number."""
    parameters = {
        "kind": request.kind.tag,
        "ground": request.ground.tag,
        "resident_numbers": [one.resident_number for one in people],
        "versions": [one.version for one in people],
        "items": sorted(item.value for item in request.items),
        "requester_number": request.requester_number,
        "requester_name": request.requester_name,
        "bearer": request.bearer.tag,
        "bearer_name": request.bearer_name,
        "identity_check": request.identity_check.tag,
        "documents": sorted(document.tag for document in request.documents),
        "purpose": request.purpose,
        "client": request.client,
        "handing_over": request.handing_over.tag,
        "is_reissue": request.is_reissue,
        "fee_yen": fee_yen,
        "requested_at": now,
        "requested_by": operator_id,
        "protected_numbers": sorted(protected_numbers),
    }
    row = await (await unit.execute(_ADD_REQUEST, parameters)).fetchone()
    return 0 if row is None else int(row[0])


async def lock_request(unit: Unit, request_number: int) -> RecordedRequest:
    """Return a request nobody else issues from until the transaction ends; raise DocumentRequestNotFoundError."""
    await unit.execute(_LOCK_REQUEST, {"space": _REQUESTS, "request_number": request_number})
    return await find_request(unit, request_number)


async def find_request(unit: Unit, request_number: int) -> RecordedRequest:
    """Return a request; raise DocumentRequestNotFoundError."""
    cursor = await unit.execute(_FIND_REQUEST, {"request_number": request_number})
    row = await cursor.fetchone()
    if row is None:
        raise DocumentRequestNotFoundError(field="request_number")
    names = [column.name for column in cursor.description or ()]
    return _request_of(dict(zip(names, row, strict=True)))


def _request_of(row: dict[str, Any]) -> RecordedRequest:
    request = DocumentRequest(
        kind=find_tagged(DocumentKind, row["kind"], field_name="kind"),
        ground=find_tagged(RequestGround, row["ground"], field_name="ground"),
        resident_numbers=tuple(row["resident_numbers"]),
        items=frozenset(RecordItem(item) for item in row["items"]),
        requester_number=row["requester_number"],
        requester_name=row["requester_name"],
        bearer=find_tagged(RequestBearer, row["bearer"], field_name="bearer"),
        bearer_name=row["bearer_name"],
        identity_check=find_identity_check(row["identity_check"]),
        documents=frozenset(find_seen_document(tag) for tag in row["documents"]),
        purpose=row["purpose"],
        client=row["client"],
        handing_over=find_tagged(HandingOver, row["handing_over"], field_name="handing_over"),
        is_reissue=row["is_reissue"],
    )
    return RecordedRequest(
        request_number=row["request_number"],
        request=request,
        versions=tuple(row["versions"]),
        fee_yen=row["fee_yen"],
        requested_at=row["requested_at"],
        requested_by=row["requested_by"],
        protected_numbers=frozenset(row["protected_numbers"]),
    )


async def next_document_number(unit: Unit, *, issued_on: date) -> str:
    """Return a document number that no document has: the day and a counter."""
    row = await (await unit.execute(_NEXT_NUMBER)).fetchone()
    return f"{issued_on:%Y%m%d}-{0 if row is None else int(row[0]):07d}"


async def add_document(unit: Unit, document: IssuedDocument, content: bytes) -> None:
    """Record a document that is about to be printed.

    Raises:
        DocumentRequestStateError: another document was issued for this request, and is not void.
    """
    parameters = {
        "document_number": document.document_number,
        "request_number": document.request_number,
        "resident_numbers": document.resident_numbers,
        "versions": document.versions,
        "sheet_digest": document.sheet_digest,
        "content_digest": document.content_digest,
        "code_hash": document.code_hash,
        "issued_at": document.issued_at,
        "issued_on": document.issued_on,
        "issued_by": document.issued_by,
        "fee_yen": document.fee_yen,
        "content": content,
    }
    with violations_as({"issued_document_of_request": DocumentRequestStateError}):
        await unit.execute(_ADD_DOCUMENT, parameters)


async def find_document(unit: Unit, document_number: str) -> IssuedDocument:
    """Return a document; raise IssuedDocumentNotFoundError."""
    row = await (await unit.execute(_FIND_DOCUMENT, {"document_number": document_number})).fetchone()
    if row is None:
        raise IssuedDocumentNotFoundError(field="document_number")
    return IssuedDocument(*row)


async def find_document_of(unit: Unit, request_number: int) -> IssuedDocument | None:
    """Return the document issued for a request, a void one only where there is no other; None before it is issued."""
    row = await (await unit.execute(_FIND_OF_REQUEST, {"request_number": request_number})).fetchone()
    return None if row is None else IssuedDocument(*row)


async def find_content(unit: Unit, document_number: str) -> bytes:
    """Return the PDF while it waits to be handed over; raise IssuedDocumentNotFoundError."""
    row = await (await unit.execute(_FIND_CONTENT, {"document_number": document_number})).fetchone()
    if row is None:
        raise IssuedDocumentNotFoundError(field="document_number")
    return bytes(row[0])


async def list_documents(unit: Unit, *, issued_on: date, limit: int) -> list[IssuedDocument]:
    """Return the documents of a day, newest first."""
    cursor = await unit.execute(_LIST_DOCUMENTS, {"issued_on": issued_on, "limit": limit})
    return [IssuedDocument(*row) for row in await cursor.fetchall()]


async def list_fee_totals(unit: Unit, *, issued_on: date) -> list[FeeTotal]:
    """Return what each operator took on a day."""
    cursor = await unit.execute(_LIST_FEES, {"issued_on": issued_on})
    return [FeeTotal(*row) for row in await cursor.fetchall()]


async def note_handed_over(unit: Unit, document_number: str, *, now: datetime, operator_id: str) -> None:
    """Note that a document was handed over, and forget its PDF; raise IssuedDocumentStateError."""
    parameters = {"document_number": document_number, "settled_at": now, "settled_by": operator_id}
    cursor = await unit.execute(_HAND_OVER, parameters)
    if cursor.rowcount != 1:
        raise IssuedDocumentStateError(field="document_number")


async def note_void(unit: Unit, document_number: str, *, reason: str, now: datetime, operator_id: str) -> None:
    """Note that a document is void, its fee nothing, and forget its PDF; raise IssuedDocumentStateError."""
    parameters = {
        "document_number": document_number,
        "void_reason": reason,
        "settled_at": now,
        "settled_by": operator_id,
    }
    cursor = await unit.execute(_VOID, parameters)
    if cursor.rowcount != 1:
        raise IssuedDocumentStateError(field="document_number")


async def add_attempt(unit: Unit, *, operator_id: str, is_genuine: bool, now: datetime) -> None:
    """Note that somebody had a document checked, and whether it was genuine."""
    parameters = {"operator_id": operator_id, "attempted_at": now, "is_genuine": is_genuine}
    await unit.execute(_ADD_ATTEMPT, parameters)


async def count_failed_attempts(unit: Unit, *, operator_id: str, since: datetime) -> int:
    """Return how often what this operator had checked was not genuine since then."""
    row = await (await unit.execute(_COUNT_FAILED, {"operator_id": operator_id, "since": since})).fetchone()
    return 0 if row is None else int(row[0])
