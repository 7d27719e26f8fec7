"""Nationality, residence status, aliases and former surnames at the counter."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.foreign_residents import FOREIGNER, SPOUSE, add_foreigners
from tests.integration.web.municipality import HANAKO, PROTECTED, TARO, Municipality, municipality_of

COUNTER = {"notified_on": "R8.11.20", "notifier": "self", "identity_check": "photo_document"}
REPORT = {"notified_on": "R8.11.20", "notifier": "family_register_reporter"}
LATEST = "SELECT {} FROM register.current_record WHERE resident_number = {}"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        await add_foreigners(municipality)
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def fill(clerk: Person, path: str, step: str = "record", **typed: str) -> None:
    """Open a form, type into it and send it."""
    await clerk.open(path)
    hidden = {name: clerk.hidden(name) for name in ("form_number", "version")}
    await clerk.send(path, step=step, **{**hidden, **typed})


async def latest(chiyoda: Municipality, columns: str, number: int) -> tuple[object, ...]:
    (row,) = await chiyoda.rows(LATEST.format(columns, number))
    return row


@pytest.mark.parametrize(
    "path", ["residents/21", "households/21", "residents/21/documents", "residents/22/residence_status_change"]
)
async def test_when_a_foreign_resident_was_born_is_never_said_in_japanese_years(clerk: Person, path: str) -> None:
    await clerk.open(f"/{path}")

    assert "昭和60年3月12日" not in clerk.text
    assert ("1985年3月12日" in clerk.text) == (not path.endswith("documents"))


NATURALISED = {
    "changed_on": "R8.11.10",
    "name": "試験　安",
    "kana": "しけん　あん",
    "registered_domicile": "東京都千代田区九段北一丁目2番",
    "first_listed_person": "試験　安",
    "documents-naturalisation_report": "on",
}


@pytest.mark.procedure("naturalisation")
async def test_a_naturalisation_shows_both_notices_before_it_is_recorded(chiyoda: Municipality, clerk: Person) -> None:
    path = f"/residents/{FOREIGNER}/naturalisation"
    await fill(clerk, path, "confirm", **REPORT, **NATURALISED)
    assert "職権消除（帰化等）" in clerk.text
    assert "職権記載（帰化等）" in clerk.text
    assert "戸籍の附票に記載する事項を通知します" in clerk.text

    await fill(clerk, path, **REPORT, **NATURALISED)

    # Removal and entry are two versions.
    assert clerk.path == f"/residents/{FOREIGNER}/recorded/3"
    assert await latest(chiyoda, "name, nationality", FOREIGNER) == ("試験　安", None)


@pytest.mark.procedure("loss_of_nationality")
async def test_who_loses_the_nationality_keeps_the_household(chiyoda: Municipality, clerk: Person) -> None:
    await fill(
        clerk,
        f"/residents/{TARO}/loss_of_nationality",
        **REPORT,
        changed_on="R8.11.10",
        name="YAMADA TARO",
        nationality="米国",
        residence_kind="transitional_by_loss",
    )

    assert clerk.path == f"/residents/{TARO}/recorded/3"
    assert await latest(chiyoda, "household_number, residence_kind, name", TARO) == (
        HANAKO,
        "国籍喪失による経過滞在者",
        "YAMADA TARO",
    )


NEWCOMER = {
    "changed_on": "R8.11.15",
    "name": "TRAN MINH",
    "birth_date": "1995-02-03",
    "sex": "1",
    "lived_here_since": "R8.10.1",
    "nationality": "ベトナム",
    "residence_kind": "mid_to_long_term",
    "residence_status": "留学",
    "residence_period": "1年",
    "residence_until": "2027年11月14日",
    "residence_card_number": "zz00000003zz",
    "documents-residence_card": "on",
}


@pytest.mark.procedure("foreign_resident")
async def test_somebody_who_lives_here_is_entered_as_a_foreign_resident(chiyoda: Municipality, clerk: Person) -> None:
    address = {"place": "own", "town": "九段北一丁目", "lot": "5番6号"}
    await fill(clerk, "/procedures/foreign_resident", "confirm", **COUNTER, **NEWCOMER, **address)
    assert "個人番号は、登録のあと全国サーバに自動で求めます。" in clerk.text
    await fill(clerk, "/procedures/foreign_resident", **COUNTER, **NEWCOMER, **address)

    assert clerk.page.status_code == 200
    (row,) = await chiyoda.rows(
        "SELECT residence_until, residence_card_number, address_since_on, became_resident_on"
        " FROM register.current_record WHERE name = 'TRAN MINH'"
    )
    assert row == ("2027-11-14", "ZZ00000003ZZ", "2026-10-01", "2026-11-15")


async def test_whoever_joins_a_protected_household_does_not_show_where_it_lives(
    chiyoda: Municipality, clerk: Person
) -> None:
    joins = {"place": "joins", "joins_search": "さとう", "relationship": "同居人"}

    await fill(clerk, "/procedures/foreign_resident", "confirm", **COUNTER, **NEWCOMER, **joins)
    assert "佐藤　幸子 さんの世帯" in clerk.text
    joins |= {name: clerk.hidden(name) for name in ("households_found", "joins")}
    await fill(clerk, "/procedures/foreign_resident", "confirm", **COUNTER, **NEWCOMER, **joins)

    assert clerk.page.status_code == 200
    assert "神田神保町一丁目9番9号" not in clerk.text
    await fill(clerk, "/procedures/foreign_resident", **COUNTER, **NEWCOMER, **joins)
    assert await chiyoda.rows(
        "SELECT household_number, relationship FROM register.current_record WHERE name = 'TRAN MINH'"
    ) == [(PROTECTED, "同居人")]


async def test_items_that_do_not_belong_to_the_status_are_said_beside_their_field(clerk: Person) -> None:
    typed = {**NEWCOMER, "residence_until": "", "place": "own", "town": "九段北一丁目", "lot": "5番6号"}

    await fill(clerk, "/procedures/foreign_resident", "confirm", **COUNTER, **typed)

    assert clerk.page.status_code == 422
    assert "在留の区分に合っていません" in clerk.text


@pytest.mark.procedure("residence_status_change")
async def test_a_renewed_period_takes_the_resident_off_the_list(chiyoda: Municipality, clerk: Person) -> None:
    await clerk.open("/")
    assert "在留期間の満了日が近い人・過ぎた人" in clerk.text
    await clerk.open("/expiring-stays")
    assert f"宛名番号 {FOREIGNER}" in clerk.text
    assert "あと10日" in clerk.text
    assert "NGUYEN" not in clerk.text

    await fill(
        clerk,
        f"/residents/{FOREIGNER}/residence_status_change",
        notified_on="R8.11.20",
        notifier="authority",
        changed_on="R8.11.18",
        name="NGUYEN VAN AN",
        nationality="ベトナム",
        residence_kind="mid_to_long_term",
        residence_status="永住者",
        residence_card_number="ZZ00000009ZZ",
    )

    assert clerk.path == f"/residents/{FOREIGNER}/recorded/2"
    assert await latest(chiyoda, "residence_status, residence_until, update_sequence", FOREIGNER) == (
        "永住者",
        None,
        None,
    )
    await clerk.open("/expiring-stays")
    assert f"宛名番号 {FOREIGNER}<" not in clerk.page.text


@pytest.mark.procedure("residence_status_change")
async def test_the_minister_corrects_birth_date_and_sex_and_the_prefecture_is_told(
    chiyoda: Municipality, clerk: Person
) -> None:
    path = f"/residents/{FOREIGNER}/residence_status_change"
    await clerk.open(path)
    names = ("changed_on", "name", "nationality", "residence_status", "residence_until", "residence_card_number")
    typed = {name: clerk.hidden(name) for name in names}
    assert clerk.hidden("birth_date")
    await fill(
        clerk,
        path,
        **typed,
        notified_on="R8.11.20",
        notifier="authority",
        residence_kind="mid_to_long_term",
        residence_period="3年",
        birth_date="1990-06-05",
        sex="2",
    )

    assert clerk.path == f"/residents/{FOREIGNER}/recorded/2"
    birth_date, sex, sequence = await latest(chiyoda, "birth_date, sex, update_sequence", FOREIGNER)
    assert (birth_date, sex) == ("1990-06-05", "2")
    assert sequence is not None


@pytest.mark.procedure("foreign_relationship_change")
async def test_a_translation_names_its_translator(chiyoda: Municipality, clerk: Person) -> None:
    path = f"/residents/{SPOUSE}/foreign_relationship_change"
    typed = {
        **COUNTER,
        "changed_on": "R8.11.18",
        "relationship": "妻",
        "is_in_foreign_language": "on",
        "documents-proof_of_relationship": "on",
    }
    await fill(clerk, path, **typed)
    assert clerk.page.status_code == 422

    await fill(clerk, path, **typed, translator="試験　訳子")

    assert clerk.path == f"/residents/{SPOUSE}/recorded/2"
    assert await latest(chiyoda, "relationship", SPOUSE) == ("妻",)


@pytest.mark.procedure("alias_entry")
@pytest.mark.procedure("alias_removal")
async def test_an_alias_and_its_history_stand_on_the_page_of_the_resident(clerk: Person) -> None:
    documents = {"documents-alias_request": "on", "documents-proof_of_alias": "on"}
    await fill(
        clerk, f"/residents/{FOREIGNER}/alias_entry", **COUNTER, alias="試験　太郎", kana="しけん　たろう", **documents
    )
    assert clerk.path == f"/residents/{FOREIGNER}/recorded/2"
    await clerk.open(f"/residents/{FOREIGNER}")
    assert "試験　太郎（令和8年11月20日 千代田区で記載）" in clerk.text
    assert "2026年11月30日" in clerk.text

    await fill(clerk, f"/residents/{FOREIGNER}/alias_removal", **COUNTER, **{"documents-alias_request": "on"})

    await clerk.open(f"/residents/{FOREIGNER}")
    assert "千代田区で記載、令和8年11月20日 千代田区で削除）" in clerk.text


@pytest.mark.procedure("alias_removal")
async def test_whoever_loses_the_alias_ex_officio_is_told(chiyoda: Municipality, clerk: Person) -> None:
    documents = {"documents-alias_request": "on", "documents-proof_of_alias": "on"}
    path = f"/residents/{FOREIGNER}/alias_"
    await fill(clerk, f"{path}entry", **COUNTER, alias="試験　太郎", kana="しけん　たろう", **documents)

    decided = {"notified_on": "R8.11.20", "notifier": "official", "documents-investigation_report": "on"}
    await fill(clerk, f"{path}removal", **decided)

    assert clerk.path == f"/residents/{FOREIGNER}/recorded/3"
    assert await chiyoda.rows("SELECT procedure FROM register.person_notice") == [("alias_removal",)]


@pytest.mark.procedure("former_surname_entry")
@pytest.mark.procedure("former_surname_change")
@pytest.mark.procedure("former_surname_removal")
async def test_a_former_surname_is_entered_and_an_older_one_refused(chiyoda: Municipality, clerk: Person) -> None:
    documents = {"documents-former_surname_request": "on", "documents-family_register": "on"}
    typed = {**COUNTER, **documents, "kana": "けんしょう", "given_up_on": "H27.5.1"}
    await fill(clerk, f"/residents/{HANAKO}/former_surname_entry", **typed, former_surname="検証")
    assert await latest(chiyoda, "former_surname", HANAKO) == ("検証",)

    await fill(clerk, f"/residents/{HANAKO}/former_surname_change", **typed, former_surname="試験")
    assert clerk.page.status_code == 422
    assert "より前に改めた氏です" in clerk.text

    await fill(clerk, f"/residents/{HANAKO}/former_surname_removal", **COUNTER, **documents)
    assert await latest(chiyoda, "former_surname", HANAKO) == (None,)


async def test_each_procedure_is_offered_only_where_it_applies(clerk: Person) -> None:
    await clerk.open(f"/residents/{HANAKO}")
    assert "旧氏の記載" in clerk.text
    assert "通称の記載" not in clerk.text
    assert "帰化・国籍取得" not in clerk.text

    await clerk.open(f"/residents/{FOREIGNER}")

    assert "通称の記載" in clerk.text
    assert "旧氏の記載" not in clerk.text
    await clerk.open(f"/residents/{HANAKO}/alias_entry")
    assert clerk.page.status_code >= 400
