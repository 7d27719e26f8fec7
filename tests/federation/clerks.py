"""Clerks who record without pause on every register, and what must be true of all tiers once they rest."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from jukinet.devnet.acts import meet_resident, report_birth, report_death, report_relocation
from jukinet.devnet.federation import Federation
from jukinet.domain.errors import (
    ChangedMeanwhileError,
    CodePoolEmptyError,
    HouseholderNeededError,
    ImpossibleChangeError,
    OperationError,
    PeerError,
    ResidentRemovedError,
)
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.usecases.fill_code_pool import PoolLevel, fill_code_pool
from jukinet.node_process.process import Node
from jukinet.postgres.database import connect
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName, prefecture_of
from tests.builders import rows_of

#: The database is away, the pool is dry, or another clerk was quicker: the record changed, or the household grew.
_EVERYDAY = (
    OperationError,
    CodePoolEmptyError,
    ImpossibleChangeError,
    ResidentRemovedError,
    ChangedMeanwhileError,
    HouseholderNeededError,
)
#: Few enough residents that several clerks meet at one; enough that their changes do not all queue up there.
_MET = 40
_PAUSE_SECONDS = 0.01
_WAITING_STATES = "SELECT count(*) FROM delivery.held_notice WHERE state IN ('waiting', 'quarantined')"
_NOTIFIED = "SELECT notice FROM register.notified_identification"
_KNOWN = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, municipality,
           address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence
      FROM {table}
"""
_APPLIED = """
    SELECT coalesce(sum((detail ->> 'applied')::int), 0)
           + (SELECT count(*) FROM delivery.held_notice WHERE state = 'applied')
      FROM audit.event
     WHERE event = 'identification:received'
"""
_UNDELIVERED = "SELECT count(*) FROM delivery.outbox"
_CODES_TWICE = """
    SELECT count(*) - count(DISTINCT resident_record_code) FROM register.resident
"""


@dataclass
class Office:
    """The clerks of all municipalities, and how much they have recorded."""

    federation: Federation
    choice: random.Random
    recorded: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _progress: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Let two clerks per municipality record while the block runs."""
        resting = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for planned in self.federation.plan.list_nodes(NodeKind.MUNICIPAL):
                for _ in range(2):
                    group.create_task(self._work(planned.name.text, random.Random(self.choice.random()), resting))
            try:
                yield
            finally:
                resting.set()

    async def until_recorded(self, further: int) -> None:
        """Wait until that many further changes are recorded."""
        goal = self.recorded + further
        async with self._progress:
            await asyncio.wait_for(self._progress.wait_for(lambda: self.recorded >= goal), 120)

    async def _work(self, name: str, choice: random.Random, resting: asyncio.Event) -> None:
        async with self.federation.open(name) as node:
            await self._fill_pool(node)
            while not resting.is_set():
                try:
                    reason = await _record_something(node, choice)
                except _EVERYDAY as error:
                    self.refused[error.code] += 1
                    await asyncio.sleep(_PAUSE_SECONDS * 10)
                    continue
                self.by_reason[reason] += 1
                async with self._progress:
                    self.recorded += 1
                    self._progress.notify_all()
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _fill_pool(self, node: Node) -> None:
        try:
            await fill_code_pool(
                client=node.client, database=node.database, clock=node.clock, node=node.name, level=PoolLevel(low=400)
            )
        except (PeerError, OperationError) as error:
            self.refused[error.code] += 1


async def _record_something(node: Node, choice: random.Random) -> str:
    resident = await meet_resident(node, offset=choice.randrange(_MET), born_from="1900-01-01", born_until="2100-12-31")
    drawn = choice.random()
    if drawn < 0.15:
        return (await report_birth(node, resident)).change_reason
    if drawn < 0.17:
        return (await report_death(node, resident)).change_reason
    return (await report_relocation(node, resident, choice.randrange(100_000))).change_reason


@dataclass
class Findings:
    """What stands on the tiers after the drill: `problems` is empty when nothing was lost, doubled or mixed up."""

    changes: int
    problems: list[str]


async def compare_tiers(federation: Federation) -> Findings:
    """Compare every change every municipality ever notified with what the two tiers above it have."""
    problems: list[str] = []
    notified: dict[str, set[IdentificationNotice]] = {}
    for planned in federation.plan.list_nodes(NodeKind.MUNICIPAL):
        name = planned.name.text
        rows = await _rows(federation, name, _NOTIFIED)
        notified[name] = {msgspec.json.decode(row[0], type=IdentificationNotice) for row in rows}
        if (await _rows(federation, name, _CODES_TWICE))[0][0]:
            problems.append(f"{name} gave a code twice")
    upper = [node.name.text for node in federation.plan.list_nodes(NodeKind.PREFECTURAL)]
    for name in (*upper, NATIONAL.text):
        below = [one for one in notified if NATIONAL.text == name or prefecture_of(NodeName(one)).text == name]
        expected = {notice for one in below for notice in notified[one]}
        problems += [f"{name}: {problem}" for problem in await _compare(federation, name, expected)]
    for name in (*upper, *notified):
        if (await _rows(federation, name, _UNDELIVERED))[0][0]:
            problems.append(f"{name} still owes notices")
    return Findings(sum(len(one) for one in notified.values()), problems)


async def _compare(federation: Federation, name: str, expected: set[IdentificationNotice]) -> list[str]:
    problems: list[str] = []
    known: Counter[IdentificationNotice] = Counter()
    for table in ("identification.record", "identification.superseded_record"):
        for row in await _rows(federation, name, _KNOWN.format(table=table)):
            known[IdentificationNotice(**dict(zip(_ITEMS, row, strict=True)))] += 1
    lost = sum(1 for notice in expected if not known[notice])
    doubled = sum(1 for notice in expected if known[notice] > 1)
    # The story may have moved people between municipalities before: each residence counts from its own beginning.
    residences: dict[tuple[str, int], list[int]] = {}
    for notice in known:
        residence = residence_of(notice.update_sequence)
        residences.setdefault((notice.resident_record_code, residence), []).append(notice.update_sequence)
    gaps = sum(1 for found in residences.values() if sorted(found) != list(range(min(found), max(found) + 1)))
    applied = (await _rows(federation, name, _APPLIED))[0][0]
    held = (await _rows(federation, name, _WAITING_STATES))[0][0]
    problems += [f"{lost} lost"] * bool(lost) + [f"{doubled} doubled"] * bool(doubled) + [f"{gaps} gaps"] * bool(gaps)
    if applied != len(expected):
        problems.append(f"the log tells of {applied} changes applied, there are {len(expected)}")
    if held:
        problems.append(f"{held} are held")
    return problems


_ITEMS = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "postal_code",
    "reason",
    "changed_on",
    "previous_resident_record_code",
    "update_sequence",
)


async def _rows(federation: Federation, name: str, statement: str) -> list[tuple[Any, ...]]:
    async with connect(federation.config(name).database) as unit:
        return await rows_of(unit, statement)
