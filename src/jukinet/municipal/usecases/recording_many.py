"""The engine of the register for many households at once: the same effect as `recording`, set-wise.

Each household is one act. A household that cannot be written stays as it was, and says why; the others are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from jukinet.audit.store import append_many
from jukinet.delivery.outbox import queue_parcel
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError
from jukinet.domain.households import require_sound_household
from jukinet.domain.identification import validate_identification
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import next_sequence
from jukinet.municipal.mass_writing_store import ManyActs, NotifiedCopy, add_acts, add_versions, keep_notified_copies
from jukinet.municipal.records import notice_of
from jukinet.municipal.store import Handle, lock_residents
from jukinet.municipal.usecases.recording import Act, Proceeding, changed_event
from jukinet.municipal.usecases.require_open_register import records_of, require_open_register
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import prefecture_of

_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class HouseholdSteps:
    """What becomes of one household: all its present records, and the steps of those that change."""

    household_number: int
    members: Sequence[ResidentRecord] = field(repr=False)
    steps: Sequence[RecordStep] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Written:
    """The new versions, and why households could not be written, by number."""

    records: list[ResidentRecord] = field(repr=False)
    refused: Mapping[int, JukinetError]


@dataclass(frozen=True, slots=True)
class _Ready:
    record: ResidentRecord = field(repr=False)
    notice: bytes = field(repr=False)


async def record_many_households(
    unit: Unit, *, households: Sequence[HouseholdSteps], proceeding: Proceeding, act: Act
) -> Written:
    """Write the modifications of many households, each of which goes up, in the transaction of `unit`.

    Raises:
        ChangedMeanwhileError: a record is not the one that was planned on: nothing of the transaction may stay.
        RegisterClosedError, RegisterNotTakenOverError: a merger of municipalities is in the way.
    """
    steps = [step for household in households for step in household.steps]
    await require_open_register(
        unit, node=act.node, now=act.now, procedure=proceeding.procedure, records=records_of(steps)
    )
    numbers = [step.after.resident_number for step in steps]
    handles = await lock_residents(unit, numbers)
    ready: list[list[_Ready]] = []
    refused: dict[int, JukinetError] = {}
    for household in households:
        try:
            ready.append(_prepare(household, handles, act))
        except JukinetError as error:
            refused[household.household_number] = error
    records = await _write(unit, ready, proceeding, act)
    return Written(records, refused)


def _prepare(household: HouseholdSteps, handles: Mapping[int, Handle], act: Act) -> list[_Ready]:
    today = civil_day(act.now)
    ready: list[_Ready] = []
    for step in household.steps:
        handle = handles[step.after.resident_number]
        record = replace(
            step.record,
            version=handle.version + 1,
            update_sequence=next_sequence(handle.update_sequence),
            recorded_at=act.now,
            recorded_by=act.operator_id,
        )
        notice = notice_of(record, record.update_sequence or 0)
        validate_identification(notice, day=today)
        ready.append(_Ready(record, _encoder.encode(notice)))
    changed = {one.record.resident_number: one.record for one in ready}
    require_sound_household(changed.get(member.resident_number, member) for member in household.members)
    return ready


async def _write(
    unit: Unit, ready: Sequence[Sequence[_Ready]], proceeding: Proceeding, act: Act
) -> list[ResidentRecord]:
    written = [one for household in ready for one in household]
    if not written:
        return []
    acts = ManyActs(
        procedure=proceeding.procedure,
        acted_on=written[0].record.acted_on or "",
        notification=proceeding.notification,
        recorded_at=act.now,
        recorded_by=act.operator_id,
        approved_by=act.approved_by,
    )
    act_numbers = await add_acts(unit, acts, len(ready))
    records = [
        replace(one.record, act_number=number)
        for number, household in zip(act_numbers, ready, strict=True)
        for one in household
    ]
    await add_versions(unit, records)
    await keep_notified_copies(
        unit,
        (
            NotifiedCopy(one.record.resident_record_code, one.record.update_sequence or 0, one.notice, act.now)
            for one in written
        ),
    )
    await queue_parcel(
        unit,
        receiver=prefecture_of(act.node),
        message_type="identification_notice",
        notices=b",".join([one.notice for one in written]),
        notice_count=len(written),
        now=act.now,
    )
    await append_many(unit, (changed_event(record, act) for record in records))
    return records
