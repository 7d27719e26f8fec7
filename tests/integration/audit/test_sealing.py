"""What was committed is sealed, all of it and once, and every person can prove to see all of his or her own (I11)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from jukinet.audit.commitments import commit_set, find_commitment, make_set_proof_file, record_commitment
from jukinet.audit.events import AuditEvent
from jukinet.audit.heads import countersign, find_newest_head, record_witnessing
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.sealing import HEAD_LIFE
from jukinet.audit.store import list_events
from jukinet.audit.use_store import NEWEST, count_logged_uses, list_logged_uses, release_use
from jukinet.domain.errors import NotSealedYetError, ProofRefusedError
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database, open_database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import NATIONAL
from tests.builders import NOW, TOKYO, code, execute, find_value, list_rows, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import (
    add_use,
    add_withheld_use,
    check,
    create_authority,
    file_of,
    national,
    network,
    seal_now,
)

TERM = date(2026, 10, 1)
AFTER_TERM = NOW + timedelta(days=200)


@pytest.fixture
async def node(fresh_database: MakeDatabase) -> NodeDatabase:
    return await fresh_database(MIGRATIONS)


@pytest.fixture
async def database(node: NodeDatabase) -> AsyncIterator[Database]:
    async with opened(node) as found:
        yield found


async def add_uses(database: Database, *uses: tuple[int, int | None]) -> None:
    async with database.transaction() as unit:
        for number, person in uses:
            await add_use(unit, number, person)


@pytest.mark.invariant("I11")
async def test_each_person_proves_to_see_all_entries_and_one_without_any_proves_that(database: Database) -> None:
    draw = random.Random(7)
    uses = [(number, draw.choice([1, 2, 3, *range(4, 60), None])) for number in range(700)]
    for start in range(0, 700, 90):
        await add_uses(database, *uses[start : start + 90])
        await seal_now(database, now=NOW + timedelta(seconds=start))

    for person in (1, 2, 3, 17, 59):
        found = check(await file_of(database, person))
        expected = [message_id(number) for number, whose in uses if whose == person]
        assert [use.content["message_id"] for use in found.uses] == expected
        assert found.at == NOW + timedelta(seconds=630)
        assert found.resident_record_code == code(person)
    assert check(await file_of(database, 99)).uses == ()


@pytest.mark.invariant("I11")
async def test_an_entry_says_in_plain_japanese_what_was_given_to_whom_on_what_ground(database: Database) -> None:
    await add_uses(database, (1, 1))
    await seal_now(database)

    (use,) = check(await file_of(database, 1)).uses

    assert use.wording == {
        "affair": use.wording["affair"],
        "ground": use.wording["ground"],
        "items": "氏名、生年月日、性別、住所、変更情報",
        "method": "即時提供（一人ずつの照会）",
        "organ": "日本年金機構",
    }
    assert "厚生年金保険法" in use.wording["ground"] or "別表第1" in use.wording["ground"]
    assert "official" not in use.content


@pytest.mark.invariant("I11")
async def test_an_entry_whose_transaction_ends_late_is_sealed_when_it_does(
    node: NodeDatabase, database: Database
) -> None:
    other = await open_database(node.app)
    try:
        async with other.transaction() as slow:
            await add_use(slow, 1)
            await add_uses(database, (2, 1), (3, 2))
            await seal_now(database)
            early = check(await file_of(database, 1))
        await add_uses(database, (4, 1))
        await seal_now(database)
    finally:
        await other.close()

    late = check(await file_of(database, 1))
    assert [use.content["message_id"] for use in early.uses] == [message_id(2)]
    assert [use.content["message_id"] for use in late.uses] == [message_id(2), message_id(1), message_id(4)]


@pytest.mark.invariant("I11")
async def test_many_writers_at_once_and_nothing_is_passed_over_or_sealed_twice(database: Database) -> None:
    draw = random.Random(11)

    async def write(worker: int) -> None:
        for number in range(25):
            async with database.transaction() as unit:
                for place in range(draw.randint(1, 4)):
                    await add_use(unit, worker * 1000 + number * 10 + place, draw.randint(1, 9))
                await unit.execute("SELECT pg_sleep(%s)", [draw.random() / 100])
                if draw.random() < 0.1:
                    await unit.execute("ROLLBACK AND CHAIN")

    async def keep_sealing() -> None:
        while True:
            await seal_now(database)

    sealing = asyncio.create_task(keep_sealing())
    await asyncio.gather(*[write(worker) for worker in range(6)])
    sealing.cancel()
    await asyncio.gather(sealing, return_exceptions=True)
    await seal_now(database)

    async with database.connection() as unit:
        rows = await (
            await unit.execute(
                "SELECT (SELECT count(*) FROM audit.use_log), count(*), count(DISTINCT leaf_index), max(leaf_index) + 1"
                " FROM audit.leaf"
            )
        ).fetchone()
        per_person = await (
            await unit.execute(
                "SELECT resident_record_code, array_agg(message_id) FROM audit.use_log GROUP BY resident_record_code"
            )
        ).fetchall()
    assert rows is not None
    assert len(set(rows)) == 1
    for person, messages in per_person:
        number = next(one for one in range(1, 10) if code(one) == person)
        found = check(await file_of(database, number))
        assert {use.content["message_id"] for use in found.uses} == set(messages)


async def test_a_log_restored_on_another_server_is_sealed_to_the_last_entry(
    node: NodeDatabase, database: Database
) -> None:
    await add_uses(database, (1, 1), (2, 1))
    await seal_now(database)
    await add_uses(database, (3, 1))
    # What a restored copy looks like: its transactions have numbers that the new server has not reached.
    await execute(node, "UPDATE audit.use_log SET recorded_in = '9000000000'::xid8")
    await execute(node, "UPDATE audit.head SET horizon = '9000000001:9000000001:'")

    await seal_now(database)
    await add_uses(database, (4, 1))
    await seal_now(database)

    found = check(await file_of(database, 1))
    assert [use.content["message_id"] for use in found.uses] == [message_id(number) for number in (1, 2, 3, 4)]


async def test_with_nothing_new_no_head_is_signed_until_the_last_one_is_old(database: Database) -> None:
    first = await seal_now(database)
    again = await seal_now(database, now=NOW + HEAD_LIFE / 2)
    later = await seal_now(database, now=NOW + HEAD_LIFE)

    assert first is not None
    assert again is None
    assert later is not None
    assert (first.tree_size, later.tree_size, later.number) == (0, 0, 2)
    assert check(await file_of(database, 1)).uses == ()


async def test_before_the_first_sealing_there_is_nothing_to_prove(database: Database) -> None:
    with pytest.raises(NotSealedYetError):
        await make_proof_file(database, code(1), log=NATIONAL.text, now=NOW)


@pytest.mark.invariant("I11")
async def test_an_investigation_is_hidden_until_its_term_and_then_proved_to_have_been_committed(
    database: Database,
) -> None:
    async with database.transaction() as unit:
        await add_use(unit, 1)
        await add_withheld_use(unit, 2, 1, reason="investigation", until=TERM)
    await seal_now(database)
    await add_uses(database, (3, 1), (4, 5))
    await seal_now(database, now=NOW + timedelta(hours=1))
    async with database.connection() as unit:
        page = await list_logged_uses(unit, code(1), before=NEWEST, limit=10)
        count = await count_logged_uses(unit, code(1))
    before = check(await file_of(database, 1))
    early = await release_as_two(database, 2, agency="agency/gaimu")
    await seal_now(database, now=AFTER_TERM)
    after_file = await file_of(database, 1, now=AFTER_TERM)
    after = check(after_file)

    assert [use.message_id for use, _ in page] == [message_id(3), message_id(1)]
    assert count == 2
    assert b"gaimu" not in await file_of(database, 5)
    assert [use.content["message_id"] for use in before.uses] == [message_id(1), message_id(3)]
    assert early is False, "an investigation has a term and no other way out"
    assert [use.content["message_id"] for use in after.uses] == [message_id(1), message_id(3), message_id(2)]
    assert after.uses[2].committed_at == NOW.isoformat()
    assert after.uses[2].revealed_at == AFTER_TERM.isoformat()
    assert after.uses[2].wording["ground"] == "刑事訴訟法第197条第2項"


async def release_as_two(database: Database, number: int, *, agency: str) -> bool:
    async with database.transaction() as unit:
        return await release_use(
            unit,
            (message_id(number), agency, 0),
            ground="戸籍謄本（死亡の記載）",
            operator="operator-1",
            approved_by="operator-2",
            now=NOW,
        )


@pytest.mark.invariant("I11")
async def test_what_would_betray_a_third_party_is_shown_when_two_people_state_the_condition(
    database: Database,
) -> None:
    async with database.transaction() as unit:
        await add_withheld_use(unit, 1, 1, reason="third_party", until=None)
    await seal_now(database)
    before = check(await file_of(database, 1))

    was_released = await release_as_two(database, 1, agency="agency/gaimu")
    await seal_now(database, now=NOW + timedelta(days=30))

    after = check(await file_of(database, 1))
    assert before.uses == ()
    assert was_released
    async with database.connection() as unit:
        (event,) = await list_events(unit, limit=5, event=AuditEvent.USE_RELEASED)
    assert (event[3], event[5]["approved_by"]) == ("operator-1", "operator-2")
    assert [use.committed_at for use in after.uses] == [NOW.isoformat()]


@pytest.mark.invariant("I11")
async def test_a_file_s_set_of_persons_is_signed_and_stands_in_the_log(database: Database) -> None:
    persons = [code(number) for number in range(500)]
    secret = bytes(range(32))
    name = f"agency/nenkin {message_id(9)}"
    async with database.transaction() as unit:
        await record_commitment(
            unit,
            commit_set(persons, name=name, secret=secret),
            message_id=message_id(9),
            agency="agency/nenkin",
            secret=secret,
            now=NOW,
            sign=national().sign,
            certificate=national().certificates,
        )
    head = await seal_now(database)

    async with database.connection() as unit:
        signed = await find_commitment(unit, message_id=message_id(9), agency="agency/nenkin")
    assert head is not None
    assert head.tree_size == 1
    assert signed is not None
    inside = check(make_set_proof_file(persons, code(7), signed))
    outside = check(make_set_proof_file(persons, code(700), signed))
    assert (inside.is_member, outside.is_member) == (True, False)
    with pytest.raises(ProofRefusedError):
        check(make_set_proof_file(persons[:7] + persons[8:], code(7), signed))


async def test_another_node_may_countersign_a_head_and_the_file_names_it(database: Database) -> None:
    await add_uses(database, (1, 1))
    await seal_now(database)
    async with database.transaction() as unit:
        head = await find_newest_head(unit)
        assert head is not None
        await record_witnessing(unit, head, countersign(head.text, witness=network().signer(TOKYO), now=NOW))
    trusted = check(await file_of(database, 1))
    async with database.transaction() as unit:
        stranger = create_authority().signer(TOKYO)
        await add_use(unit, 2)
    await seal_now(database, now=NOW + timedelta(hours=1))
    async with database.transaction() as unit:
        head = await find_newest_head(unit)
        assert head is not None
        await record_witnessing(unit, head, countersign(head.text, witness=stranger, now=NOW))

    assert trusted.witnesses == (TOKYO.text,)
    with pytest.raises(ProofRefusedError):
        check(await file_of(database, 1))


@pytest.mark.invariant("I11")
@pytest.mark.parametrize("table", ["leaf", "head", "log_page", "wording", "released_use", "witness", "set_commitment"])
async def test_the_node_itself_cannot_change_what_was_sealed(
    node: NodeDatabase, database: Database, table: str
) -> None:
    del database
    rights = await list_rows(
        node,
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'audit' AND table_name = %s AND grantee LIKE '%%_app'",
        [table],
    )

    assert {right for (right,) in rights} == {"SELECT", "INSERT"}
    assert await find_value(node, "SELECT count(*) FROM audit.head") == 0
