"""An official's day at the counter of an organ, by keyboard, in a real browser; every page looked at on the way."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders import PENSION_AFFAIR
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.agency import agency_of
from tests.integration.web.municipality import RESIDENTS
from tests.integration.web.servers import nation_of

pytestmark = pytest.mark.browser

CODE = RESIDENTS[0].resident_record_code
USES = "SELECT method, result, items, matter_number FROM audit.use_log ORDER BY message_id"


async def ground(page: Page, matter_number: str) -> None:
    await page.get_by_label("利用事由").fill("年金の受給者が存命か確かめるため")
    await page.get_by_label("依頼管理番号").fill(matter_number)


async def test_an_officials_day(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with (
        nation_of(embedded_database) as nation,
        agency_of(embedded_database, nation.database) as agency,
        open_screens(agency.app) as page,
    ):
        # The affair is chosen first, with the keyboard.
        await page.get_by_role("link", name=PENSION_AFFAIR, exact=True).focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("番号で照会する").wait_for()
        faults = await list_faults(page, "agency-ask")
        assert await page.get_by_label("変更情報").is_checked()
        assert not await page.get_by_label("氏名（ふりがな").is_checked()

        # By number: whoever is there is alive, and no more was asked for.
        await page.keyboard.press("Tab")
        await page.locator("#resident_record_code").fill(CODE)
        await ground(page, "R8-1")
        await page.keyboard.press("F9")
        await page.get_by_text("生存（消除されていません）").wait_for()
        faults += await list_faults(page, "agency-answer")
        assert await page.get_by_text("山田").count() == 0

        # By two of the four items, one of them mistyped at first.
        await page.get_by_role("link", name="次の照会をする").click()
        await page.get_by_label("4情報で照会する").check()
        await page.locator("#name").fill("山田花子")
        await ground(page, "R8-2")
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults += await list_faults(page, "agency-problems")
        await page.locator("#birth_date").fill("昭和60年3月12日")
        await page.keyboard.press("F9")
        await page.get_by_text("生存（消除されていません）").wait_for()
        faults += await list_faults(page, "agency-search-answer")

        # A verification shows what agrees, and nothing of the record.
        await page.get_by_role("link", name="次の照会をする").click()
        await page.get_by_label("照合する").check()
        await page.locator("#resident_record_code").fill(CODE)
        await page.locator("#name").fill("山田花子")
        await page.locator("#birth_date").fill("昭和60年3月13日")
        await ground(page, "R8-2")
        await page.keyboard.press("F9")
        await page.get_by_text("不一致", exact=True).wait_for()
        faults += await list_faults(page, "agency-verification")

        # What was asked in this matter, and nothing of what was answered.
        await page.get_by_role("link", name="この事案の照会の記録").click()
        await page.get_by_text("4情報").first.wait_for()
        faults += await list_faults(page, "agency-queries")
        assert await page.get_by_text("R8-1").count() == 0
        assert await page.get_by_text("山田").count() == 0
        uses = await nation.rows(USES)

    assert faults == []
    assert uses == [
        ("real_time", "found", "change", "R8-1"),
        ("search", "found", "name,birth_date,change", "R8-2"),
        ("verification", "found", "name,birth_date", "R8-2"),
    ]
