from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, HOUSEMATE, PROTECTED, TARO, Municipality, municipality_of


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def test_the_top_page_says_what_waits(clerk: Person) -> None:
    page = await clerk.open("/")

    assert page.status_code == 200
    assert "東京都サーバ" in clerk.text
    assert "きょうの状況" in clerk.text


async def test_every_page_opens(clerk: Person) -> None:
    for path in (
        "/residents",
        "/deliveries",
        "/events",
        "/residents/1",
        "/residents/1/birth",
        "/residents/1/relocation",
        "/residents/1/death",
    ):
        page = await clerk.open(path)
        assert page.status_code == 200, path
        await clerk.client.get(f"/language?to=en&back={path}")
        page = await clerk.open(path)
        assert page.status_code == 200, path
        await clerk.client.get(f"/language?to=ja&back={path}")
