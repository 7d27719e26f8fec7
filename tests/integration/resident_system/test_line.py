"""The line of the resident system: real certificates, real TLS, three real nodes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jukinet.protocol.node_names import NATIONAL
from jukinet.protocol.resident_changes import ChangesStatusRequest
from tests.builders import SETAGAYA, code
from tests.builders_resident_system import Tiers, body_of, change, moved, running_tiers, states
from tests.fixtures_postgres import MakeDatabase

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
