"""The entries of a file stand on the use log together; each person still finds and proves his or her own (I11)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from jukinet.audit.use_page import list_uses_page
from jukinet.audit.use_store import NEWEST, count_logged_uses, list_logged_uses
from jukinet.audit.wording import Describer, UseWriter, write_use
from jukinet.domain.errors import ProofRefusedError
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import NOW, ORGANS, code, execute, list_rows, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_portion, add_use, check, file_of, seal_now

TABLES = ("file_use", "file_use_page", "sealed_file_use", "file_leaf")


@pytest.fixture
async def node(fresh_database: MakeDatabase) -> NodeDatabase:
    return await fresh_database(MIGRATIONS)


@pytest.fixture
async def database(node: NodeDatabase) -> AsyncIterator[Database]:
    async with opened(node) as found:
        yield found


async def list_places(database: Database, person: int) -> list[tuple[str, int, str, int | None]]:
    async with database.connection() as unit:
        rows = await list_logged_uses(unit, code(person), before=NEWEST, limit=1000)
        assert await count_logged_uses(unit, code(person)) == len(rows)
    return [(use.message_id, use.place, use.items, ordinal) for use, ordinal in rows]


@pytest.mark.invariant("I11")
async def test_a_person_finds_the_use_of_a_file_at_once_and_the_same_when_it_is_sealed(database: Database) -> None:
    async with database.transaction() as unit:
        await add_use(unit, 1, 7)
        await add_portion(unit, 2, [5, 7, 6, 9, 8, 7, 4], pages=2)
        await add_portion(unit, 2, [11, 7], portion=1)

    before = await list_places(database, 7)
    await seal_now(database)
    after = await list_places(database, 7)

    assert [row[:3] for row in before] == [
        (message_id(2), 1002, "change"),
        (message_id(2), 6, "name,birth_date,sex,address"),
        (message_id(2), 2, "change"),
        (message_id(1), 0, "name,birth_date,sex,address,change"),
    ]
    assert [row[3] for row in before] == [None] * 4
    assert [row[:3] for row in after] == [row[:3] for row in before]
    assert [row[3] for row in after] == [4, 3, 2, 1]
    assert await list_places(database, 3) == []


@pytest.mark.invariant("I11")
async def test_pages_of_uses_leave_out_none_and_show_none_twice_whichever_way_they_are_kept(database: Database) -> None:
    draw = random.Random(3)
    async with database.transaction() as unit:
        for number in range(40):
            if draw.random() < 0.5:
                await add_use(unit, number, 1)
            else:
                await add_portion(unit, number, [1, 2, 1])
        await seal_now(database)
    async with database.transaction() as unit:
        await add_portion(unit, 41, [1, 3])
        await add_use(unit, 42, 1)

    seen: list[tuple[str, str | None]] = []
    async with database.connection() as unit:
        page = await list_uses_page(unit, code(1), describer=Describer(ORGANS), limit=7)
        seen += [(use.wording.method, use.matter_number) for use in page.uses]
        while page.after is not None:
            page = await list_uses_page(unit, code(1), describer=Describer(ORGANS), limit=7, after=page.after)
            seen += [(use.wording.method, use.matter_number) for use in page.uses]
        total = page.total

    assert len(seen) == total
    assert seen[0][1] == "年金-42"
    assert seen[1][0] == "一括提供（ファイルによる照会）"


@pytest.mark.invariant("I11")
async def test_entries_of_files_are_proved_with_the_others_and_each_once(database: Database) -> None:
    draw = random.Random(5)
    expected: dict[int, list[tuple[str, int]]] = {}
    for number in range(30):
        people = [draw.randint(1, 20) for _ in range(draw.randint(1, 12))]
        async with database.transaction() as unit:
            if number % 3 == 0:
                await add_use(unit, number, people[0])
                expected.setdefault(people[0], []).append((message_id(number), 0))
            else:
                await add_portion(unit, number, people)
                for line, person in sorted(enumerate(people, start=1), key=lambda pair: (code(pair[1]), pair[0])):
                    expected.setdefault(person, []).append((message_id(number), line))
        if number % 4 == 0:
            await seal_now(database)
    await seal_now(database)

    for person in range(1, 22):
        found = check(await file_of(database, person))
        proved = [(use.content["message_id"], use.content["place"]) for use in found.uses]
        # Within one sealing, entries that stand by themselves go before those of files.
        assert sorted(proved) == sorted(expected.get(person, []))
    (use, *_) = [use for use in check(await file_of(database, 1)).uses if use.content["method"] == "batch"]
    assert use.wording["ground"] == "住民基本台帳法第30条の9"
    assert use.content["purpose"] == '年金の"支給"'


@pytest.mark.parametrize("statement", [
    "UPDATE audit.file_use SET purpose = '別の事由'",
    "UPDATE audit.file_use SET items = '{name,name,name,name}'",
    "UPDATE audit.file_leaf SET ordinal = ordinal + 1",
    "UPDATE audit.file_leaf SET kind = kind + 1",
    "UPDATE audit.file_leaf SET place = place + 1",
    "UPDATE audit.file_leaf SET leaf_index = leaf_index + 1",
    "DELETE FROM audit.file_leaf WHERE place = 2",
    "UPDATE audit.sealed_file_use SET secret = repeat('x', 32)::bytea",
])  # fmt: skip
@pytest.mark.invariant("I11")
async def test_what_the_owner_of_the_database_changed_of_a_file_shows_in_the_next_proof(
    embedded_database: MakeDatabase, statement: str
) -> None:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        async with database.transaction() as unit:
            await add_portion(unit, 1, [4, 1, 3])
            await add_use(unit, 2, 1)
        await seal_now(database)
        assert len(check(await file_of(database, 1)).uses) == 2
        await execute(node, statement)

        with pytest.raises(ProofRefusedError):
            check(await file_of(database, 1))


async def test_a_file_whose_transaction_ends_late_or_on_a_restored_server_is_sealed_once(
    node: NodeDatabase, database: Database
) -> None:
    async with database.transaction() as slow:
        await add_portion(slow, 1, [1, 2])
        async with database.transaction() as unit:
            await add_use(unit, 2, 1)
        await seal_now(database)
    await seal_now(database)
    await execute(node, "UPDATE audit.use_log SET recorded_in = '9000000000'::xid8")
    await execute(node, "UPDATE audit.file_use SET recorded_in = '9000000000'::xid8")
    await execute(node, "UPDATE audit.head SET horizon = '9000000001:9000000001:'")
    async with database.transaction() as unit:
        await add_portion(unit, 3, [1])
    before = await list_places(database, 1)

    await seal_now(database)
    await seal_now(database)

    assert [row[0] for row in before] == [message_id(number) for number in (3, 2, 1)]
    found = check(await file_of(database, 1))
    assert [use.content["message_id"] for use in found.uses] == [message_id(number) for number in (2, 1, 3)]


async def test_the_counts_of_uses_are_those_of_the_entries(node: NodeDatabase, database: Database) -> None:
    async with database.transaction() as unit:
        await add_use(unit, 1, 1)
        await add_portion(unit, 2, [1, 2, 3, 4])

    grouped = " AS count FROM {} GROUP BY method, result, items ORDER BY 1, 2, 3"
    each = await list_rows(node, "SELECT method, result, items, count(*)" + grouped.format("audit.every_use"))
    counted = await list_rows(node, "SELECT method, result, items, sum(entries)" + grouped.format("audit.counted_use"))

    assert each == counted
    assert sum(row[3] for row in each) == 5


@pytest.mark.invariant("I11")
async def test_the_node_itself_cannot_change_entries_of_files(node: NodeDatabase, database: Database) -> None:
    async with database.transaction() as unit:
        await add_portion(unit, 1, [1])
    rights = await list_rows(
        node,
        "SELECT table_name::text, array_agg(privilege_type::text ORDER BY privilege_type::text)"
        "  FROM information_schema.role_table_grants"
        " WHERE table_schema = 'audit' AND table_name = ANY(%s) AND grantee LIKE '%%_app'"
        " GROUP BY table_name",
        [list(TABLES)],
    )

    assert dict(rights) == {table: ["INSERT", "SELECT"] for table in TABLES}


async def test_many_entries_are_written_to_the_letter_as_one_is(database: Database) -> None:
    async with database.transaction() as unit:
        await add_portion(unit, 1, [7])
        ((use, _),) = await list_logged_uses(unit, code(7), before=NEWEST, limit=5)
    salt = bytes(range(32))

    text = UseWriter.of(replace(use, place=0, resident_record_code=None), b"\x07" * 32).write(
        code(7), place=use.place, ordinal=3, salt=salt
    )

    assert text == write_use(use, ordinal=3, wording=b"\x07" * 32, salt=salt)
    assert use.used_at == NOW
