"""`jukinet law` answers without any node, and with a node's approved changes."""

from __future__ import annotations

import json

from jukinet.domain.provision_changes import EndOfAffair
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.usecases.decide_law_change import approve_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from tests.builders import NOW, opened
from tests.integration.cli.offices import Network, Terminal, refusal_of, type_command


def test_every_organ_is_listed_with_its_affairs() -> None:
    rows = [json.loads(line) for line in type_command("law", "organs", "--json").stdout.splitlines()]

    organs = {(row["kind"], row["organ"]): row["affairs"] for row in rows}
    assert organs["organ", "外務省"] == 5
    assert organs["municipality", "市町村長"] > 20
    assert len(rows) == len(organs)


def test_what_an_organ_may_be_given_is_said_with_its_reasons() -> None:
    words = ("law", "may", "1-77-3", "--organ", "日本年金機構", "--date", "2026-04-01")
    (row,) = [json.loads(line) for line in type_command(*words, "--json").stdout.splitlines()]
    text = type_command(*words).stdout

    assert row["is_granted"] is True
    assert row["ground"] == "住民基本台帳法第30条の9、別表第1の77の項（国民年金法）"
    assert row["items"] == "name,birth_date,sex,address,individual_number,change"
    assert row["confidence"] == "assumed"
    assert {one["item"]: one["is_given"] for one in row["why"]}["resident_record_code"] is False
    assert row["ground"] in text
    assert "assumed" in text


def test_a_refusal_says_the_rule_and_ends_with_status_1() -> None:
    result = type_command("law", "may", "1-78-1", "--organ", "厚生労働省", "--date", "平成14年9月29日")

    assert result.exit_code == 1
    assert "2002-09-30" in result.stdout
    assert "[permission.not_in_force.affair_not_yet]" in result.stdout


def test_questions_that_cannot_be_asked_are_refused_in_one_line() -> None:
    assert "permission.affair_not_listed" in refusal_of(type_command("law", "may", "9-9-9", "--organ", "外務省"))
    assert "value.missing" in refusal_of(type_command("law", "may", "1-41-1"))
    assert "value.date" in refusal_of(type_command("law", "days", "--from", "いつか"))
    unknown = refusal_of(type_command("law", "may", "2-8-1", "--municipality", "130001"))
    assert "value.local_government_code.unknown" in unknown


def test_the_days_of_change_are_listed_between_two_days() -> None:
    words = ("law", "days", "--from", "2002-09-01", "--to", "2002-12-31", "--json")
    rows = [json.loads(line) for line in type_command(*words).stdout.splitlines()]

    assert [(row["day"], row["affairs"][0]) for row in rows] == [("2002-09-12", "1-19-1"), ("2002-09-30", "1-78-1")]


async def test_with_a_national_node_its_approved_changes_count(network: Network, terminal: Terminal) -> None:
    config = await network.add("national")
    async with opened(network.databases["national"]) as database:
        keeper = LawKeeper(database)
        number = await propose_law_change(
            act=EndOfAffair(affair="1-41-1"),
            effective_on=NOW.date().replace(year=2031),
            source="告示",
            operator_id="shirai",
            keeper=keeper,
            database=database,
            now=NOW,
        )
        await approve_law_change(
            proposal_number=number, operator_id="kuroki", keeper=keeper, database=database, now=NOW
        )

    words = ("law", "may", "1-41-1", "--organ", "外務省", "--date", "2031-04-01")
    assert (await terminal.result(*words)).exit_code == 0
    result = await terminal.result(*words, "--config", str(config))
    assert result.exit_code == 1
    assert "2031-03-31" in result.stdout
    (row,) = await terminal.rows("law", "days", "--from", "2031-01-01", "--config", str(config))
    assert (row["turn"], row["affairs"], row["source"]) == ("affair_ends", ["1-41-1"], "告示")
