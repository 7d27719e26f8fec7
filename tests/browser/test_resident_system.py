"""The page of the connected resident system in a real browser."""

from __future__ import annotations

import random

import pytest

from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.screens import make_connected_screens
from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders import NOW, SETAGAYA, opened
from tests.builders_resident_system import change, moved, submit
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD

pytestmark = pytest.mark.browser


async def test_the_page_of_the_connection(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    made = await embedded_database(MIGRATIONS)
    async with opened(made) as database:
        async with database.transaction() as unit:
            await enrol_operator(unit, "clerk", "窓口 花子", PASSWORD, now=NOW, by="test")
        desk = Desk(name=SETAGAYA, database=database, clock=lambda: NOW, choice=random.Random(1), client=None)
        async with open_screens(make_connected_screens(desk)) as page:
            assert await list_faults(page, "resident-system-empty") == []
            await page.get_by_role("button", name="手動連携に切り替える").click()
            await submit(
                database,
                change(1),
                change(2, 2, kana="Shiken"),
                change(3, 3, name="試\ue000", birth_date="平成2年2月30日"),
                moved(4, 3, 3),
                change(5, 4, reason="転居"),
            )
            await page.goto("/")
            assert await list_faults(page, "resident-system") == []
            await page.get_by_label("識別番号 r-2：ふりがなの補記").fill("しけん")
            await page.get_by_role("button", name="識別番号 r-2：補記する").click()
            await page.get_by_text("補記しました").wait_for()
            await page.get_by_role("button", name="識別番号 r-1：送信する").click()
            await page.get_by_text("送信しました").wait_for()
            assert await page.get_by_role("row").filter(has_text="r-1").count() == 0
