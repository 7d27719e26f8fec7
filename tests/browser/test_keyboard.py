"""A clerk at work without a mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenScreens
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import HANAKO, municipality_of

pytestmark = pytest.mark.browser
_ALT = 1


async def press_access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter as a keyboard would: Playwright's own key press leaves out the letter an Alt key hides."""
    session = await page.context.new_cdp_session(page)
    key = {"modifiers": _ALT, "key": letter, "windowsVirtualKeyCode": ord(letter.upper())}
    await session.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": letter, **key})
    await session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    await session.detach()


async def test_a_clerk_signs_in_searches_and_records_a_relocation_by_keyboard_only(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        keyboard = page.keyboard

        # Search: Alt+S, the field has the focus, Enter submits.
        await press_access_key(page, "s")
        await page.locator("#q:focus").wait_for()
        await keyboard.type("やまだ　はな")
        await keyboard.press("Enter")
        hit = page.get_by_role("link", name="山田　花子")
        await hit.wait_for()
        await hit.focus()
        await keyboard.press("Enter")
        await page.wait_for_url(f"**/residents/{HANAKO}")

        # Relocation: Alt+M, the town has the focus.
        await press_access_key(page, "m")
        await page.locator("#town:focus").wait_for()
        await keyboard.type("一番町")
        await keyboard.press("Escape")  # close the list of towns
        await keyboard.press("Tab")
        await keyboard.type("2番地3")
        await page.get_by_label("写真付きの公的書類（1点）").focus()
        await keyboard.press("Space")
        await keyboard.press("F9")
        await page.get_by_role("heading", name="誰に何が送られるか").wait_for()
        assert "東京都千代田区一番町2番地3" in await page.inner_text("main")

        # The first Tab after the text that has the focus is not past the button that records.
        for _ in range(8):
            await keyboard.press("Tab")
            if await page.evaluate("document.activeElement.value") == "record":
                break
        await keyboard.press("Enter")
        await page.wait_for_url(f"**/residents/{HANAKO}/recorded/2")

        assert "転居を登録しました" in await page.inner_text("main")
        assert await chiyoda.rows("SELECT address FROM register.resident_record WHERE version = 2") == [
            ("東京都千代田区一番町2番地3",),
            ("東京都千代田区一番町2番地3",),
        ]


async def test_the_skip_link_comes_first_and_shows_when_it_has_the_focus(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto("/deliveries")

        await page.keyboard.press("Tab")
        box = await page.get_by_text("本文へ").bounding_box()

        assert box is not None
        assert box["y"] >= 0
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"


async def test_the_focus_is_visible_on_everything_that_can_have_it(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto(f"/residents/{HANAKO}/relocation")
        unseen: list[str] = []

        for _ in range(20):
            await page.keyboard.press("Tab")
            width = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            if width != "4px":
                unseen.append(await page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))

        assert [one for one in unseen if not one.startswith("<body")] == []
