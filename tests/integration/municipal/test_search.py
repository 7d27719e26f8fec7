from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from jukinet.municipal.search_filling import fill_missing, rebuild_search
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.search_words import understand
from jukinet.municipal.store import add_resident, add_version
from jukinet.postgres.database import Database, open_database
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import CHIYODA, PROTECTED, RESIDENTS, resident

_KEYS = "SELECT resident_number, digest, is_current FROM register.search_key"
YOSHIDA = 20
MARIA = 21
PEOPLE = (
    *RESIDENTS,
    resident(
        YOSHIDA,
        name="𠮷田　邉子",
        kana="よしだ　べんじょう",
        former_surname="髙橋",
        birth_date="1990-05-06",
        address="東京都千代田区一番町2番地3　コーポ髙橋101",
    ),
    resident(MARIA, name="SANTOS MARIA CLARA", kana="", alias="佐野　真理", birth_date="1980-XX-XX"),
)


@pytest.fixture
async def register(embedded_database: MakeDatabase) -> AsyncIterator[Database]:
    packages = ("jukinet.municipal.migrations",)
    database = await open_database((await embedded_database(packages)).app)
    async with database.transaction() as unit:
        for one in PEOPLE:
            await add_resident(unit, one)
    yield database
    await database.close()


async def found_by(
    database: Database, typed: str, *, has_former: bool = False, has_removed: bool = False
) -> Sequence[int]:
    """Return who is found by what was typed into the box."""
    said = understand(typed, municipality=CHIYODA.code)
    keys = Search(
        words=tuple(said.words),
        birth_date=said.birth_date,
        resident_record_code=said.resident_record_code,
        number=said.number,
        household_number=said.number,
        has_former=has_former,
        has_removed=has_removed,
    )
    async with database.connection() as connection:
        return [hit.resident_number for hit in (await search(connection, keys, limit=50)).hits]


@pytest.mark.parametrize(
    "typed",
    [
        "よしだ",
        "ヨシタ",
        "ﾖｼﾀﾞ　ﾍﾞﾝｼﾞｮｳ",
        "よし べん",
        "べんしよう",
        "吉田",
        "吉田邊子",
        "辺子 吉田",
        "高橋",
        "高橋 H2.5.6",
        "1990-05",
        "平成2年5月6日",
        "一番町2-3",
        "一番町２番地３",
        "千代田区一番町 吉田",
        RESIDENTS[0].resident_record_code,
        "20",
    ],
)
async def test_whatever_is_typed_finds_the_person_it_means(register: Database, typed: str) -> None:
    wanted = 1 if typed == RESIDENTS[0].resident_record_code else YOSHIDA

    assert wanted in await found_by(register, typed)


@pytest.mark.parametrize(
    ("typed", "number"), [("santos maria", MARIA), ("ＭＡＲＩＡ", MARIA), ("佐野", MARIA), ("S55年", MARIA)]
)
async def test_a_foreign_resident_is_found_by_name_alias_and_year(register: Database, typed: str, number: int) -> None:
    assert await found_by(register, typed) == [number]


async def test_every_word_must_agree(register: Database) -> None:
    assert await found_by(register, "吉田 昭和60年3月12日") == []


async def test_nobody_who_is_hidden_is_found_by_the_address(register: Database) -> None:
    assert await found_by(register, "神田神保町") == []
    assert PROTECTED in await found_by(register, "佐藤")
    assert await found_by(register, "佐藤 神田神保町") == []


async def test_a_former_name_is_found_only_when_asked_for(register: Database) -> None:
    before = PEOPLE[0]
    async with register.transaction() as unit:
        await add_version(unit, replace(before, version=2, name="鈴木　花子", kana="すずき　はなこ"), update_sequence=2)

    assert before.resident_number not in await found_by(register, "山田 花子")
    assert before.resident_number in await found_by(register, "山田 花子", has_former=True)
    assert await found_by(register, "鈴木") == [before.resident_number]


async def test_a_removed_record_is_found_only_when_asked_for(register: Database) -> None:
    async with register.transaction() as unit:
        await add_version(unit, replace(PEOPLE[0], version=2, is_removed=True), update_sequence=2)

    assert await found_by(register, "山田 花子") == []
    assert await found_by(register, "山田 花子", has_removed=True) == [PEOPLE[0].resident_number]


async def test_a_register_from_before_there_were_keys_is_filled_once(register: Database) -> None:
    async with register.transaction() as unit:
        await add_version(unit, replace(PEOPLE[0], version=2, name="鈴木　花子"), update_sequence=2)
        kept = await (
            await unit.execute("SELECT resident_number, digest, is_current FROM register.search_key")
        ).fetchall()
        await unit.execute("DELETE FROM register.search_key WHERE resident_number <> 2")

    assert await fill_missing(register) == len(PEOPLE) - 1
    assert await fill_missing(register) == 0
    async with register.connection() as unit:
        again = await (
            await unit.execute("SELECT resident_number, digest, is_current FROM register.search_key")
        ).fetchall()
    assert sorted(again) == sorted(kept)
    assert await rebuild_search(register) == len(PEOPLE)
