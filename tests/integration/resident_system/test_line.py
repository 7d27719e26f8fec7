"""The line of the resident system: real certificates, real TLS, three real nodes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jukinet.domain.errors import PeerNotPermittedError, PeerRefusedError
from jukinet.domain.record_digest import FIRST_CODE, LAST_CODE, block_digest, record_digest
from jukinet.identification.digest_store import list_blocks
from jukinet.municipal.resident_system.digest_store import list_item_blocks, list_notice_blocks, list_notice_digests
from jukinet.municipal.resident_system.store import keep_copies
from jukinet.municipal.usecases.check_prefecture import check_prefecture
from jukinet.protocol.consistency import ResidentItems
from jukinet.protocol.node_names import NATIONAL, NodeName, prefecture_of
from jukinet.protocol.resident_changes import ChangesStatusRequest, ResendRequest
from tests.builders import ADDRESS, MUSASHINO, SETAGAYA, code, execute, notice, populate, resident
from tests.builders_resident_system import body_of, change, linking, moved, states
from tests.fixtures_postgres import MakeDatabase
from tests.integration.resident_system.tiers import Tiers, running_tiers

_DEADLINE = 30.0


@pytest.fixture
async def tiers(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    async with running_tiers(tmp_path, embedded_database) as running:
        yield running


async def test_records_go_up_to_the_nation_and_all_three_hold_the_same(tiers: Tiers) -> None:
    async with tiers.client() as client:
        answer = await client.send(
            SETAGAYA,
            "resident_changes",
            body_of(change(1, 1), change(2, 2), moved(3, 1), change(4, 3, name="誤\u0000り")),
            deadline=_DEADLINE,
        )
        assert states(answer) == ["accepted", "accepted", "accepted", "refused"]
        assert [result.update_sequence for result in answer.results] == [1, 1, 2, None]
        assert (answer.results[3].code, answer.results[3].field) == ("value.character.repertoire", "name")
        assert "文字目" in answer.results[3].reason
        again = await client.send(SETAGAYA, "resident_changes", body_of(change(1, 1)), deadline=_DEADLINE)
        assert states(again) == ["already_accepted"]
        status = await client.send(SETAGAYA, "resident_changes_status", ChangesStatusRequest(), deadline=_DEADLINE)
        assert (status.mode, status.last_order_number, status.counts) == (
            "automatic",
            4,
            {"applied": 3, "refused": 1},
        )

    assert await tiers.until_equal(2)
    (first, _) = await tiers.rows(NATIONAL)
    assert first[0] == code(1)
    assert first[3] == "しけん\u3000あおい"
    assert first[6] == "1990-05-06"


async def test_nobody_but_the_municipalitys_own_resident_system_is_listened_to(tiers: Tiers) -> None:
    others = [NodeName.parse("resident_system/132039"), MUSASHINO, prefecture_of(SETAGAYA), NATIONAL]
    for name in others:
        async with tiers.client(name) as client:
            with pytest.raises(PeerNotPermittedError):
                await client.send(SETAGAYA, "resident_changes", body_of(change()), deadline=_DEADLINE)


async def test_a_resident_system_may_send_nothing_else_and_to_nobody_else(tiers: Tiers) -> None:
    async with tiers.client() as client:
        for receiver, message in (
            (NATIONAL, "revocation_list_request"),
            (prefecture_of(SETAGAYA), "identification_notice"),
            (NATIONAL, "resident_changes"),
        ):
            with pytest.raises(PeerNotPermittedError):
                await client.send(receiver, message, b"{}", deadline=_DEADLINE)


async def test_a_notice_is_sent_again_with_another_reason_as_a_new_one(tiers: Tiers) -> None:
    async with tiers.client() as client:
        await client.send(SETAGAYA, "resident_changes", body_of(change(1), moved(2, 1)), deadline=_DEADLINE)
        again = ResendRequest(request_id="again-1", resident_number="A0001")
        same = await client.send(SETAGAYA, "resend_request", again, deadline=_DEADLINE)
        other = ResendRequest(request_id="again-2", resident_number="A0001", reason="軽微な修正")
        new = await client.send(SETAGAYA, "resend_request", other, deadline=_DEADLINE)
        repeated = await client.send(SETAGAYA, "resend_request", other, deadline=_DEADLINE)
        with pytest.raises(PeerRefusedError) as refused:
            entry = ResendRequest(request_id="again-3", resident_number="A0001", reason="国内転入")
            await client.send(SETAGAYA, "resend_request", entry, deadline=_DEADLINE)

    assert [(one.update_sequence, one.is_new) for one in (same, new, repeated)] == [(2, False), (3, True), (3, True)]
    assert refused.value.peer_code == "value.change"
    assert await tiers.until_equal(1)
    ((*_, reason, _, _, sequence, _),) = await tiers.rows(NATIONAL)
    assert (reason, sequence) == ("minor_correction", 3)


async def test_what_the_prefecture_lost_or_holds_otherwise_is_found_and_said_again(tiers: Tiers) -> None:
    async with tiers.client() as client:
        records = [change(1, 1), change(2, 2), moved(3, 1), change(4, 3), change(5, 4)]
        await client.send(SETAGAYA, "resident_changes", body_of(*records), deadline=_DEADLINE)
    assert await tiers.until_equal(4)
    prefecture = tiers.databases[prefecture_of(SETAGAYA)]
    await execute(prefecture, "DELETE FROM identification.record WHERE resident_record_code = %s", [code(2)])
    await execute(prefecture, "UPDATE identification.record SET name = 'x' WHERE resident_record_code = %s", [code(3)])

    node = tiers.nodes[SETAGAYA]
    check = linking(now=node.clock())
    found = await check_prefecture(client=node.client, database=node.database, linking=check)

    assert (found.residents, found.blocks, found.differing_blocks, found.differences) == (4, 1, 1, 2)
    assert (found.repaired, found.unrepaired) == (1, (code(3),))
    await execute(
        prefecture,
        "UPDATE identification.record SET name = %s WHERE resident_record_code = %s",
        ["試験\u3000葵", code(3)],
    )
    assert await tiers.until_equal(4)
    again = await check_prefecture(client=node.client, database=node.database, linking=check)
    assert (again.differing_blocks, again.differences, again.repaired) == (0, 0, 0)


async def test_the_resident_system_learns_who_differs_in_which_items_in_both_directions(tiers: Tiers) -> None:
    async with tiers.client() as client:
        records = [change(1, 1), change(2, 2), change(3, 3)]
        await client.send(SETAGAYA, "resident_changes", body_of(*records), deadline=_DEADLINE)
        listed = [items_of(change(1, 1)), items_of(change(2, 2, name="試験\u3000薫", sex="男")), items_of(change(4, 4))]
        digest = block_digest([])
        check = {
            "blocks": [{"first": "0" * 11, "last": "9" * 11, "count": 0, "digest": digest}],
            "listed": [{"first": "0" * 11, "last": "9" * 11, "residents": listed}],
        }
        answer = await client.send(
            SETAGAYA, "resident_consistency_check", msgspec.json.encode(check), deadline=_DEADLINE
        )

    assert answer.differing_blocks == (0,)
    assert {(one.resident_number, one.kind, one.items) for one in answer.differences} == {
        ("A0002", "different", ("name", "sex")),
        ("A0003", "missing_there", ()),
        ("A0004", "missing_here", ()),
    }


async def test_the_digest_of_a_block_is_the_same_in_python_and_in_postgresql(tiers: Tiers) -> None:
    records = [change(1, 1, former_surname="旧姓"), change(2, 2, kana="", postal_code=None), moved(3, 1)]
    async with tiers.client() as client:
        await client.send(SETAGAYA, "resident_changes", body_of(*records), deadline=_DEADLINE)
    assert await tiers.until_equal(2)
    rows = await tiers.rows(SETAGAYA)
    whole = block_digest(record_digest(row[:15]) for row in rows)
    items = block_digest(record_digest(row[:11]) for row in rows)
    everything = [(FIRST_CODE, LAST_CODE)]

    async with tiers.nodes[SETAGAYA].database.connection() as unit:
        assert await list_notice_blocks(unit, everything) == [(2, whole)]
        assert await list_item_blocks(unit, everything) == [(2, items)]
        one_by_one = await list_notice_digests(unit, first=FIRST_CODE, last=LAST_CODE)
        assert [digest for _, _, digest in one_by_one] == [record_digest(row[:15]).hex() for row in rows]
    async with tiers.nodes[prefecture_of(SETAGAYA)].database.connection() as unit:
        assert await list_blocks(unit, everything, municipalities=[SETAGAYA.code]) == [(2, whole)]


async def test_a_register_of_our_own_is_compared_with_the_prefecture_in_the_same_way(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    tiers = Tiers(tmp_path, embedded_database)
    async with AsyncExitStack() as stack:
        for name in (NATIONAL, prefecture_of(SETAGAYA), SETAGAYA):
            await tiers.start(stack, name, connected=False)
        await populate(tiers.databases[SETAGAYA], resident(1))
        node = tiers.nodes[SETAGAYA]
        own = linking(now=node.clock())
        lost = await check_prefecture(client=node.client, database=node.database, linking=own)
        copy = notice(1, postal_code="1540004", address=ADDRESS)
        async with node.database.transaction() as unit:
            await keep_copies(unit, [(copy, msgspec.json.encode(copy))], now=own.now)
        found = await check_prefecture(client=node.client, database=node.database, linking=own)

        assert (lost.differences, lost.repaired, lost.unrepaired) == (1, 0, (code(1),))
        assert (found.differences, found.repaired, found.unrepaired) == (1, 1, ())
        assert await tiers.until_equal(1)


def items_of(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ResidentItems.__struct_fields__ if name in record}
