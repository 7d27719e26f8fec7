"""What an operator does about the connection: on the page, and on the command line."""

from __future__ import annotations

import random
from pathlib import Path

from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.screens import make_connected_screens
from jukinet.operator_web.accounts import enrol_operator
from jukinet.protocol.node_names import prefecture_of
from tests.builders import NOW, SETAGAYA, find_value, opened
from tests.builders_resident_system import change, moved, submit
from tests.fixtures_postgres import MakeDatabase
from tests.integration.cli.offices import Terminal
from tests.integration.resident_system.tiers import Tiers, running_tiers
from tests.integration.web.browsing import PASSWORD, person_at

QUEUED = "SELECT coalesce(sum(notice_count), 0) FROM delivery.outbox"


async def test_an_operator_keeps_releases_supplements_and_dismisses_on_the_page(
    embedded_database: MakeDatabase,
) -> None:
    made = await embedded_database(MIGRATIONS)
    async with opened(made) as database:
        async with database.transaction() as unit:
            await enrol_operator(unit, "clerk", "窓口 花子", PASSWORD, now=NOW, by="test")
        desk = Desk(name=SETAGAYA, database=database, clock=lambda: NOW, choice=random.Random(1), client=None)
        async with person_at(make_connected_screens(desk)) as clerk:
            await clerk.sign_in()
            await clerk.send("/mode", mode="manual")
            assert "手動連携に切り替えました" in clerk.text
            await submit(database, change(1), change(2, 2, kana="Shiken"), change(3, 3, sex="?"), moved(4, 3, 3))
            await clerk.open("/")
            assert clerk.text.count("送信する") >= 1
            assert "ふりがな" in clerk.text
            assert "試験" not in clerk.text

            await clerk.send("/records", record_id="r-1", step="release")
            assert await find_value(made, QUEUED) == 1
            await clerk.send("/records", record_id="r-2", step="supplement", item="kana", value="しけん")
            await clerk.send("/records", record_id="r-3", step="dismiss")
            await clerk.send("/mode", mode="automatic")
            assert "自動連携に戻し" in clerk.text
            await clerk.send("/records", record_id="r-9", step="dismiss")
            assert "処置待ちにありません" in clerk.text
            for path in ("/residents", "/procedures/birth", "/residents/1/birth"):
                assert (await clerk.open(path)).status_code == 404
            assert (await clerk.open("/deliveries")).status_code == 200
    assert await find_value(made, QUEUED) == 2


async def test_the_command_line_does_the_same(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    terminal = Terminal()
    async with running_tiers(tmp_path, embedded_database) as tiers:
        own = ["--config", str(tiers.config(SETAGAYA))]
        by = ["--operator", "clerk", *own]
        system = ["municipal", "resident-system"]
        await terminal.rows(*system, "mode", "manual", *by)
        await submit(tiers.nodes[SETAGAYA].database, change(1), change(2, 2, kana="Shiken"), change(3, 3))
        (status,) = await terminal.rows(*system, "status", *own)
        assert (status["mode"], status["kept"], status["refused"]) == ("manual", 2, 1)
        rows = await terminal.rows(*system, "records", *own)
        assert [(row["record_id"], row["state"], row["field"]) for row in rows] == [
            ("r-1", "kept", None),
            ("r-2", "refused", "kana"),
            ("r-3", "kept", None),
        ]
        (released,) = await terminal.rows(*system, "release", "r-1", *by)
        (supplemented,) = await terminal.rows(*system, "supplement", "r-2", "kana=しけん", *by)
        assert (released["state"], supplemented["state"]) == ("accepted", "kept")
        (mode,) = await terminal.rows(*system, "mode", "automatic", *by)
        assert mode["released"] == 2
        await terminal.rows(*system, "resend", "A0001", *by)
        assert await tiers.until_equal(3)
        (found,) = await terminal.rows(*system, "check", *by)
        assert (found["residents"], found["differences"]) == (3, 0)
        death = ["record-death", "1", "--died-on", "2026-01-01", *by]
        assert "permission.register_elsewhere" in await terminal.refusal("municipal", *death)


async def test_a_node_that_keeps_the_register_itself_listens_to_no_resident_system(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    tiers = Tiers(tmp_path, embedded_database)
    config = await tiers.add(SETAGAYA, connected=False)
    refusal = await Terminal().refusal("municipal", "resident-system", "status", "--config", str(config))

    assert "permission.resident_system" in refusal
    assert prefecture_of(SETAGAYA) in tiers.ports
