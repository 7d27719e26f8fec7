"""Somebody is found living in Chiyoda: entered without a notification, after a look for what others know."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.records import notice_of
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import Municipality, municipality_of, resident
from tests.integration.web.nation import Line, line_of

PATH = "/procedures/ex_officio_entry"
CARRIED = ResidentRecordCode.from_body("9000000777").value
ENTERED = """
    SELECT name, resident_record_code, change_reason FROM register.current_record WHERE resident_number > 4
"""
FORM = {
    "notified_on": "R8.11.20",
    "notifier": "official",
    "documents-investigation_report": "on",
    "lives_here_since": "R8.8.1",
    "town": "一番町",
    "lot": "2番地3",
    "household": "own",
    "person_count": "1",
    "person-1-name": "田中 一郎",
    "person-1-kana": "たなか いちろう",
    "person-1-birth_date": "S60.4.5",
    "person-1-sex": "1",
    "person-1-relationship": "世帯主",
    "person-1-citizenship": "japanese",
    "person-1-registered_domicile": "東京都武蔵野市緑町二丁目1番",
    "person-1-first_listed_person": "田中 一郎",
}


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
    return {**FORM, **{name: clerk.hidden(name) for name in ("form_number", "version")}}


async def test_who_was_never_recorded_gets_a_new_code_and_a_letter(chiyoda: Municipality, clerk: Person) -> None:
    fields = await begin(clerk)

    await clerk.send(PATH, step="confirm", **fields)
    assert "本人宛て" in clerk.text
    assert await chiyoda.rows(ENTERED) == []
    carried = {"person-1-found": clerk.hidden("person-1-found")}
    await clerk.send(PATH, step="record", **{**fields, **carried})

    ((name, code, reason),) = await chiyoda.rows(ENTERED)
    assert (name, reason) == ("田中　一郎", "ex_officio_entry")
    assert code != CARRIED
    assert await chiyoda.rows("SELECT procedure, destination IS NULL FROM register.person_notice") == [
        ("ex_officio_entry", False)
    ]


async def test_who_is_recorded_elsewhere_keeps_the_code(chiyoda: Municipality, clerk: Person, line: Line) -> None:
    known = resident(
        9, resident_record_code=CARRIED, name="田中　一郎", kana="たなか　いちろう", birth_date="1985-04-05", sex="1"
    )
    await line.learn(notice_of(known, 1))
    fields = {**await begin(clerk), "person-1-code": CARRIED}

    await clerk.send(PATH, step="confirm", **fields)
    carried = {"person-1-found": clerk.hidden("person-1-found")}
    await clerk.send(PATH, step="record", **{**fields, **carried})

    assert await chiyoda.rows(ENTERED) == [("田中　一郎", CARRIED, "ex_officio_entry")]


async def test_without_a_report_of_the_investigation_nobody_is_entered(chiyoda: Municipality, clerk: Person) -> None:
    fields = await begin(clerk)

    await clerk.send(PATH, step="confirm", **{**fields, "documents-investigation_report": ""})
    carried = {"person-1-found": clerk.hidden("person-1-found")}
    await clerk.send(PATH, step="record", **{**fields, **carried, "documents-investigation_report": ""})

    assert clerk.page.status_code == 422
    assert await chiyoda.rows(ENTERED) == []
