"""What a municipality tells others of a move is queued with the act, for the node that must know it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import first_of_residence
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.moving_notice_store import list_annex_notices
from jukinet.municipal.moving_notices import queue_annex_notices, queue_move_in_notices
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import MUSASHINO, act, code, list_rows, opened, resident
from tests.fixtures_postgres import MakeDatabase

QUEUED = "SELECT receiver, message_type, notices FROM delivery.outbox ORDER BY position"


@pytest.fixture
async def node(embedded_database: MakeDatabase) -> NodeDatabase:
    return await embedded_database(MIGRATIONS)


@pytest.fixture
async def database(node: NodeDatabase) -> AsyncIterator[Database]:
    async with opened(node) as found:
        yield found


async def queued(node: NodeDatabase) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (receiver, name, msgspec.json.decode(bytes(parcel))) for receiver, name, parcel in await list_rows(node, QUEUED)
    ]


def entered(number: int = 1, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {
        "act_reason": "move_in",
        "acted_on": "2026-03-31",
        "change_reason": "move_in",
        "changed_on": "2026-03-31",
        "address_since_on": "2026-03-31",
        "update_sequence": first_of_residence(2),
    }
    return resident(number, **{**defaults, **items})


async def test_the_previous_municipality_hears_of_who_moved_in_and_which_residence_began(
    node: NodeDatabase, database: Database
) -> None:
    async with database.transaction() as unit:
        count = await queue_move_in_notices(unit, [entered(1)], previous=LocalGovernmentCode(MUSASHINO.code), act=act())

    assert count == 1
    ((receiver, name, notice),) = await queued(node)
    assert (receiver, name) == (MUSASHINO.text, "move_in_notice")
    assert (notice["resident_record_code"], notice["residence"]) == (code(1), 2)
    assert (notice["moved_in_on"], notice["municipality"]) == ("2026-03-31", "131121")


async def test_a_ward_is_told_at_its_city(node: NodeDatabase, database: Database) -> None:
    async with database.transaction() as unit:
        await queue_move_in_notices(unit, [entered(1)], previous=LocalGovernmentCode("011011"), act=act())

    assert [receiver for receiver, _, _ in await queued(node)] == ["municipal/011002"]


async def test_nobody_tells_oneself(node: NodeDatabase, database: Database) -> None:
    async with database.transaction() as unit:
        assert await queue_move_in_notices(unit, [entered(1)], previous=LocalGovernmentCode("131121"), act=act()) == 0

    assert await queued(node) == []


async def test_the_keeper_of_the_family_register_hears_of_the_new_address_and_of_no_code(
    node: NodeDatabase, database: Database
) -> None:
    kept = {"first_listed_person": "試験\u3000一郎"}
    people = [
        entered(1, registered_domicile="長野県松本市丸の内3番", **kept),
        entered(2, registered_domicile="東京都世田谷区太子堂一丁目1番", **kept),
        entered(3, registered_domicile="府中市宮町一丁目1番", **kept),
        entered(4),
    ]

    async with database.transaction() as unit:
        untold = await queue_annex_notices(unit, people, act=act())

    assert untold == (3,)
    ((receiver, name, notice),) = await queued(node)
    assert (receiver, name, notice["reason"]) == ("municipal/202029", "annex_notice", "move_in")
    assert "resident_record_code" not in notice
    async with database.connection() as unit:
        (own,) = await list_annex_notices(unit, limit=10)
    assert (own.registered_domicile, own.sender) == ("東京都世田谷区太子堂一丁目1番", "municipal/131121")
