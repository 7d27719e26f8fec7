from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from jukinet.municipal.store import add_resident
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import (
    HANAKO,
    HOUSEMATE,
    PROTECTED,
    TARO,
    Municipality,
    municipality_of,
    resident,
)

COUNT_VERSIONS = "SELECT count(*) FROM register.resident_record"
COUNT_PARCELS = "SELECT count(*) FROM delivery.outbox"
PLACES = "SELECT household_number, relationship FROM register.current_record WHERE resident_number = {number}"
COUNTER = {"notified_on": "R8.11.20", "notifier": "self", "identity_check": "photo_document"}
DEATH = {"notified_on": "R8.11.20", "notifier": "family_register_reporter", "documents-death_report": "on"}
PROTECTED_ADDRESS = "神田神保町"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def relocate(clerk: Person, step: str = "record", **typed: str) -> dict[str, str]:
    """Type a relocation of Hanako into the form and send it."""
    await clerk.open(f"/residents/{HANAKO}/relocation")
    fields = {
        "form_number": clerk.hidden("form_number"),
        "version": clerk.hidden("version"),
        "moved_on": "令和8年11月10日",
        "movers": "all",
        "notified_on": "R8.11.20",
        "notifier": "self",
        "identity_check": "photo_document",
        "town": "一番町",
        "lot": "2番地3",
        **typed,
    }
    await clerk.send(f"/residents/{HANAKO}/relocation", step=step, **fields)
    return fields


async def give_birth(clerk: Person, step: str = "record", **typed: str) -> dict[str, str]:
    """Type a birth in Hanako's household into the form and send it."""
    await clerk.open(f"/residents/{HANAKO}/birth")
    fields = {
        "form_number": clerk.hidden("form_number"),
        "version": clerk.hidden("version"),
        "name": "山田 一",
        "kana": "ヤマダ ハジメ",
        "sex": "1",
        "birth_date": "2026-11-10",
        "relationship": "子",
        "notified_on": "令和8年11月20日",
        "notifier": "family_register_reporter",
        "documents-birth_report": "on",
        **typed,
    }
    await clerk.send(f"/residents/{HANAKO}/birth", step=step, **fields)
    return fields


async def test_the_top_page_says_what_waits(clerk: Person) -> None:
    await relocate(clerk)

    await clerk.open("/")

    assert "東京都サーバ" in clerk.text
    assert "2 件" in clerk.text
    assert "少なくなっています" in clerk.text


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("kana", "ヤマダ"),
        ("name", "山田 花"),
        ("birth_date", "昭和60年3月12日"),
        ("birth_date", "S60.3.12"),
        ("resident_record_code", "9000-0000-018"),
    ],
)
async def test_a_resident_is_found_by_any_one_key(clerk: Person, key: str, typed: str) -> None:
    await clerk.open("/residents")

    await clerk.send("/residents", step="search", **{key: typed})

    assert "山田　花子" in clerk.text
    assert clerk.path == "/residents"
    assert clerk.page.url.query == b""


async def test_a_search_is_on_the_log_with_the_numbers_of_its_hits(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.open("/residents")

    await clerk.send("/residents", step="search", kana="やまだ")

    (detail,) = await chiyoda.rows("SELECT detail FROM audit.event WHERE event = 'resident:searched'")
    assert detail == ({"hits": 2, "resident_numbers": [TARO, HANAKO]},)


async def test_a_search_without_any_key_is_refused_and_says_so(clerk: Person) -> None:
    await clerk.open("/residents")

    page = await clerk.send("/residents", step="search")

    assert page.status_code == 422
    assert "一つ以上" in clerk.text


async def test_a_wrong_key_is_named_and_what_was_typed_stays(clerk: Person) -> None:
    await clerk.open("/residents")

    page = await clerk.send("/residents", step="search", resident_record_code="90000000019", name="山田")

    assert page.status_code == 422
    assert 'href="#resident_record_code"' in clerk.text
    assert "検査数字" in clerk.text
    assert clerk.hidden("name") == "山田"


async def test_of_too_many_hits_the_first_are_shown_and_how_to_narrow_the_search(
    chiyoda: Municipality, clerk: Person
) -> None:
    async with chiyoda.database.transaction() as unit:
        for number in range(100, 160):
            await add_resident(unit, resident(number, kana="たなか　いちろう", name="田中　一郎"))
    await clerk.open("/residents")

    await clerk.send("/residents", step="search", q="たなか")

    assert "検索結果：60人" in clerk.text
    assert clerk.text.count("田中　一郎") == 50
    assert "絞り込めます" in clerk.text


async def test_a_look_at_a_resident_is_on_the_log(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.open(f"/residents/{HANAKO}")

    assert "山田　太郎" in clerk.text
    assert await chiyoda.rows(
        "SELECT actor, resident_record_code, detail FROM audit.event WHERE event = 'resident:viewed'"
    ) == [("clerk", "90000000018", {"resident_number": HANAKO})]


@pytest.mark.parametrize("number", [PROTECTED, HOUSEMATE])
async def test_no_page_shows_where_a_protected_household_lives(clerk: Person, number: int) -> None:
    shown: list[str] = []
    for path in (
        f"/residents/{number}",
        f"/residents/{number}/relocation",
        f"/residents/{number}/birth",
        f"/residents/{number}/death",
        f"/residents/{number}/recorded/1",
    ):
        assert (await clerk.open(path)).status_code == 200
        # The names of towns to choose from are everybody's; the address is not.
        shown += [path] * (f"{PROTECTED_ADDRESS}一丁目9番9号" in clerk.text or "支援措置対象者" not in clerk.text)
    await clerk.open("/residents")
    await clerk.send("/residents", step="search", kana="さとう")

    assert shown == []
    assert "支援措置対象者" in clerk.text
    assert PROTECTED_ADDRESS not in clerk.text


async def test_the_death_of_a_protected_person_is_confirmed_without_the_address(clerk: Person) -> None:
    await clerk.open(f"/residents/{PROTECTED}/death")
    fields = {name: clerk.hidden(name) for name in ("form_number", "version")}
    await clerk.send(f"/residents/{PROTECTED}/death", step="confirm", died_on="R8.11.15", **DEATH, **fields)

    assert "登録する" in clerk.text
    assert PROTECTED_ADDRESS not in clerk.text


async def test_a_relocation_is_confirmed_before_it_is_recorded(chiyoda: Municipality, clerk: Person) -> None:
    await relocate(clerk, step="confirm")

    assert "誰に何が送られるか" in clerk.text
    assert "東京都千代田区一番町2番地3" in clerk.text
    assert "東京都サーバ" in clerk.text
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


async def test_who_relocates_joins_the_household_found_at_the_new_address(chiyoda: Municipality, clerk: Person) -> None:
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, resident(30, name="木村　節子", address="東京都千代田区飯田橋二丁目7番7号"))
    path = f"/residents/{TARO}/relocation"
    await clerk.open(path)
    fields = {
        **COUNTER,
        "form_number": clerk.hidden("form_number"),
        "version": clerk.hidden("version"),
        "moved_on": "R8.11.20",
        "movers": "some",
        "household": "join",
        "town": "飯田橋二丁目",
        "lot": "7番7号",
    }
    await clerk.send(path, step="confirm", **fields)
    assert "木村　節子 さんの世帯" in clerk.text
    fields |= {name: clerk.hidden(name) for name in ("households_found", "joins")}

    await clerk.send(path, step="record", **fields)
    assert f'href="#joined-relationship-{TARO}"' in clerk.text
    await clerk.send(path, step="record", **fields, **{f"joined-relationship-{TARO}": "子の夫"})

    assert await chiyoda.rows(PLACES.format(number=TARO)) == [(30, "子の夫")]


async def test_a_relocation_is_recorded_and_its_notice_waits(chiyoda: Municipality, clerk: Person) -> None:
    await relocate(clerk, town="飯田橋2丁目", building="コーポ101")

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    assert "転居を登録しました" in clerk.text
    assert await chiyoda.rows(
        "SELECT resident_number, address, changed_on FROM register.resident_record WHERE version = 2 ORDER BY 1"
    ) == [
        (HANAKO, "東京都千代田区飯田橋二丁目2番地3　コーポ101", "2026-11-10"),
        (TARO, "東京都千代田区飯田橋二丁目2番地3　コーポ101", "2026-11-10"),
    ]
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("moved_on", "令和8年13月1日", "暦にありません"),
        ("moved_on", "きのう", "日付として読み取れません"),
        ("moved_on", "令和9年1月1日", "前後関係"),
        ("notified_on", "2026-10-01", "前後関係"),
        ("town", "なにもない町", "この市区町村にない"),
        ("lot", "", "入力が必要"),
        ("lot", "1番\U0001f600", "使えない文字"),
    ],
)
async def test_a_wrong_field_is_named_and_the_rest_stays_typed(
    chiyoda: Municipality, clerk: Person, field: str, typed: str, says: str
) -> None:
    fields = await relocate(clerk, **{field: typed})

    assert clerk.page.status_code == 422
    assert f'href="#{field}"' in clerk.text
    assert says in clerk.text
    assert {name: clerk.hidden(name) for name in fields} == fields
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


async def test_a_form_sent_twice_is_recorded_once(chiyoda: Municipality, clerk: Person) -> None:
    fields = await relocate(clerk)

    await clerk.open("/")
    await clerk.send(f"/residents/{HANAKO}/relocation", step="record", token=clerk.hidden("form_token"), **fields)

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]


async def test_a_birth_sent_twice_at_once_enters_one_child(chiyoda: Municipality, clerk: Person) -> None:
    fields = await give_birth(clerk, step="confirm")
    token = clerk.hidden("form_token")
    data = {"form_token": token, "step": "record", **fields}

    answers = await asyncio.gather(
        *(clerk.client.post(f"/residents/{HANAKO}/birth", data=data, follow_redirects=True) for _ in range(4))
    )

    assert {answer.url.path for answer in answers} == {"/residents/5/recorded/1"}
    assert await chiyoda.rows(
        "SELECT name, kana, household_number FROM register.resident_record WHERE resident_number > 4"
    ) == [("山田　一", "やまだ　はじめ", HANAKO)]
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]


async def test_a_birth_shows_what_will_be_sent_of_the_child(clerk: Person) -> None:
    await give_birth(clerk, step="confirm")

    assert "やまだ　はじめ" in clerk.text
    assert "登録の時に付きます" in clerk.text


async def test_a_child_without_a_sex_or_with_a_wrong_name_is_refused(clerk: Person) -> None:
    await give_birth(clerk, sex="", name="")

    assert clerk.page.status_code == 422
    assert 'href="#sex"' in clerk.text
    assert 'href="#name"' in clerk.text


async def test_a_death_removes_the_record_and_no_change_can_follow(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.open(f"/residents/{TARO}/death")
    fields = {name: clerk.hidden(name) for name in ("form_number", "version")}

    await clerk.send(f"/residents/{TARO}/death", step="record", died_on="2026-11-XX", **DEATH, **fields)
    page = await clerk.open(f"/residents/{TARO}/relocation")

    assert await chiyoda.rows("SELECT is_removed FROM register.resident WHERE resident_number = 2") == [(True,)]
    assert page.status_code == 409
    assert "消除されている" in clerk.text


async def test_whoever_comes_second_sees_the_record_as_it_is_now_and_keeps_what_was_typed(
    chiyoda: Municipality, clerk: Person
) -> None:
    await clerk.open(f"/residents/{HANAKO}/relocation")
    mine = {"form_number": clerk.hidden("form_number"), "version": clerk.hidden("version"), "lot": "9番地"}
    await relocate(clerk)
    await clerk.open("/")

    page = await clerk.send(
        f"/residents/{HANAKO}/relocation",
        step="record",
        moved_on="R8.11.11",
        movers="all",
        town="四番町",
        **COUNTER,
        **mine,
    )

    assert page.status_code == 409
    assert "ほかの操作者" in clerk.text
    assert clerk.hidden("lot") == "9番地"
    assert clerk.hidden("version") == "2"
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]


async def test_the_history_says_what_each_version_changed(clerk: Person) -> None:
    await relocate(clerk)

    await clerk.open(f"/residents/{HANAKO}")

    assert "東京都千代田区飯田橋一丁目1番1号 → " in clerk.text
    assert "令和8年11月10日" in clerk.text


async def test_the_language_can_change_in_the_middle_of_a_form(chiyoda: Municipality, clerk: Person) -> None:
    fields = await relocate(clerk, step="confirm", lot="")

    await clerk.send(f"/residents/{HANAKO}/relocation", switch_language="en", step="record", **fields)

    assert "Relocation" in clerk.text
    assert clerk.hidden("town") == "一番町"
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


async def test_a_refused_parcel_is_sent_again_on_the_log(chiyoda: Municipality, clerk: Person) -> None:
    async with chiyoda.database.transaction() as unit:
        await unit.execute(
            "INSERT INTO delivery.refused_parcel VALUES"
            " ('prefectural/130001', 7, 'identification_notice', '{}', 1, now(), now(), 'value.kana', 'kana')"
        )
    await clerk.open("/deliveries")
    assert "ふりがな" in clerk.text

    await clerk.send("/deliveries", step="record", receiver="prefectural/130001", position="7")

    assert "送信待ちに戻しました" in clerk.text
    assert await chiyoda.rows(COUNT_PARCELS) == [(1,)]
    assert await chiyoda.rows("SELECT actor, detail FROM audit.event WHERE event = 'parcel:requeued'") == [
        ("clerk", {"receiver": "prefectural/130001", "position": 7})
    ]


async def test_what_was_notified_is_listed_without_names(clerk: Person) -> None:
    await relocate(clerk)

    await clerk.open("/deliveries")

    assert "転居" in clerk.text
    assert "山田" not in clerk.text


async def test_nobody_is_found_by_a_number_that_nobody_has(clerk: Person) -> None:
    page = await clerk.open("/residents/999")

    assert page.status_code == 404
    assert "その住民は" in clerk.text
    assert 'href="/"' in clerk.text


async def test_the_record_can_be_shown_as_it_stood_on_a_day(clerk: Person) -> None:
    await relocate(clerk)

    await clerk.open(f"/residents/{HANAKO}?as_of=R8.11.9")
    assert "令和8年11月9日の記載" in clerk.text
    assert "<dd>東京都千代田区飯田橋一丁目1番1号</dd>" in clerk.text
    await clerk.open(f"/residents/{HANAKO}?as_of=2026-11-10")
    assert "<dd>東京都千代田区一番町2番地3</dd>" in clerk.text
    await clerk.open(f"/residents/{HANAKO}?as_of=H30.1.1")
    assert "まだありません" in clerk.text


async def test_the_history_says_who_notified_and_what_was_sent(clerk: Person) -> None:
    await relocate(clerk)

    await clerk.open(f"/residents/{HANAKO}")

    assert "届出（本人）" in clerk.text
    assert "通知（更新順番号 2）" in clerk.text


async def test_one_of_a_household_moves_and_the_other_becomes_householder(chiyoda: Municipality, clerk: Person) -> None:
    await relocate(clerk, movers="some")

    assert "同じ異動で記載が変わった人" in clerk.text
    assert await chiyoda.rows(
        "SELECT resident_number, relationship FROM register.current_record WHERE resident_number < 3 ORDER BY 1"
    ) == [(HANAKO, "世帯主"), (TARO, "世帯主")]


async def test_a_household_has_a_page(clerk: Person) -> None:
    await clerk.open(f"/households/{HANAKO}")
    assert "山田　太郎" in clerk.text
    await clerk.open(f"/households/{PROTECTED}")
    assert PROTECTED_ADDRESS not in clerk.text


async def test_the_statistics_count_by_month_town_and_age(clerk: Person) -> None:
    await give_birth(clerk)

    await clerk.open("/statistics")

    assert '<tr><th scope="row">2026-11</th><td class="figure">1</td>' in clerk.text
    assert '<tr><th scope="row">飯田橋</th><td class="figure">3</td><td class="figure">1</td></tr>' in clerk.text


async def test_a_page_that_is_not_there_keeps_the_menu(clerk: Person) -> None:
    page = await clerk.open("/nowhere/at/all")

    assert page.status_code == 404
    assert "サインアウト" in clerk.text


async def test_a_form_left_unfinished_is_resumed_or_discarded(clerk: Person) -> None:
    fields = await relocate(clerk, step="leave")
    assert "中断しました" in clerk.text

    await clerk.open(f"/residents/{HANAKO}/relocation?draft={fields['form_number']}")
    assert clerk.hidden("lot") == fields["lot"]
    await clerk.open("/")
    await clerk.send("/drafts/discard", form_number=fields["form_number"])
    page = await clerk.open(f"/residents/{HANAKO}/relocation?draft={fields['form_number']}")

    assert page.status_code == 404
