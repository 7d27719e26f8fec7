"""Issuing a document in a real browser: every page of it, for axe-core and at 200 % zoom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import CHIYODA, HANAKO, municipality_of

pytestmark = pytest.mark.browser


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
