"""The quick way of the usual message leaves behind exactly what the way notice by notice does."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest

from jukinet.identification import receive
from jukinet.identification.plain_message import apply_plain_message
from jukinet.identification.receive import receive_notices
from jukinet.postgres.database import Database, Unit
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from tests.builders import NOW, SETAGAYA, code, individual_number, list_rows, notice, opened, received
from tests.fixtures_postgres import MakeDatabase

_STATE: Final = (
    "SELECT * FROM identification.record ORDER BY resident_record_code",
    "SELECT * FROM identification.superseded_record ORDER BY resident_record_code, update_sequence",
    "SELECT resident_record_code, update_sequence, state, error_code FROM delivery.held_notice ORDER BY arrival",
)
_RESIDENTS: Final = 12
_MESSAGES: Final = 60


@dataclass
class Tier:
    """A tier that is told the same as another."""

    node: NodeDatabase
    database: Database

    async def tell(self, number: int, *notices: IdentificationNotice) -> IdentificationAnswer:
        return await receive_notices(
            received=received(tuple(notices), sender=SETAGAYA, number=number),
            require_competent=lambda one: require_competent(SETAGAYA, one),
            forwarding=FORWARDING,
            database=self.database,
            now=NOW,
        )

    async def state(self) -> list[Any]:
        return [await list_rows(self.node, statement) for statement in _STATE]


@pytest.fixture
async def tiers(fresh_database: MakeDatabase) -> AsyncIterator[tuple[Tier, Tier]]:
    async with AsyncExitStack() as stack:
        made: list[Tier] = []
        for _ in range(2):
            node = await fresh_database(MIGRATIONS)
            made.append(Tier(node, await stack.enter_async_context(opened(node))))
        yield made[0], made[1]


async def _never(_unit: Unit, _notices: object, *, now: object) -> bool:
    del now
    return False


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.invariant("I3")
async def test_plain_messages_end_as_they_would_notice_by_notice(
    seed: int, tiers: tuple[Tier, Tier], monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = random.Random(seed)
    reached = dict.fromkeys(range(1, _RESIDENTS + 1), 0)
    quick, slow = tiers
    taken = 0
    plain = apply_plain_message

    async def counted(unit: Unit, notices: Sequence[IdentificationNotice], *, now: datetime) -> bool:
        nonlocal taken
        was_plain = await plain(unit, notices, now=now)
        taken += was_plain
        return was_plain

    for number in range(1, _MESSAGES + 1):
        message = _message(choice, reached)
        monkeypatch.setattr(receive, "apply_plain_message", counted)
        first = await quick.tell(number, *message)
        monkeypatch.setattr(receive, "apply_plain_message", _never)
        second = await slow.tell(number, *message)
        assert first == second, f"seed {seed}, message {number}"

    assert await quick.state() == await slow.state(), f"seed {seed}"
    assert 0 < taken < _MESSAGES, "both ways were taken"


def _message(choice: random.Random, reached: dict[int, int]) -> list[IdentificationNotice]:
    """Return a message that is plain more often than not, and wrong, early, repeated or removing at times."""
    message: list[IdentificationNotice] = []
    for number in choice.sample(sorted(reached), choice.randint(1, 4)):
        sequence = reached[number] + 1
        items: dict[str, Any] = {"reason": "birth"} if sequence == 1 else {}
        kind = choice.random()
        if kind < 0.05:
            sequence = max(1, sequence - 1)
        elif kind < 0.08:
            sequence += 1
        elif kind < 0.10 and sequence > 1:
            items["reason"] = "death"
        elif kind < 0.13 and sequence > 1:
            items["individual_number"] = individual_number(number)
        elif kind < 0.15:
            items["name"] = "\ufffd"
        message.append(notice(number, sequence, **items))
        if sequence == reached[number] + 1 and items.get("name") is None:
            reached[number] = sequence
    return message


async def test_a_code_that_was_changed_away_is_not_born_again(tiers: tuple[Tier, Tier]) -> None:
    tier, _ = tiers
    await tier.tell(1, notice(1, 1, reason="birth"))
    changed = notice(2, 2, reason="code_change_on_request", previous_resident_record_code=code(1))
    await tier.tell(2, changed)

    answer = await tier.tell(3, notice(1, 1, reason="birth", name="別人"))

    assert answer.applied == 0
