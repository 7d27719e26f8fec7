"""What touches a protected person goes through a second officer's hands, and no page on the way shows the address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jukinet.operator_web.accounts import enrol_operator
from tests.builders_documents import texts_of
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.municipality import CHIYODA, PROTECTED, Municipality, municipality_of

FORM = f"/residents/{PROTECTED}/documents"
SECRET = "神田神保町"
ASKED = {
    "kind": "partial_copy",
    f"person-{PROTECTED}": "yes",
    "ground": "justified_interest",
    "requester_name": "試験信用金庫",
    "purpose": "訴状の送達先の確認",
    "bearer": "official",
    "bearer_name": "試験　一郎",
    "identity_check": "photo_document",
    "handing_over": "counter",
}
FOUND = {
    "finding-is_not_protected_from": "yes",
    "finding-identity_is_certain": "yes",
    "finding-purpose_is_proved": "yes",
}


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database, office=office_under(tmp_path, CHIYODA)) as municipality:
        async with municipality.database.transaction() as unit:
            await enrol_operator(
                unit, "reviewer", "千代田　係長", PASSWORD, now=municipality.clock(), by="administrator"
            )
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


@pytest.fixture
async def reviewer(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in("reviewer")
        yield person


async def put_to_review(clerk: Person) -> str:
    """Put a request to review, and return its page."""
    await clerk.open(FORM)
    await clerk.send(FORM, step="confirm", **ASKED)
    assert "審査に回す" in clerk.text
    assert SECRET not in clerk.text
    await clerk.send(FORM, step="review", **ASKED)
    return clerk.path


@pytest.mark.invariant("I9")
async def test_the_requester_gets_the_copy_after_another_officer_approved(clerk: Person, reviewer: Person) -> None:
    page = await put_to_review(clerk)
    assert "あなたが受け付けた請求です" in clerk.text
    await reviewer.open("/reviews")
    assert page in reviewer.text
    assert SECRET not in reviewer.text
    await reviewer.open(page)
    assert "発行を止めています" in reviewer.text
    assert SECRET not in reviewer.text
    await reviewer.send(page, step="approved", reason="申出書と照合し、訴状の写しを確認した。", **FOUND)
    assert "審査が済みました" in reviewer.text

    await clerk.open(page)
    await clerk.send(page, step="issue")
    printed = await clerk.open(f"{clerk.path}/print")
    assert SECRET in "".join(texts_of(printed.content))


@pytest.mark.invariant("I9")
async def test_a_refusal_is_a_letter_without_the_address(clerk: Person, reviewer: Person) -> None:
    page = await put_to_review(clerk)
    await reviewer.open(page)
    await reviewer.send(page, step="refused", reason="相手方の勤務先である。")
    assert reviewer.page.status_code == 422
    assert 'href="#reply_address"' in reviewer.text
    await reviewer.send(page, step="refused", reason="相手方の勤務先である。", reply_address="東京都港区芝一丁目1番1号")
    assert "通知書を印刷して送ってください" in reviewer.text
    letter = await reviewer.open(f"{page}/letter")
    text = "".join(texts_of(letter.content))

    assert "試験信用金庫" in text
    assert SECRET not in text
    assert "幸子" not in text


async def test_a_reviewer_who_is_not_sure_cannot_approve_and_nobody_approves_alone(
    chiyoda: Municipality, clerk: Person, reviewer: Person
) -> None:
    page = await put_to_review(clerk)
    await reviewer.open(page)
    await reviewer.send(page, step="approved", reason="照合した。", **{**FOUND, "finding-identity_is_certain": ""})
    assert 'href="#findings"' in reviewer.text
    assert "照合した。" in reviewer.text
    await clerk.open(page)
    await clerk.send(page, step="approved", reason="照合した。", **FOUND)

    assert clerk.page.status_code == 403
    assert await chiyoda.rows("SELECT 1 FROM register.support_review") == []
    await clerk.open(page)
    await clerk.send(page, step="issue")
    assert clerk.page.status_code == 403
    assert await chiyoda.rows("SELECT 1 FROM register.issued_document") == []


async def test_who_took_the_request_records_that_it_is_withdrawn(
    chiyoda: Municipality, clerk: Person, reviewer: Person
) -> None:
    page = await put_to_review(clerk)
    await clerk.send(page, step="withdrawn", withdrawal="")
    assert 'href="#withdrawal"' in clerk.text
    await clerk.send(page, step="withdrawn", withdrawal="請求者から電話で、要らなくなったと聞いた。")
    assert "請求の取下げを記録しました" in clerk.text
    assert await chiyoda.rows("SELECT decision, decided_by FROM register.support_review") == [("withdrawn", "clerk")]

    await reviewer.open(page)
    assert "不交付決定通知書" not in reviewer.text
    await reviewer.send(page, step="approved", reason="照合した。", **FOUND)
    assert reviewer.page.status_code == 409
    await clerk.send(page, step="issue")
    assert clerk.page.status_code == 409
    assert await chiyoda.rows("SELECT 1 FROM register.issued_document") == []


async def test_the_top_page_counts_what_waits(clerk: Person) -> None:
    await put_to_review(clerk)
    await clerk.open("/")

    assert "審査待ちの、支援措置の対象者に係る証明書の請求" in clerk.text


async def test_a_plain_request_has_no_review_page(clerk: Person) -> None:
    await clerk.open("/document-reviews/999")

    assert clerk.page.status_code == 404
