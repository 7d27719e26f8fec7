"""A form goes to another operator: nothing of it is a record until it is approved, and one's own is never approved."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from jukinet.domain.errors import ConfigurationError
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.procedures import PROCEDURES, require_procedures
from jukinet.municipal.web.screens import make_screens
from jukinet.operator_web.accounts import enrol_operator
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.municipality import CHIYODA, HANAKO, TARO, Municipality, municipality_of
from tests.integration.web.test_municipal_screens import give_birth, relocate

ENTRIES = "SELECT entry_number, state, submitted_by, decided_by FROM register.provisional_entry ORDER BY 1"
COUNT_VERSIONS = "SELECT count(*) FROM register.resident_record"
COUNT_PARCELS = "SELECT count(*) FROM delivery.outbox"
NEW_PLACE = "東京都千代田区一番町2番地3"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        async with municipality.database.transaction() as unit:
            for operator in ("chief", "deputy"):
                await enrol_operator(
                    unit, operator, f"千代田　{operator}", PASSWORD, now=municipality.clock(), by="administrator"
                )
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


@pytest.fixture
async def chief(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in("chief")
        yield person


@pytest.fixture
async def deputy(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in("deputy")
        yield person


async def decide(person: Person, number: int, step: str, **typed: str) -> None:
    await person.open(f"/reviews/{number}")
    if step == "approve":
        typed = {"version": person.hidden("version"), **typed}
    await person.send(f"/reviews/{number}", step=step, **typed)


async def test_a_submitted_form_is_no_record_and_leaves_the_node_by_no_way(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    await relocate(clerk, step="submit")

    assert clerk.path == "/reviews/1"
    assert await chiyoda.rows(ENTRIES) == [(1, "waiting", "clerk", None)]
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]
    assert await chiyoda.rows(COUNT_PARCELS) == [(0,)]
    assert await chiyoda.rows("SELECT count(*) FROM register.draft_form") == [(0,)]
    assert await chiyoda.rows("SELECT count(*) FROM register.act") == [(0,)]
    await chief.open("/residents")
    await chief.send("/residents", step="search", q="一番町")
    assert "山田" not in chief.text
    await chief.open(f"/residents/{TARO}")
    assert NEW_PLACE not in chief.text


async def test_the_records_of_all_concerned_say_that_something_waits_and_nothing_is_held(
    clerk: Person, chief: Person
) -> None:
    await relocate(clerk, step="submit")

    await chief.open(f"/residents/{TARO}")
    assert "審査待ちの仮登録があります" in chief.text
    assert 'href="/reviews/1"' in chief.text
    assert (await chief.open(f"/residents/{HANAKO}/relocation")).status_code == 200


async def test_another_operator_sees_what_would_be_confirmed_and_approves_it(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    await relocate(clerk, step="submit")
    await chief.open("/reviews/1")
    shown = chief.text

    await decide(chief, 1, "approve")

    assert NEW_PLACE in shown
    assert "東京都サーバ" in shown
    assert chief.path == f"/residents/{HANAKO}/recorded/2"
    assert await chiyoda.rows("SELECT recorded_by, approved_by FROM register.act") == [("clerk", "chief")]
    assert await chiyoda.rows(ENTRIES) == [(1, "approved", "clerk", "chief")]
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]
    await chief.open(f"/residents/{HANAKO}")
    assert "承認：chief" in chief.text
    assert "審査待ち" not in chief.text


async def test_nobody_reviews_what_he_or_she_submitted(chiyoda: Municipality, clerk: Person) -> None:
    await relocate(clerk, step="submit")

    await clerk.open("/reviews/1")
    assert "承認して登録する" not in clerk.text
    for step in ("approve", "return"):
        page = await clerk.send("/reviews/1", step=step, version="1", reason="だめ")
        assert page.status_code == 403
        await clerk.open("/reviews/1")

    assert await chiyoda.rows(ENTRIES) == [(1, "waiting", "clerk", None)]


async def test_of_two_who_approve_at_once_one_records(
    chiyoda: Municipality, clerk: Person, chief: Person, deputy: Person
) -> None:
    await relocate(clerk, step="submit")
    for person in (chief, deputy):
        await person.open("/reviews/1")

    await asyncio.gather(
        chief.send("/reviews/1", step="approve", version="1"), deputy.send("/reviews/1", step="approve", version="1")
    )

    assert await chiyoda.rows("SELECT count(*) FROM register.act") == [(1,)]
    assert await chiyoda.rows(COUNT_VERSIONS) == [(6,)]
    assert {chief.path, deputy.path} == {f"/residents/{HANAKO}/recorded/2"}


async def test_what_is_returned_comes_back_with_the_reason_is_mended_and_approved(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    fields = await relocate(clerk, step="submit")
    await decide(chief, 1, "return", reason="番地が届書と違います。")
    await clerk.open("/")
    assert "差し戻" in clerk.text
    await clerk.open("/reviews/1")
    assert "番地が届書と違います。" in clerk.text

    await clerk.send("/reviews/1", step="mend")
    assert clerk.path == f"/residents/{HANAKO}/relocation"
    assert clerk.hidden("lot") == "2番地3"
    again = {**fields, "lot": "2番地5", "form_number": clerk.hidden("form_number")}
    await clerk.send(f"/residents/{HANAKO}/relocation", step="submit", **again)
    await decide(chief, 2, "approve")

    assert await chiyoda.rows(ENTRIES) == [(1, "returned", "clerk", "chief"), (2, "approved", "clerk", "chief")]
    assert await chiyoda.rows("SELECT DISTINCT address FROM register.current_record WHERE resident_number < 3") == [
        ("東京都千代田区一番町2番地5",)
    ]
    await clerk.open("/reviews")
    assert "審査を待つ仮登録はありません" in clerk.text


async def test_a_return_says_what_to_mend(chiyoda: Municipality, clerk: Person, chief: Person) -> None:
    await relocate(clerk, step="submit")

    await decide(chief, 1, "return", reason=" ")

    assert chief.page.status_code == 422
    assert await chiyoda.rows(ENTRIES) == [(1, "waiting", "clerk", None)]


async def test_an_entry_is_computed_against_the_record_as_it_is_now(
    chiyoda: Municipality, clerk: Person, chief: Person, deputy: Person
) -> None:
    await relocate(clerk, step="submit")
    await chief.open("/reviews/1")
    await relocate(deputy, town="一番町", lot="9番地")
    await chief.send("/reviews/1", step="approve", version="1")
    refused = chief.page.status_code

    await chief.open("/reviews/1")
    shown = chief.text
    await decide(chief, 1, "approve")

    assert refused == 409
    assert "記載が変わっています" in shown
    assert "東京都千代田区一番町9番地" in shown
    assert await chiyoda.rows("SELECT version, address FROM register.current_record WHERE resident_number = 1") == [
        (3, NEW_PLACE)
    ]


async def test_what_can_no_longer_be_recorded_says_why_and_can_be_returned(
    chiyoda: Municipality, clerk: Person, chief: Person, deputy: Person
) -> None:
    await relocate(clerk, step="submit")
    await relocate(deputy)

    await chief.open("/reviews/1")
    assert "いまは登録できません" in chief.text
    assert "承認して登録する" not in chief.text
    await chief.send("/reviews/1", step="return", reason="もう登録されています。")

    assert await chiyoda.rows(ENTRIES) == [(1, "returned", "clerk", "chief")]


async def test_the_submitter_may_withdraw_and_nobody_else(chiyoda: Municipality, clerk: Person, chief: Person) -> None:
    await relocate(clerk, step="submit")

    await decide(chief, 1, "withdraw")
    refused = chief.page.status_code
    await decide(clerk, 1, "withdraw")

    assert refused == 403
    assert await chiyoda.rows(ENTRIES) == [(1, "withdrawn", "clerk", "clerk")]
    await chief.open("/reviews/1")
    await chief.send("/reviews/1", step="approve", version="1")
    assert chief.page.status_code == 409


async def test_the_same_form_waits_once_and_recorded_without_review_waits_no_more(
    chiyoda: Municipality, clerk: Person
) -> None:
    fields = await relocate(clerk, step="submit")
    await clerk.open(f"/residents/{HANAKO}/relocation")
    await clerk.send(f"/residents/{HANAKO}/relocation", step="submit", **fields)
    twice = await chiyoda.rows(ENTRIES)
    await clerk.open(f"/residents/{HANAKO}/relocation")
    await clerk.send(f"/residents/{HANAKO}/relocation", step="record", **fields)

    assert twice == [(1, "waiting", "clerk", None)]
    assert await chiyoda.rows(ENTRIES) == [(1, "withdrawn", "clerk", "clerk")]


async def test_a_birth_waits_without_taking_a_code(chiyoda: Municipality, clerk: Person, chief: Person) -> None:
    used = "SELECT count(*) FROM register.code_pool WHERE used_at IS NOT NULL"
    await give_birth(clerk, step="submit")
    assert await chiyoda.rows(used) == [(0,)]

    await decide(chief, 1, "approve")

    assert await chiyoda.rows(used) == [(1,)]


async def test_every_procedure_that_is_reviewed_cannot_be_recorded_alone(chiyoda: Municipality) -> None:
    desk = Desk(
        name=CHIYODA,
        database=chiyoda.database,
        clock=chiyoda.clock,
        choice=random.Random(1),
        reviewed=require_procedures(frozenset({"relocation"})),
    )
    async with person_at(make_screens(desk)) as clerk:
        await clerk.sign_in()
        await relocate(clerk, step="confirm")
        offered = clerk.text
        await relocate(clerk)

        assert 'value="record"' not in offered
        assert "審査に回す" in clerk.text
        assert "審査を受けてから登録します" in clerk.text
        assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


def test_a_setting_that_names_no_procedure_stops_the_start() -> None:
    assert require_procedures(frozenset(one.kind for one in PROCEDURES))
    with pytest.raises(ConfigurationError):
        require_procedures(frozenset({"dance"}))


async def test_submissions_looks_and_decisions_are_on_the_log(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    await relocate(clerk, step="submit")
    await decide(chief, 1, "return", reason="番地")

    assert await chiyoda.rows(
        "SELECT actor, event, detail->>'entry_number' FROM audit.event WHERE event LIKE 'provisional%' AND event"
        " <> 'provisional_entry:viewed' ORDER BY occurred_at, event DESC"
    ) == [("clerk", "provisional_entry:submitted", "1"), ("chief", "provisional_entry:decided", "1")]
