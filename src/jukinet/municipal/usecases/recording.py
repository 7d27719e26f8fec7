"""The engine of the register: what every act does with its steps, in one transaction.

It writes the act, each resident's next version, the copies of what is notified, one parcel for the prefecture with all
notices of the act, and the audit events; and it leaves no household that cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.outbox import queue_parcel
from jukinet.domain.changes import ChangeKind
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ProvisionalEntryStateError
from jukinet.domain.households import require_sound_household
from jukinet.domain.identification import validate_identification
from jukinet.domain.notifications import Notification
from jukinet.domain.record_steps import RecordStep, change_information
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.reviews import require_other_operator
from jukinet.domain.update_sequence import first_of_residence, next_residence, next_sequence
from jukinet.municipal.act_store import add_act
from jukinet.municipal.desk_store import require_not_edited_by_others
from jukinet.municipal.records import notice_of
from jukinet.municipal.review_store import decide_entry_of_form
from jukinet.municipal.screens_store import record_form
from jukinet.municipal.store import (
    Handle,
    add_resident,
    add_version,
    keep_notified,
    list_households,
    lock_residents,
)
from jukinet.municipal.usecases.call_for_code_notices import call_for_code_notices
from jukinet.municipal.usecases.call_for_person_notices import call_for_person_notices
from jukinet.municipal.usecases.require_open_register import records_of, require_open_register
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName, prefecture_of

_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who records, on which node, when."""

    operator_id: str
    node: NodeName
    now: datetime
    #: What a screen gives each form it shows: the same form sent twice is recorded once.
    form_number: str | None = None
    #: Who approved the provisional entry this act comes from.
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeding:
    """Which procedure an act is, how it was notified, and what it undoes; `open_proceeding` makes it."""

    procedure: str
    notification: Notification
    is_late: bool = False
    cancels: int | None = None
    #: Where those the act removes can be reached, for what they are told of it; None where nobody knows.
    whereabouts: str | None = field(default=None, repr=False)


async def record_steps(
    unit: Unit, *, steps: Sequence[RecordStep], proceeding: Proceeding, act: Act
) -> list[ResidentRecord]:
    """Write an act's steps and return the new versions, in their order.

    The residents concerned are locked here if they are not yet. An act may take a resident through several steps.

    Raises:
        InvalidValueError: an item cannot be notified. What the prefecture would refuse is refused here already, where
            somebody can mend it; the caller's transaction must not commit.
        UnsoundHouseholdError: a household would be left that cannot be.
        ResidentBeingEditedError: the act comes from a screen, and another operator is at work on one of the records.
        ProvisionalEntryStateError, SelfReviewError: the form does not wait for review, or its own submitter approves.
        AlreadyExistsError, ActCancelledError: the form of this act was recorded, or the act it cancels is cancelled.
        RegisterClosedError, RegisterNotTakenOverError: a merger of municipalities is in the way.
    """
    await require_open_register(
        unit, node=act.node, now=act.now, procedure=proceeding.procedure, records=records_of(steps)
    )
    known = {step.before.resident_number for step in steps if step.before is not None}
    handles = await lock_residents(unit, known)
    act_number = await _add_act(unit, steps, proceeding, act)
    written: list[ResidentRecord] = []
    for step in steps:
        record, handle = _next_version(step, handles.get(step.after.resident_number), act_number, act)
        handles[record.resident_number] = handle
        if step.before is None:
            await add_resident(unit, record, update_sequence=handle.update_sequence)
        else:
            await add_version(unit, record, update_sequence=handle.update_sequence)
        written.append(record)
    await _note_form(unit, written, act)
    await _notify(unit, written, act)
    await _call_for_papers(unit, steps, written, proceeding, act)
    await append(unit, [changed_event(record, act) for record in written])
    await _require_sound(unit, steps)
    return written


async def _call_for_papers(
    unit: Unit, steps: Sequence[RecordStep], written: Sequence[ResidentRecord], proceeding: Proceeding, act: Act
) -> None:
    """List the written notices that have to go to the persons concerned."""
    await call_for_code_notices(unit, written=written, now=act.now)
    await call_for_person_notices(
        unit,
        steps=steps,
        written=written,
        procedure=proceeding.procedure,
        notification=proceeding.notification,
        whereabouts=proceeding.whereabouts,
        now=act.now,
    )


async def _add_act(unit: Unit, steps: Sequence[RecordStep], proceeding: Proceeding, act: Act) -> int:
    return await add_act(
        unit,
        procedure=proceeding.procedure,
        acted_on=steps[0].after.acted_on or "",
        notification=proceeding.notification,
        is_late=proceeding.is_late,
        cancels=proceeding.cancels,
        recorded_at=act.now,
        recorded_by=act.operator_id,
        approved_by=act.approved_by,
    )


def _next_version(step: RecordStep, handle: Handle | None, act_number: int, act: Act) -> tuple[ResidentRecord, Handle]:
    """Return the version as it is written, and where the resident's history has come to with it."""
    reason = step.notified_reason
    sequence = _update_sequence(step, handle) if reason is not None or handle is None else None
    change_reason, changed_on = change_information(step.after, reason)
    record = replace(
        step.after,
        change_reason=change_reason,
        changed_on=changed_on,
        version=1 if handle is None else handle.version + 1,
        act_number=act_number,
        update_sequence=sequence,
        recorded_at=act.now,
        recorded_by=act.operator_id,
    )
    reached = sequence if sequence is not None else handle.update_sequence if handle is not None else 1
    return record, Handle(record.version, reached, record.is_removed)


def _update_sequence(step: RecordStep, handle: Handle | None) -> int:
    is_entry = step.reason.kind is ChangeKind.ENTRY
    if is_entry and step.residence is not None:
        return first_of_residence(step.residence)
    if handle is None:
        return first_of_residence(0)
    return next_residence(handle.update_sequence) if is_entry else next_sequence(handle.update_sequence)


async def _notify(unit: Unit, written: Iterable[ResidentRecord], act: Act) -> None:
    notices: list[bytes] = []
    for record in written:
        if record.update_sequence is None:
            continue
        notice = notice_of(record, record.update_sequence)
        validate_identification(notice, day=civil_day(act.now))
        encoded = _encoder.encode(notice)
        await keep_notified(
            unit,
            resident_record_code=record.resident_record_code,
            update_sequence=record.update_sequence,
            notice=encoded,
            now=act.now,
        )
        notices.append(encoded)
    if notices:
        await queue_parcel(
            unit,
            receiver=prefecture_of(act.node),
            message_type="identification_notice",
            notices=b",".join(notices),
            notice_count=len(notices),
            now=act.now,
        )


def changed_event(record: ResidentRecord, act: Act) -> Entry:
    """Return what the log says of a new version."""
    return Entry(
        event=AuditEvent.RECORD_CHANGED,
        occurred_at=act.now,
        actor=act.operator_id,
        resident_record_code=record.resident_record_code,
        detail={
            "resident_number": record.resident_number,
            "act_number": record.act_number,
            "act_reason": record.act_reason,
            "update_sequence": record.update_sequence,
            **({} if act.approved_by is None else {"approved_by": act.approved_by}),
        },
    )


async def _note_form(unit: Unit, written: Sequence[ResidentRecord], act: Act) -> None:
    """Note that the form of the act is recorded; refuse it while another operator is at work on one of the records."""
    if act.form_number is None:
        return
    numbers = {record.resident_number for record in written}
    await require_not_edited_by_others(unit, numbers, operator_id=act.operator_id, now=act.now)
    first = written[0]
    number = first.resident_number
    await record_form(unit, act.form_number, resident_number=number, version=first.version, now=act.now)
    await _settle_entry(unit, act.form_number, act)


async def _settle_entry(unit: Unit, form_number: str, act: Act) -> None:
    """Note that the provisional entry of this form is approved; one that was recorded without review waits no more."""
    if act.approved_by is None:
        await decide_entry_of_form(unit, form_number, state="withdrawn", decided_by=act.operator_id, now=act.now)
        return
    require_other_operator(submitted_by=act.operator_id, reviewer=act.approved_by)
    if not await decide_entry_of_form(unit, form_number, state="approved", decided_by=act.approved_by, now=act.now):
        raise ProvisionalEntryStateError(field="entry_number")


async def _require_sound(unit: Unit, steps: Sequence[RecordStep]) -> None:
    """Refuse the act if a household it touched is not one."""
    touched = {step.after.household_number for step in steps}
    touched |= {step.before.household_number for step in steps if step.before is not None}
    members = await list_households(unit, touched)
    for number in touched:
        require_sound_household(member for member in members if member.household_number == number)
