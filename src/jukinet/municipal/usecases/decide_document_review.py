"""Decide on a request that touches a protected person (支援措置の審査): another officer, with a reason.

Who asked may withdraw the request before (請求の取下げ); that is recorded the same way, by whoever hears it.

Source: Act art. 12(6), 12-2, 12-3(1); the ministry's guidance on the handling of support measures.
"""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.support_reviews import SupportVerdict, require_reviewer, require_verdict
from jukinet.municipal.document_store import RecordedRequest, lock_request
from jukinet.municipal.support_review_store import add_support_review
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database


async def decide_document_review(
    *, request_number: int, verdict: SupportVerdict, act: Act, database: Database
) -> RecordedRequest:
    """Record the verdict and return the request; an approved one can be issued then.

    Raises:
        DocumentRequestNotFoundError, DocumentRequestStateError: there is none, it needs no review, or has its verdict.
        SelfReviewError: the operator took the request.
        MissingItemError: the reason, a finding, or the address for the answer is missing.
    """
    async with database.transaction() as unit:
        recorded = await lock_request(unit, request_number)
        require_reviewer(verdict.decision, requested_by=recorded.requested_by, reviewer=act.operator_id)
        require_verdict(verdict)
        await add_support_review(unit, request_number, verdict, operator_id=act.operator_id, now=act.now)
        entry = Entry(
            event=AuditEvent.DOCUMENT_REVIEW_DECIDED,
            occurred_at=act.now,
            actor=act.operator_id,
            detail={
                "request_number": request_number,
                "requested_by": recorded.requested_by,
                "decision": verdict.decision.value,
                "findings": sorted(finding.tag for finding in verdict.findings),
                "resident_numbers": list(recorded.request.resident_numbers),
            },
        )
        await append(unit, [entry])
    return recorded
