"""Every page of every node: nothing for axe-core to find, nothing cut off at 200 % zoom."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from jukinet.postgres.database import Database
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_publication import use
from tests.integration.web.agency import agency_of
from tests.integration.web.followed import follow_people
from tests.integration.web.municipality import HANAKO, PROTECTED, RESIDENTS, municipality_of
from tests.integration.web.servers import nation_of, prefecture_of

pytestmark = pytest.mark.browser

CODE = RESIDENTS[0].resident_record_code


async def provide_often(database: Database) -> None:
    """Let two organs be given people over a year, once so seldom that it is hidden."""
    for month in range(4, 12):
        await use(database, "agency/nenkin", f"2026-{month:02}-10 12:00", 1_000 + 137 * month)
        await use(database, "agency/nenkin", f"2026-{month:02}-10 12:00", 4_000 - 211 * month, method="batch")
    await use(database, "municipal/131121", "2026-05-10 12:00", 48, affair="4-1-1")
    await use(database, "municipal/131121", "2026-08-10 12:00", 3, affair="4-1-1")


async def visit(page: Page, places: dict[str, str]) -> list[str]:
    faults: list[str] = []
    for name, path in places.items():
        await page.goto(path)
        faults += await list_faults(page, name)
    return faults


async def test_the_pages_of_a_municipality(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        faults = await visit(
            page,
            {
                "municipal-top": "/",
                "municipal-search": "/residents",
                "municipal-statistics": "/statistics",
                "municipal-household": f"/households/{HANAKO}",
                "municipal-resident": f"/residents/{HANAKO}",
                "municipal-as-of": f"/residents/{HANAKO}?as_of=R2.4.1",
                "municipal-protected": f"/residents/{PROTECTED}",
                "municipal-relocation": f"/residents/{HANAKO}/relocation",
                "municipal-move-out": f"/residents/{HANAKO}/move_out",
                "municipal-move-in": "/procedures/move_in",
                "municipal-birth": f"/residents/{HANAKO}/birth",
                "municipal-death": f"/residents/{HANAKO}/death",
                "municipal-ex-officio-entry": "/procedures/ex_officio_entry",
                "municipal-ex-officio-removal": f"/residents/{HANAKO}/ex_officio_removal",
                "municipal-ex-officio-correction": f"/residents/{HANAKO}/ex_officio_correction",
                "municipal-error-correction": f"/residents/{HANAKO}/error_correction",
                "municipal-minor-correction": f"/residents/{HANAKO}/minor_correction",
                "municipal-person-notices": "/person-notices",
                "municipal-household-split": f"/residents/{HANAKO}/household_split",
                "municipal-household-merger": f"/residents/{HANAKO}/household_merger",
                "municipal-householder-change": f"/residents/{HANAKO}/householder_change",
                "municipal-mass-changes-none": "/mass-changes",
                "municipal-mass-change-form": "/procedures/mass_address_change",
                "municipal-deliveries": "/deliveries",
                "municipal-events": "/events",
                "not-found": "/nowhere",
            },
        )
        await page.goto("/residents")
        await page.get_by_label("さがす").fill("さとう")
        await page.get_by_role("button", name="検索する", exact=True).first.click()
        faults += await list_faults(page, "municipal-hits")
        await page.goto(f"/residents/{HANAKO}/relocation")
        await page.get_by_label("町・字").fill("なにもない町")
        await page.get_by_label("異動日").fill("令和8年13月1日")
        await page.get_by_label("一部の人だけ").check()
        await page.get_by_label("任意代理人").check()
        await page.get_by_role("button", name="登録内容を確かめる").click()
        faults += await list_faults(page, "municipal-relocation-problems")
        await page.get_by_label("町・字").fill("一番町")
        await page.get_by_label("異動日").fill("R8.11.10")
        await page.get_by_label("番地など").fill("1番地")
        await page.get_by_label("世帯の全員").check()
        await page.get_by_label("本人", exact=True).check()
        await page.get_by_label("写真付きの公的書類（1点）").check()
        await page.get_by_role("button", name="登録内容を確かめる").click()
        faults += await list_faults(page, "municipal-confirmation")
        await page.get_by_role("button", name="登録する").click()
        faults += await list_faults(page, "municipal-recorded")
        faults += await visit(page, {"municipal-history": f"/residents/{HANAKO}"})
        await page.get_by_role("link", name="English").click()
        faults += await list_faults(page, "municipal-english")
        await page.get_by_role("button", name="Sign out").click()
        faults += await list_faults(page, "sign-in")

    assert faults == []


async def test_the_pages_of_a_prefecture(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with prefecture_of(embedded_database) as tokyo, open_screens(tokyo.app) as page:
        faults = await visit(
            page,
            {
                "prefectural-top": "/",
                "prefectural-quarantine": "/quarantine",
                "prefectural-notice": "/quarantine/1",
                "prefectural-events": "/events",
            },
        )
        await page.goto("/quarantine/1")
        await page.get_by_role("button", name="そのまま記録し直す").click()
        faults += await list_faults(page, "prefectural-notice-still-wrong")

    assert faults == []


async def test_the_pages_of_the_nation_and_of_an_agency(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with (
        nation_of(embedded_database) as nation,
        agency_of(embedded_database, nation.database) as agency,
    ):
        await follow_people(agency)
        async with open_screens(agency.app) as page:
            faults = await visit(page, {"agency-affairs": "/", "agency-queries": "/queries", "agency-feed": "/feed"})
        async with open_screens(nation.app) as page:
            faults += await visit(
                page, {"national-top": "/", "national-doubts": "/doubts", "national-uses-form": "/uses"}
            )
            await page.get_by_label("住民票コード").fill(CODE)
            await page.get_by_role("button", name="照会する").click()
            faults += await list_faults(page, "national-uses")
            await provide_often(nation.database)
            await page.goto("/publication")
            await page.get_by_label("年度").fill("2026")
            await page.keyboard.press("F9")
            await page.get_by_text("月ごとの件数").wait_for()
            faults += await list_faults(page, "national-publication")

    assert faults == []


async def test_what_is_wrong_with_a_page_would_be_found(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto("/residents")
        await page.evaluate(
            "document.querySelector('label').remove();"
            "document.querySelector('h1').textContent = 'w'.repeat(300);"
            "document.querySelector('h1').setAttribute('class', 'code')"
        )

        faults = await list_faults(page, "planted")

    assert any("label" in fault for fault in faults)
    assert any("too wide" in fault for fault in faults)
