"""The screens of the prefecture and the nation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jukinet.audit.use_page import PAGE_SIZE
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_use, check, seal_now
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, RESIDENTS
from tests.integration.web.servers import Node, nation_of, prefecture_of

CODE = RESIDENTS[0].resident_record_code
NAMES = "SELECT name, kana FROM identification.record ORDER BY kana"


@pytest.fixture
async def tokyo(embedded_database: MakeDatabase) -> AsyncIterator[Node]:
    async with prefecture_of(embedded_database) as node:
        yield node


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Node]:
    async with nation_of(embedded_database) as node:
        yield node


@pytest.fixture
async def operator(tokyo: Node) -> AsyncIterator[Person]:
    async with person_at(tokyo.app) as person:
        await person.sign_in()
        yield person


async def test_the_quarantine_is_listed_without_anything_personal(operator: Person) -> None:
    await operator.open("/")
    assert "保留中の通知" in operator.text

    await operator.open("/quarantine")

    assert "ふりがな" in operator.text
    assert "東京都千代田区" in operator.text
    assert "山田" not in operator.text


async def test_the_wrong_item_of_a_held_notice_is_marked_and_the_look_logged(tokyo: Node, operator: Person) -> None:
    await operator.open("/quarantine/1")

    assert operator.text.count('class="wrong"') == 1
    assert "yamada taro" in operator.text
    assert await tokyo.rows("SELECT actor, detail FROM audit.event WHERE event = 'quarantine:viewed'") == [
        ("clerk", {"arrival": 1, "update_sequence": 1})
    ]


async def test_a_corrected_notice_is_recorded_and_handed_on(tokyo: Node, operator: Person) -> None:
    await operator.open("/quarantine/1")

    await operator.send("/quarantine/1", step="correct", kana="やまだ　たろう", birth_date="昭和60年3月12日")

    assert "訂正して記録しました" in operator.text
    assert await tokyo.rows(NAMES) == [("山田　太郎", "やまだ　たろう"), ("山田　花子", "やまだ　はなこ")]
    assert await tokyo.rows("SELECT receiver FROM delivery.outbox") == [("national",)]
    assert await tokyo.rows("SELECT actor, detail FROM audit.event WHERE event = 'quarantine:corrected'") == [
        ("clerk", {"arrival": 1, "update_sequence": 1, "items": ["kana"]})
    ]


async def test_a_notice_that_is_still_wrong_stays_in_quarantine_and_what_was_typed_stays(
    tokyo: Node, operator: Person
) -> None:
    await operator.open("/quarantine/1")

    page = await operator.send("/quarantine/1", step="correct", kana="yamada")

    assert page.status_code == 422
    assert "まだ記録できません" in operator.text
    assert 'value="yamada"' in operator.text
    assert await tokyo.rows("SELECT state FROM delivery.held_notice") == [("quarantined",)]


async def test_a_wrong_date_in_a_correction_is_named(operator: Person) -> None:
    await operator.open("/quarantine/1")

    page = await operator.send("/quarantine/1", step="correct", birth_date="きのう")

    assert page.status_code == 422
    assert 'href="#birth_date"' in operator.text


async def test_correcting_nothing_is_said(operator: Person) -> None:
    await operator.open("/quarantine/1")

    page = await operator.send("/quarantine/1", step="correct")

    assert page.status_code == 422
    assert "訂正する項目がありません" in operator.text


async def test_releasing_a_notice_that_is_wrong_is_refused(tokyo: Node, operator: Person) -> None:
    await operator.open("/quarantine/1")

    page = await operator.send("/quarantine/1", step="release")

    assert page.status_code == 422
    assert await tokyo.rows("SELECT count(*) FROM identification.record") == [(1,)]


async def test_a_dismissed_notice_is_gone_and_settling_it_again_says_so(tokyo: Node, operator: Person) -> None:
    await operator.open("/quarantine/1")
    await operator.send("/quarantine/1", step="dismiss")
    assert "取り下げました" in operator.text

    page = await operator.open("/quarantine/1")

    assert page.status_code == 404
    assert "既に処置された" in operator.text
    assert await tokyo.rows("SELECT state, settled_by FROM delivery.held_notice") == [("superseded", "clerk")]


async def test_the_log_can_be_narrowed_to_one_kind(operator: Person) -> None:
    await operator.open("/events?event=operator:signed_in")

    assert operator.text.count("<tr><td>") == 1
    assert "操作者の認証" in operator.text


async def test_the_uses_of_one_person_are_shown_page_by_page_with_their_legal_ground(nation: Node) -> None:
    async with nation.database.transaction() as unit:
        for number in range(PAGE_SIZE + 3):
            await add_use(unit, number, resident_record_code=CODE)
    async with person_at(nation.app) as operator:
        await operator.sign_in()
        await operator.open("/uses")

        await operator.send("/uses", resident_record_code=CODE)
        first = operator.text
        place = str(operator.page.text).partition('name="after" value="')[2].partition('"')[0]
        await operator.send("/uses", resident_record_code=CODE, after=place)
        second = operator.text

    assert f"提供：{PAGE_SIZE + 3}件" in first
    assert first.count("年金の支給") == PAGE_SIZE
    assert second.count("年金の支給") == 3
    assert "別表第1の74の項" in second
    assert "氏名、生年月日、性別、住所、変更情報" in second


@pytest.mark.invariant("I11")
async def test_the_proof_file_is_handed_out_once_it_stands_on_the_log_and_holds(nation: Node) -> None:
    async with nation.database.transaction() as unit:
        await add_use(unit, 1, resident_record_code=CODE)
    async with person_at(nation.app) as operator:
        await operator.sign_in()
        await operator.open("/uses")
        await operator.send("/uses/proof", resident_record_code=CODE)
        too_early = operator.text
        await seal_now(nation.database)

        await operator.send("/uses/proof", resident_record_code=CODE)
        file = operator.page.content
        headers = operator.page.headers
        await operator.open("/uses/verifier")
        page = operator.page.content

    assert "封印がまだ" in too_early
    assert len(check(file).uses) == 1
    assert headers["content-disposition"].startswith('attachment; filename="jukinet-use-log-')
    assert CODE not in headers["content-disposition"]
    assert page.startswith(b"<!DOCTYPE html>")
    assert await nation.rows(
        "SELECT actor, resident_record_code, detail FROM audit.event WHERE event = 'use_log:proved'"
    ) == [("clerk", CODE, {"uses": 1})]


async def test_every_page_of_the_servers_opens_in_english(tokyo: Node, nation: Node) -> None:
    pages = {tokyo: ("/", "/quarantine", "/quarantine/1", "/events"), nation: ("/", "/uses")}
    for node, paths in pages.items():
        async with person_at(node.app) as person:
            await person.sign_in()
            await person.open("/language?to=en&back=/")
            for path in paths:
                assert (await person.open(path)).status_code == 200, path
                assert '<html lang="en">' in person.text


def test_the_people_of_these_tests_are_synthetic() -> None:
    assert {one.resident_record_code[0] for one in RESIDENTS} == {"9"}
    assert RESIDENTS[0].resident_number == HANAKO
