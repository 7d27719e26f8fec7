"""One person found by the four basic items: the right one or nobody, by the past too, and nobody else is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jukinet.domain.errors import (
    AffairNotListedError,
    ImpossibleDateError,
    InvalidValueError,
    MalformedAddressError,
    MalformedKanaError,
    ReplayedMessageError,
    SearchTooBroadError,
    TooFewItemsError,
    UnknownCodeListValueError,
)
from jukinet.domain.rules import Rule
from jukinet.national.app import MIGRATIONS
from jukinet.national.search_filling import fill_missing
from jukinet.national.usecases.search_person import PersonSearchDesk
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery
from tests.builders import (
    NOW,
    PASSPORT_AFFAIR,
    PENSION,
    PENSION_AFFAIR,
    code,
    execute,
    list_rows,
    message_id,
    notice,
    opened,
)
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_confirm_person import Nation

WATANABE: dict[str, Any] = {
    "name": "渡邉\u3000葵",
    "kana": "ワタナベ\u3000アオイ",
    "birth_date": "1990-05-06",
    "sex": "2",
    "address": "東京都世田谷区太子堂一丁目2番3号\u3000若葉荘101",
}
LOG = """
    SELECT message_id, resident_record_code, method, asked_by, result, items, affair, office, place
      FROM audit.use_log
     ORDER BY message_id
"""


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


def watanabe(number: int = 1, sequence: int = 1, **items: Any) -> IdentificationNotice:  # noqa: ANN401 - any item of it
    return notice(number, sequence, **{**WATANABE, **items})


def query(*, is_kana_prefix: bool = False, **items: Any) -> PersonSearchQuery:  # noqa: ANN401 - any item of a query
    names = ("name", "kana", "birth_date", "sex", "address")
    stated = StatedItems(**{name: items.pop(name) for name in names if name in items})
    defaults: dict[str, Any] = {
        "affair": PENSION_AFFAIR,
        "purpose": "年金の支給",
        "matter_number": "年金-1",
        "official": "official",
    }
    return PersonSearchQuery(stated=stated, is_kana_prefix=is_kana_prefix, **{**defaults, **items})


async def search(
    nation: Nation, asked: PersonSearchQuery, number: int = 1, agency: NodeName = PENSION
) -> PersonSearchAnswer:
    desk = PersonSearchDesk(database=nation.database, clock=lambda: NOW, gate=nation.gate())
    return await desk.search_person(asked, agency=agency, message_id=message_id(number))


@pytest.mark.parametrize(
    "stated",
    [
        {"name": "渡邉\u3000葵", "birth_date": "1990-05-06"},
        {"name": "渡辺葵", "birth_date": "1990-05-06"},
        {"name": "渡邊\u3000葵", "address": "世田谷区太子堂1-2-3"},
        {"kana": "わたなべ\u3000あおい", "birth_date": "1990-05-06"},
        {"kana": "ﾜﾀﾅﾍﾞｱｵｲ", "address": "東京都世田谷区太子堂一丁目２番３号"},
        {"birth_date": "1990-05-06", "address": "東京都世田谷区太子堂１－２－３"},
        {"birth_date": "1990-05-XX", "name": "渡辺葵"},
        {"birth_date": "1990-XX-XX", "address": "世田谷区太子堂一丁目2番"},
        {"kana": "ワタナ", "is_kana_prefix": True, "birth_date": "1990-05-06", "sex": "2"},
        {"kana": "ワタ", "is_kana_prefix": True, "address": "世田谷区太子堂1-2-3 若葉荘101"},
    ],
)
async def test_two_items_find_the_person_however_they_are_written(nation: Nation, stated: dict[str, Any]) -> None:
    await nation.know(
        watanabe(1),
        watanabe(2, name="佐藤\u3000葵", kana="サトウ\u3000アオイ", address="東京都世田谷区太子堂一丁目20番3号"),
        watanabe(3, birth_date="1991-05-06", changed_on="1991-05-06", address="東京都世田谷区太子堂五丁目1番1号"),
    )

    answer = await search(nation, query(**stated, items=("name", "address")))

    assert answer.result == "found"
    assert answer.person is not None
    assert (answer.person.name, answer.person.address) == (WATANABE["name"], WATANABE["address"])
    assert answer.person.birth_date is None


async def test_a_former_name_and_a_former_address_find_the_person_under_the_present_ones(nation: Nation) -> None:
    moved = "東京都世田谷区三軒茶屋二丁目1番1号"
    await nation.know(watanabe(1))
    await nation.know(watanabe(1, 2, address=moved, reason="relocation", changed_on="2026-03-01"))
    await nation.know(watanabe(1, 3, address=moved, name="佐藤\u3000葵", kana="サトウ\u3000アオイ",
                               reason="ex_officio_modification", changed_on="2026-03-02"))  # fmt: skip

    by_address = await search(nation, query(birth_date="1990-05-06", address="世田谷区太子堂1-2-3"), 1)
    by_name = await search(nation, query(birth_date="1990-05-06", name="渡邉葵"), 2)

    for answer in (by_address, by_name):
        assert answer.result == "found"
        assert answer.person is not None
        assert (answer.person.name, answer.person.address) == ("佐藤\u3000葵", moved)
    assert by_address.agreements is not None
    assert (by_address.agreements.address, by_address.agreements.birth_date) == ("agrees_formerly", "agrees")


async def test_an_alias_and_a_former_surname_find_the_person(nation: Nation) -> None:
    await nation.know(
        watanabe(1, former_surname="鈴木"),
        watanabe(2, name="SMITH ANNA", alias="山田\u3000花", kana="スミス\u3000アンナ", birth_date="1980-01-01"),
    )

    former = await search(nation, query(name="鈴木葵", birth_date="1990-05-06"), 1)
    alias = await search(nation, query(name="山田花", birth_date="1980-01-01"), 2)

    assert former.person is not None
    assert former.person.name == WATANABE["name"]
    assert alias.person is not None
    assert alias.person.name == "SMITH ANNA"


async def test_after_a_change_of_code_the_person_is_found_by_the_past_under_the_new_code(nation: Nation) -> None:
    await nation.know(watanabe(1))
    changed = {"previous_resident_record_code": code(1), "reason": "code_change_on_request", "changed_on": "2026-03-01"}
    moved = {"address": "東京都世田谷区桜一丁目1番1号", "reason": "relocation", "changed_on": "2026-03-02"}
    await nation.know(watanabe(7, 2, **changed))
    await nation.know(watanabe(7, 3, **moved))

    answer = await search(nation, query(name="渡辺葵", address="世田谷区太子堂1-2-3"))

    assert answer.result == "found"
    assert [row[1] for row in await list_rows(nation.node, LOG)] == [code(7)]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"birth_date": "1990-06-05"}, "birth_date"),
        ({"kana": "ワタナペ\u3000アオキ", "name": None}, "kana"),
        ({"address": "世田谷区三軒茶屋二丁目9番9号"}, "address"),
        ({"sex": "1"}, "sex"),
    ],
)
async def test_where_two_items_agree_one_wrong_item_is_told_and_does_not_hide_the_person(
    nation: Nation, wrong: dict[str, Any], expected: str
) -> None:
    await nation.know(watanabe(1), watanabe(2, name="鈴木\u3000一", kana="スズキ\u3000ハジメ", sex="1"))
    stated = {**WATANABE, **wrong}
    stated = {name: value for name, value in stated.items() if value is not None}
    if "kana" in wrong:
        stated.pop("sex")

    answer = await search(nation, query(**stated))

    assert answer.result == "found"
    assert answer.agreements is not None
    assert getattr(answer.agreements, expected) == "differs"


async def test_a_twin_is_not_taken_for_the_other(nation: Nation) -> None:
    await nation.know(watanabe(1), watanabe(2, name="渡邉\u3000楓", kana="ワタナベ\u3000カエデ"))

    right = await search(nation, query(**WATANABE), 1)
    other: dict[str, Any] = {**WATANABE, "name": "渡邉\u3000桜子", "kana": "ワタナベ\u3000サクラコ"}
    neither = await search(nation, query(**other), 2)

    assert right.person is not None
    assert right.person.name == WATANABE["name"]
    assert (neither.result, neither.person) == ("not_found", None)


async def test_two_who_agree_are_not_shown_and_the_answer_says_what_tells_them_apart(nation: Nation) -> None:
    await nation.know(watanabe(1), watanabe(2, address="東京都世田谷区桜一丁目1番1号"))

    answer = await search(nation, query(name="渡辺葵", birth_date="1990-05-06"))

    assert (answer.result, answer.person, answer.items) == ("several", None, ())
    assert answer.refine == ("address",)
    assert await list_rows(nation.node, LOG) == [
        (message_id(1), None, "search", "four_items", "several", "", PENSION_AFFAIR, None, 0)
    ]


async def test_more_than_ten_are_too_many_and_the_answer_says_what_to_state(nation: Nation) -> None:
    await nation.know(*[watanabe(number, address=f"東京都世田谷区桜{number}番1号") for number in range(1, 12)])

    answer = await search(nation, query(kana="ワタナベアオイ", birth_date="1990-05-XX"))

    assert (answer.result, answer.person) == ("too_many", None)
    assert answer.refine == ("birth_date", "address", "sex")
    assert [row[1:6] for row in await list_rows(nation.node, LOG)] == [(None, "search", "four_items", "too_many", "")]


async def test_nobody_is_told_of_and_the_search_is_on_the_log(nation: Nation) -> None:
    await nation.know(watanabe(1))

    answer = await search(nation, query(name="渡辺葵", birth_date="1999-05-06"))

    assert (answer.result, answer.person, answer.refine) == ("not_found", None, ())
    assert [row[4] for row in await list_rows(nation.node, LOG)] == ["not_found"]


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_the_log_says_what_left_and_for_whom(nation: Nation) -> None:
    await nation.know(watanabe(1))

    asked = query(name="渡辺葵", birth_date="1990-05-06", items=("address",), office="給付課")
    answer = await search(nation, asked)

    assert answer.items == ("name", "birth_date", "address")
    assert answer.person is not None
    assert (answer.person.address, answer.person.name) == (WATANABE["address"], None)
    assert await list_rows(nation.node, LOG) == [
        (
            message_id(1), code(1), "search", "four_items", "found", "name,birth_date,address", PENSION_AFFAIR,
            "給付課", 0,
        )
    ]  # fmt: skip


async def test_a_verification_by_search_says_what_agrees_and_gives_nothing(nation: Nation) -> None:
    await nation.know(watanabe(1))

    answer = await search(nation, query(name="渡辺葵", birth_date="1990-05-06", sex="2", is_verification=True))

    assert (answer.result, answer.person, answer.state) == ("found", None, None)
    assert answer.agreements is not None
    found = (answer.agreements.name, answer.agreements.birth_date, answer.agreements.sex, answer.agreements.address)
    assert found == ("agrees_folded", "agrees", "agrees", "not_stated")


@pytest.mark.parametrize(("reason", "state"), [("death", "dead"), ("move_out", "moved_out")])
async def test_a_removed_person_is_found_as_removed(nation: Nation, reason: str, state: str) -> None:
    await nation.know(watanabe(1))
    await nation.know(watanabe(1, 2, reason=reason, changed_on="2026-03-01"))

    answer = await search(nation, query(name="渡辺葵", birth_date="1990-05-06", items=("change",)))

    assert (answer.result, answer.state) == ("found", state)


@pytest.mark.parametrize(
    ("stated", "expected", "field"),
    [
        ({"name": "渡辺葵"}, TooFewItemsError, "stated"),
        ({"name": "渡辺葵", "kana": "ワタナベアオイ", "sex": "2"}, TooFewItemsError, "stated"),
        ({"birth_date": "1990-05-06", "sex": "2"}, TooFewItemsError, "stated"),
        ({"birth_date": "XXXX-XX-XX", "name": "渡辺葵"}, TooFewItemsError, "stated"),
        ({}, TooFewItemsError, "stated"),
        ({"kana": "ワ", "is_kana_prefix": True, "birth_date": "1990-05-06"}, SearchTooBroadError, "kana"),
        ({"kana": "ー", "birth_date": "1990-05-06"}, SearchTooBroadError, "kana"),
        ({"kana": "渡辺", "birth_date": "1990-05-06"}, MalformedKanaError, "kana"),
        ({"name": "渡辺葵", "birth_date": "1990-02-30"}, ImpossibleDateError, "birth_date"),
        ({"name": "渡辺葵", "address": "太子堂1-2-3"}, MalformedAddressError, "address"),
        ({"name": "渡辺葵", "address": "東京都"}, MalformedAddressError, "address"),
        ({"name": "渡辺葵", "birth_date": "1990-05-06", "sex": "3"}, UnknownCodeListValueError, "sex"),
        ({"name": "渡辺葵\x00", "birth_date": "1990-05-06"}, InvalidValueError, "name"),
        ({"name": "%'; DROP TABLE", "birth_date": "1990-05-06\n"}, InvalidValueError, "birth_date"),
        ({"name": "渡辺葵", "birth_date": "1990-05-06", "items": ("shoe_size",)}, UnknownCodeListValueError, "items"),
    ],
)
async def test_what_means_no_one_person_or_is_no_such_item_is_refused(
    nation: Nation, stated: dict[str, Any], expected: type[InvalidValueError], field: str
) -> None:
    with pytest.raises(expected) as caught:
        await search(nation, query(**stated))

    assert caught.value.field == field
    assert await list_rows(nation.node, LOG) == []


@pytest.mark.invariant("I5")
async def test_an_affair_of_another_organ_finds_nobody(nation: Nation) -> None:
    await nation.know(watanabe(1))

    with pytest.raises(AffairNotListedError):
        await search(nation, query(name="渡辺葵", birth_date="1990-05-06", affair=PASSPORT_AFFAIR))

    assert await list_rows(nation.node, LOG) == []


@pytest.mark.invariant("I3")
async def test_a_replayed_search_is_refused(nation: Nation) -> None:
    await nation.know(watanabe(1))
    asked = query(name="渡辺葵", birth_date="1990-05-06")
    await search(nation, asked)

    with pytest.raises(ReplayedMessageError):
        await search(nation, asked)


async def test_many_searches_at_once_are_answered_each_for_itself(nation: Nation) -> None:
    await nation.know(
        *[watanabe(number, birth_date=f"1990-05-{number:02}", changed_on="1990-06-01") for number in range(1, 21)]
    )
    desk = PersonSearchDesk(database=nation.database, clock=lambda: NOW, gate=nation.gate())

    answers = await asyncio.gather(
        *[
            desk.search_person(
                query(name="渡辺葵", birth_date=f"1990-05-{number:02}", items=("birth_date",)),
                agency=PENSION,
                message_id=message_id(number),
            )
            for number in range(1, 21)
        ]
    )

    found = [answer.person.birth_date for answer in answers if answer.person is not None]
    assert found == [f"1990-05-{number:02}" for number in range(1, 21)]
    assert len(await list_rows(nation.node, LOG)) == 20


async def test_people_of_before_there_were_keys_are_found_once_these_are_filled_in(nation: Nation) -> None:
    await nation.know(watanabe(1))
    await nation.know(watanabe(1, 2, address="東京都世田谷区桜一丁目1番1号", changed_on="2026-03-01"))
    await execute(nation.node, "DELETE FROM identification.search_key")
    asked = query(name="渡辺葵", address="世田谷区太子堂1-2-3")
    before = await search(nation, asked, 1)
    # What comes meanwhile makes its own key, and does not hide the former ones.
    await nation.know(watanabe(1, 3, address="東京都世田谷区桜二丁目1番1号", changed_on="2026-03-02"))

    filled = [await fill_missing(nation.database), await fill_missing(nation.database)]

    assert before.result == "not_found"
    assert filled == [1, 0]
    assert (await search(nation, asked, 2)).result == "found"
