"""A clerk corrects a record, removes one ex officio, and sends the letters these acts call for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, PROTECTED, Municipality, municipality_of

LETTERS = "SELECT resident_number, procedure, state FROM register.present_person_notice ORDER BY notice_number"
FOUND = {"notifier": "ex_officio", "notified_on": "R8.11.20", "documents-investigation_report": "on"}


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def fill_in(clerk: Person, kind: str, *, step: str = "record", **typed: str) -> None:
    path = f"/residents/{HANAKO}/{kind}"
    await clerk.open(path)
    fields = {"form_number": clerk.hidden("form_number"), "version": clerk.hidden("version"), **FOUND}
    await clerk.send(path, step=step, **{**fields, **typed})


async def test_a_correction_shows_what_stands_there_and_what_goes_to_whom(chiyoda: Municipality, clerk: Person) -> None:
    right = {"arose_on": "R8.11.20", "items-birth_date": "on", "right_birth_date": "S60.3.13"}
    await clerk.open(f"/residents/{HANAKO}/ex_officio_correction")
    assert "いまの記載：昭和60年3月12日" in clerk.text

    await fill_in(clerk, "ex_officio_correction", step="confirm", **right)
    assert "昭和60年3月13日" in clerk.text
    assert "本人宛て" in clerk.text
    await fill_in(clerk, "ex_officio_correction", **right)

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    assert await chiyoda.rows(LETTERS) == [(HANAKO, "ex_officio_correction", "waiting")]


async def test_an_item_that_was_ticked_and_not_changed_is_refused(clerk: Person) -> None:
    await fill_in(clerk, "error_correction", **{"arose_on": "R8.11.20", "items-name": "on", "right_name": "山田　花子"})

    assert clerk.page.status_code in {409, 422}
    assert "いまの記載と同じ" in clerk.text


async def test_another_name_is_no_minor_correction(chiyoda: Municipality, clerk: Person) -> None:
    typed = {"arose_on": "R8.11.20", "items-name": "on", "ground": "same_character"}
    await fill_in(clerk, "minor_correction", **typed, right_name="川田　花子")
    assert clerk.page.status_code == 422
    assert "軽微な修正にはあたりません" in clerk.text

    await fill_in(clerk, "minor_correction", **typed, right_name="山田　蘤子")
    assert await chiyoda.rows("SELECT procedure, statement FROM register.act") == [("minor_correction", "文字の同定")]


async def test_the_address_of_a_protected_person_is_not_shown_to_be_corrected(clerk: Person) -> None:
    await clerk.open(f"/residents/{PROTECTED}/error_correction")

    assert clerk.page.status_code == 200
    assert "神保町" not in clerk.text


async def test_somebody_is_removed_and_told_by_public_notice(chiyoda: Municipality, clerk: Person) -> None:
    await fill_in(clerk, "ex_officio_removal", gone_since="R8.9.1", **{"documents-investigation_report": ""})
    assert clerk.page.status_code == 422
    await fill_in(clerk, "ex_officio_removal", gone_since="R8.9.1")
    assert clerk.path == f"/residents/{HANAKO}/recorded/2"

    await clerk.open("/person-notices")
    assert "宛先不明" in clerk.text
    await clerk.send("/person-notices", step="record", notice_number="1", event="posted", happened_on="R8.11.20")

    assert "公示を登録しました。" in clerk.text
    assert (HANAKO, "ex_officio_removal", "posted") in await chiyoda.rows(LETTERS)
    await clerk.open("/")
    assert "送付していない本人への通知" in clerk.text
