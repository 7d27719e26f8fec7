"""Cancellation, review and what other municipalities told: looked at in a browser."""

from __future__ import annotations

import pytest

from jukinet.domain.resident_record import HOUSEHOLDER
from jukinet.municipal.moving_notice_store import add_annex_notices, add_move_in_notices
from jukinet.municipal.store import add_resident
from jukinet.municipal.usecases.apply_move_in_notices import apply_move_in_notices
from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders_moving import annex_notice, move_in_notice
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.municipality import CHIYODA, HANAKO, RESIDENTS, Municipality, municipality_of, resident

pytestmark = pytest.mark.browser

GONE = resident(
    30,
    relationship=HOUSEHOLDER,
    name="転出　済",
    kana="てんしゅつ　すむ",
    is_removed=True,
    change_reason="move_out",
    changed_on="2026-10-01",
    planned_move_out_on="2026-10-01",
    planned_move_out_to="東京都武蔵野市緑町二丁目2番28号",
)


async def _told(chiyoda: Municipality) -> None:
    async with chiyoda.database.transaction() as unit:
        await enrol_operator(unit, "chief", "千代田　係長", PASSWORD, now=chiyoda.clock(), by="administrator")
        await add_resident(unit, GONE, update_sequence=2)
        notice = move_in_notice(
            1, resident_record_code=RESIDENTS[0].resident_record_code, name="山田　花子", birth_date="1985-03-12"
        )
        await add_move_in_notices(unit, [notice], sender="municipal/132039", now=chiyoda.clock())
        await add_annex_notices(unit, [annex_notice()], sender="municipal/132039", now=chiyoda.clock())
    await apply_move_in_notices(node=CHIYODA, database=chiyoda.database, now=chiyoda.clock())


async def test_an_act_is_submitted_approved_and_cancelled(
    open_screens: OpenScreens, embedded_database: MakeDatabase
) -> None:
    faults: list[str] = []
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await _told(chiyoda)
        await page.goto("/received")
        faults += await list_faults(page, "municipal-received")
        await page.goto(f"/residents/{HANAKO}/relocation")
        await page.get_by_label("町・字").fill("一番町")
        await page.get_by_label("異動日").fill("R8.11.10")
        await page.get_by_label("番地など").fill("1番地")
        await page.get_by_label("世帯の全員").check()
        await page.get_by_label("本人", exact=True).check()
        await page.get_by_label("写真付きの公的書類（1点）").check()
        await page.get_by_role("button", name="登録内容を確かめる").click()
        await page.get_by_role("button", name="審査に回す").click()
        faults += await list_faults(page, "municipal-review-own")
        await page.goto(f"/residents/{HANAKO}")
        faults += await list_faults(page, "municipal-review-banner")
        await page.get_by_role("button", name="サインアウト").click()
        await page.locator("#operator_id").fill("chief")
        await page.locator("#password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda url: "sign-in" not in url)
        await page.goto("/reviews")
        faults += await list_faults(page, "municipal-reviews")
        await page.get_by_role("link", name="仮登録 1 を開く").click()
        faults += await list_faults(page, "municipal-review")
        await page.get_by_role("button", name="承認して登録する").click()
        await page.goto(f"/residents/{HANAKO}")
        await page.get_by_role("link", name="を取り消す").first.click()
        faults += await list_faults(page, "municipal-cancellation")
        await page.get_by_label("裁決書").check()
        await page.get_by_role("button", name="登録内容を確かめる").click()
        faults += await list_faults(page, "municipal-cancellation-confirmation")
        await page.get_by_role("button", name="登録する").click()
        await page.goto(f"/residents/{HANAKO}")
        faults += await list_faults(page, "municipal-cancelled")
        await page.goto("/")
        faults += await list_faults(page, "municipal-work-list")

    assert faults == []
