"""A file goes in, results come out: on the lawful ground, everybody on the use log first, once, whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from jukinet.audit.commitments import find_commitment, prove_in_set
from jukinet.domain.errors import PeerRefusedError
from jukinet.domain.rules import Rule
from tests.builders import code, execute, find_value, individual_number, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import Parties, by_number, open_parties, person

PARTS = "SELECT (SELECT count(*) FROM batch.part), (SELECT count(*) FROM batch.staged)"


@pytest.fixture
async def parties(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Parties]:
    async with open_parties(tmp_path, embedded_database) as found:
        yield found


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_every_line_is_answered_and_everybody_found_is_on_the_use_log(parties: Parties) -> None:
    await parties.know(*[person(number) for number in range(1, 6)])
    await parties.know(
        person(2, 2, reason="death", changed_on="2026-03-01"), person(3, 2, reason="move_out", changed_on="2026-03-02")
    )

    results = await parties.results(by_number(1, 2, 3, 4, 99), items=["name", "birth_date", "address", "change"])

    assert [(row["reference"], row["result"], row.get("state")) for row in results] == [
        ("p1", "found", "live"),
        ("p2", "found", "dead"),
        ("p3", "found", "moved_out"),
        ("p4", "found", "live"),
        ("p99", "not_found", None),
    ]
    assert results[0] == {
        "reference": "p1",
        "result": "found",
        "state": "live",
        "name": "試験\u3000葵",
        "birth_date": "1990-05-06",
        "address": "東京都世田谷区太子堂一丁目1番1号",
        "reason": "birth",
        "changed_on": "1990-05-06",
    }
    uses = await parties.uses()
    assert [(use[0], use[1], use[2]) for use in uses] == [(code(number), number, "found") for number in range(1, 5)]
    assert {use[3:6] for use in uses} == {("name,birth_date,address,change", "batch", "給付課")}
    assert "第30条の9" in uses[0][6]


async def test_a_resident_can_prove_to_be_in_the_file_or_not_to_be(parties: Parties) -> None:
    await parties.know(*[person(number) for number in range(1, 4)])

    status = await parties.submit(parties.write(by_number(1, 2)))
    await parties.work()

    async with parties.nation.database.connection() as connection:
        signed = await find_commitment(connection, message_id=status.batch_id, agency="agency/nenkin")
    assert signed is not None
    content = msgspec.json.decode(signed.content)
    assert (content["size"], content["name"]) == (2, f"agency/nenkin {status.batch_id}")
    persons = [code(1), code(2)]
    proofs = [prove_in_set(persons, code(number), name=content["name"], secret=signed.secret) for number in (1, 2, 3)]
    assert [proof["blind"] is not None for proof in proofs] == [True, True, False]


async def test_by_four_items_the_one_who_is_meant_is_found_and_nobody_else_is_shown(parties: Parties) -> None:
    address, moved = "東京都世田谷区太子堂一丁目1番1号", "東京都世田谷区若林二丁目2番2号"
    await parties.know(
        person(1),
        person(2, address="東京都世田谷区太子堂二丁目9番9号"),
        person(3, name="試験\u3000蓮", address="東京都世田谷区太子堂三丁目3番3号"),
        person(4, name="渡邉\u3000舞", kana="ワタナベ\u3000マイ", birth_date="1970-01-02", address=address),
    )
    await parties.know(
        person(4, 2, name="渡邉\u3000舞", kana="ワタナベ\u3000マイ", birth_date="1970-01-02", address=moved,
               reason="relocation", changed_on="2026-03-01")
    )  # fmt: skip

    results = await parties.results(
        [
            f"a,試験\u3000葵,1990-05-06,2,{address}",
            "b,試験 葵,1990-05-06,2,世田谷区太子堂1-1-1 メゾン試験101",
            "c,試験\u3000蓮,1990-05-06,2,東京都世田谷区若林九丁目9番9号",
            f"d,試験\u3000葵,1990-05-07,2,{address}",
            "e,試験\u3000葵,1990-05-06,2,東京都世田谷区若林九丁目9番9号",
            f"f,渡辺\u3000舞,1970-01-02,2,{address}",
            "g,海野\u3000波,1990-05-06,2,東京都世田谷区若林九丁目9番9号",
            f"h,試験\u3000葵,1990-05-06,2,{address.removeprefix('東京都世田谷区')}",
        ],
        key="four_items",
        items=["address"],
    )

    found = {"reference": "a", "result": "found", "address": address}
    assert results == [
        {**found, "name_agreement": "agrees", "address_agreement": "agrees"},
        {**found, "reference": "b", "name_agreement": "agrees_folded", "address_agreement": "agrees_in_part"},
        {"reference": "c", "result": "differs", "name_agreement": "agrees", "address_agreement": "differs"},
        {"reference": "d", "result": "differs", "name_agreement": "agrees", "address_agreement": "agrees"},
        {"reference": "e", "result": "several"},
        {"reference": "f", "result": "found", "address": moved, "name_agreement": "agrees_folded",
         "address_agreement": "agrees_formerly"},
        {"reference": "g", "result": "not_found"},
        {"reference": "h", "result": "several"},
    ]  # fmt: skip
    assert [(use[0], use[1], use[3]) for use in await parties.uses()] == [
        (code(1), 1, "address"),
        (code(1), 2, "address"),
        (code(3), 3, "name,birth_date,sex,address"),
        (code(1), 4, "name,birth_date,sex,address"),
        (code(4), 6, "address"),
    ]
    unnamed = "SELECT sum(unnamed) FROM audit.file_use"
    assert await find_value(parties.tiers.databases[parties.nation.name], unnamed) == 3


async def test_a_number_of_two_living_persons_shows_neither_and_of_one_the_living(parties: Parties) -> None:
    await parties.know(*[person(number) for number in range(1, 5)])
    nation = parties.tiers.databases[parties.nation.name]
    same = "UPDATE identification.record SET individual_number = %s WHERE resident_record_code = ANY(%s)"
    await execute(nation, same, [individual_number(1), [code(1), code(2)]])
    await execute(nation, same, [individual_number(3), [code(3), code(4)]])
    await execute(
        nation, "UPDATE identification.record SET is_removed = true WHERE resident_record_code = %s", [code(3)]
    )

    results = await parties.results(by_number(1, 3), items=["change"])

    assert [row["result"] for row in results] == ["several", "found"]
    assert [use[0] for use in await parties.uses()] == [code(4)]


async def test_of_those_unchanged_since_the_day_it_is_told_that_nothing_changed(parties: Parties) -> None:
    await parties.know(person(1), person(2))
    nation = parties.tiers.databases[parties.nation.name]
    await execute(nation, "UPDATE identification.record SET received_at = '2020-01-01'")
    await parties.know(person(2, 2, changed_on="2026-02-01"))

    results = await parties.results(by_number(1, 2), items=["address", "change"], changes_since="2026-01-01")

    assert [(row["result"], "address" in row) for row in results] == [("unchanged", False), ("found", True)]
    assert [use[3] for use in await parties.uses()] == ["change", "address,change"]


@pytest.mark.parametrize("layout", ["fixed_width", "csv", "jsonl"])
async def test_results_come_in_the_layout_of_the_file(parties: Parties, layout: str) -> None:
    await parties.know(person(1))
    line = {
        "fixed_width": f"{'p1':<20}{individual_number(1)}",
        "csv": f"p1,{individual_number(1)}",
        "jsonl": f'{{"reference":"p1","individual_number":"{individual_number(1)}"}}',
    }[layout]

    status = await parties.submit(parties.write([line], layout=layout, items=["sex"]))
    await parties.work()
    results = await parties.fetch(status.batch_id)

    assert len(results) == (2 if layout == "csv" else 1)
    if layout == "jsonl":
        assert results == ['{"line":"1","reference":"p1","result":"found","sex":"2"}']
    if layout == "fixed_width":
        assert len(results[0].encode()) == 2674
        assert results[0][10:40] == f"{'p1':<20}{'found':<10}"


@pytest.mark.invariant("I10")
async def test_names_and_addresses_come_in_juki_characters_where_the_file_has_them(parties: Parties) -> None:
    await parties.know(person(1))

    (row,) = await parties.results(by_number(1), items=["name"], characters="juki")

    assert row["name"].split()[0] == "J+8A66"
    assert "lost_characters" not in row


async def test_bad_lines_refuse_the_file_and_are_listed(parties: Parties) -> None:
    await parties.know(person(1))

    status = await parties.submit(parties.write([*by_number(1), "p2,123456789012", "p3"]))
    await parties.work()
    status = await parties.status(status.batch_id)

    assert (status.state, status.code, status.lines, status.bad_lines) == ("refused", "value.batch.lines", 1, 2)
    assert [(one.line, one.column, one.item, one.code) for one in status.problems] == [
        (2, 2, "individual_number", "value.individual_number.check_digit"),
        (3, 1, "", "value.file.format"),
    ]
    assert await parties.uses() == []
    with pytest.raises(PeerRefusedError, match="not in the state"):
        await parties.fetch(status.batch_id)


async def test_good_lines_go_on_where_the_header_says_so(parties: Parties) -> None:
    await parties.know(person(1), person(3))

    results = await parties.results(
        [*by_number(1), "p2,123456789012", *by_number(3)], keeps_good_lines=True, items=["sex"]
    )

    assert [row["reference"] for row in results] == ["p1", "p3"]
    assert [use[1] for use in await parties.uses()] == [1, 3]


@pytest.mark.invariant("I5")
@pytest.mark.parametrize(
    ("items", "code"),
    [
        ({"affair": "1-41-1"}, "permission.affair_not_listed"),
        ({"key": "resident_record_code"}, "permission.item_not_granted"),
        ({"items": ["resident_record_code"]}, "permission.item_not_granted"),
        ({"items": ["name"], "changes_since": "2026-01-01"}, "permission.item_not_granted"),
        ({"items": ["change"], "changes_since": "2999-01-01"}, "value.date.order"),
        ({"purpose": " "}, "value.missing"),
        ({"office": "\u0007"}, "value.request"),
    ],
)
async def test_what_the_law_does_not_allow_is_refused_before_a_line_is_sent(
    parties: Parties, items: dict[str, object], code: str
) -> None:
    with pytest.raises(PeerRefusedError) as refused:
        await parties.submit(parties.write(by_number(1), **items))

    assert refused.value.peer_code == code
    assert await find_value(parties.tiers.databases[parties.nation.name], "SELECT count(*) FROM batch.part") == 0


async def test_nothing_of_the_lines_is_left_when_the_results_are_there(parties: Parties) -> None:
    await parties.know(person(1))

    await parties.results(by_number(1))

    assert await list_rows(parties.tiers.databases[parties.nation.name], PARTS) == [(0, 0)]
