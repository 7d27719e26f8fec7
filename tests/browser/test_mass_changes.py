"""A mass change of addresses in a real browser: every page of it, for axe-core and at 200 % zoom."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from jukinet.municipal.desk_store import begin_editing
from jukinet.municipal.store import add_resident
from jukinet.municipal.usecases.change_addresses import change_addresses
from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.municipality import CHIYODA, HANAKO, Municipality, municipality_of, resident

pytestmark = pytest.mark.browser

TABLE = "旧町名,新町名,郵便番号\n飯田橋一丁目,新飯田橋一丁目,102-0099\n富士見一丁目,新富士見\n一番町\n,名のない町\n"


async def people(chiyoda: Municipality) -> None:
    async with chiyoda.database.transaction() as unit:
        await enrol_operator(unit, "chief", "千代田　係長", PASSWORD, now=chiyoda.clock(), by="administrator")
        for number in range(30, 60):
            domicile = "大阪府大阪市北区梅田一丁目1番" if number % 3 else "東京都千代田区一番町1番地"
            place = f"東京都千代田区飯田橋一丁目{number}番{number % 7 + 1}号"
            building = "\u3000" + "長" * 181 if number == 59 else ""
            one = resident(
                number,
                name="鈴木　一",
                kana="すずき　はじめ",
                address=place + building,
                registered_domicile=domicile,
                first_listed_person="鈴木　一",
            )
            await add_resident(unit, one)


async def sign_in_as_chief(page: Page) -> None:
    await page.get_by_role("button", name="サインアウト").click()
    await page.locator("#operator_id").fill("chief")
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "sign-in" not in url)


async def carry_out(chiyoda: Municipality) -> None:
    await change_addresses(mass_change_number=1, node=CHIYODA, database=chiyoda.database, clock=chiyoda.clock)


async def test_a_town_is_renamed_by_keyboard_and_followed_without_a_script(
    open_screens: OpenScreens, embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(TABLE.encode("cp932"))
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await people(chiyoda)
        await page.goto("/")
        await page.get_by_role("link", name="一括住所変更").click()
        faults = await list_faults(page, "municipal-mass-changes-none")
        await page.keyboard.press("F9")
        await page.get_by_label("町・字の区域又は名称の変更").wait_for()
        faults += await list_faults(page, "municipal-mass-change-form")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.type("千代田区告示第9号")
        await page.keyboard.press("Tab")
        await page.keyboard.type("R8.11.1")
        await page.keyboard.press("Tab")
        await page.keyboard.type("R8.11.20")
        await page.get_by_text("令和8年11月20日", exact=True).wait_for()
        await page.locator("#rows").fill("一番町")
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults += await list_faults(page, "municipal-mass-change-problems")
        await page.locator("#table").set_input_files(file)
        await page.keyboard.press("F9")
        await page.get_by_text("実施するとどうなるか").wait_for()
        faults += await list_faults(page, "municipal-mass-change-own")
        await sign_in_as_chief(page)
        faults += await list_faults(page, "municipal-top-mass-change")
        await page.goto("/mass-changes/1")
        faults += await list_faults(page, "municipal-mass-change-preview")
        await page.keyboard.press("F9")
        await page.get_by_text("承認しました").wait_for()
        async with chiyoda.database.transaction() as unit:
            await begin_editing(unit, [HANAKO], operator_id="clerk", now=chiyoda.clock())
        await carry_out(chiyoda)
        await page.goto("/mass-changes/1")
        await page.get_by_text("実施しています").wait_for()
        faults += await list_faults(page, "municipal-mass-change-running")
        chiyoda.clock.advance(minutes=11)
        await carry_out(chiyoda)
        await page.get_by_text("完了しました").wait_for(timeout=30_000)
        faults += await list_faults(page, "municipal-mass-change-finished")
        await page.goto("/mass-changes")
        faults += await list_faults(page, "municipal-mass-changes")
        await page.get_by_role("link", name="English").click()
        faults += await list_faults(page, "municipal-mass-changes-english")

    assert faults == []
