"""Moves at the counter: out, withdrawn, in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, TARO, Municipality, municipality_of

COUNTER = {"notified_on": "R8.11.20", "notifier": "self", "identity_check": "photo_document"}
COUNT_VERSIONS = "SELECT count(*) FROM register.resident_record"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def fill(clerk: Person, path: str, step: str = "record", **typed: str) -> dict[str, str]:
    """Open a form, type into it and send it."""
    await clerk.open(path)
    hidden = {name: clerk.hidden(name) for name in ("form_number", "version")}
    fields = {**hidden, **COUNTER, **typed}
    await clerk.send(path, step=step, **fields)
    return fields


async def move_out(clerk: Person, step: str = "record", **typed: str) -> dict[str, str]:
    defaults = {"movers": "all", "planned_on": "R8.12.1", "to": "japan", "municipality": "むさしのし"}
    return await fill(
        clerk, f"/residents/{HANAKO}/move_out", step, **{**defaults, "rest": "緑町二丁目2番28号", **typed}
    )


async def test_what_follows_a_move_out_is_told_before_it_is_recorded(chiyoda: Municipality, clerk: Person) -> None:
    await move_out(clerk, step="confirm")

    assert "転出予定者になります" in clerk.text
    assert "令和8年12月1日に住民票が自動で消除" in clerk.text
    assert "転出証明書" in clerk.text
    assert "緑町二丁目2番28号" in clerk.text
    assert clerk.text.count("転出予定先") == 2
    assert await chiyoda.rows(COUNT_VERSIONS) == [(4,)]


@pytest.mark.parametrize("typed", ["武蔵野市", "東京都武蔵野市", "ムサシノシ", "132039", "むさしのし", "むさしの"])
async def test_a_municipality_is_found_by_name_reading_or_code(
    chiyoda: Municipality, clerk: Person, typed: str
) -> None:
    await move_out(clerk, municipality=typed)

    assert clerk.path == f"/residents/{HANAKO}/recorded/2"
    rows = await chiyoda.rows("SELECT planned_move_out_to FROM register.current_record WHERE resident_number = 1")
    assert rows == [("東京都武蔵野市緑町二丁目2番28号",)]


@pytest.mark.parametrize("typed", ["伊達市", "どこにもない市", ""])
async def test_a_name_that_two_municipalities_have_or_none_is_refused(clerk: Person, typed: str) -> None:
    page = await move_out(clerk, municipality=typed)

    assert clerk.page.status_code == 422
    assert 'href="#municipality"' in clerk.text
    assert page["rest"] in clerk.text


async def test_who_is_about_to_move_is_offered_the_withdrawal_and_stays_after_it(
    chiyoda: Municipality, clerk: Person
) -> None:
    await move_out(clerk, to="abroad", country="カナダ")
    await clerk.open(f"/residents/{TARO}")
    assert "/move_out_withdrawal" in clerk.text
    assert f'"/residents/{TARO}/move_out"' not in clerk.text

    path = f"/residents/{TARO}/move_out_withdrawal"
    await clerk.open(path)
    assert clerk.hidden(f"companions-{HANAKO}") == "on"
    await fill(clerk, path, **{f"companions-{HANAKO}": "on"})

    assert clerk.path == f"/residents/{TARO}/recorded/3"
    assert await chiyoda.rows("SELECT count(*) FROM register.current_record WHERE planned_move_out_on IS NOT NULL") == [
        (0,)
    ]


async def test_a_move_out_that_comes_too_late_says_that_the_record_is_removed_at_once(clerk: Person) -> None:
    await move_out(clerk, step="confirm", planned_on="R8.10.1", statement="入院していたため")

    assert "職権により消除" in clerk.text
    assert "転出証明書に準ずる証明書" in clerk.text
