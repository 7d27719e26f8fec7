"""Two officers of a prefecture answer a person's request; every page looked at on the way."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import RESIDENTS
from tests.integration.web.servers import prefecture_of

pytestmark = pytest.mark.browser


async def test_officers_of_a_prefecture_answer_requests(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    async with prefecture_of(embedded_database) as tokyo, open_screens(tokyo.app) as page:
        await page.get_by_role("link", name="本人からの請求").click()
        await page.get_by_text("処理を待つものはありません").wait_for()
        await page.get_by_role("link", name="書面を受け付ける").click()
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults = await list_faults(page, "prefectural-request-form")
        await page.get_by_label("本人の氏名").fill("山田 花子")
        await page.get_by_label("本人の生年月日").fill("昭和60年3月12日")
        await page.get_by_label("住民票コード").fill(RESIDENTS[0].resident_record_code)
        await page.get_by_label("通知書の送付先").fill("東京都千代田区飯田橋一丁目1番1号")
        await page.get_by_label("写真付き").check()
        await page.keyboard.press("F9")
        await page.get_by_text("氏名と生年月日が請求と一致しています").wait_for()
        faults += await list_faults(page, "prefectural-request")
        await page.get_by_label("開示しない").check()
        await page.locator("#reason").fill("本人であることを確かめることができないため。")
        await page.get_by_role("button", name="決定する").click()
        await page.get_by_text("あなたが出した案です").wait_for()
        faults += await list_faults(page, "prefectural-request-proposed")
        await page.get_by_label("差し戻す理由").fill("本人と確かめられたため。")
        await page.get_by_role("button", name="差し戻す").click()
        await page.get_by_label("開示する").check()
        await page.get_by_role("button", name="決定する").click()
        await page.get_by_role("link", name="通知書を印刷する").wait_for()
        faults += await list_faults(page, "prefectural-request-decided")
        tokyo.clock.advance(minutes=1)
        await page.get_by_role("link", name="一覧へ戻る").click()
        faults += await list_faults(page, "prefectural-requests")

    assert faults == []
