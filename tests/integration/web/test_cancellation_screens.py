"""A clerk cancels an act from the history: what comes back is shown before it does."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.screens import make_screens
from jukinet.protocol.former_record import FormerRecordAnswer
from jukinet.transport.message_client import MessageClient
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import CHIYODA, HANAKO, TARO, Municipality, municipality_of
from tests.integration.web.test_municipal_screens import DEATH, relocate

HOME = "東京都千代田区飯田橋一丁目1番1号"


class Nation:
    """A nation that has heard of nobody yet."""

    async def send(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - the answer of the catalogue
        return FormerRecordAnswer(use_log_id="01KSAMPLE")


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    desk = Desk(
        name=CHIYODA,
        database=chiyoda.database,
        clock=chiyoda.clock,
        choice=random.Random(1),
        client=cast("MessageClient", Nation()),
    )
    async with person_at(make_screens(desk)) as person:
        await person.sign_in()
        yield person


async def cancel(clerk: Person, step: str = "record", number: int = HANAKO, **typed: str) -> None:
    """Type a cancellation of the resident's last act into the form and send it."""
    path = f"/residents/{number}/cancellation"
    await clerk.open(path)
    fields = {name: clerk.hidden(name) for name in ("form_number", "version", "act_number")}
    said = {"notified_on": "R8.11.20", "notifier": "ex_officio", "documents-decision": "on"}
    await clerk.send(path, step=step, **{**fields, **said, **typed})


async def test_the_history_leads_to_the_cancellation_of_an_act_and_shows_what_became_of_it(clerk: Person) -> None:
    await relocate(clerk)
    await clerk.open(f"/residents/{HANAKO}")
    assert f"/residents/{HANAKO}/cancellation?act=1" in clerk.text

    await cancel(clerk)
    recorded = clerk.path
    await clerk.open(f"/residents/{HANAKO}")

    assert recorded == f"/residents/{HANAKO}/recorded/3"
    assert "取消し済み（異動番号 2）" in clerk.text
    assert "異動番号 1 の取消し" in clerk.text
    assert "cancellation?act=" not in clerk.text


async def test_what_comes_back_for_whom_is_shown_first(chiyoda: Municipality, clerk: Person) -> None:
    await relocate(clerk)

    await cancel(clerk, step="confirm")

    assert HOME in clerk.text
    assert "山田　太郎" in clerk.text
    assert "職権修正等として通知されます" in clerk.text
    assert await chiyoda.rows("SELECT count(*) FROM register.act") == [(1,)]


async def test_a_death_of_the_wrong_person_is_cancelled_from_the_removed_record(
    chiyoda: Municipality, clerk: Person
) -> None:
    path = f"/residents/{TARO}/death"
    await clerk.open(path)
    fields = {name: clerk.hidden(name) for name in ("form_number", "version")}
    await clerk.send(path, step="record", died_on="R8.11.15", **DEATH, **fields)

    await cancel(clerk, number=TARO)

    assert clerk.path == f"/residents/{TARO}/recorded/3"
    assert await chiyoda.rows(
        "SELECT is_removed, relationship FROM register.current_record WHERE resident_number=2"
    ) == [(False, "夫")]


async def test_what_a_later_act_built_on_names_the_one_to_cancel_first(clerk: Person) -> None:
    await relocate(clerk)
    await relocate(clerk, lot="8番地")

    await cancel(clerk, act_number="1")

    assert clerk.page.status_code == 422
    assert f'href="/residents/{HANAKO}/cancellation?act=2"' in clerk.text
    assert "先に異動番号 2 を取り消す" in clerk.text


@pytest.mark.parametrize("typed", ["99", "一", ""])
async def test_a_number_of_no_act_of_this_record_is_refused_beside_its_field(clerk: Person, typed: str) -> None:
    await relocate(clerk)

    await cancel(clerk, act_number=typed)

    assert clerk.page.status_code == 422
    assert 'href="#act_number"' in clerk.text


async def test_a_record_that_was_only_loaded_has_nothing_to_cancel(clerk: Person) -> None:
    page = await clerk.open(f"/residents/{HANAKO}/cancellation")

    assert page.status_code in {409, 422}
