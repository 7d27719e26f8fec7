"""The law on the screens of the national node: looked up on any day, changed by two operators."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from jukinet.operator_web.accounts import enrol_operator
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.servers import Node, nation_of


@dataclass
class Desk:
    nation: Node
    clerk: Person
    chief: Person


@pytest.fixture
async def desk(embedded_database: MakeDatabase) -> AsyncIterator[Desk]:
    async with nation_of(embedded_database) as nation:
        async with nation.database.transaction() as unit:
            await enrol_operator(unit, "chief", "全国　課長", PASSWORD, now=nation.clock(), by="administrator")
        async with person_at(nation.app) as clerk, person_at(nation.app) as chief:
            await clerk.sign_in()
            await chief.sign_in("chief")
            yield Desk(nation, clerk, chief)


async def propose_end(person: Person, affair: str = "1-41-1", **fields: str) -> None:
    await person.open(f"/law/propose?kind=end&affair={affair}")
    typed = {"kind": "end", "affair": affair, "effective_on": "令和20年4月1日", "source": "令和19年法律第1号"}
    await person.send("/law/propose", step="propose", **{**typed, **fields})


async def test_affairs_are_found_by_words_on_any_day(desk: Desk) -> None:
    await desk.clerk.open("/law?words=厚生労働省+遺族等援護法&day=2002-09-29")
    assert "1-78-1" in desk.clerk.text
    assert "開始前" in desk.clerk.text
    assert "資料あり" in desk.clerk.text

    await desk.clerk.open("/law?words=遺族等援護法&day=H14.9.30")
    assert "提供できる" in desk.clerk.text
    await desk.clerk.open("/law?words=猫")
    assert "該当する事務はありません" in desk.clerk.text
    page = await desk.clerk.open("/law?words=旅券&day=きのう")
    assert page.status_code == 422


async def test_an_affair_is_explained_item_by_item(desk: Desk) -> None:
    await desk.clerk.open("/law/affair?affair=1-77-3&day=2026-11-01")

    assert "住民基本台帳法第30条の9、別表第1の77の項（国民年金法）" in desk.clerk.text
    assert "番号法第9条第1項" in desk.clerk.text
    assert "推定" in desk.clerk.text
    await desk.clerk.open("/law/affair?affair=1-41-1&day=2026-11-01")
    assert "認める根拠がないので、提供しません" in desk.clerk.text
    assert (await desk.clerk.open("/law/affair?affair=9-9-9")).status_code == 403


async def test_the_days_of_change_are_shown_around_a_day(desk: Desk) -> None:
    await desk.clerk.open("/law/days?day=2015-10-04")

    coming, past = desk.clerk.text.split('id="past"')
    assert "平成28年1月1日" in coming
    assert "平成14年9月12日" in past


async def test_one_proposes_and_another_approves(desk: Desk) -> None:
    await propose_end(desk.clerk)
    assert desk.clerk.path == "/law/changes/1"
    assert "承認は別の人がします" in desk.clerk.text
    await desk.clerk.send("/law/changes/1", step="approve")
    assert desk.clerk.page.status_code >= 400

    await desk.chief.open("/law/changes")
    assert "1-41-1" in desk.chief.text
    await desk.chief.open("/law/changes/1")
    await desk.chief.send("/law/changes/1", step="approve")
    assert "承認しました" in desk.chief.text

    await desk.clerk.open("/law/affair?affair=1-41-1&day=2038-04-01")
    assert "この事務での提供は、もう終わっています" in desk.clerk.text
    assert "令和19年法律第1号" in desk.clerk.text
    await desk.clerk.open("/law/affair?affair=1-41-1&day=2038-03-31")
    assert "掲げられた機関に提供できます" in desk.clerk.text


async def test_a_proposal_is_rejected_only_with_a_reason(desk: Desk) -> None:
    await propose_end(desk.clerk)
    await desk.chief.open("/law/changes/1")
    await desk.chief.send("/law/changes/1", step="reject", reason=" ")
    assert desk.chief.page.status_code == 422
    await desk.chief.send("/law/changes/1", step="reject", reason="法律の番号が違う")
    assert "却下しました" in desk.chief.text
    assert "法律の番号が違う" in desk.chief.text


async def test_one_withdraws_ones_own(desk: Desk) -> None:
    await propose_end(desk.clerk)
    await desk.clerk.send("/law/changes/1", step="withdraw")

    assert "取り下げました" in desk.clerk.text


async def test_uses_are_withheld_for_a_term_that_everybody_can_read(desk: Desk) -> None:
    await desk.clerk.open("/law/propose?kind=withheld&affair=1-41-1")
    typed = {
        "kind": "withheld",
        "affair": "1-41-1",
        "withheld_reason": "investigation",
        "effective_on": "令和20年4月1日",
        "source": "令和19年法律第1号",
    }
    await desk.clerk.send("/law/propose", step="propose", **typed)
    assert 'href="#withheld_days"' in desk.clerk.text
    await desk.clerk.send("/law/propose", step="propose", **typed, withheld_days="90")
    await desk.chief.open("/law/changes/1")
    assert "利用の日から 90 日後に表示する" in desk.chief.text
    await desk.chief.send("/law/changes/1", step="approve")

    await desk.clerk.open("/law/affair?affair=1-41-1&day=2038-04-01")
    assert "捜査のため、期限まで本人に表示しない" in desk.clerk.text
    await desk.clerk.open("/law/affair?affair=1-41-1&day=2038-03-31")
    assert "捜査のため" not in desk.clerk.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"effective_on": "2020-04-01"}, "翌日以後の日"),
        ({"effective_on": ""}, "入力が必要"),
        ({"source": ""}, "入力が必要"),
        ({"affair": "9-9-9"}, "別表に掲げられていません"),
    ],
)
async def test_what_cannot_be_proposed_is_said_on_the_form(desk: Desk, fields: dict[str, str], says: str) -> None:
    await propose_end(desk.clerk, **fields)

    assert desk.clerk.page.status_code == 422
    assert says in desk.clerk.text


async def test_items_are_proposed_from_those_that_are_given_now(desk: Desk) -> None:
    await desk.clerk.open("/law/propose?kind=items&affair=1-77-3")
    ticked = [part for part in desk.clerk.page.text.split("<input") if "checked" in part.split(">")[0]]
    assert len(ticked) == 6

    common = {"kind": "items", "affair": "1-77-3", "effective_on": "R20.4.1", "source": "告示"}
    await desk.clerk.send("/law/propose", step="propose", **common)
    assert "この根拠で提供できない項目が含まれています" in desk.clerk.text
    await desk.clerk.send("/law/propose", step="propose", **common, **{"items-name": "on", "items-sex": "on"})
    assert "氏名、性別" in desk.clerk.text


async def test_an_ordinance_is_proposed_with_its_number_council_day_and_scope(desk: Desk) -> None:
    await desk.clerk.open("/law/propose?kind=ordinance")
    ordinance = {
        "kind": "ordinance",
        "channel": "ordinance-municipalities",
        "giver": "130001",
        "ordinance_number": "令和8年東京都条例第12号",
        "passed_on": "2026-03-20",
        "organs": "市町村長",
        "text": "学校給食費の助成",
        "items-name": "on",
        "effective_on": "R20.4.1",
        "ends_on": "R25.3.31",
        "source": "令和8年東京都条例第12号",
    }
    await desk.clerk.send("/law/propose", step="propose", **{**ordinance, "giver": "131016"})
    assert desk.clerk.page.status_code == 422
    await desk.clerk.send("/law/propose", step="propose", **{**ordinance, "channel": "table-9", "passed_on": ""})
    assert desk.clerk.page.status_code == 422
    await desk.clerk.send("/law/propose", step="propose", **ordinance)
    assert "都道府県の条例：区域内の市町村" in desk.clerk.text

    await desk.chief.open(desk.clerk.path)
    await desk.chief.send(desk.clerk.path, step="approve")
    await desk.clerk.open("/law?words=給食&day=R20.4.1")
    assert "ordinance-130001-1" in desk.clerk.text


async def test_an_affair_of_a_table_and_an_office_are_proposed(desk: Desk) -> None:
    affair = {
        "kind": "affair",
        "affair": "1-41-6",
        "channel": "table-1",
        "organs": "外務省",
        "law": "旅券法",
        "text": "電子申請",
        "items-name": "on",
        "effective_on": "R20.4.1",
        "source": "法律",
    }
    office = {"kind": "office", "agency": "nenkin", "office": "給付課", "affairs": "1-74-2", "effective_on": "R20.4.1"}
    await desk.clerk.open("/law/propose?kind=affair")
    await desk.clerk.send("/law/propose", step="propose", **affair)
    assert desk.clerk.path == "/law/changes/1"
    await desk.clerk.open("/law/propose?kind=office")
    await desk.clerk.send("/law/propose", step="propose", source="届出", **office)
    assert desk.clerk.path == "/law/changes/2"
    for path in ("/law/changes/1", "/law/changes/2"):
        await desk.chief.open(path)
        await desk.chief.send(path, step="approve")
    await desk.clerk.open("/law/changes")
    assert "給付課" in desk.clerk.text


async def test_a_kind_of_change_that_does_not_exist_is_not_found(desk: Desk) -> None:
    assert (await desk.clerk.open("/law/propose?kind=delete")).status_code == 404
    assert (await desk.clerk.open("/law/changes/77")).status_code == 404
