"""`jukinet agency` against running nodes: it tells how the record stands, and hides the person unless told to show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders import PASSPORT_AFFAIR, PENSION, PENSION_AFFAIR, code
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import HANAKO, Offices, running_offices
from tests.integration.cli.offices import Terminal

GROUND = ("--affair", PENSION_AFFAIR, "--purpose", "年金の支給", "--matter", "年金-1", "--official", "a1234")


@pytest.fixture
async def offices(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Offices]:
    async with running_offices(tmp_path, embedded_database) as running:
        yield running


async def test_an_official_asks_searches_and_verifies_from_the_command_line(offices: Offices) -> None:
    terminal = Terminal()
    config = str(offices.network.directory / "nodes" / PENSION.text.replace("/", "-") / "node.toml")
    at = ("--config", config)

    (least,) = await terminal.rows("agency", "ask", *at, *GROUND, "--code", code(2))
    (hidden,) = await terminal.rows("agency", "ask", *at, *GROUND, "--code", code(1), "--item", "name")
    (shown,) = await terminal.rows(
        "agency", "search", *at, *GROUND, "--name", "渡辺花子", "--birth-date", "1990-05-06", "--item", "name", "--show"
    )
    (compared,) = await terminal.rows("agency", "verify", *at, *GROUND, "--code", code(1), "--birth-date", "1990-05-07")
    affairs = {row["affair"]: row for row in await terminal.rows("agency", "affairs", *at)}
    refusal = await terminal.refusal("agency", "ask", *at, *GROUND[2:], "--affair", PASSPORT_AFFAIR, "--code", code(1))

    why = ("--reason", "deceased", "--evidence", "statement", "--matter", "年金-1", "--official", "a1234")
    (report,) = await terminal.rows("agency", "doubt", "report", *at, least["use_log_id"], *why)
    (reported,) = await terminal.rows("agency", "doubt", "list", *at)

    assert reported["report_number"] == report["report_number"]
    assert (reported["reason"], reported["matter_number"]) == ("deceased", "年金-1")
    assert (least["state"], least["is_removed"]) == ("dead", True)
    assert "name" not in least
    assert (hidden["result"], hidden["name"]) == ("found", "***")
    assert shown["name"] == HANAKO["name"]
    assert compared["birth_date_agreement"] == "differs"
    assert "individual_number" in affairs[PENSION_AFFAIR]["items"]
    assert PASSPORT_AFFAIR not in affairs
    assert "[peer.refused]" in refusal
    assert [row[0] for row in await offices.uses()] == ["real_time", "real_time", "search", "verification"]
    assert {row[3]["through"] for row in await offices.events() if row[0] == "confirmation:asked"} == {"command"}
