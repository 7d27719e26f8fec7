"""Say whether a document is genuine (証明書の真正性の確認): its number and code, and perhaps its digest or file.

The answer is genuine since when, void or unknown, and nothing about anybody. It is on the log; who tries many wrong
codes has to wait.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.documents.verification import parse_payload
from jukinet.domain.errors import IssuedDocumentNotFoundError, VerificationTooOftenError
from jukinet.municipal.document_office import digest_of_content, hash_of_code
from jukinet.municipal.document_store import IssuedDocument, add_attempt, count_failed_attempts, find_document
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit

#: As many wrong answers are given to one operator in the time below.
MOST_FAILED: Final = 10
_WITHIN: Final = timedelta(minutes=1)


class VerificationResult(Enum):
    """What is said of a document."""

    GENUINE = "genuine"
    VOID = "void"
    #: No such document, a wrong code, or a paper or file that says something else.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClaim:
    """What a paper or a file claims to be."""

    document_number: str
    code: str = field(repr=False)
    #: What the QR code says of the contents, where it was scanned.
    sheet_digest: str | None = None
    #: The file, where there is one.
    content: bytes | None = field(default=None, repr=False)

    @classmethod
    def of_payload(cls, text: str) -> DocumentClaim:
        """Return what a QR code claims; raise MalformedDocumentCodeError."""
        found = parse_payload(text)
        return cls(document_number=found.number, code=found.code, sheet_digest=found.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationAnswer:
    """The answer: nothing about a person."""

    result: VerificationResult
    issued_on: date | None = None


async def verify_document(*, claim: DocumentClaim, act: Act, database: Database) -> VerificationAnswer:
    """Return whether a document is genuine; the answer is on the log before it is given.

    Raises:
        VerificationTooOftenError: this operator had too many that were not.
    """
    async with database.transaction() as unit:
        failed = await count_failed_attempts(unit, operator_id=act.operator_id, since=act.now - _WITHIN)
        if failed >= MOST_FAILED:
            raise VerificationTooOftenError(field="code")
        answer = await _answer(unit, claim)
        is_genuine = answer.result is VerificationResult.GENUINE
        await add_attempt(unit, operator_id=act.operator_id, is_genuine=is_genuine, now=act.now)
        detail = {"document_number": claim.document_number[:32], "result": answer.result.value}
        entry = Entry(event=AuditEvent.DOCUMENT_VERIFIED, occurred_at=act.now, actor=act.operator_id, detail=detail)
        await append(unit, [entry])
    return answer


async def _answer(unit: Unit, claim: DocumentClaim) -> VerificationAnswer:
    try:
        document = await find_document(unit, claim.document_number)
    except IssuedDocumentNotFoundError:
        return VerificationAnswer(result=VerificationResult.UNKNOWN)
    if not _is_of(claim, document):
        return VerificationAnswer(result=VerificationResult.UNKNOWN)
    result = VerificationResult.VOID if document.is_void else VerificationResult.GENUINE
    return VerificationAnswer(result=result, issued_on=document.issued_on)


def _is_of(claim: DocumentClaim, document: IssuedDocument) -> bool:
    is_code = hmac.compare_digest(hash_of_code(document.document_number, claim.code), document.code_hash)
    is_digest = claim.sheet_digest is None or claim.sheet_digest.upper() == document.sheet_digest
    is_file = claim.content is None or digest_of_content(claim.content) == document.content_digest
    return is_code and is_digest and is_file
