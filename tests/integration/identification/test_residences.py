"""People who move about, on real databases: every tier ends with what happened, in whatever order it was told."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import pytest

from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.receive import Forwarding, receive_notices
from jukinet.national.app import MIGRATIONS as NATIONAL_MIGRATIONS
from jukinet.national.endpoints import require_competent as require_prefecture_competent
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import NOW, TOKYO, code, list_rows, notice, opened, received
from tests.fixtures_postgres import MakeDatabase
from tests.unit.identification.histories import (
    MUNICIPALITIES,
    Residence,
    State,
    life,
    prefecture_of,
    state_after,
)

_PRESENT: Final = "SELECT resident_record_code, update_sequence FROM identification.record"
_PAST: Final = "SELECT resident_record_code, update_sequence FROM identification.superseded_record"
_OPEN: Final = "SELECT state, error_code FROM delivery.held_notice WHERE state IN ('quarantined', 'waiting')"
_PEOPLE: Final = 6
NAGANO: Final = NodeName.parse("prefectural/200000")


@dataclass
class Tier:
    """A tier on a real database, and what it was told so far."""

    name: NodeName
    node: NodeDatabase
    database: Database
    told: int = 0

    async def receive(self, notices: list[IdentificationNotice], sender: NodeName) -> IdentificationAnswer:
        self.told += 1
        is_nation = self.name == NATIONAL
        forwarding: Forwarding | None = None if is_nation else FORWARDING
        require = require_prefecture_competent if is_nation else require_competent
        return await receive_notices(
            received=received(tuple(notices), sender=sender, receiver=self.name, number=self.told),
            require_competent=lambda one: require(sender, one),
            forwarding=forwarding,
            database=self.database,
            now=NOW,
        )

    async def state(self) -> State:
        present = await list_rows(self.node, _PRESENT)
        return State(dict(present), frozenset(await list_rows(self.node, _PAST)))


@dataclass
class Federation:
    prefectures: dict[str, Tier]
    nation: Tier


@pytest.fixture
async def federation(embedded_database: MakeDatabase) -> AsyncIterator[Federation]:
    async with AsyncExitStack() as stack:
        made: dict[NodeName, Tier] = {}
        for name in (TOKYO, NAGANO, NATIONAL):
            node = await embedded_database(NATIONAL_MIGRATIONS if name == NATIONAL else MIGRATIONS)
            made[name] = Tier(name, node, await stack.enter_async_context(opened(node)))
        yield Federation({"13": made[TOKYO], "20": made[NAGANO]}, made[NATIONAL])


def lives(choice: random.Random) -> list[list[IdentificationNotice]]:
    return [
        life(
            number,
            [
                Residence(
                    choice.choice(MUNICIPALITIES), tuple(choice.random() < 0.3 for _ in range(choice.randint(0, 2)))
                )
                for _ in range(choice.randint(1, 4))
            ],
            is_over=choice.random() < 0.5,
        )
        for number in range(_PEOPLE)
    ]


def in_messages(
    choice: random.Random, notices: list[IdentificationNotice]
) -> list[tuple[NodeName, list[IdentificationNotice]]]:
    """Return the notices shuffled, some twice, cut into messages of one municipality each."""
    stream = [*notices, *choice.sample(notices, len(notices) // 3)]
    choice.shuffle(stream)
    messages: list[tuple[NodeName, list[IdentificationNotice]]] = []
    for one in stream:
        sender = NodeName.parse(f"municipal/{one.municipality}")
        if messages and messages[-1][0] == sender and choice.random() < 0.7:
            messages[-1][1].append(one)
        else:
            messages.append((sender, [one]))
    return messages


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I6")
async def test_all_tiers_end_with_what_happened_however_it_was_told(seed: int, federation: Federation) -> None:
    choice = random.Random(seed)
    people = lives(choice)
    notices = [one for life_ in people for one in life_]

    handed_on: list[tuple[NodeName, list[IdentificationNotice]]] = []
    for prefecture, tier in federation.prefectures.items():
        own = [one for one in notices if prefecture_of(one) == prefecture]
        for sender, message in in_messages(choice, own) if own else []:
            answer = await tier.receive(message, sender)
            assert answer.quarantined == (), f"seed {seed}"
        handed_on += [(tier.name, [one]) for one in own]
        assert await tier.state() == state_after(own), f"seed {seed}"
        assert await list_rows(tier.node, _OPEN) == []
    choice.shuffle(handed_on)
    for sender, message in handed_on:
        answer = await federation.nation.receive(message, sender)
        assert answer.quarantined == (), f"seed {seed}"

    assert await federation.nation.state() == state_after(notices), f"seed {seed}"
    assert await list_rows(federation.nation.node, _OPEN) == []


@pytest.mark.invariant("I3")
async def test_who_comes_back_after_years_elsewhere_enters_at_once(federation: Federation) -> None:
    tokyo = federation.prefectures["13"]
    setagaya = NodeName.parse("municipal/131121")
    await tokyo.receive([notice(1), notice(1, 2, reason="move_out")], setagaya)

    answer = await tokyo.receive([notice(1, first_of_residence(3), reason="move_in")], setagaya)

    assert (answer.applied, answer.held) == (1, 0)
    assert (await tokyo.state()).present == {code(1): first_of_residence(3)}


@pytest.mark.invariant("I7")
async def test_two_municipalities_that_enter_one_residence_are_told_apart(federation: Federation) -> None:
    entering = notice(1, first_of_residence(1), reason="move_in")
    nation = federation.nation
    await nation.receive([notice(1), notice(1, 2, reason="move_out"), entering], TOKYO)

    same = await nation.receive([entering], TOKYO)
    other = await nation.receive([notice(1, first_of_residence(1), reason="move_in", municipality="202029")], NAGANO)

    assert (same.already_applied, same.quarantined) == (1, ())
    assert [one.code for one in other.quarantined] == ["conflict.sequence"]
