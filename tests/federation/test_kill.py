"""Nodes and the database are killed at random while clerks go on recording: nothing is lost, doubled or mixed up.

`JUKINET_DRILL_KILLS` says how many nodes are killed, `JUKINET_DRILL_SEED` repeats a drill; `make drill-kill` is the
long one.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
import sys
from collections import Counter

import pytest

from jukinet.devnet.federation import Federation, wait_until
from jukinet.devnet.plan import FederationPlan
from jukinet.municipal.individual_number_store import count_waiting
from jukinet.postgres.database import connect
from jukinet.postgres.embedded import start_embedded
from jukinet.postgres.server_process import find_postmaster
from jukinet.protocol.node_names import NodeKind
from tests.federation.clerks import Findings, Office, compare_tiers
from tests.federation.conftest import running

pytestmark = pytest.mark.federation

_KILLS = int(os.environ.get("JUKINET_DRILL_KILLS", "20"))
_SEED = int(os.environ.get("JUKINET_DRILL_SEED", str(secrets.randbelow(2**31))))
_SETTLE_SECONDS = 60.0
_KILLABLE = (NodeKind.MUNICIPAL, NodeKind.PREFECTURAL, NodeKind.NATIONAL)


async def settle(federation: Federation) -> Findings:
    """Wait until all tiers are equal and return what the comparison of every single change finds."""

    async def is_at_rest() -> bool:
        # A newborn's Individual Number comes by itself, and is one more change.
        for node in federation.plan.list_nodes(NodeKind.MUNICIPAL):
            async with connect(federation.config(node.name.text).database) as unit:
                if await count_waiting(unit):
                    return False
        return await federation.is_equal()

    equal = await wait_until(is_at_rest, _SETTLE_SECONDS)
    findings = await compare_tiers(federation)
    if not equal:
        findings.problems.append("the tiers are not equal")
    return findings


@pytest.mark.invariant("I2")
@pytest.mark.invariant("I3")
@pytest.mark.invariant("I6")
async def test_nodes_killed_at_random_lose_and_double_nothing(plan: FederationPlan) -> None:
    choice = random.Random(_SEED)
    killed: Counter[str] = Counter()
    async with running(plan) as federation:
        office = Office(federation, choice)
        names = [node.name.text for kind in _KILLABLE for node in federation.plan.list_nodes(kind)]

        async with office.at_work():
            while killed.total() < _KILLS:
                await office.until_recorded(choice.randrange(1, 25))
                victims = choice.sample(names, choice.choice((1, 1, 2, 3)))
                for name in victims:
                    await federation.kill(name)
                    killed[name] += 1
                await office.until_recorded(choice.randrange(1, 25))
                await asyncio.gather(*[federation.start(name) for name in victims])
        findings = await settle(federation)

    figures = f"{killed.total()} kills {dict(killed)}; {findings.changes} changes compared on three tiers"
    sys.stdout.write(f"\ndrill {_SEED}: {figures}, {dict(office.by_reason)}, refused {dict(office.refused)}\n")
    assert findings.problems == [], f"JUKINET_DRILL_SEED={_SEED}"
    assert office.recorded <= findings.changes


@pytest.mark.invariant("I3")
async def test_a_killed_database_server_loses_nothing_that_was_confirmed(plan: FederationPlan) -> None:
    async with running(plan) as federation:
        office = Office(federation, random.Random(_SEED))

        async with office.at_work():
            await office.until_recorded(60)
            postmaster = find_postmaster(plan.postgres / "data")
            assert postmaster is not None
            os.kill(postmaster, signal.SIGKILL)
            await start_embedded(plan.postgres)
            await office.until_recorded(60)
        findings = await settle(federation)
        ended = federation.processes.list_ended()

    assert findings.problems == []
    assert office.recorded <= findings.changes
    assert ended == []
