"""Forms that are kept while one types, checked while one types, and held for whoever types."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.municipality import HANAKO, TARO, municipality_of

pytestmark = pytest.mark.browser


async def sign_in(page: Page, operator: str) -> None:
    await page.goto("/")
    await page.locator("#operator_id").fill(operator)
    await page.locator("#password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "sign-in" not in url)


async def sign_in_elsewhere(page: Page, operator: str) -> Page:
    """Return a page of another browser, in which an operator has signed in."""
    browser = page.context.browser
    assert browser is not None
    origin = page.url.split("/", 3)
    context = await browser.new_context(base_url="/".join(origin[:3]), ignore_https_errors=True, locale="ja-JP")
    other = await context.new_page()
    other.set_default_timeout(10_000)
    await sign_in(other, operator)
    return other


async def test_a_half_finished_form_survives_the_browser(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto(f"/residents/{HANAKO}/relocation")
        await page.get_by_label("町・字").fill("一番町")
        await page.get_by_label("番地など").fill("7番地")
        await page.get_by_label("一部の人だけ").check()
        await page.get_by_role("checkbox", name="山田　太郎").check()
        await expect(page.locator("#kept")).to_contain_text("書きかけを保存しました")

        # The browser is killed: nothing more is sent. The operator signs in at another one.
        other = await sign_in_elsewhere(page, "clerk")
        await page.context.set_offline(offline=True)
        faults = await list_faults(other, "municipal-drafts")
        await other.get_by_role("link", name="続きを入力する").click()

        assert faults == []
        await expect(other.get_by_label("番地など")).to_have_value("7番地")
        await expect(other.get_by_label("町・字")).to_have_value("一番町")
        await expect(other.get_by_label("一部の人だけ")).to_be_checked()
        await expect(other.get_by_role("checkbox", name="山田　太郎")).to_be_checked()
        await other.get_by_label("世帯の全員").check()
        await other.get_by_label("写真付きの公的書類（1点）").check()
        await other.keyboard.press("F9")
        await other.get_by_role("heading", name="誰に何が送られるか").wait_for()
        await other.keyboard.press("F9")
        await other.wait_for_url(f"**/residents/{HANAKO}/recorded/2")
        assert await chiyoda.rows("SELECT count(*) FROM register.draft_form") == [(0,)]
        assert await chiyoda.rows("SELECT count(*) FROM register.editing") == [(0,)]


async def test_a_date_shows_how_it_is_read_and_a_wrong_one_is_told_at_once(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto(f"/residents/{HANAKO}/death")
        died_on = page.get_by_label("死亡日")

        for typed in ("081101", "R8.11.1", "令和8.11.1", "2026-11-01", "20261101"):
            await died_on.fill(typed)
            await expect(page.locator("#died_on-live")).to_have_text("令和8年11月1日")
        await died_on.fill("R8.2.30")
        await expect(page.locator("#died_on-live")).to_contain_text("暦にありません")
        assert await died_on.get_attribute("aria-invalid") == "true"


async def test_only_what_applies_is_shown(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto(f"/residents/{HANAKO}/relocation")

        await expect(page.get_by_label("委任状")).to_be_hidden()
        await page.get_by_label("任意代理人").check()
        await expect(page.get_by_label("委任状")).to_be_visible()
        await expect(page.get_by_label("届出をした人の氏名")).to_be_visible()
        await expect(page.get_by_role("checkbox", name="山田　太郎")).to_be_hidden()
        await page.get_by_label("一部の人だけ").check()
        await expect(page.get_by_role("checkbox", name="山田　太郎")).to_be_visible()


async def test_others_are_told_who_is_at_work_on_a_record(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        async with chiyoda.database.transaction() as unit:
            await enrol_operator(unit, "colleague", "千代田　同僚", PASSWORD, now=chiyoda.clock(), by="administrator")
        await page.goto(f"/residents/{HANAKO}/relocation")
        other = await sign_in_elsewhere(page, "colleague")

        # Of the whole household: a member is not changed meanwhile either.
        await other.goto(f"/residents/{TARO}/death")
        await expect(other.get_by_role("alert")).to_contain_text("千代田　係員 さんが入力中です（10:00から）")
        faults = await list_faults(other, "municipal-held")
        await page.get_by_role("button", name="捨てて戻る").click()
        await page.get_by_text("書きかけを捨てました").wait_for()
        await other.get_by_role("link", name="もう一度開く").click()

        assert faults == []
        await expect(other.get_by_label("死亡日")).to_be_visible()


async def test_nobody_is_at_work_for_ever(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        async with chiyoda.database.transaction() as unit:
            await enrol_operator(unit, "colleague", "千代田　同僚", PASSWORD, now=chiyoda.clock(), by="administrator")
        await page.goto(f"/residents/{HANAKO}/relocation")
        chiyoda.clock.advance(minutes=11)

        other = await sign_in_elsewhere(page, "colleague")
        await other.goto(f"/residents/{HANAKO}/relocation")

        await expect(other.get_by_label("番地など")).to_be_visible()
