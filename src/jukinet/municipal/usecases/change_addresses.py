"""Carry out a mass change of addresses (一括住所変更の実施): household by household, some hundred in one transaction.

What is done of it is noted with each household in the transaction that changes it. So it may end at any moment, be
gone on with by anybody, and change nobody twice. A household a clerk is at work on waits until the clerk is done.
Source: Order art. 12(2)(vii); Regulation (–2015) art. 21-2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.acts.mass_address_change import AddressRule, plan_mass_address_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.errors import JukinetError, MassChangeStateError
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.mass_change_store import (
    MassChange,
    Settled,
    add_households,
    count_waiting,
    find_mass_change,
    finish_mass_change,
    list_known_households,
    lock_mass_change,
    settle_households,
    start_mass_change,
    stream_residents,
    take_households,
)
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import lock_households
from jukinet.municipal.usecases.prepare_address_change import open_rule
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, Proceeding
from jukinet.municipal.usecases.recording_many import HouseholdSteps, Written, record_many_households
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.node_names import NodeName

#: A clerk at a desk waits for one batch at most.
_HOUSEHOLDS: Final = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mass change came: how many residents this run changed, and how many households still wait."""

    residents: int
    waiting: int

    @property
    def is_finished(self) -> bool:
        """Return whether nothing waits any more."""
        return self.waiting == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    change: MassChange
    rule: AddressRule
    beginnings: list[str]
    proceeding: Proceeding
    act: Act


async def change_addresses(
    *,
    mass_change_number: int,
    node: NodeName,
    database: Database,
    clock: Clock,
    households: int = _HOUSEHOLDS,
) -> Progress:
    """Carry out an approved mass change as far as it goes, or go on with one that was interrupted.

    Raises:
        MassChangeNotFoundError: there is none.
        MassChangeStateError: it is not approved, or its day has not come.
        JukinetError: the database failed; what was committed stays, the rest can be gone on with.
    """
    job = await _open(mass_change_number, node, database, clock)
    if job is None:
        return Progress(0, 0)
    residents = 0
    while True:
        changed, taken = await _change_some(job, database, clock, households)
        residents += changed
        if taken:
            continue
        async with database.connection() as connection:
            waiting = await count_waiting(connection, mass_change_number)
        if waiting:
            return Progress(residents, waiting)
        if await _finish(job, database, clock):
            return Progress(residents, 0)


async def _open(number: int, node: NodeName, database: Database, clock: Clock) -> _Job | None:
    """Return what is to be done, with its households noted; None where it is finished."""
    now = clock()
    async with database.transaction() as unit:
        state = await lock_mass_change(unit, number)
        change = await find_mass_change(unit, number)
        if state == "finished":
            return None
        if state not in {"approved", "running"} or change.effective_on > civil_day(now):
            raise MassChangeStateError(field="mass_change_number")
        rule, beginnings, _ = await open_rule(unit, change=change, municipality=node.code)
        job = _job(change, rule, beginnings, Act(operator_id=change.made_by, node=node, now=now))
        if state == "approved":
            await _find_households(unit, job)
            await start_mass_change(unit, number, now=now)
            await _note(unit, job, "running")
    return job


def _job(change: MassChange, rule: AddressRule, beginnings: list[str], act: Act) -> _Job:
    notification = replace(
        Notification.ex_officio(civil_day(act.now), documents=frozenset({SeenDocument.PUBLIC_NOTICE})),
        statement=change.public_notice,
    )
    proceeding = open_proceeding(
        Procedure.MASS_ADDRESS_CHANGE, notification=notification, changed_on=CivilDate.of(change.effective_on)
    )
    return _Job(
        change=change,
        rule=rule,
        beginnings=beginnings,
        proceeding=proceeding,
        act=replace(act, approved_by=change.approved_by),
    )


async def _find_households(unit: Unit, job: _Job) -> int:
    """Note the households the change concerns that are not noted yet; return how many these were."""
    number = job.change.mass_change_number
    known = await list_known_households(unit, number)
    found = {
        one.household_number
        async for one in stream_residents(unit, job.beginnings)
        if one.household_number not in known and job.rule.rewrite(one.municipality, one.address) is not None
    }
    return await add_households(unit, number, sorted(found)) if found else 0


async def _change_some(job: _Job, database: Database, clock: Clock, limit: int) -> tuple[int, int]:
    """Change the next households in one transaction; return how many residents and how many households."""
    act = replace(job.act, now=clock())
    number = job.change.mass_change_number
    async with database.transaction() as unit:
        taken = await take_households(unit, number, limit=limit, now=act.now)
        if not taken:
            return 0, 0
        members = await lock_households(unit, taken)
        planned, refused = _plan(job, members)
        written = await record_many_households(unit, households=planned, proceeding=job.proceeding, act=act)
        await queue_annex_notices(unit, written.records, act=act)
        await settle_households(unit, number, _settled(taken, written, refused), now=act.now)
    return len(written.records), len(taken)


def _plan(job: _Job, members: Iterable[ResidentRecord]) -> tuple[list[HouseholdSteps], dict[int, JukinetError]]:
    effective_on = job.change.effective_on.isoformat()
    planned: list[HouseholdSteps] = []
    refused: dict[int, JukinetError] = {}
    for household_number, group in groupby(members, key=attrgetter("household_number")):
        household = list(group)
        try:
            steps = plan_mass_address_change(job.rule, household, effective_on=effective_on)
        except JukinetError as error:
            refused[household_number] = error
            continue
        if steps:
            planned.append(HouseholdSteps(household_number, household, steps))
    return planned, refused


def _settled(taken: Sequence[int], written: Written, refused: dict[int, JukinetError]) -> list[Settled]:
    errors = {**refused, **written.refused}
    changed: dict[int, int] = {}
    for record in written.records:
        changed[record.household_number] = changed.get(record.household_number, 0) + 1
    return [
        Settled(number, "refused", 0, errors[number].code, errors[number].field)
        if number in errors
        else Settled(number, "done" if number in changed else "unchanged", changed.get(number, 0))
        for number in taken
    ]


async def _finish(job: _Job, database: Database, clock: Clock) -> bool:
    """Look once more for whom the change concerns, such as who moved in meanwhile; finish it if there is nobody."""
    job = replace(job, act=replace(job.act, now=clock()))
    async with database.transaction() as unit:
        if await lock_mass_change(unit, job.change.mass_change_number) == "finished":
            return True
        if await _find_households(unit, job):
            return False
        await finish_mass_change(unit, job.change.mass_change_number, now=job.act.now)
        await _note(unit, job, "finished")
    return True


async def _note(unit: Unit, job: _Job, state: str) -> None:
    event = Entry(
        event=AuditEvent.MASS_CHANGE_MOVED,
        occurred_at=job.act.now,
        actor=job.act.operator_id,
        detail={"mass_change_number": job.change.mass_change_number, "state": state},
    )
    await append(unit, [event])
