"""Every statement on the review of requests that touch a protected person (支援措置の審査)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jukinet.domain.document_requests import DocumentKind, find_tagged
from jukinet.domain.errors import DocumentRequestStateError, SelfReviewError
from jukinet.domain.support_reviews import SupportDecision, SupportFinding, SupportReview, SupportVerdict
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD: Final = """
    INSERT INTO register.support_review
           (request_number, requested_by, decision, findings, reason, reply_address, decided_at, decided_by)
    SELECT request_number, requested_by, %(decision)s, %(findings)s, %(reason)s, %(reply_address)s, %(decided_at)s,
           %(decided_by)s
      FROM register.document_request
     WHERE request_number = %(request_number)s
       AND protected_numbers <> '{}'
"""

_FIND: Final = """
    SELECT decision, findings, reason, reply_address, decided_by, decided_at
      FROM register.support_review
     WHERE request_number = %(request_number)s
"""

_LIST: Final = """
    SELECT request.request_number, request.kind, request.requested_at, request.requested_by,
           coalesce(review.decision, 'waiting')
      FROM register.document_request AS request
      LEFT JOIN register.support_review AS review USING (request_number)
      LEFT JOIN register.issued_document AS document USING (request_number)
     WHERE request.protected_numbers <> '{}'
       AND document.request_number IS NULL
       AND (review.decision IS NULL OR review.decided_at > %(since)s)
     ORDER BY review.decision IS NOT NULL, request.requested_at, request.request_number
     LIMIT %(limit)s
"""

_COUNT_WAITING: Final = """
    SELECT count(*)
      FROM register.document_request AS request
      LEFT JOIN register.support_review AS review USING (request_number)
     WHERE request.protected_numbers <> '{}'
       AND review.request_number IS NULL
"""


@dataclass(frozen=True, slots=True)
class ListedReview:
    """A request on the list: nothing of the person stands there."""

    request_number: int
    kind_tag: str
    requested_at: datetime
    requested_by: str
    #: waiting, approved or refused.
    state: str

    @property
    def kind(self) -> DocumentKind:
        """Return what is asked for."""
        return find_tagged(DocumentKind, self.kind_tag, field_name="kind")


async def add_support_review(
    unit: Unit, request_number: int, verdict: SupportVerdict, *, operator_id: str, now: datetime
) -> None:
    """Record a verdict.

    Raises:
        DocumentRequestStateError: the request needs no review, or has its verdict.
        SelfReviewError: the operator took the request.
    """
    parameters = {
        "request_number": request_number,
        "decision": verdict.decision.value,
        "findings": sorted(finding.tag for finding in verdict.findings),
        "reason": verdict.reason.strip(),
        "reply_address": verdict.reply_address,
        "decided_at": now,
        "decided_by": operator_id,
    }
    refusals = {"support_review_pkey": DocumentRequestStateError, "support_review_other_operator": SelfReviewError}
    with violations_as(refusals):
        if (await unit.execute(_ADD, parameters)).rowcount != 1:
            raise DocumentRequestStateError(field="request_number")


async def find_support_review(unit: Unit, request_number: int) -> SupportReview | None:
    """Return the verdict on a request; None while it waits, or where none is needed."""
    row = await (await unit.execute(_FIND, {"request_number": request_number})).fetchone()
    if row is None:
        return None
    decision, findings, reason, reply_address, decided_by, decided_at = row
    verdict = SupportVerdict(
        decision=SupportDecision(decision),
        findings=frozenset(finding for finding in SupportFinding if finding.tag in findings),
        reason=reason,
        reply_address=reply_address,
    )
    return SupportReview(verdict=verdict, decided_by=decided_by, decided_at=decided_at)


async def list_support_reviews(unit: Unit, *, since: datetime, limit: int) -> list[ListedReview]:
    """Return what waits, and what was decided since then and has no document yet, the waiting first."""
    cursor = await unit.execute(_LIST, {"since": since, "limit": limit})
    return [ListedReview(*row) for row in await cursor.fetchall()]


async def count_waiting_reviews(unit: Unit) -> int:
    """Return how many requests wait for review."""
    row = await (await unit.execute(_COUNT_WAITING)).fetchone()
    return int(row[0]) if row else 0
