"""A clerk's day without a mouse: birth, relocation, move-out, move-in, death, a new code. Each page is looked at."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from jukinet.municipal.records import notice_of
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import HANAKO, PROTECTED, TARO, municipality_of
from tests.integration.web.nation import line_of
from tests.integration.web.test_move_in_screens import CARRIED, ELSEWHERE

pytestmark = pytest.mark.browser
_MOST_TABS = 120


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field, button or choice has the focus; a field above is reached by Shift and Tab."""
    reached = (
        "document.activeElement.id === $ || document.activeElement.name === $ || document.activeElement.value === $"
    )
    asked = reached.replace("$", f"'{name}'")
    before = await page.evaluate(
        f"(() => {{ const one = document.getElementById('{name}') || document.getElementsByName('{name}')[0];"
        "return one && document.activeElement !== document.body &&"
        "!!(document.activeElement.compareDocumentPosition(one) & 2); })()"
    )
    for _ in range(_MOST_TABS):
        if await page.evaluate(asked):
            return
        await page.keyboard.press("Shift+Tab" if before else "Tab")
    raise AssertionError(f"{name} is not reached by Tab")


async def put(page: Page, **typed: str) -> None:
    """Type into fields, going from one to the next by Tab."""
    for name, text in typed.items():
        await tab_to(page, name.replace("__", "-"))
        await page.keyboard.press("Control+A")
        await page.keyboard.type(text)
        await page.keyboard.press("Escape")


async def choose(page: Page, name: str, downs: int = 0) -> None:
    """Choose one of several: Space takes the first, the arrows the ones below."""
    await tab_to(page, name)
    if downs == 0:
        await page.keyboard.press("Space")
    for _ in range(downs):
        await page.keyboard.press("ArrowDown")


async def confirm_and_record(page: Page, name: str, faults: list[str]) -> None:
    faults += await list_faults(page, f"day-{name}")
    await page.keyboard.press("F9")
    await page.get_by_role("heading", name="誰に何が送られるか").wait_for()
    faults += await list_faults(page, f"day-{name}-confirmation")
    await page.keyboard.press("F9")
    await page.wait_for_url("**/recorded/**")
    faults += await list_faults(page, f"day-{name}-recorded")


async def test_a_clerks_day(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with (
        line_of(embedded_database) as line,
        municipality_of(embedded_database, client=line.client) as chiyoda,
        open_screens(chiyoda.app) as page,
    ):
        faults: list[str] = []
        await line.learn(notice_of(ELSEWHERE, 1))

        await page.goto(f"/residents/{HANAKO}/birth")
        await put(page, name="山田　葵", kana="やまだ　あおい")
        await choose(page, "sex", downs=1)
        await put(page, birth_date="081110")
        await confirm_and_record(page, "birth", faults)

        await page.goto(f"/residents/{HANAKO}/relocation")
        await put(page, town="一番町", lot="2番地3")
        await choose(page, "identity_check")
        await confirm_and_record(page, "relocation", faults)

        await page.goto(f"/residents/{HANAKO}/move_out")
        await put(page, planned_on="081201", municipality="むさしのし", rest="緑町二丁目2番28号")
        await choose(page, "identity_check")
        await confirm_and_record(page, "move-out", faults)

        await page.goto(f"/residents/{TARO}/move_out_withdrawal")
        await choose(page, "identity_check")
        await confirm_and_record(page, "withdrawal", faults)

        await page.goto("/procedures/move_in")
        await put(page, moved_in_on="081118", from_municipality="武蔵野市", from_rest="緑町二丁目2番28号")
        await put(page, town="飯田橋三丁目", lot="4番5号")
        first = {"name": "田中　一郎", "kana": "たなか　いちろう", "birth_date": "S60.4.5"}
        await put(page, **{f"person__1__{name}": text for name, text in first.items()})
        await choose(page, "person-1-sex")
        await put(page, person__1__code=CARRIED, person__1__registered_domicile="東京都武蔵野市緑町二丁目1番")
        await put(page, person__1__first_listed_person="田中　一郎")
        await choose(page, "identity_check")
        await choose(page, "documents")
        await confirm_and_record(page, "move-in", faults)

        await page.goto(f"/residents/{PROTECTED}/death")
        await put(page, died_on="081115")
        await choose(page, "documents")
        await confirm_and_record(page, "death", faults)

        await page.goto(f"/residents/{TARO}/code_change")
        await choose(page, "identity_check")
        await confirm_and_record(page, "code-change", faults)

        assert faults == []
        assert await chiyoda.rows(
            "SELECT procedure FROM register.act WHERE procedure <> 'householder_succession' ORDER BY act_number"
        ) == [
            ("birth",),
            ("relocation",),
            ("move_out",),
            ("move_out_withdrawal",),
            ("move_in",),
            ("death",),
            ("code_change",),
        ]


async def test_an_earlier_record_and_a_second_person_are_asked_for_on_the_same_page(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with (
        line_of(embedded_database) as line,
        municipality_of(embedded_database, client=line.client) as chiyoda,
        open_screens(chiyoda.app) as page,
    ):
        await line.learn(notice_of(ELSEWHERE, 1))
        await page.goto("/procedures/move_in")
        await page.get_by_label("国外から").check()
        await page.get_by_label("前に住んでいた国・地域").fill("カナダ")
        await page.get_by_label("町・字").fill("飯田橋一丁目")
        await page.get_by_label("番地など").fill("1番1号")
        await page.get_by_label("今ある世帯に入る").check()
        await page.locator("#person-1-name").fill("田中　一郎")
        await page.locator("#person-1-kana").fill("たなか　いちろう")
        await page.locator("#person-1-birth_date").fill("S60.4.5")
        await page.get_by_label("男").check()
        await page.locator("#person-1-relationship").fill("弟")
        await page.locator("#person-1-registered_domicile").fill("東京都武蔵野市緑町二丁目1番")
        await page.locator("#person-1-first_listed_person").fill("田中　一郎")
        await page.get_by_label("写真付きの公的書類（1点）").check()
        await page.get_by_label("旅券", exact=True).check()
        await page.keyboard.press("F9")
        await page.get_by_role("link", name="以前の住民票があります").click()
        faults = await list_faults(page, "day-move-in-decision")
        await page.get_by_role("button", name="人を加える").click()
        await page.get_by_role("heading", name="転入する人（2人目）").wait_for()
        assert await page.evaluate("document.activeElement.id") == "person-2-name"
        faults += await list_faults(page, "day-move-in-two")

        assert faults == []
        assert await page.locator("#person-1-name").input_value() == "田中　一郎"
