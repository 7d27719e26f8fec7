"""A clerk issues a document, prints it, hands it over or makes it void, and checks one that somebody brings."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jukinet.municipal.store import add_resident
from tests.builders_documents import texts_of
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import CHIYODA, HANAKO, PROTECTED, Municipality, municipality_of, resident

FORM = f"/residents/{HANAKO}/documents"
ASKED = {
    "kind": "partial_copy",
    f"person-{HANAKO}": "yes",
    "ground": "own_household",
    "requester_number": str(HANAKO),
    "bearer": "self",
    "identity_check": "photo_document",
    "handing_over": "counter",
}


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database, office=office_under(tmp_path, CHIYODA)) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        await person.open(FORM)
        yield person


async def issue(clerk: Person, **typed: str) -> str:
    """Issue a document and return its page."""
    await clerk.open(FORM)
    await clerk.send(FORM, step="issue", **{**ASKED, **typed})
    return clerk.path


async def test_what_will_stand_on_it_is_shown_before_it_is_issued(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.send(FORM, step="confirm", **ASKED, **{"item-householder": "yes"})

    assert "まだ発行していません" in clerk.text
    assert "<strong>世帯主の氏名と続柄</strong>" in clerk.text
    assert "300円" in clerk.text
    assert await chiyoda.rows("SELECT 1 FROM register.document_request") == []


async def test_a_document_is_printed_and_handed_over(chiyoda: Municipality, clerk: Person) -> None:
    page = await issue(clerk)
    assert "印刷・交付待ち" in clerk.text
    printed = await clerk.open(f"{page}/print")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["cache-control"] == "no-store"
    texts = "".join(texts_of(printed.content))
    assert "山田" in texts
    assert "見本" in texts

    await clerk.open(page)
    await clerk.send(page, step="handed_over")
    assert "交付済み" in clerk.text
    await clerk.open(f"{page}/print")
    assert clerk.page.status_code == 404
    await clerk.open("/documents")
    assert "<strong>300</strong>" in clerk.text
    events = await chiyoda.rows("SELECT event FROM audit.event WHERE event LIKE 'document:%' ORDER BY event")
    assert [event for (event,) in events] == [
        "document:handed_over",
        "document:issued",
        "document:opened",
        "document:requested",
    ]


async def test_a_spoilt_document_costs_nothing(clerk: Person) -> None:
    page = await issue(clerk)
    await clerk.send(page, step="void", reason="")
    assert clerk.page.status_code == 422
    await clerk.send(page, step="void", reason="紙詰まり")

    assert "無効（書損等）：紙詰まり" in clerk.text
    await clerk.open("/documents")
    assert "<strong>0</strong>" in clerk.text


async def test_what_is_missing_is_named_and_what_was_typed_is_kept(clerk: Person) -> None:
    await clerk.send(FORM, step="confirm", **{**ASKED, "identity_check": ""})
    assert clerk.page.status_code == 422
    assert 'href="#identity_check"' in clerk.text

    await clerk.send(
        FORM, step="confirm", **{**ASKED, "ground": "justified_interest", "requester_name": "試験信用金庫"}
    )
    assert clerk.page.status_code == 422
    assert 'href="#purpose"' in clerk.text
    assert "試験信用金庫" in clerk.text


async def test_a_move_out_certificate_is_about_all_who_leave_together(chiyoda: Municipality, clerk: Person) -> None:
    plan = {"planned_move_out_on": "2026-12-01", "planned_move_out_to": "北海道函館市"}
    leaving = [resident(41, household_number=41, **plan), resident(42, household_number=41, relationship="子", **plan)]
    staying = resident(43, relationship="子", household_number=41)
    async with chiyoda.database.transaction() as unit:
        for one in (*leaving, staying):
            await add_resident(unit, one)
    await clerk.open("/residents/41/documents")

    boxes = [found for found in re.findall(r"<input[^>]*>", clerk.page.text) if 'name="person-' in found]
    ticked = [re.findall(r"person-(\d+)", box)[0] for box in boxes if " checked" in box]
    assert (len(boxes), ticked) == (3, ["41", "42"])


async def test_an_agent_is_not_given_the_code(clerk: Person) -> None:
    typed = {"bearer": "agent", "bearer_name": "代理　一郎", "documents": "power_of_attorney"}
    await clerk.send(FORM, step="confirm", **{**ASKED, **typed}, **{"item-resident_record_code": "yes"})

    assert clerk.page.status_code == 422
    assert 'href="#handing_over"' in clerk.text


async def test_a_protected_household_has_no_document_for_others(chiyoda: Municipality, clerk: Person) -> None:
    path = f"/residents/{PROTECTED}/documents"
    await clerk.open(path)
    others = {**ASKED, f"person-{PROTECTED}": "yes", "ground": "justified_interest", "requester_name": "試験　太郎"}
    await clerk.send(path, step="issue", **others, purpose="債権の回収")

    assert clerk.page.status_code in {409, 422}
    assert await chiyoda.rows("SELECT 1 FROM register.issued_document") == []


async def test_a_document_is_checked_by_number_and_code(clerk: Person) -> None:
    await issue(clerk)
    number = clerk.text.split("<h1>")[1].split("</h1>")[0].split("\u3000")[1]
    await clerk.open("/documents")
    await clerk.send("/documents", document_number=number, code="000000000000")

    assert "発行していません" in clerk.text
    assert "山田" not in clerk.text


async def test_a_desk_without_a_key_says_so(embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, person_at(chiyoda.app) as clerk:
        await clerk.sign_in()
        await clerk.open(FORM)
        await clerk.send(FORM, step="confirm", **ASKED)

        assert clerk.page.status_code >= 400
        assert "鍵" in clerk.text
