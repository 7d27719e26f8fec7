"""Moving in at the counter: with a certificate, from abroad, without one; alone, with a family, into a household."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from jukinet.documents.move_out_data import read_move_out_data, write_move_out_data
from jukinet.documents.move_out_items import MoveOutData, data_of
from jukinet.domain.alias_history import AliasHistory, AliasSpan
from jukinet.domain.further_items import FurtherItems
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.records import notice_of
from tests.builders_documents import foreigner, head, member, move_out_sheet, municipal_keys
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, Municipality, municipality_of, resident
from tests.integration.web.nation import Line, line_of

PATH = "/procedures/move_in"
CARRIED = ResidentRecordCode.from_body("9000000777").value
_CERTIFIED: Final = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "relationship",
    "registered_domicile",
    "first_listed_person",
    "nationality",
    "residence_status",
    "residence_kind",
    "residence_period",
    "residence_until",
    "residence_card_number",
    "became_foreign_resident_on",
)
COUNT_VERSIONS = "SELECT count(*) FROM register.resident_record"
NEWEST = """
    SELECT name, relationship, resident_record_code, change_reason, update_sequence
      FROM register.current_record WHERE resident_number > 4 ORDER BY resident_number
"""
FORM = {
    "notified_on": "R8.11.20",
    "notifier": "self",
    "identity_check": "photo_document",
    "documents-move_out_certificate": "on",
    "way": "certificate",
    "moved_in_on": "R8.11.18",
    "from_municipality": "むさしのし",
    "from_rest": "緑町二丁目2番28号",
    "town": "一番町",
    "lot": "2番地3",
    "household": "own",
    "person_count": "1",
}


def person(number: int = 1, **typed: str) -> dict[str, str]:
    items = {
        "name": "田中 一郎",
        "kana": "たなか いちろう",
        "birth_date": "S60.4.5",
        "sex": "1",
        "relationship": "世帯主",
        "citizenship": "japanese",
        "registered_domicile": "東京都武蔵野市緑町二丁目1番",
        "first_listed_person": "田中 一郎",
        **typed,
    }
    return {f"person-{number}-{name}": text for name, text in items.items()}


ELSEWHERE = resident(
    9, resident_record_code=CARRIED, name="田中　一郎", kana="たなか　いちろう", birth_date="1985-04-05", sex="1"
)


@pytest.fixture
async def line(embedded_database: MakeDatabase) -> AsyncIterator[Line]:
    async with line_of(embedded_database) as line:
        yield line


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase, line: Line) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database, client=line.client) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def begin(clerk: Person) -> dict[str, str]:
    await clerk.open(PATH)
    return {name: clerk.hidden(name) for name in ("form_number", "version")}


async def again(clerk: Person, step: str, fields: dict[str, str], *carried: str, **typed: str) -> dict[str, str]:
    """Send the form once more, with what it carries by now."""
    fields = {**fields, **{name: clerk.hidden(name) for name in carried}, **typed}
    await clerk.send(PATH, step=step, **fields)
    return fields


async def test_the_top_page_and_a_search_without_hits_lead_to_the_form(clerk: Person) -> None:
    await clerk.open("/")
    assert f'href="{PATH}"' in clerk.text
    await clerk.open("/residents")
    await clerk.send("/residents", step="search", q="ほしの")

    assert f'href="{PATH}"' in clerk.text


async def test_who_comes_with_a_certificate_keeps_the_code_and_all_who_hear_of_it_are_named(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    await line.learn(notice_of(ELSEWHERE, 1))
    fields = {**await begin(clerk), **FORM, **person(code=CARRIED)}

    await clerk.send(PATH, step="confirm", **fields)
    assert "転入通知（東京都武蔵野市へ）" in clerk.text
    assert "戸籍の附票記載事項通知（東京都武蔵野市へ）" in clerk.text
    assert "以前のものを引き継ぎます" in clerk.text
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]
    await again(clerk, "record", fields, "person-1-found")

    assert "転入等を登録しました" in clerk.text
    assert await chiyoda.rows(NEWEST) == [("田中　一郎", "世帯主", CARRIED, "move_in", 65_537)]
    assert await chiyoda.rows("SELECT receiver, message_type FROM delivery.outbox ORDER BY 1, 2") == [
        ("municipal/132039", "annex_notice"),
        ("municipal/132039", "move_in_notice"),
        ("prefectural/130001", "identification_notice"),
    ]


async def test_a_code_of_nobody_or_of_another_person_is_not_taken(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    fields = {**await begin(clerk), **FORM, **person(code=CARRIED)}
    await clerk.send(PATH, step="confirm", **fields)
    assert 'href="#person-1-code"' in clerk.text
    await line.learn(notice_of(resident(9, resident_record_code=CARRIED, name="鈴木　次郎"), 1))

    await clerk.send(PATH, step="confirm", **fields)
    assert "以前の住民票があります" in clerk.text
    await again(clerk, "confirm", fields, "person-1-found", **{"person-1-same": "else", "person-1-else_reason": "別人"})

    assert 'href="#person-1-code"' in clerk.text
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


@pytest.mark.procedure("move_in_without_certificate")
async def test_without_a_certificate_the_earlier_record_is_shown_and_has_to_be_decided_on(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    await line.learn(
        notice_of(ELSEWHERE, 1),
        notice_of(
            resident(9, **{**_items_of_elsewhere(), "is_removed": True, "change_reason": "ex_officio_removal"}), 2
        ),
    )
    way = {"way": "none", "documents-family_register_annex": "on", "documents-move_out_certificate": ""}
    fields = {**await begin(clerk), **FORM, **person(), **way}

    await clerk.send(PATH, step="confirm", **fields)
    assert "以前の住民票があります" in clerk.text
    assert "登録する" not in clerk.text
    fields = await again(clerk, "confirm", fields, "person-1-found")
    assert clerk.page.status_code == 422
    fields = await again(clerk, "confirm", fields, **{"person-1-same": CARRIED})
    assert "登録する" in clerk.text
    await again(clerk, "record", fields)

    assert await chiyoda.rows(NEWEST) == [("田中　一郎", "世帯主", CARRIED, "move_in", 65_537)]
    assert await chiyoda.rows("SELECT procedure FROM register.act") == [("move_in_without_certificate",)]


def _items_of_elsewhere() -> dict[str, object]:
    return {
        "resident_record_code": CARRIED,
        "name": "田中　一郎",
        "kana": "たなか　いちろう",
        "birth_date": "1985-04-05",
        "sex": "1",
    }


async def test_a_namesake_who_is_somebody_else_gets_a_new_code_and_the_reason_stays_with_the_act(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    await line.learn(notice_of(ELSEWHERE, 1))
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on"}
    fields = {**await begin(clerk), **FORM, **person(), **abroad}
    await clerk.send(PATH, step="confirm", **fields)

    decision = {"person-1-same": "else", "person-1-else_reason": "父母の氏名が違う"}
    fields = await again(clerk, "confirm", fields, "person-1-found", **decision)
    assert "新しい住民票コードが" in clerk.text
    await again(clerk, "record", fields)

    ((name, _, code, reason, sequence),) = await chiyoda.rows(NEWEST)
    assert (name, reason, sequence) == ("田中　一郎", "move_in", 1)
    assert code != CARRIED
    assert await chiyoda.rows("SELECT statement FROM register.act") == [("田中　一郎：別人と判断（父母の氏名が違う）",)]


async def test_a_family_is_typed_person_by_person_and_one_is_taken_out_again(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on"}
    fields = {**await begin(clerk), **FORM, **person(), **abroad}
    await clerk.send(PATH, step="more-person", **fields)
    assert "転入する人（2人目）" in clerk.text
    wife = person(2, name="田中 良子", kana="たなか りょうこ", sex="2", relationship="妻", birth_date="S61.1.2")
    child = person(3, name="田中 実", kana="たなか みのる", relationship="子", birth_date="H30.1.2")
    fields |= {"person_count": "3", **wife, **child}

    await clerk.send(PATH, step="drop-person-2", **fields)
    assert clerk.hidden("person_count") == "2"
    assert clerk.hidden("person-2-name") == "田中 実"
    assert "転入する人（3人目）" not in clerk.text
    await again(clerk, "record", {**fields, "person_count": "3"})

    assert line.asked
    assert [row[:2] for row in await chiyoda.rows(NEWEST)] == [
        ("田中　一郎", "世帯主"),
        ("田中　良子", "妻"),
        ("田中　実", "子"),
    ]


async def test_who_joins_a_household_is_offered_those_at_the_address(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on", "household": "join"}
    there = {"town": "飯田橋一丁目", "lot": "1番1号", "person-1-relationship": "弟"}
    fields = {**await begin(clerk), **FORM, **person(), **abroad, **there}

    await clerk.send(PATH, step="confirm", **fields)
    assert "山田　花子 さんの世帯" in clerk.text
    await again(clerk, "record", fields, "households_found", "joins", "person-1-found")

    assert line.asked
    assert await chiyoda.rows(
        "SELECT household_number, relationship FROM register.current_record WHERE resident_number > 4"
    ) == [(HANAKO, "弟")]


@pytest.mark.parametrize("typed", ["山田　花子", "やまだ", "飯田橋一丁目1", str(HANAKO)])
async def test_the_household_joined_is_found_by_householder_reading_address_or_number(
    chiyoda: Municipality, clerk: Person, line: Line, typed: str
) -> None:
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on", "household": "join"}
    there = {"town": "飯田橋一丁目", "lot": "1番1号", "person-1-relationship": "弟", "joins_search": typed}
    fields = {**await begin(clerk), **FORM, **person(), **abroad, **there}
    await clerk.send(PATH, step="confirm", **fields)
    assert "山田　花子 さんの世帯" in clerk.text
    await again(clerk, "record", fields, "households_found", "person-1-found", joins=str(HANAKO))

    assert line.asked
    assert await chiyoda.rows(
        "SELECT household_number FROM register.current_record WHERE resident_number > 4 AND relationship = '弟'"
    ) == [(HANAKO,)]
    assert await chiyoda.rows("SELECT 1 FROM audit.event WHERE event = 'resident:searched'") != []


async def test_another_household_is_looked_for_once_something_else_is_typed(clerk: Person) -> None:
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on", "household": "join"}
    there = {"town": "飯田橋一丁目", "lot": "1番1号", "person-1-relationship": "弟", "joins_search": "なにもない"}
    fields = {**await begin(clerk), **FORM, **person(), **abroad, **there}
    await clerk.send(PATH, step="confirm", **fields)
    assert 'href="#joins_search"' in clerk.text
    assert "その世帯が見つかりません" in clerk.text
    await clerk.send(PATH, step="confirm", **{**fields, "joins_search": "やまだ"})
    assert "山田　花子 さんの世帯" in clerk.text


@pytest.mark.invariant("I9")
async def test_a_protected_household_is_found_by_name_without_its_address(clerk: Person) -> None:
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on", "household": "join"}
    there = {"town": "飯田橋一丁目", "lot": "1番1号", "person-1-relationship": "弟", "joins_search": "さとう"}
    await clerk.send(PATH, step="confirm", **{**await begin(clerk), **FORM, **person(), **abroad, **there})

    assert "佐藤　幸子 さんの世帯" in clerk.text
    assert "神田神保町一丁目9" not in clerk.text
    await clerk.send(
        PATH,
        step="confirm",
        **{**await begin(clerk), **FORM, **person(), **abroad, **there, "joins_search": "神田神保町"},
    )
    assert "佐藤" not in clerk.text


async def test_where_a_protected_household_lives_is_not_found_by_its_address(clerk: Person) -> None:
    there = {"town": "神田神保町一丁目", "lot": "9番9号", "household": "join", "person-1-relationship": "弟"}
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on"}
    await clerk.send(PATH, step="confirm", **{**await begin(clerk), **FORM, **person(), **abroad, **there})

    assert "佐藤" not in clerk.text
    assert 'href="#joins_search"' in clerk.text


async def test_nobody_gets_a_new_code_while_the_nation_cannot_be_asked(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    line.is_cut = True
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-passport": "on"}
    fields = {**await begin(clerk), **FORM, **person(), **abroad}
    page = await clerk.send(PATH, step="confirm", **fields)

    assert page.status_code == 409
    assert clerk.hidden("person-1-name") == "田中 一郎"
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


async def test_with_a_certificate_in_hand_nobody_waits_for_the_line(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    line.is_cut = True
    fields = {**await begin(clerk), **FORM, **person(code=CARRIED)}
    await clerk.send(PATH, step="confirm", **fields)
    assert "転入後の履歴番号" in clerk.text
    await again(clerk, "record", fields, "person-1-found", **{"person-1-residence": "3"})

    assert await chiyoda.rows(NEWEST) == [("田中　一郎", "世帯主", CARRIED, "move_in", 3 * 65_536 + 1)]


async def test_an_individual_number_is_neither_kept_with_the_form_nor_shown_again(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    await line.learn(notice_of(ELSEWHERE, 1))
    number = "123456789018"
    fields = {**await begin(clerk), **FORM, **person(code=CARRIED, individual_number=number)}
    await clerk.send(PATH, step="confirm", **fields)

    assert "記載あり（画面には表示しません）" in clerk.text
    kept = await chiyoda.rows("SELECT fields::text FROM register.draft_form")
    assert kept
    assert number not in str(kept)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("person-1-relationship", "長男"),
        ("person-1-registered_domicile", ""),
        ("person-1-code", ""),
        ("person-1-birth_date", "R8.13.1"),
        ("from_municipality", "どこか"),
        ("town", "なにもない町"),
        ("moved_in_on", "R9.1.1"),
    ],
)
async def test_a_wrong_field_is_named(clerk: Person, line: Line, field: str, typed: str) -> None:
    await line.learn(notice_of(ELSEWHERE, 1))
    fields = {**await begin(clerk), **FORM, **person(code=CARRIED), field: typed}
    page = await clerk.send(PATH, step="confirm", **fields)

    assert page.status_code == 422
    assert f'href="#{field}"' in clerk.text


async def test_a_foreign_resident_is_asked_for_the_items_of_one(
    chiyoda: Municipality, clerk: Person, line: Line
) -> None:
    await line.learn(notice_of(ELSEWHERE, 1))
    abroad = {"way": "abroad", "from_country": "カナダ", "documents-residence_card": "on"}
    foreign = person(
        name="SMITH JOHN",
        kana="",
        citizenship="foreign",
        nationality="カナダ",
        residence_kind="中長期在留者",
        residence_status="技術・人文知識・国際業務",
        residence_until="R11.4.1",
    )
    await clerk.send(PATH, step="record", **{**await begin(clerk), **FORM, **foreign, **abroad})

    assert await chiyoda.rows(
        "SELECT name, nationality, residence_kind, residence_until, registered_domicile "
        "FROM register.current_record WHERE resident_number > 4"
    ) == [("SMITH JOHN", "カナダ", "中長期在留者", "2029-04-01", None)]


async def test_everything_on_a_certificate_stands_in_the_new_record(
    embedded_database: MakeDatabase, line: Line, tmp_path: Path
) -> None:
    keys = municipal_keys(tmp_path)
    surname = FurtherItems(former_surname_kana="キュウシケン", former_surname_settled_on="2021-05-06")
    span = AliasSpan(alias="世田谷　マックス", entered_in="東京都世田谷区", entered_on="2020-01-20")
    aliases = FurtherItems(aliases=AliasHistory((span,)), alias_kana="セタガヤ　マックス")
    family = (
        head(
            resident_record_code=CARRIED,
            kana="かつらぎ　たかよし",
            former_surname="旧試験",
            further_items=replace(surname, others={"pension_kind": "x"}).text,
        ),
        replace(
            foreigner(relationship="同居人", further_items=aliases.text),
            resident_record_code=ResidentRecordCode.from_body("9000000779").value,
        ),
    )
    codes = write_move_out_data(data_of(move_out_sheet(*family)), keys.signer)
    line.is_cut = True

    def read(texts: Sequence[str]) -> MoveOutData:
        return read_move_out_data(texts, authorities=[keys.authority]).data

    async with (
        municipality_of(embedded_database, client=line.client, read_certificate=read) as chiyoda,
        person_at(chiyoda.app) as clerk,
    ):
        await clerk.sign_in()
        typed = {**await begin(clerk), "way": "certificate", "person_count": "1"}
        await clerk.send(PATH, step="read", **typed, document_code="\n".join(codes))
        names: list[str] = re.findall(r'name="((?:person-|from_)[a-z0-9_-]+)"', clerk.text)
        filled = {name: _value(clerk, name) for name in names}
        citizenship = {"person-1-citizenship": "japanese", "person-2-citizenship": "foreign"}
        sexes = {f"person-{number}-sex": one.sex for number, one in enumerate(family, 1)}
        fields = {**FORM, **filled, **citizenship, **sexes, **typed, "person_count": "2"}
        await clerk.send(PATH, step="confirm", **{**fields, "person-2-alias": "別の　通称"})
        assert clerk.page.status_code == 422
        assert 'href="#person-2-alias"' in clerk.text
        assert "転出証明書のとおりに戻して" in clerk.text
        await clerk.send(PATH, step="confirm", **fields)
        carried = {f"person-{number}-found": clerk.hidden(f"person-{number}-found") for number in (1, 2)}
        await clerk.send(PATH, step="record", **{**fields, **carried})

        columns = [*_CERTIFIED, "further_items"]
        rows = await chiyoda.rows(
            f"SELECT {', '.join(columns)} FROM register.current_record "  # noqa: S608 - names of columns
            "WHERE resident_number > 4 ORDER BY resident_number"
        )
        assert rows == [
            (*(getattr(one, name) for name in _CERTIFIED), further.text)
            for one, further in zip(family, (surname, aliases), strict=True)
        ]


async def test_the_codes_of_a_certificate_fill_the_form_and_a_family_needs_no_line(
    embedded_database: MakeDatabase, line: Line, tmp_path: Path
) -> None:
    keys = municipal_keys(tmp_path)
    child_code = ResidentRecordCode.from_body("9000000778").value
    child = member(2, name="試験　葵", relationship="子", resident_record_code=child_code)
    family = (head(resident_record_code=CARRIED), child)
    codes = write_move_out_data(data_of(move_out_sheet(*family)), keys.signer)
    line.is_cut = True

    def read(texts: Sequence[str]) -> MoveOutData:
        return read_move_out_data(texts, authorities=[keys.authority]).data

    async with (
        municipality_of(embedded_database, client=line.client, read_certificate=read) as chiyoda,
        person_at(chiyoda.app) as clerk,
    ):
        await clerk.sign_in()
        typed = {**await begin(clerk), "way": "certificate", "person_count": "1"}
        page = await clerk.send(PATH, step="read", **typed, document_code="\n".join(codes[1:]) or "JM1")
        assert page.status_code == 422
        assert 'href="#document_code"' in clerk.text
        await clerk.send(PATH, step="read", **typed, document_code="\r\n".join(reversed(codes)))

        assert clerk.hidden("person_count") == "2"
        assert clerk.hidden("from_municipality") == "東京都世田谷区"
        assert clerk.hidden("person-2-name") == "試験　葵"
        names: list[str] = re.findall(r'name="((?:person-|from_)[a-z0-9_-]+)"', clerk.text)
        filled = {name: _value(clerk, name) for name in names}
        fields = {**FORM, **filled, **typed, "person_count": "2"}
        await clerk.send(PATH, step="confirm", **fields)
        carried = {f"person-{number}-found": clerk.hidden(f"person-{number}-found") for number in (1, 2)}
        await clerk.send(PATH, step="record", **{**fields, **carried})

        rows = await chiyoda.rows(NEWEST)
        assert [(row[1], row[4]) for row in rows] == [("世帯主", 2 * 65_536 + 1), ("子", 2 * 65_536 + 1)]
        assert [row[2] for row in rows] == [one.resident_record_code for one in family]
        assert await chiyoda.rows("SELECT receiver FROM delivery.outbox WHERE message_type = 'move_in_notice'") == [
            ("municipal/131121",)
        ]


def _value(clerk: Person, name: str) -> str:
    """Return what a field or list of the page says."""
    chosen = re.search(rf'<select[^>]* name="{name}".*?</select>', clerk.text, re.DOTALL)
    if chosen is not None:
        found = re.search(r'value="([^"]*)" selected', chosen[0])
        return found[1] if found else ""
    try:
        return clerk.hidden(name)
    except LookupError:
        return ""
