"""A prefecture's official and a municipality's clerk ask over their own nodes, on the screens that organs have."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from playwright.async_api import Page

from jukinet.identification.web.desk import ServerDesk
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.screens import make_screens as make_municipal_screens
from jukinet.operator_web.accounts import enrol_operator
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.prefectural.web.screens import make_screens as make_prefectural_screens
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.browser.conftest import OpenScreens
from tests.browser.looking import list_faults
from tests.builders import SETAGAYA, TOKYO
from tests.fixtures_postgres import MakeDatabase
from tests.integration.local_provision.parties import OF_NAGANO, OF_TOKYO, LocalParties, opened_local_parties
from tests.integration.web.browsing import PASSWORD

pytestmark = pytest.mark.browser


def asking_desk(parties: LocalParties, asker: NodeName) -> AskingDesk:
    async def ask(query: ConfirmationQuery) -> ConfirmationAnswer:
        return await parties.ask_with(asker, query)

    async def list_affairs() -> GrantsAnswer:
        return await parties.grants.list_of(asker)

    return AskingDesk(organ="東京都", ask=ask, list_affairs=list_affairs, path="/asking")


async def fill(page: Page, code: str) -> None:
    await page.locator("#resident_record_code").fill(code)
    await page.get_by_label("利用事由").fill("申請の審査")
    await page.get_by_label("依頼管理番号").fill("都-1")
    await page.keyboard.press("F9")


async def test_officials_of_local_governments_ask(open_screens: OpenScreens, embedded_database: MakeDatabase) -> None:
    async with opened_local_parties(embedded_database) as parties:
        for name in (TOKYO, SETAGAYA):
            async with parties.databases[name].transaction() as unit:
                await enrol_operator(unit, "clerk", "係員", PASSWORD, now=parties.now, by="administrator")
        server = ServerDesk(
            name=TOKYO,
            database=parties.databases[TOKYO],
            clock=lambda: parties.now,
            forwarding=FORWARDING,
            require_competent=require_competent,
        )
        asking = asking_desk(parties, TOKYO)
        async with open_screens(make_prefectural_screens(server, asking)) as page:
            await page.goto("/asking?affair=consent-5")
            faults = await list_faults(page, "prefectural-asking-consent")
            await fill(page, OF_TOKYO)
            await page.get_by_role("alert").wait_for()
            await page.get_by_label("本人の同意の年月日").fill("令和8年3月1日")
            await page.keyboard.press("F9")
            await page.get_by_text("生存（消除されていません）").wait_for()
            await page.goto("/uses")
            await page.get_by_label("住民票コード").fill(OF_TOKYO)
            await page.get_by_role("button", name="照会する").click()
            await page.get_by_text("本人の同意", exact=False).first.wait_for()
            await page.goto("/statistics")
            await page.get_by_label("何のための統計か").fill("保健医療計画の基礎資料")
            await page.get_by_label("整理番号").fill("統計-1")
            await page.keyboard.press("F9")
            await page.get_by_role("cell", name="x").first.wait_for()
            faults += await list_faults(page, "prefectural-statistics")
        desk = Desk(
            name=SETAGAYA,
            database=parties.databases[SETAGAYA],
            clock=lambda: parties.now,
            choice=random.Random(1),
            asking=replace(asking_desk(parties, SETAGAYA), organ="東京都世田谷区"),
        )
        async with open_screens(make_municipal_screens(desk)) as page:
            await page.goto("/asking")
            await page.get_by_role("link", name="4-1-1", exact=True).click()
            await fill(page, OF_NAGANO)
            await page.get_by_text("生存（消除されていません）").wait_for()
            # There is no page of the organ's own queries here, and no link to one.
            assert await page.get_by_role("link", name="この事案の照会の記録").count() == 0
        uses = [*await parties.uses(TOKYO), *await parties.uses(NATIONAL)]

    assert faults == []
    assert [row[0] for row in uses] == [TOKYO.text, SETAGAYA.text]
