"""Documents that touch a protected person: two officers, a reason on record, and an address nowhere else (I9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from jukinet.domain.document_requests import DocumentKind, RequestGround
from jukinet.domain.errors import (
    ConstraintViolatedError,
    DocumentRequestNotFoundError,
    DocumentRequestStateError,
    ProtectedPersonError,
    SelfReviewError,
)
from jukinet.domain.rules import Rule
from jukinet.domain.support_reviews import SupportVerdict
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.usecases.decide_document_review import decide_document_review
from jukinet.municipal.usecases.issue_document import issue_document
from jukinet.municipal.usecases.open_document import open_document
from jukinet.municipal.usecases.print_document_refusal import print_document_refusal
from jukinet.municipal.usecases.request_document import request_document
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import act, execute, list_rows, opened, populate, resident
from tests.builders_documents import texts_of
from tests.builders_issuing import copy_request, office_under
from tests.fixtures_postgres import MakeDatabase
from tests.unit.domain.test_support_reviews import APPROVED, REFUSED

HIDDEN: Final = "東京都世田谷区秘町九丁目8番7号"
#: A bank with a claim asks for the copy of the protected person.
ASKED: Final = copy_request(
    5,
    ground=RequestGround.JUSTIFIED_INTEREST,
    requester_number=None,
    requester_name="試験信用金庫",
    purpose="訴状の送達先の確認",
)


@dataclass
class Offices:
    node: NodeDatabase
    database: Database
    office: DocumentOffice

    async def ask(self) -> int:
        recorded = await request_document(
            request=ASKED, act=act(), office=self.office, database=self.database, is_put_to_review=True
        )
        return recorded.request_number

    async def decide(self, number: int, verdict: SupportVerdict, by: str = "reviewer") -> None:
        reviewing = replace(act(), operator_id=by)
        await decide_document_review(request_number=number, verdict=verdict, act=reviewing, database=self.database)

    async def issue(self, number: int) -> str:
        document = await issue_document(request_number=number, act=act(), office=self.office, database=self.database)
        content = await open_document(document_number=document.document_number, act=act(), database=self.database)
        return "".join(texts_of(content))

    async def letter(self, number: int) -> str:
        content = await print_document_refusal(
            request_number=number, act=act(), office=self.office, database=self.database
        )
        return "".join(texts_of(content))

    async def events(self) -> list[tuple[object, ...]]:
        return await list_rows(
            self.node, "SELECT event, actor FROM audit.event WHERE event LIKE 'document:%%' ORDER BY event", []
        )


@pytest.fixture
async def offices(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Offices]:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(5, is_protected=True, address=HIDDEN))
    async with opened(node) as database:
        yield Offices(node, database, office_under(tmp_path))


@pytest.mark.invariant("I9")
@pytest.mark.rule(Rule.PROTECTED_PERSON_NEEDS_REVIEW)
async def test_two_officers_open_the_way_to_the_requester(offices: Offices) -> None:
    number = await offices.ask()
    with pytest.raises(ProtectedPersonError):
        await offices.issue(number)
    await offices.decide(number, APPROVED)
    text = await offices.issue(number)

    assert "秘町九丁目" in text
    assert await offices.events() == [
        ("document:issued", "clerk"),
        ("document:opened", "clerk"),
        ("document:requested", "clerk"),
        ("document:review_decided", "reviewer"),
    ]


@pytest.mark.rule(Rule.PROTECTED_PERSON_REVIEWED_BY_ANOTHER)
async def test_nobody_reviews_the_request_he_or_she_took(offices: Offices) -> None:
    number = await offices.ask()

    with pytest.raises(SelfReviewError):
        await offices.decide(number, APPROVED, by="clerk")
    with pytest.raises(ConstraintViolatedError):
        await execute(
            offices.node,
            "INSERT INTO register.support_review (request_number, requested_by, decision, findings, reason, decided_at,"
            " decided_by) VALUES (%s, 'clerk', 'approved', '{}', '', now(), 'clerk')",
            [number],
        )
    with pytest.raises(ProtectedPersonError):
        await offices.issue(number)


@pytest.mark.invariant("I9")
async def test_a_refusal_is_answered_by_a_letter_that_says_nothing_of_the_person(offices: Offices) -> None:
    number = await offices.ask()
    await offices.decide(number, REFUSED)
    letter = await offices.letter(number)

    assert "試験信用金庫様" in letter
    assert "芝一丁目1番1号" in letter
    assert "住民票の写し（世帯の一部）" in letter
    assert "世田谷区長に対して審査請求" in letter
    for secret in ("秘町", "試験葵", "支援措置", "代理人"):
        assert secret not in letter
    with pytest.raises(DocumentRequestStateError):
        await offices.issue(number)
    assert ("document:refusal_printed", "clerk") in await offices.events()


async def test_a_request_has_one_verdict_and_only_one_that_needs_it(offices: Offices) -> None:
    number = await offices.ask()
    await offices.decide(number, APPROVED)
    await populate(offices.node, resident(6))
    plain = await request_document(
        request=copy_request(6), act=act(), office=offices.office, database=offices.database, is_put_to_review=True
    )

    with pytest.raises(DocumentRequestStateError):
        await offices.decide(number, REFUSED)
    with pytest.raises(DocumentRequestStateError):
        await offices.decide(plain.request_number, APPROVED)
    with pytest.raises(DocumentRequestStateError):
        await offices.letter(number)
    with pytest.raises(DocumentRequestNotFoundError):
        await offices.decide(number + 10, APPROVED)


@pytest.mark.invariant("I9")
async def test_who_is_protected_since_the_review_needs_a_new_one(offices: Offices) -> None:
    number = await offices.ask()
    await offices.decide(number, APPROVED)
    await populate(offices.node, resident(9, household_number=5, relationship="父", is_protected=True))

    with pytest.raises(ProtectedPersonError):
        await offices.issue(number)


async def test_a_household_copy_for_another_member_is_reviewed_too(offices: Offices) -> None:
    await populate(offices.node, resident(8, household_number=5, relationship="夫"))
    asked = copy_request(5, kind=DocumentKind.HOUSEHOLD_COPY, requester_number=8)
    recorded = await request_document(
        request=asked, act=act(), office=offices.office, database=offices.database, is_put_to_review=True
    )
    await offices.decide(recorded.request_number, REFUSED)

    assert recorded.protected_numbers == {5}
    assert "住民基本台帳法第１２条第６項" in await offices.letter(recorded.request_number)
