"""A clerk changes codes and numbers, sends out the written notices, and looks at the pool."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.rules import Rule
from jukinet.municipal.store import add_resident
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, Municipality, municipality_of, resident

CODES = "SELECT resident_record_code FROM register.resident WHERE resident_number = 1"
PRESENT = "SELECT notice_number, kind, event, delivery FROM register.present_code_notice ORDER BY notice_number"
NUMBERED = 9
NUMBER = IndividualNumber.from_body("90000000001").value


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def change_code(clerk: Person, kind: str = "code_change", step: str = "record", **typed: str) -> None:
    """Fill in the form about Hanako's code and send it."""
    path = f"/residents/{HANAKO}/{kind}"
    await clerk.open(path)
    fields = {
        "form_number": clerk.hidden("form_number"),
        "version": clerk.hidden("version"),
        "notified_on": "R8.11.20",
        "notifier": "self",
        "identity_check": "photo_document",
        "documents-code_change_request": "on",
        **typed,
    }
    await clerk.send(path, step=step, **fields)


async def settle(clerk: Person, number: int, event: str, state: str, **typed: str) -> None:
    await clerk.open("/code-notices")
    await clerk.send("/code-notices", step="record", notice_number=str(number), event=event, state=state, **typed)


@pytest.mark.procedure("code_change")
async def test_a_code_change_shows_what_will_be_sent_and_never_the_new_code_beforehand(
    chiyoda: Municipality, clerk: Person
) -> None:
    await change_code(clerk, step="confirm")

    assert "住民票コード変更通知票" in clerk.text
    assert "登録の時に付きます" in clerk.text
    assert await chiyoda.rows(PRESENT) == []


async def test_a_recorded_code_change_gives_another_code_and_calls_for_a_sheet(
    chiyoda: Municipality, clerk: Person
) -> None:
    before = await chiyoda.rows(CODES)

    await change_code(clerk)

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    assert await chiyoda.rows(CODES) != before
    assert await chiyoda.rows(PRESENT) == [(1, "changed", None, None)]


async def test_a_code_change_without_an_identity_check_is_not_recorded(chiyoda: Municipality, clerk: Person) -> None:
    await change_code(clerk, identity_check="")

    assert clerk.page.status_code == 422
    assert await chiyoda.rows(PRESENT) == []


@pytest.mark.procedure("code_correction")
async def test_a_right_code_that_is_mistyped_is_refused_beside_its_field(chiyoda: Municipality, clerk: Person) -> None:
    await change_code(clerk, "code_correction", notifier="ex_officio", right_code="90000000771")
    assert clerk.page.status_code == 422
    assert "検査数字が合いません" in clerk.text

    await change_code(clerk, "code_correction", notifier="ex_officio", right_code="")

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    assert await chiyoda.rows(PRESENT) == [(1, "corrected", None, None)]


async def test_a_number_cannot_be_changed_while_the_nation_cannot_be_reached(
    chiyoda: Municipality, clerk: Person
) -> None:
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, resident(NUMBERED, individual_number=NUMBER))
    path = f"/residents/{NUMBERED}/individual_number_change"
    await clerk.open(path)
    fields = {
        "form_number": clerk.hidden("form_number"),
        "version": "1",
        "notified_on": "R8.11.20",
        "notifier": "self",
        "identity_check": "photo_document",
        "documents-individual_number_change_request": "on",
    }

    await clerk.send(path, step="confirm", **fields)
    assert clerk.page.status_code == 200
    assert NUMBER not in clerk.text
    await clerk.send(path, step="record", **fields)

    assert clerk.page.status_code == 409
    assert "接続できません" in clerk.text


async def test_a_number_change_is_not_possible_for_somebody_without_a_number(clerk: Person) -> None:
    await clerk.open(f"/residents/{HANAKO}/individual_number_change")

    assert clerk.page.status_code >= 400


async def test_a_sheet_is_sent_comes_back_and_is_handed_over(chiyoda: Municipality, clerk: Person) -> None:
    await change_code(clerk)
    await clerk.open("/code-notices")
    assert "発行するもの（1）" in clerk.text

    await settle(clerk, 1, "issued", "waiting", delivery="registered_mail")
    assert "通知票の発行を登録しました。" in clerk.text
    await settle(clerk, 1, "returned", "sent", happened_on="R8.11.20")
    assert "返戻されたもの（1）" in clerk.text
    assert "令和9年11月20日" in clerk.text
    await settle(clerk, 1, "handed_over", "returned")
    assert clerk.page.status_code >= 400
    await settle(clerk, 1, "handed_over", "returned", identity_check="photo_document")

    assert "窓口での交付を登録しました。" in clerk.text
    assert await chiyoda.rows(PRESENT) == [(1, "changed", "handed_over", None)]


async def test_the_list_of_sheets_tells_nobody_s_name_address_or_code(chiyoda: Municipality, clerk: Person) -> None:
    await change_code(clerk)
    ((code,),) = await chiyoda.rows(CODES)

    await clerk.open("/code-notices")

    assert "山田" not in clerk.text
    assert str(code) not in clerk.text


async def test_the_pool_says_how_many_codes_are_left_and_that_they_are_few(clerk: Person) -> None:
    await clerk.open("/pools")

    assert "使えるコード" in clerk.text
    assert "100個を下回っています" in clerk.text
    assert "まだ求めたことはありません。" in clerk.text


async def test_another_number_is_offered_to_nobody_about_to_move(chiyoda: Municipality, clerk: Person) -> None:
    leaving = resident(31, household_number=31, planned_move_out_on="2026-12-01", planned_move_out_to="北海道函館市")
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, leaving)
    await clerk.open(f"/residents/{HANAKO}")
    assert f'href="/residents/{HANAKO}/code_change"' in clerk.page.text

    await clerk.open("/residents/31")

    assert "/move_out_withdrawal" in clerk.page.text
    assert "/code_change" not in clerk.page.text
    assert "/code_correction" not in clerk.page.text
    assert "/individual_number_change" not in clerk.page.text


@pytest.mark.rule(Rule.WHO_MAY_NOTIFY)
async def test_a_form_offers_only_those_who_may_carry_out_the_procedure(clerk: Person) -> None:
    await clerk.open(f"/residents/{HANAKO}/code_change")
    assert 'value="self"' in clerk.page.text
    assert 'value="householder"' not in clerk.page.text

    await clerk.open(f"/residents/{HANAKO}/relocation")
    assert 'value="householder"' in clerk.page.text
