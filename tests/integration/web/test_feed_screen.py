"""An official sees whom the organ follows and what changed lately; that it was looked at is on the log."""

from __future__ import annotations

from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.agency import agency_of
from tests.integration.web.browsing import person_at
from tests.integration.web.followed import follow_people
from tests.integration.web.servers import nation_of


async def test_the_newest_changes_and_the_subscriptions_are_shown(embedded_database: MakeDatabase) -> None:
    async with (
        nation_of(embedded_database) as nation,
        agency_of(embedded_database, nation.database) as agency,
        person_at(agency.app) as official,
    ):
        await official.sign_in()
        await official.open("/feed")
        nothing = official.text
        await follow_people(agency)
        await official.open("/feed")
        shown = official.text
        async with agency.database.transaction() as unit:
            await unit.execute("UPDATE feed.position SET missed_after = 4, missed_until = 9")
        await official.open("/feed")

        assert "届いた変更はありません" in nothing
        for told in ("転入・転居", "東京都千代田区一番町２番地３", "受給者-0002", "死亡", "令和8年3月28日", "5,000"):
            assert told in shown
        assert shown.index("受給者-0003") < shown.index("受給者-0001")
        assert "終了" in shown
        assert "5番から9番まで" in official.text
        events = await agency.rows("SELECT detail FROM audit.event WHERE event = 'feed:viewed'")
        assert events == [({"count": 3},), ({"count": 3},)]
