"""An official's screens: the affair first, the fewest items, an answer that says what to do next, and nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.builders import PENSION_AFFAIR
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.agency import AgencyNode, agency_of
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import RESIDENTS
from tests.integration.web.servers import Node, nation_of

CODE = RESIDENTS[0].resident_record_code
USES = "SELECT count(*) FROM audit.use_log"
FORM = {
    "affair": PENSION_AFFAIR,
    "way": "number",
    "resident_record_code": CODE,
    "items-name": "on",
    "items-birth_date": "on",
    "items-change": "on",
    "purpose": "年金の支給",
    "matter_number": "R8-1",
}
SEARCH = {**FORM, "way": "search", "resident_record_code": "", "name": "山田花子", "birth_date": "S60.3.12"}


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Node]:
    async with nation_of(embedded_database) as node:
        yield node


@pytest.fixture
async def agency(embedded_database: MakeDatabase, nation: Node) -> AsyncIterator[AgencyNode]:
    async with agency_of(embedded_database, nation.database) as node:
        yield node


@pytest.fixture
async def official(agency: AgencyNode) -> AsyncIterator[Person]:
    async with person_at(agency.app) as person:
        await person.sign_in()
        yield person


async def query(official: Person, form: dict[str, str] | None = None, step: str = "ask", **typed: str) -> None:
    await official.open(f"/?affair={PENSION_AFFAIR}")
    await official.send("/", step=step, **{**(form or FORM), **typed})


async def test_the_affairs_of_today_are_chosen_from_first(official: Person) -> None:
    await official.open("/")

    assert f'href="/?affair={PENSION_AFFAIR}"' in official.text
    assert "別表第1の74の項" in official.text
    assert 'href="/?affair=1-41-1"' not in official.text


async def test_only_what_the_affair_is_given_is_offered_and_the_fewest_are_ticked(official: Person) -> None:
    await official.open(f"/?affair={PENSION_AFFAIR}")

    assert official.hidden("items-change") == "on"
    assert 'name="items-address"' in official.text
    assert 'name="items-resident_record_code"' not in official.text
    with pytest.raises(LookupError):
        official.hidden("items-address")


async def test_an_answer_has_the_items_asked_for_and_says_what_to_do_next(nation: Node, official: Person) -> None:
    await query(official)

    (use_log_id,) = (await nation.rows("SELECT message_id FROM audit.use_log"))[0]
    for told in ("山田　花子", "昭和60年3月12日", "生存", "手続を進めてください", str(use_log_id)):
        assert told in official.text
    assert "東京都千代田区" not in official.text
    assert await nation.rows("SELECT items FROM audit.use_log") == [("name,birth_date,change",)]


async def test_somebody_is_found_by_two_of_the_four_items(nation: Node, official: Person) -> None:
    await query(official, SEARCH)

    assert "山田　花子" in official.text
    assert await nation.rows("SELECT method, result FROM audit.use_log") == [("search", "found")]


async def test_a_verification_shows_what_agrees_and_no_item(nation: Node, official: Person) -> None:
    await query(official, way="verification", name="山田花子", birth_date="S60.3.13")

    assert "不一致" in official.text
    assert "打ち間違いがないか" in official.text
    assert "やまだ" not in official.text
    assert "千代田区" not in official.text
    assert await nation.rows("SELECT method FROM audit.use_log") == [("verification",)]


async def test_a_verification_without_a_number_goes_by_the_four_items(nation: Node, official: Person) -> None:
    typed = {"way": "verification", "resident_record_code": ""}
    await query(official, {**SEARCH, **typed})

    assert "照合の結果は下のとおり" in official.text
    assert "昭和60年" not in official.text
    assert await nation.rows("SELECT result FROM audit.use_log") == [("found",)]


async def test_nobody_found_says_what_to_check(nation: Node, official: Person) -> None:
    await query(official, resident_record_code=RESIDENTS[3].resident_record_code)

    assert "該当する人はいません" in official.text
    assert "以前の氏名や住所" in official.text
    assert await nation.rows("SELECT result FROM audit.use_log") == [("not_found",)]


async def test_the_organ_finds_its_own_queries_by_matter_without_what_was_answered(official: Person) -> None:
    await query(official)
    await query(official, SEARCH, matter_number="R8-2")

    await official.open("/queries?matter_number=R8-2")

    assert "4情報" in official.text
    assert "R8-1" not in official.text
    assert "該当あり" in official.text
    assert "山田" not in official.text
    await official.open("/queries?matter_number=R8-3")
    assert "その番号での照会はありません" in official.text


WRONG: list[tuple[dict[str, str], dict[str, str], str, str]] = [
    (FORM, {"resident_record_code": ""}, "resident_record_code", "どちらか一つ"),
    (FORM, {"individual_number": "900000000003"}, "resident_record_code", "どちらか一つ"),
    (FORM, {"resident_record_code": "90000000019"}, "resident_record_code", "検査数字"),
    (FORM, {"items-name": "", "items-birth_date": "", "items-change": ""}, "items", "入力が必要"),
    (FORM, {"purpose": " "}, "purpose", "入力が必要"),
    (FORM, {"purpose": "x" * 201}, "purpose", "200字"),
    (FORM, {"matter_number": ""}, "matter_number", "入力が必要"),
    (FORM, {"way": "guess"}, "way", "選べない値"),
    (FORM, {"way": "verification"}, "name", "一つ以上"),
    (SEARCH, {"birth_date": ""}, "name", "二つ以上"),
    (SEARCH, {"birth_date": "", "sex": "2"}, "name", "二つ以上"),
    (SEARCH, {"birth_date": "昭和60年13月1日"}, "birth_date", "日付"),
]


async def test_a_query_with_a_wrong_field_is_not_sent(nation: Node, official: Person) -> None:
    for form, typed, field, says in WRONG:
        await query(official, form, **typed)

        assert official.page.status_code == 422, typed
        assert f'href="#{field}"' in official.text
        assert says in official.text
    assert await nation.rows(USES) == [(0,)]


async def test_an_affair_of_another_organ_leads_back_to_the_list(nation: Node, official: Person) -> None:
    for affair in ("", "1-41-1", "<script>"):
        await query(official, affair=affair)

        assert official.page.status_code == 422
        assert "下の一覧から選んでください" in official.text
        assert "<script>" not in official.page.text
    assert await nation.rows(USES) == [(0,)]


async def test_a_query_that_is_not_asked_by_its_button_is_not_sent(nation: Node, official: Person) -> None:
    await query(official, step="")

    assert official.hidden("matter_number") == "R8-1"
    assert await nation.rows(USES) == [(0,)]


async def test_a_refusal_of_the_nation_is_told_in_japanese_and_the_form_is_kept(
    embedded_database: MakeDatabase, nation: Node
) -> None:
    async with (
        agency_of(embedded_database, nation.database, burst=1) as agency,
        person_at(agency.app) as official,
    ):
        await official.sign_in()
        await query(official)

        await query(official)

        assert official.page.status_code == 403
        assert "照会は受け付けられませんでした" in official.text
        assert "operation.rate_limit" in official.text
        assert official.hidden("matter_number") == "R8-1"


async def test_without_a_line_the_screens_say_so(agency: AgencyNode, official: Person) -> None:
    await official.open(f"/?affair={PENSION_AFFAIR}")
    agency.line.is_cut = True

    await official.send("/", step="ask", **FORM)

    assert official.page.status_code == 502
    assert "答えを得られませんでした" in official.text
    await official.open("/")
    assert official.page.status_code == 502
    assert "もう一度試す" in official.text


async def test_an_agency_without_an_organ_says_so(embedded_database: MakeDatabase, nation: Node) -> None:
    async with (
        agency_of(embedded_database, nation.database, organ=None) as agency,
        person_at(agency.app) as official,
    ):
        await official.sign_in()

        await official.open("/")

    assert "設定されていません" in official.text


async def test_the_nation_shows_who_asked_about_one_person_for_what(nation: Node, official: Person) -> None:
    await query(official)
    async with person_at(nation.app) as operator:
        await operator.sign_in()
        await operator.open("/uses")

        await operator.send("/uses", resident_record_code=CODE)

        assert "nenkin" in operator.text
        assert "年金の支給" in operator.text
        assert "山田" not in operator.text
    assert await nation.rows(
        "SELECT actor, resident_record_code, detail FROM audit.event WHERE event = 'use_log:viewed'"
    ) == [("clerk", CODE, {"uses": 1})]


async def test_every_page_of_an_agency_opens_in_english(official: Person) -> None:
    await official.open("/language?to=en&back=/")
    for path in ("/", f"/?affair={PENSION_AFFAIR}", "/queries", "/events"):
        assert (await official.open(path)).status_code == 200, path
        assert '<html lang="en">' in official.text
    for form in (FORM, SEARCH, {**FORM, "way": "verification", "name": "山田花子"}):
        await query(official, form)
        assert official.page.status_code == 200
        assert '<html lang="en">' in official.text
