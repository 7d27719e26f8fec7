"""Review of requests that touch a protected person (支援措置の審査): why it is held, the decision, and what follows it.

Nothing on these pages says where anybody lives (I9); the looks of a reviewer are on the log like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.document_requests import RecordItem
from jukinet.domain.errors import DocumentRequestNotFoundError, JukinetError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.support_reviews import SupportDecision, SupportFinding, SupportReview, SupportVerdict
from jukinet.municipal.document_store import IssuedDocument, RecordedRequest, find_document_of, find_request
from jukinet.municipal.store import find_resident, list_household
from jukinet.municipal.support_review_store import find_support_review
from jukinet.municipal.usecases.decide_document_review import decide_document_review
from jukinet.municipal.usecases.issue_document import issue_document
from jukinet.municipal.usecases.print_document_refusal import print_document_refusal
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit

_FIELDS: Final = ("reason", "findings", "reply_address", "withdrawal")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    """A request in the hands of an operator."""

    recorded: RecordedRequest
    household: list[ResidentRecord] = field(repr=False)
    review: SupportReview | None
    document: IssuedDocument | None

    def named(self, numbers: frozenset[int]) -> list[ResidentRecord]:
        """Return those of the household with these numbers."""
        return [one for one in self.household if one.resident_number in numbers]


async def show_document_review(desk: Desk, visit: Visit) -> Answer:
    """Show a request, whom it touches, and what was decided; the look is on the log."""
    return await _page(desk, visit, Form({}))


async def take_document_review(desk: Desk, visit: Visit) -> Answer:
    """Approve, refuse, withdraw, or issue what was approved."""
    number, form = visit.numbers["request_number"], Form(visit.form)
    path, act = f"/document-reviews/{number}", Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    step = form.text("step")
    if step == "issue":
        office = desk.require_office()
        await issue_document(request_number=number, act=act, office=office, database=desk.database)
        return Redirect(f"/documents/{number}", "done.document.issued")
    decision = next((one for one in SupportDecision if one.value == step), None)
    if decision is None:
        return Redirect(path)
    try:
        verdict = _verdict(decision, form)
        await decide_document_review(request_number=number, verdict=verdict, act=act, database=desk.database)
    except JukinetError as error:
        is_withdrawal = decision is SupportDecision.WITHDRAWN
        form.refuse(error, names={"reason": "withdrawal"} if is_withdrawal else _FIELDS)
        return await _page(desk, visit, form)
    return Redirect(path, f"done.document_review.{decision.value}")


async def print_refusal(desk: Desk, visit: Visit) -> Answer:
    """Give the letter of a refusal to the browser; that it left is on the log before."""
    number, act = visit.numbers["request_number"], Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    content = await print_document_refusal(
        request_number=number, act=act, office=desk.require_office(), database=desk.database
    )
    return Pdf(content, f"refusal-{number}")


def _verdict(decision: SupportDecision, form: Form) -> SupportVerdict:
    is_refusal = decision is SupportDecision.REFUSED
    return SupportVerdict(
        decision=decision,
        findings=frozenset(one for one in SupportFinding if form.text(f"finding-{one.tag}")),
        reason=form.text("withdrawal" if decision is SupportDecision.WITHDRAWN else "reason"),
        reply_address=form.text("reply_address") if is_refusal else None,
    )


async def _page(desk: Desk, visit: Visit, form: Form) -> Page:
    found = await _look(desk, visit)
    recorded, request = found.recorded, found.recorded.request
    requester = frozenset() if request.requester_number is None else frozenset({request.requester_number})
    values = {
        "recorded": recorded,
        "request": request,
        "people": found.named(frozenset(request.resident_numbers)),
        "protected": found.named(recorded.protected_numbers),
        "requester": next(iter(found.named(requester)), None),
        "shown": [item for item in RecordItem if item in request.items],
        "review": found.review,
        "document": found.document,
        "findings": tuple(SupportFinding),
        "is_own": recorded.requested_by == visit.operator_id,
        "form": form,
        "labels": {name: visit.words(f"document_review.{name}") for name in _FIELDS},
    }
    return Page("municipal/document_review.html", values, status=422 if form.problems else 200)


async def _look(desk: Desk, visit: Visit) -> _Review:
    number = visit.numbers["request_number"]
    async with desk.database.transaction() as unit:
        recorded = await find_request(unit, number)
        if not recorded.protected_numbers:
            raise DocumentRequestNotFoundError(field="request_number")
        first = await find_resident(unit, recorded.request.resident_numbers[0])
        found = _Review(
            recorded=recorded,
            household=await list_household(unit, first.household_number),
            review=await find_support_review(unit, number),
            document=await find_document_of(unit, number),
        )
        detail = {"request_number": number, "resident_numbers": list(recorded.request.resident_numbers)}
        event = AuditEvent.DOCUMENT_REVIEW_VIEWED
        await append(unit, [Entry(event=event, occurred_at=visit.now, actor=visit.operator_id, detail=detail)])
    return found
