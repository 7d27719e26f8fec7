"""Give everybody of a municipality that was taken over the successor's code and address (廃置分合に伴う住所の修正).

Household by household, some hundred in one transaction, in the order of their numbers. How far it has come is noted in
the transaction that changes them: it may end at any moment, be gone on with by anybody, and change nobody twice.
Source: Order art. 12(2)(vii); Regulation (–2015) art. 21-2(iii).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from jukinet.domain.acts.municipal_merger import MergerRule, plan_municipal_merger
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.errors import JukinetError, MergerStateError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.merger_store import (
    KnownMerger,
    Refusal,
    finish_merger,
    list_merging_households,
    list_refusals,
    list_towns,
    lock_merger,
    note_merged,
)
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.search_filling import fill_missing
from jukinet.municipal.store import lock_households
from jukinet.municipal.usecases.prepare_merger import note_merger
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, Proceeding
from jukinet.municipal.usecases.recording_many import HouseholdSteps, record_many_households
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.node_names import NodeName

#: A clerk at a desk waits for one batch at most.
_HOUSEHOLDS: Final = 500


@dataclass(frozen=True, slots=True)
class MergerProgress:
    """How many residents this run changed, and whether everybody has the new code."""

    residents: int
    is_finished: bool


async def merge_municipality(
    *, outgoing: str, node: NodeName, database: Database, clock: Clock, households: int = _HOUSEHOLDS
) -> MergerProgress:
    """Write the new code and address of everybody taken over, or go on with what was interrupted.

    Raises:
        MergerNotFoundError, MergerStateError: there is none, or its register is not here as a whole.
        JukinetError: the database failed; what was committed stays, the rest can be gone on with.
    """
    # Whom nobody finds by a former address cannot be found by clerks either.
    await fill_missing(database)
    residents = 0
    while True:
        async with database.transaction() as unit:
            merger = await lock_merger(unit, outgoing)
            if merger.state == "finished":
                return MergerProgress(residents, is_finished=True)
            if merger.state != "taken_over" or merger.successor != node.code:
                raise MergerStateError(field="outgoing")
            act = Act(operator_id=merger.made_by, node=node, now=clock(), approved_by=merger.approved_by)
            numbers = await _next_households(unit, merger, households)
            if not numbers:
                return MergerProgress(residents, is_finished=await _end(unit, merger, act))
            residents += await _merge_some(unit, merger, numbers, act)


async def _next_households(unit: Unit, merger: KnownMerger, limit: int) -> list[int]:
    return await list_merging_households(
        unit, merger.outgoing, after=merger.merged_until or 0, last=merger.last_household or 0, limit=limit
    )


async def _merge_some(unit: Unit, merger: KnownMerger, numbers: Sequence[int], act: Act) -> int:
    members = await lock_households(unit, numbers)
    rule = MergerRule(
        LocalGovernmentCode(merger.outgoing),
        LocalGovernmentCode(merger.successor),
        await list_towns(unit, merger.outgoing),
    )
    planned, refused = _plan(rule, members, merger)
    written = await record_many_households(unit, households=planned, proceeding=_proceeding(merger, act), act=act)
    await queue_annex_notices(unit, written.records, act=act)
    refusals = [Refusal(number, error.code, error.field) for number, error in {**refused, **written.refused}.items()]
    changed = len(written.records)
    await note_merged(unit, merger.outgoing, merged_until=numbers[-1], residents=changed, refusals=refusals)
    return changed


def _plan(
    rule: MergerRule, members: Iterable[ResidentRecord], merger: KnownMerger
) -> tuple[list[HouseholdSteps], dict[int, JukinetError]]:
    planned: list[HouseholdSteps] = []
    refused: dict[int, JukinetError] = {}
    for number, group in groupby(members, key=attrgetter("household_number")):
        household = list(group)
        try:
            steps = plan_municipal_merger(rule, household, effective_on=merger.effective_on.isoformat())
        except JukinetError as error:
            refused[number] = error
            continue
        planned.append(HouseholdSteps(number, household, steps))
    return planned, refused


def _proceeding(merger: KnownMerger, act: Act) -> Proceeding:
    notification = replace(
        Notification.ex_officio(civil_day(act.now), documents=frozenset({SeenDocument.PUBLIC_NOTICE})),
        statement=merger.public_notice,
    )
    return open_proceeding(
        Procedure.MUNICIPAL_MERGER, notification=notification, changed_on=CivilDate.of(merger.effective_on)
    )


async def _end(unit: Unit, merger: KnownMerger, act: Act) -> bool:
    """Finish the merger, unless somebody must look at households that could not be written."""
    await note_merged(unit, merger.outgoing, merged_until=merger.last_household or 0, residents=0, refusals=())
    if await list_refusals(unit, merger.outgoing, limit=1):
        return False
    await finish_merger(unit, merger.outgoing, now=act.now)
    await note_merger(unit, outgoing=merger.outgoing, successor=merger.successor, state="finished", act=act)
    return True
