"""Issuing a document in a real browser: every page of it, for axe-core and at 200 % zoom."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from jukinet.domain.acts.correction import Correction
from jukinet.domain.acts.numbers import CodeChange
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.municipal.usecases.recording import Act
from jukinet.operator_web.accounts import enrol_operator
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.municipality import CHIYODA, HANAKO, PROTECTED, TARO, Municipality, municipality_of

pytestmark = pytest.mark.browser


async def test_what_touches_a_protected_person_is_reviewed(
    open_screens: OpenScreens, embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    office = office_under(tmp_path / "office", CHIYODA)
    async with municipality_of(embedded_database, office=office) as chiyoda, open_screens(chiyoda.app) as page:
        async with chiyoda.database.transaction() as unit:
            await enrol_operator(unit, "chief", "千代田　係長", PASSWORD, now=chiyoda.clock(), by="administrator")
        await page.goto(f"/residents/{PROTECTED}/documents")
        await page.get_by_label("第三者・正当な理由").check()
        await page.get_by_label("請求者の氏名又は名称").fill("試験信用金庫")
        await page.get_by_label("利用の目的").fill("訴状の送達先の確認")
        await page.get_by_label("機関・法人の職員").check()
        await page.get_by_label("窓口に来た人の氏名").fill("試験　一郎")
        await page.get_by_label("本人確認の方法").select_option("photo_document")
        await page.keyboard.press("F9")
        await page.get_by_text("まだ発行していません").wait_for()
        faults = await list_faults(page, "municipal-document-to-review")
        await page.keyboard.press("F9")
        await page.get_by_text("あなたが受け付けた請求です").wait_for()
        review = page.url
        await page.get_by_role("button", name="サインアウト").click()
        await page.locator("#operator_id").fill("chief")
        await page.locator("#password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", level=1).wait_for()
        await page.goto("/reviews")
        faults += await list_faults(page, "municipal-reviews-of-documents")
        await page.goto(review)
        faults += await list_faults(page, "municipal-document-review")
        await page.get_by_role("button", name="交付しない").click()
        await page.get_by_role("alert").wait_for()
        await page.get_by_label("決定の理由").fill("相手方の勤務先である。")
        await page.get_by_label("通知書の送り先").fill("東京都港区芝一丁目1番1号")
        await page.get_by_role("button", name="交付しない").click()
        await page.get_by_role("link", name="不交付決定通知書を開いて印刷する").wait_for()
        faults += await list_faults(page, "municipal-document-refused")

    assert faults == []


async def test_a_copy_is_issued(open_screens: OpenScreens, embedded_database: MakeDatabase, tmp_path: Path) -> None:
    office = office_under(tmp_path / "office", CHIYODA)
    async with municipality_of(embedded_database, office=office) as chiyoda, open_screens(chiyoda.app) as page:
        await page.goto(f"/residents/{HANAKO}")
        await page.get_by_role("link", name="証明書の交付").click()
        faults = await list_faults(page, "municipal-document-form")
        await page.get_by_label("世帯主の氏名と続柄").check()
        await page.get_by_label("任意代理人・使者").check()
        await page.keyboard.press("F9")
        await page.get_by_role("alert").wait_for()
        faults += await list_faults(page, "municipal-document-problems")
        await page.get_by_label("請求者本人", exact=True).check()
        await page.get_by_label("本人確認の方法").select_option("photo_document")
        await page.keyboard.press("F9")
        await page.get_by_text("まだ発行していません").wait_for()
        faults += await list_faults(page, "municipal-document-confirmation")
        await page.keyboard.press("F9")
        await page.get_by_role("link", name="証明書を開いて印刷する").wait_for()
        faults += await list_faults(page, "municipal-document")
        await page.get_by_role("button", name="手数料を受け取り、渡した").click()
        await page.goto("/documents")
        faults += await list_faults(page, "municipal-documents")

    assert faults == []


async def test_notices_are_printed_from_their_lists(
    open_screens: OpenScreens, embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    office = office_under(tmp_path / "office", CHIYODA)
    async with municipality_of(embedded_database, office=office) as chiyoda, open_screens(chiyoda.app) as page:
        await _act_ex_officio(chiyoda)
        await page.goto("/code-notices")
        faults = await list_faults(page, "municipal-code-notices")
        await page.get_by_role("link", name="送付を待つものをまとめて印刷する").click()
        faults += await list_faults(page, "municipal-code-notices-batch")
        await page.goto("/person-notices")
        faults += await list_faults(page, "municipal-person-letters")
        await page.goto("/person-notices/batch")
        faults += await list_faults(page, "municipal-person-letters-batch")

    assert faults == []


async def _act_ex_officio(chiyoda: Municipality) -> None:
    """Give two people another code and correct one record: two sheets and letters wait."""
    act = Act(operator_id="clerk", node=CHIYODA, now=chiyoda.clock())
    today = civil_day(chiyoda.clock())
    asked = Notification(
        notified_on=today,
        notifier=Notifier.SELF,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
        documents=frozenset({SeenDocument.CODE_CHANGE_REQUEST}),
    )
    for number in (HANAKO, TARO):
        await change_resident_record_code(
            change=CodeChange(resident_number=number),
            notification=asked,
            act=act,
            database=chiyoda.database,
            choice=random.Random(number),
        )
    await record_correction(
        correction=Correction(
            procedure=Procedure.EX_OFFICIO_CORRECTION,
            resident_number=HANAKO,
            items={"birth_date": "1985-03-13"},
            arose_on=CivilDate.of(today),
        ),
        notification=Notification.ex_officio(today, documents=frozenset({SeenDocument.INVESTIGATION_REPORT})),
        act=act,
        database=chiyoda.database,
    )
