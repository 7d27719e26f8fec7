"""The pages of nationality, foreign residents, aliases and former surnames: nothing for axe-core to find."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.browser.test_every_page import visit
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.foreign_residents import FOREIGNER, SPOUSE, add_foreigners
from tests.integration.web.municipality import HANAKO, municipality_of

pytestmark = pytest.mark.browser


async def test_the_pages_of_foreign_residents(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with municipality_of(embedded_database) as chiyoda, open_screens(chiyoda.app) as page:
        await add_foreigners(chiyoda)
        faults = await visit(
            page,
            {
                "municipal-expiring-stays": "/expiring-stays",
                "municipal-foreign-resident": "/procedures/foreign_resident",
                "municipal-naturalisation": f"/residents/{FOREIGNER}/naturalisation",
                "municipal-loss-of-nationality": f"/residents/{HANAKO}/loss_of_nationality",
                "municipal-residence-status-change": f"/residents/{FOREIGNER}/residence_status_change",
                "municipal-foreign-relationship-change": f"/residents/{SPOUSE}/foreign_relationship_change",
                "municipal-former-surname-entry": f"/residents/{HANAKO}/former_surname_entry",
                "municipal-alias-entry": f"/residents/{FOREIGNER}/alias_entry",
            },
        )
        await page.get_by_label("通称", exact=False).first.fill("試験 太郎")
        await page.get_by_label("通称の振り仮名").fill("しけん たろう")
        await page.get_by_label("写真付きの公的書類（1点）").check()
        await page.get_by_label("通称が通用していることを証する資料").check()
        await page.get_by_role("button", name="登録内容を確かめる").click()
        faults += await list_faults(page, "municipal-alias-confirmation")
        await page.get_by_role("button", name="登録する").click()
        faults += await visit(
            page,
            {
                "municipal-foreigner": f"/residents/{FOREIGNER}",
                "municipal-alias-removal": f"/residents/{FOREIGNER}/alias_removal",
            },
        )

    assert faults == []
