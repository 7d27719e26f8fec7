"""The pool of codes: what is asked for is on record, and a low pool is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.code_pool_store import PoolState, find_pool_state
from jukinet.municipal.usecases.fill_code_pool import PoolLevel, fill_code_pool
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.code_allotment import CodeAllotment
from jukinet.transport.message_client import MessageClient
from tests.builders import NOW, SETAGAYA, code, list_rows, opened
from tests.fixtures_postgres import MakeDatabase


@dataclass
class Pool:
    """A municipality's pool, and a prefecture that answers with what `refusals` says, then with codes."""

    node: NodeDatabase
    database: Database
    refusals: list[JukinetError] = field(default_factory=list)

    async def send(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - the answer of the catalogue
        if self.refusals:
            raise self.refusals.pop(0)
        return CodeAllotment(resident_record_codes=tuple(code(number) for number in range(150)))

    async def fill(self) -> int:
        return await fill_code_pool(
            client=cast("MessageClient", self),
            database=self.database,
            clock=lambda: NOW,
            node=SETAGAYA,
            level=PoolLevel(),
        )

    async def state(self) -> PoolState:
        async with self.database.connection() as connection:
            return await find_pool_state(connection)


@pytest.fixture
async def pool(embedded_database: MakeDatabase) -> AsyncIterator[Pool]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Pool(node, database)


async def test_a_low_pool_is_told_once_however_often_nobody_answers(pool: Pool) -> None:
    pool.refusals = [PeerUnreachableError(), PeerRefusedError(peer_code="permission.allotment_quota")]
    for _ in range(2):
        with pytest.raises((PeerUnreachableError, PeerRefusedError)):
            await pool.fill()

    state = await pool.state()
    (request,) = state.requests
    assert (state.free, state.is_low, state.open_request) == (0, True, request)
    assert (request.attempts, request.error_code) == (2, "permission.allotment_quota")
    assert await list_rows(pool.node, "SELECT event, detail FROM audit.event") == [
        ("codes:pool_low", {"free": 0, "low": 100})
    ]


async def test_a_filled_pool_has_no_open_request_and_is_not_low(pool: Pool) -> None:
    pool.refusals = [PeerUnreachableError()]
    with pytest.raises(PeerUnreachableError):
        await pool.fill()

    came = [await pool.fill(), await pool.fill()]

    state = await pool.state()
    (request,) = state.requests
    assert came == [150, 0]
    assert (state.free, state.used, state.is_low, state.open_request) == (150, 0, False, None)
    assert (request.attempts, request.error_code, request.came) == (2, None, 150)
