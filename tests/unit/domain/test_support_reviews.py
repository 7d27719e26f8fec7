"""A request that touches a protected person is decided by another officer, on every finding and with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from jukinet.domain.document_requests import HandingOver, RequestGround, protecting, require_support_measures
from jukinet.domain.errors import ItemNotPermittedError, MissingItemError, ProtectedPersonError
from jukinet.domain.rules import Rule
from jukinet.domain.support_reviews import (
    SupportDecision,
    SupportFinding,
    SupportVerdict,
    require_reviewable,
    require_verdict,
)
from tests.builders import resident
from tests.builders_issuing import copy_request

APPROVED: Final = SupportVerdict(
    decision=SupportDecision.APPROVED, findings=frozenset(SupportFinding), reason="申出書と照合した。"
)
REFUSED: Final = SupportVerdict(
    decision=SupportDecision.REFUSED, reason="相手方の代理人である。", reply_address="東京都港区芝一丁目1番1号"
)


@pytest.mark.parametrize("verdict", [APPROVED, REFUSED])
def test_a_decision_with_its_grounds_stands(verdict: SupportVerdict) -> None:
    require_verdict(verdict)


@pytest.mark.rule(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
@pytest.mark.parametrize("missing", list(SupportFinding))
def test_an_approval_rests_on_every_finding(missing: SupportFinding) -> None:
    with pytest.raises(MissingItemError) as refusal:
        require_verdict(replace(APPROVED, findings=APPROVED.findings - {missing}))

    assert refusal.value.field == "findings"


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (replace(APPROVED, reason=" "), "reason"),
        (replace(REFUSED, reason=""), "reason"),
        (replace(REFUSED, reply_address=None), "reply_address"),
    ],
)
def test_a_decision_without_reason_or_a_refusal_nobody_can_be_sent_is_refused(
    verdict: SupportVerdict, field: str
) -> None:
    with pytest.raises(MissingItemError) as refusal:
        require_verdict(verdict)

    assert refusal.value.field == field


def test_what_is_reviewed_is_never_posted_but_to_a_public_body() -> None:
    posted = copy_request(ground=RequestGround.JUSTIFIED_INTEREST, handing_over=HandingOver.MAIL)

    require_reviewable(posted, ())
    require_reviewable(replace(posted, ground=RequestGround.PUBLIC_BODY), (1,))
    with pytest.raises(ItemNotPermittedError):
        require_reviewable(posted, (1,))


@pytest.mark.rule(Rule.PROTECTED_PERSON_NEEDS_REVIEW)
def test_a_review_opens_the_way_only_for_those_it_looked_at() -> None:
    household = [resident(1, is_protected=True), resident(2, household_number=1, relationship="子", is_protected=True)]
    asked = copy_request(1, ground=RequestGround.PUBLIC_BODY, requester_number=None, requester_name="試験裁判所")

    assert protecting(asked, household) == {1, 2}
    assert protecting(copy_request(1), household) == frozenset()
    require_support_measures(asked, household, reviewed={1, 2})
    with pytest.raises(ProtectedPersonError):
        require_support_measures(asked, household, reviewed={1})


def test_a_verdict_hides_its_reason_and_the_address() -> None:
    assert "代理人" not in repr(REFUSED)
    assert "港区" not in repr(REFUSED)
