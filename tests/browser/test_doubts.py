"""A doubt from an official's screen to the clerk's list and back, by keyboard; every page looked at on the way."""

from __future__ import annotations

import pytest

from jukinet.protocol.doubts import DoubtStatus
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.agency import agency_of
from tests.integration.web.doubts import answers_of, hand_over, note_status, reports_of
from tests.integration.web.municipality import HANAKO, PROTECTED, municipality_of
from tests.integration.web.servers import nation_of

pytestmark = pytest.mark.browser

ELSEWHERE = "東京都千代田区一番町9番地"


async def test_an_officials_doubt(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with (
        nation_of(embedded_database) as nation,
        agency_of(embedded_database, nation.database) as agency,
        open_screens(agency.app) as page,
    ):
        await page.goto("/doubts/new?use_log_id=0193f3a0-0000-7000-8000-000000000000&matter_number=R8-1")
        # What differs is said before what is held: nothing is asked for that nobody needs.
        await page.get_by_label("項目が異なる").check()
        await page.get_by_label("根拠").select_option("returned_mail")
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults = await list_faults(page, "agency-doubt-problems")
        await page.locator("#items").focus()
        await page.get_by_label("住所", exact=True).first.check()
        await page.locator("#address").fill(ELSEWHERE)
        await page.get_by_label("電話番号").fill("03-0000-0000")
        await page.keyboard.press("F9")
        await page.get_by_text("通報しました").wait_for()
        (report,) = await reports_of(agency.database)
        status = DoubtStatus(report_number=report.notice_number, state="referred", due_on="2026-12-04")
        await note_status(agency.database, status)
        await page.goto("/doubts")
        faults += await list_faults(page, "agency-doubts")
        await page.get_by_role("cell", name="市区町村が確認中").wait_for()
        assert await page.get_by_text(ELSEWHERE).count() == 0

    assert faults == []
    assert (report.reason, report.items, report.contact) == ("differs", ("address",), "03-0000-0000")
    assert report.stated is not None
    assert (report.stated.address, report.stated.name) == (ELSEWHERE, None)


async def test_a_clerk_answers_doubts(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await hand_over(chiyoda.database, HANAKO, now=chiyoda.clock(), address=ELSEWHERE)
        await hand_over(chiyoda.database, PROTECTED, now=chiyoda.clock(), address=ELSEWHERE, due_on="2026-11-10")
        await page.goto("/")
        await page.get_by_role("link", name="誤りの通報への回答待ち").click()
        await page.get_by_text("10日超過").wait_for()
        faults = await list_faults(page, "municipal-doubts")

        # Of a protected person neither the record's address nor the organ's is shown.
        await page.goto("/doubts/2")
        faults += await list_faults(page, "municipal-doubt-protected")
        assert await page.get_by_text(ELSEWHERE).count() == 0
        assert await page.get_by_text("神田神保町").count() == 0

        await page.goto("/doubts/1")
        assert await page.get_by_text(ELSEWHERE).count() == 1
        await page.get_by_label("修正した").check()
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults += await list_faults(page, "municipal-doubt-not-corrected")
        await page.get_by_label("調査中").check()
        await page.get_by_label("調査を終える日").fill("令和8年12月15日")
        await page.keyboard.press("F9")
        await page.get_by_text("回答を送りました").wait_for()
        await page.goto("/doubts/1")
        await page.get_by_label("住民票が正しい").check()
        await page.keyboard.press("F9")
        await page.get_by_text("回答を送りました").wait_for()
        await page.goto("/doubts/1")
        answers = await answers_of(chiyoda.database)

    assert faults == []
    assert [(one.outcome, one.expected_on) for one in answers] == [
        ("under_investigation", "2026-12-15"),
        ("record_is_right", None),
    ]
