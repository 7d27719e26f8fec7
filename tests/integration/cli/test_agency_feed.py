"""`jukinet agency feed` against running nodes: people are followed, changes listed again and again, people hidden."""

from __future__ import annotations

from pathlib import Path

from tests.builders import PENSION, PENSION_AFFAIR, individual_number
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import running_offices
from tests.integration.agency.test_feed_api import move
from tests.integration.cli.offices import Terminal

GROUND = ("--affair", PENSION_AFFAIR, "--purpose", "年金の支給", "--matter", "年金-1", "--official", "a1234")


async def test_an_official_follows_people_of_a_list_and_sees_what_changed(
    tmp_path: Path, embedded_database: MakeDatabase
) -> None:
    terminal, listed, broken = Terminal(), tmp_path / "people.csv", tmp_path / "broken.csv"
    listed.write_text(f"受給者-1,{individual_number(1)}\n受給者-9,{individual_number(9)}\n", "utf-8")
    broken.write_text("受給者-1\n", "utf-8")
    async with running_offices(tmp_path, embedded_database) as offices:
        at = ("--config", str(offices.network.directory / "nodes" / PENSION.text.replace("/", "-") / "node.toml"))
        items = ("--item", "address", "--item", "change", "--days", "30")

        (begun,) = await terminal.rows("agency", "feed", "subscribe", *at, *GROUND, *items, str(listed))
        await move(offices, 2)
        (read,) = await terminal.rows("agency", "feed", "read", *at)
        (hidden,) = await terminal.rows("agency", "feed", "events", *at)
        (shown,) = await terminal.rows("agency", "feed", "events", *at, "--after", "0", "--show")
        none = await terminal.rows("agency", "feed", "events", *at, "--after", "1")
        (kept,) = await terminal.rows("agency", "feed", "list", *at)
        ended = await terminal.rows("agency", "feed", "unfollow", *at, begun["subscription_id"], "--official", "a1234")
        refusal = await terminal.refusal("agency", "feed", "subscribe", *at, *GROUND, *items, str(broken))

    assert (begun["following"], begun["not_found"]) == (1, "受給者-9")
    assert read["newest"] == 1
    assert (hidden["sequence"], hidden["reference"], hidden["kind"]) == (1, "受給者-1", "move")
    assert (hidden["address"], hidden["reason"]) == ("***", "relocation")
    assert shown["address"] == "東京都世田谷区太子堂二丁目2番1号"
    assert none == []
    assert (kept["people"], kept["is_ended"]) == (1, False)
    assert ended[0]["people"] == 1
    assert "[value.file.format]" in refusal
