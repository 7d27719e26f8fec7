"""A mass change of addresses through the screens: typed or from a file, looked at, approved by another, carried out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from jukinet.municipal.desk_store import begin_editing
from jukinet.municipal.store import add_resident
from jukinet.municipal.usecases.change_addresses import change_addresses
from jukinet.municipal.usecases.follow_address_change import estimate_remaining
from jukinet.operator_web.accounts import enrol_operator
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.municipality import CHIYODA, HANAKO, PROTECTED, Municipality, municipality_of, resident

FORM = "/procedures/mass_address_change"
OLD = "飯田橋一丁目"
NEW = "新飯田橋一丁目"
ADDRESS = "東京都千代田区飯田橋一丁目1番1号"
HIDDEN = "東京都千代田区神田神保町一丁目9番9号"
NOTICE = {
    "kind": "town_renamed",
    "public_notice": "千代田区告示第9号",
    "noticed_on": "R8.11.1",
    "effective_on": "R8.11.20",
}
CHANGES = "SELECT mass_change_number, state, made_by, approved_by FROM register.mass_change ORDER BY 1"
ADDRESSES = "SELECT resident_number, address, version FROM register.current_record ORDER BY 1"
LOGGED = (
    "SELECT event, actor, detail FROM audit.event WHERE event LIKE 'mass_change:%' ORDER BY 1, 2 DESC, detail->>'state'"
)


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        async with municipality.database.transaction() as unit:
            await enrol_operator(unit, "chief", "千代田　係長", PASSWORD, now=municipality.clock(), by="administrator")
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


async def prepare(person: Person, rows: str = f"{OLD},{NEW},102-0099", **items: str) -> None:
    await person.open(FORM)
    fields = {**NOTICE, "rows": rows, "form_number": person.hidden("form_number"), **items}
    await person.send(FORM, step="prepare", **fields)


async def upload(person: Person, content: bytes, **items: str) -> None:
    await person.open(FORM)
    fields = {name: person.hidden(name) for name in ("form_token", "form_number")}
    person.page = await person.client.post(
        FORM,
        data={**fields, **NOTICE, "rows": "", "step": "prepare", **items},
        files={"table": ("table.csv", content)},
        follow_redirects=True,
    )


async def carry_out(chiyoda: Municipality, number: int = 1) -> None:
    await change_addresses(mass_change_number=number, node=CHIYODA, database=chiyoda.database, clock=chiyoda.clock)


async def test_a_town_is_renamed_from_the_form_to_the_result(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    await prepare(clerk)
    assert clerk.path == "/mass-changes/1"
    assert "別の職員に承認を頼んでください" in clerk.text
    assert "承認する</button>" not in clerk.text
    await chief.open("/")
    assert "承認を待つ一括住所変更" in chief.text
    await chief.open("/mass-changes/1")
    assert ADDRESS in chief.text
    assert ADDRESS.replace(OLD, NEW) in chief.text
    assert "東京都サーバ" in chief.text
    assert "2人の住所が自動で改まります" in chief.text
    assert (HANAKO, ADDRESS, 1) in await chiyoda.rows(ADDRESSES)

    await chief.send("/mass-changes/1", step="approve")
    assert "承認済み" in chief.text
    await carry_out(chiyoda)
    await chief.open("/mass-changes/1")

    assert "1世帯のうち1世帯（100％）" in chief.text
    assert "改められなかった世帯はありません" in chief.text
    assert (HANAKO, ADDRESS.replace(OLD, NEW), 2) in await chiyoda.rows(ADDRESSES)
    assert await chiyoda.rows(CHANGES) == [(1, "finished", "clerk", "chief")]
    await chief.open("/mass-changes")
    assert "完了" in chief.text


async def test_every_step_and_every_preview_is_on_the_log(chiyoda: Municipality, clerk: Person, chief: Person) -> None:
    await prepare(clerk)
    await chief.open("/mass-changes/1")
    await chief.send("/mass-changes/1", step="discard")

    seen = {"mass_change_number": 1, "residents": 2}
    assert await chiyoda.rows(LOGGED) == [
        ("mass_change:moved", "clerk", {"mass_change_number": 1, "state": "made"}),
        ("mass_change:moved", "chief", {"mass_change_number": 1, "state": "discarded"}),
        ("mass_change:previewed", "clerk", seen),
        ("mass_change:previewed", "chief", seen),
    ]


@pytest.mark.invariant("I9")
async def test_where_protected_people_live_is_no_example_and_yet_changes(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    neighbour = resident(20, name="鈴木　一", kana="すずき　はじめ", address=HIDDEN)
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, neighbour)

    await prepare(clerk, rows="神田神保町一丁目,新神保町一丁目")
    assert "神田神保町一丁目9番9号" not in clerk.text
    assert "新神保町一丁目9番9号" not in clerk.text
    assert "示せる例はありません" in clerk.text
    assert "<strong>3</strong>" in clerk.text
    await chief.open("/mass-changes/1")
    await chief.send("/mass-changes/1", step="approve")
    await carry_out(chiyoda)
    await chief.open("/mass-changes/1")

    assert "9番9号" not in chief.text
    found = {number: address for number, address, _ in await chiyoda.rows(ADDRESSES)}
    assert found[PROTECTED] == found[20] == "東京都千代田区新神保町一丁目9番9号"


async def test_nobody_approves_what_he_or_she_made(chiyoda: Municipality, clerk: Person) -> None:
    await prepare(clerk)

    page = await clerk.send("/mass-changes/1", step="approve")

    assert page.status_code == 403
    assert await chiyoda.rows(CHANGES) == [(1, "made", "clerk", None)]


async def test_bad_lines_are_shown_with_line_column_and_reason_and_the_good_ones_are_used(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    table = (
        f"旧町名,新町名,郵便番号\n{OLD},{NEW},1020099\n,空の町\n富士見一丁目,富士見一丁目\n一番町\n{OLD},別の名,12\n"
    )
    await upload(clerk, table.encode("cp932"))

    assert clerk.path == "/mass-changes/1"
    lines = re.findall(r'class="figure">(\d)</th><td>([^<]*)</td><td>([^<]*)</td>', clerk.text)
    assert [(number, column) for number, column, _ in lines] == [
        ("3", "1列目（旧）"),
        ("4", "2列目（新）"),
        ("5", "行全体"),
        ("6", "1列目（旧）"),
    ]
    assert "空です" in lines[0][2]
    assert "前の行と同じ" in lines[3][2]
    await chief.open("/mass-changes/1")
    await chief.send("/mass-changes/1", step="approve")
    await carry_out(chiyoda)
    assert (HANAKO, ADDRESS.replace(OLD, NEW), 2) in await chiyoda.rows(ADDRESSES)


async def test_bad_lines_are_mended_in_a_change_that_stands_for_the_first(chiyoda: Municipality, clerk: Person) -> None:
    await prepare(clerk, rows=f"{OLD},{NEW}\n富士見一丁目")

    await clerk.open(f"{FORM}?from=1")
    assert f"{OLD},{NEW}\n富士見一丁目</textarea>" in clerk.text
    fields = {**NOTICE, "form_number": clerk.hidden("form_number"), "replaces": clerk.hidden("replaces")}
    await clerk.send(FORM, step="prepare", rows=f"{OLD},{NEW}\n富士見一丁目,新富士見", **fields)

    assert clerk.path == "/mass-changes/2"
    assert "使わない行" not in clerk.text
    assert "2行目" in clerk.text  # Nobody lives there.
    assert await chiyoda.rows(CHANGES) == [(1, "discarded", "clerk", None), (2, "made", "clerk", None)]


async def test_a_table_without_a_line_that_can_be_used_comes_back_with_what_was_typed(
    chiyoda: Municipality, clerk: Person
) -> None:
    await upload(clerk, "富士見一丁目\n,x\n".encode())

    assert clerk.page.status_code == 422
    assert "富士見一丁目\n,x" in clerk.text
    assert "使える行がありません" in clerk.text
    assert "行全体" in clerk.text
    assert await chiyoda.rows(CHANGES) == []
    await clerk.open("/")
    assert "一括住所変更の作成" in clerk.text


async def test_what_came_from_a_file_stands_in_the_form_in_the_other_language_too(clerk: Person) -> None:
    await upload(clerk, "富士見一丁目".encode(), public_notice="")
    shown = {name: clerk.hidden(name) for name in ("form_number", "public_notice")}

    await clerk.send(FORM, switch_language="en", rows="", **{**NOTICE, **shown})

    assert "富士見一丁目</textarea>" in clerk.text
    assert "It has not two or three columns" in clerk.text


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ({"rows": " "}, "表がありません"),
        ({"public_notice": ""}, "告示の番号"),
        ({"effective_on": "R8.10.1"}, "効力の生ずる日"),
        ({"noticed_on": "R8.11.31"}, "暦にありません"),
        ({"kind": "merger"}, "候補から選び直してください"),
    ],
)
async def test_what_is_wrong_with_the_form_is_said_beside_the_field(
    chiyoda: Municipality, clerk: Person, items: dict[str, str], says: str
) -> None:
    await prepare(clerk, **items)

    assert clerk.page.status_code == 422
    assert says in clerk.text
    assert (f"{OLD},{NEW},102-0099</textarea>" in clerk.text) == ("rows" not in items)
    assert await chiyoda.rows(CHANGES) == []


async def test_a_file_that_is_no_text_is_refused_with_what_to_do(chiyoda: Municipality, clerk: Person) -> None:
    await upload(clerk, f"{OLD},{NEW}".encode("utf-16"))

    assert clerk.page.status_code == 422
    assert "CSV（UTF-8又はシフトJIS）で保存し直してください" in clerk.text
    assert await chiyoda.rows(CHANGES) == []


async def test_a_form_sent_twice_makes_one_change(chiyoda: Municipality, clerk: Person) -> None:
    await prepare(clerk, form_number="n" * 22)
    await prepare(clerk, form_number="n" * 22)

    assert clerk.path == "/mass-changes/1"
    assert await chiyoda.rows(CHANGES) == [(1, "made", "clerk", None)]


async def test_a_form_is_kept_and_gone_on_with(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.open(FORM)
    number = clerk.hidden("form_number")
    kept = {**NOTICE, "rows": f"{OLD},{NEW}\n" * 3000, "form_number": number}
    token = clerk.hidden("form_token")
    answer = await clerk.client.post("/drafts", data={**kept, "path": FORM, "form_token": token})
    assert answer.json()["says"]

    await clerk.open("/")
    assert f"{FORM}?draft={number}" in clerk.text
    await clerk.open(f"{FORM}?draft={number}")
    assert clerk.text.count(NEW) == 3000
    assert clerk.hidden("public_notice") == NOTICE["public_notice"]
    await clerk.send(FORM, step="prepare", **kept)
    assert clerk.path == "/mass-changes/1"
    assert await chiyoda.rows("SELECT count(*) FROM register.draft_form") == [(0,)]


async def test_it_is_given_up_before_it_begins_and_not_after(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    for number in (1, 2):
        await prepare(clerk)
        await chief.open(f"/mass-changes/{number}")
        await chief.send(f"/mass-changes/{number}", step="approve")
    await clerk.open("/mass-changes/1")
    await clerk.send("/mass-changes/1", step="discard")
    assert "取りやめました" in clerk.text
    await carry_out(chiyoda, 2)
    await clerk.open("/mass-changes/2")
    page = await clerk.send("/mass-changes/2", step="discard")

    assert page.status_code == 409
    assert [row[1] for row in await chiyoda.rows(CHANGES)] == ["discarded", "finished"]


async def test_the_progress_is_renewed_without_a_script_until_somebody_stops_it_and_says_whom_it_waits_for(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    others = [
        resident(number, name="鈴木　一", kana="すずき　はじめ", address=f"東京都千代田区{OLD}{number}番")
        for number in range(30, 33)
    ]
    async with chiyoda.database.transaction() as unit:
        for one in others:
            await add_resident(unit, one)
        await begin_editing(unit, [HANAKO], operator_id="chief", now=chiyoda.clock())
    await prepare(clerk)
    await chief.open("/mass-changes/1")
    await chief.send("/mass-changes/1", step="approve")
    await carry_out(chiyoda)

    page = await clerk.open("/mass-changes/1")
    assert page.headers["Refresh"] == "5; url=/mass-changes/1?refresh=auto"
    assert "4世帯のうち3世帯（75％）" in clerk.text
    assert 'max="100" value="75"' in clerk.text
    assert "ほかの職員の編集が終わりしだい" in clerk.text
    assert "編集中の1世帯を待っています" in clerk.text
    assert "Refresh" not in (await clerk.open("/mass-changes/1?refresh=off")).headers
    chiyoda.clock.advance(minutes=11)
    await clerk.open("/mass-changes/1?refresh=auto")
    assert "1分以上進んでいません" in clerk.text
    await carry_out(chiyoda)
    page = await clerk.open("/mass-changes/1")
    assert "Refresh" not in page.headers
    assert "完了" in clerk.text


async def test_a_page_that_renews_itself_keeps_nobody_signed_in(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    await prepare(clerk)
    for person in (clerk, chief):
        await person.open("/mass-changes/1")
    chiyoda.clock.advance(minutes=14)
    await clerk.open("/mass-changes/1?refresh=auto")
    await chief.open("/mass-changes/1")
    assert clerk.path == chief.path == "/mass-changes/1"
    chiyoda.clock.advance(minutes=2)

    await clerk.open("/mass-changes/1?refresh=auto")
    await chief.open("/mass-changes/1")

    assert (clerk.path, chief.path) == ("/sign-in", "/mass-changes/1")


async def test_who_is_left_out_is_said_before_and_after_with_what_to_do(
    chiyoda: Municipality, clerk: Person, chief: Person
) -> None:
    long = resident(40, name="鈴木　一", kana="すずき　はじめ", address=f"{ADDRESS}\u3000" + "長" * 180)
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, long)
    await prepare(clerk, rows=f"{OLD}," + "新しい町名" * 4)
    assert "次の1世帯は改められずに残ります" in clerk.text
    assert 'href="/households/40"' in clerk.text
    await chief.open("/mass-changes/1")
    await chief.send("/mass-changes/1", step="approve")
    await carry_out(chiyoda)
    await chief.open("/mass-changes/1")

    assert "軽微な修正" in chief.text
    assert 'href="/households/40"' in chief.text
    assert "200字を超える" in chief.text


async def test_whose_annex_is_elsewhere_is_counted_by_receiver(chiyoda: Municipality, clerk: Person) -> None:
    places = {50: "大阪府大阪市北区梅田一丁目1番", 51: "東京都千代田区一番町1番地", 52: "どこか"}
    async with chiyoda.database.transaction() as unit:
        for number, place in places.items():
            one = resident(number, registered_domicile=place, first_listed_person="鈴木　一", address=ADDRESS)
            await add_resident(unit, one)

    await prepare(clerk)

    assert re.search(r"大阪府大阪市</th><td>戸籍の附票記載事項通知</td><td[^>]*>1<", clerk.text)
    assert "この市区町村の戸籍の担当へ" in clerk.text
    assert "本籍から送り先が分からない人が1人います" in clerk.text


async def test_ten_thousand_rows_are_taken_from_a_file(chiyoda: Municipality, clerk: Person) -> None:
    lines = [f"{OLD}{n // 100 + 1}番{n % 100 + 1}号,{NEW}{n + 1}番" for n in range(10_000)]
    content = "\ufeff旧住所,新住所\r\n" + "\r\n".join(lines) + "\r\n"

    await upload(clerk, content.encode(), kind="residential_indication")

    assert clerk.path == "/mass-changes/1"
    assert ADDRESS.replace(f"{OLD}1番1号", f"{NEW}1番") in clerk.text
    assert "（9,999行）" in clerk.text
    assert await chiyoda.rows("SELECT count(*) FROM register.mass_change_row WHERE error_code IS NULL") == [(10_000,)]


async def test_it_speaks_english_too(clerk: Person) -> None:
    await prepare(clerk, rows=f"{OLD},{NEW}\nx")
    await clerk.open("/language?to=en&back=/mass-changes/1")

    for text in ("You made it", "What is sent to whom", "the whole line", "Give it up"):
        assert text in clerk.text
    await clerk.open(FORM)
    assert "How the table is written" in clerk.text
    assert (await clerk.open("/mass-changes")).status_code == 200


def test_what_waits_is_estimated_by_what_was_settled_lately() -> None:
    assert estimate_remaining(1200, 100, timedelta(seconds=10)) == timedelta(minutes=2)
    assert estimate_remaining(0, 100, timedelta(seconds=10)) is None
    assert estimate_remaining(100, 0, timedelta(seconds=10)) is None
