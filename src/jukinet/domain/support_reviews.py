"""Review (審査) of a request that touches a protected person (支援措置の対象者): by another officer, with a reason.

The protected person comes in person; whoever else asks is looked at by two officers. The second one compares the
requester with those the support measures protect from, who are never given anything, and answers for it by a reason
on record. A request that is refused is answered by a letter that says nothing of the person, not even whose record
it was about.

Source: Act art. 12(6), 12-2, 12-3(1); the ministry's guidance on the handling of support measures.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from jukinet.domain.document_requests import DocumentRequest, HandingOver, RequestGround
from jukinet.domain.errors import ItemNotPermittedError, MissingItemError
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.reviews import require_other_operator, require_reason
from jukinet.domain.rules import Rule, enforces


class SupportFinding(Enum):
    """What the reviewer made sure of; each of them before anything is issued."""

    #: Neither the requester nor who stands at the counter, nor a client of theirs.
    IS_NOT_PROTECTED_FROM = (
        "is_not_protected_from",
        "支援措置申出書と照らし、請求者・窓口に来た人・その依頼者は、支援措置の相手方ではない",
    )
    IDENTITY_IS_CERTAIN = (
        "identity_is_certain",
        "顔写真付きの書類（機関・法人は、こちらで調べた連絡先への照会）で、なりすましでないことを確かめた",
    )
    PURPOSE_IS_PROVED = ("purpose_is_proved", "利用の目的と必要なことを資料で確かめ、提出先・利用先を確かめた")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: What the screen says.
        self.label = label


class SupportDecision(Enum):
    """What the reviewer decides."""

    APPROVED = "approved"
    REFUSED = "refused"
    #: The requester asks for nothing any more (請求の取下げ): nobody decides, and nobody is written to.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportVerdict:
    """A decision with what it rests on."""

    decision: SupportDecision
    findings: frozenset[SupportFinding] = frozenset()
    reason: str = field(repr=False)
    #: Of a refusal, where the requester wants the answer: as the request says, never from the register.
    reply_address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportReview:
    """A verdict as it was recorded."""

    verdict: SupportVerdict
    decided_by: str
    decided_at: datetime

    @property
    def is_approval(self) -> bool:
        """Return whether the document may be issued."""
        return self.verdict.decision is SupportDecision.APPROVED


@enforces(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
def require_reviewer(decision: SupportDecision, *, requested_by: str, reviewer: str) -> None:
    """Refuse who decides on a request he or she took; that it is withdrawn, whoever hears it may record.

    Raises:
        SelfReviewError: the operator took the request.
    """
    if decision is not SupportDecision.WITHDRAWN:
        require_other_operator(submitted_by=requested_by, reviewer=reviewer)


@enforces(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
def require_verdict(verdict: SupportVerdict) -> None:
    """Refuse a decision without its grounds.

    Raises:
        MissingItemError: no reason; an approval that did not make sure of everything; a refusal nobody can be sent.
    """
    require_reason(verdict.reason)
    if verdict.decision is SupportDecision.APPROVED and verdict.findings != frozenset(SupportFinding):
        raise MissingItemError("An approval rests on every finding; else refuse.", field="findings")
    if verdict.decision is SupportDecision.REFUSED:
        if not (verdict.reply_address or "").strip():
            raise MissingItemError("Say where the refusal is sent.", field="reply_address")
        require_repertoire(verdict.reply_address or "", field="reply_address")


@enforces(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
def require_reviewable(request: DocumentRequest, protected: Collection[int]) -> None:
    """Refuse a reviewed document that would leave by post: only a public body is sent one.

    Raises:
        ItemNotPermittedError: naming `handing_over`.
    """
    is_sent = request.handing_over is HandingOver.MAIL
    if protected and is_sent and request.ground is not RequestGround.PUBLIC_BODY:
        raise ItemNotPermittedError(
            "What touches a protected person is handed over at the counter.", field="handing_over"
        )
