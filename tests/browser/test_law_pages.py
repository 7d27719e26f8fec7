"""The pages of the law at the national node: axe-core finds nothing; by keyboard from search to approval."""

from __future__ import annotations

import pytest

from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.browser.test_keyboard import press_access_key
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.servers import nation_of

pytestmark = pytest.mark.browser

PAGES = {
    "law-search": "/law",
    "law-hits": "/law?words=厚生労働省 年金&day=2002-09-29",
    "law-affair": "/law/affair?affair=1-77-3",
    "law-affair-before": "/law/affair?affair=1-78-1&day=2002-09-29",
    "law-days": "/law/days?day=2015-10-04",
    "law-changes-none": "/law/changes",
    "law-propose-ordinance": "/law/propose?kind=ordinance",
    "law-propose-items": "/law/propose?kind=items&affair=1-77-3",
    "law-propose-office": "/law/propose?kind=office",
}


async def test_the_pages_of_the_law(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with nation_of(embedded_database) as nation:
        faults: list[str] = []
        async with open_screens(nation.app) as page:
            for name, path in PAGES.items():
                await page.goto(path)
                faults += await list_faults(page, name)
            await page.goto("/law/propose?kind=end&affair=1-41-1")
            await page.get_by_label("施行日").fill("2020-04-01")
            await page.get_by_role("button", name="提案する").click()
            faults += await list_faults(page, "law-propose-problems")
            await page.goto("/language?to=en&back=/law")
            await page.goto("/law/affair?affair=1-77-3")
            faults += await list_faults(page, "law-affair-english")

        assert faults == []


async def test_a_change_is_proposed_and_approved_by_keyboard(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with nation_of(embedded_database) as nation:
        async with nation.database.transaction() as unit:
            await enrol_operator(unit, "chief", "全国　課長", PASSWORD, now=nation.clock(), by="administrator")
        faults: list[str] = []
        async with open_screens(nation.app) as page:
            await press_access_key(page, "k")
            await page.wait_for_url("**/law")
            await page.keyboard.type("旅券法")
            await page.keyboard.press("Enter")
            link = page.get_by_role("link", name="1-41-1")
            await link.focus()
            await page.keyboard.press("Enter")
            await page.get_by_role("link", name="事務の終了").focus()
            await page.keyboard.press("Enter")
            await page.get_by_label("施行日").focus()
            await page.keyboard.type("令和20年4月1日")
            await page.keyboard.press("Tab")
            await page.keyboard.type("令和19年法律第1号")
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/law/changes/1**")
            faults += await list_faults(page, "law-proposal-own")
            await page.get_by_role("button", name="サインアウト").click()
            await page.get_by_label("操作者ID").fill("chief")
            await page.get_by_label("パスワード").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url(lambda url: "sign-in" not in url and "sign-out" not in url)
            await page.goto("/law/changes/1")
            faults += await list_faults(page, "law-proposal")
            await page.keyboard.press("F9")
            await page.wait_for_url("**done=done.law_approve**")
            faults += await list_faults(page, "law-proposal-approved")
            await page.goto("/law/changes")
            faults += await list_faults(page, "law-changes")

        assert faults == []
