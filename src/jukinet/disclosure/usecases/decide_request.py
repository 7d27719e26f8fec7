"""Decide on a person's request (開示の決定等): at once, or by two officers where it refuses."""

from __future__ import annotations

from datetime import date, datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.disclosure.request_store import (
    RecordedRequest,
    add_decision,
    add_extension,
    approve_decision,
    find_request,
    take_back_decision,
)
from jukinet.disclosure.store import find_own_record
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import PersonRequestStateError
from jukinet.domain.person_requests import (
    PersonDecision,
    needs_second_officer,
    require_decision,
    require_same_person,
)
from jukinet.domain.person_rights import PersonRight, require_possible_extension
from jukinet.domain.reviews import require_other_operator, require_reason
from jukinet.postgres.database import Database, Unit


async def decide_request(
    *,
    request_number: int,
    decision: PersonDecision,
    reason: str,
    operator_id: str,
    database: Database,
    now: datetime,
) -> None:
    """Decide, or propose what another officer must approve. What is disclosed leaves only when the answer is printed.

    Raises:
        PersonRequestNotFoundError: there is no such request.
        PersonRequestStateError: it is decided, or this decision is not one of this request or of this record.
        IdentityNotCheckedError: the record is of somebody else than the request names.
        MissingItemError: no reason is given.
    """
    async with database.transaction() as unit:
        recorded = await _find_undecided(unit, request_number)
        require_decision(decision, recorded.request, reason=reason)
        await _require_true(unit, recorded, decision)
        needs_second = needs_second_officer(decision, recorded.request.requester)
        await add_decision(
            unit,
            request_number,
            decision=decision,
            reason=reason.strip(),
            needs_second=needs_second,
            operator=operator_id,
            now=now,
        )
        event = AuditEvent.PERSON_DECISION_PROPOSED if needs_second else AuditEvent.PERSON_REQUEST_DECIDED
        await append(unit, [_entry(event, recorded, operator_id, now, decision=decision.tag)])


async def approve_request(
    *, request_number: int, seen: tuple[str, str], operator_id: str, database: Database, now: datetime
) -> None:
    """Let the proposed decision stand, as another officer than who proposed it; `seen` is what the officer read of it.

    Raises:
        PersonRequestStateError: nothing is proposed, something else than was seen, or what is not true any more.
        SelfReviewError: the officer proposed it.
    """
    async with database.transaction() as unit:
        recorded = await _find_proposed(unit, request_number)
        decision, proposer = recorded.decision, recorded.proposed_by
        if decision is None or proposer is None or seen != (decision.tag, recorded.reason):
            raise PersonRequestStateError(field="request_number")
        require_other_operator(submitted_by=proposer, reviewer=operator_id)
        await _require_true(unit, recorded, decision)
        await approve_decision(unit, request_number, operator=operator_id, now=now)
        detail = {"decision": decision.tag, "approved_by": operator_id}
        await append(unit, [_entry(AuditEvent.PERSON_REQUEST_DECIDED, recorded, proposer, now, **detail)])


async def return_request(
    *, request_number: int, reason: str, operator_id: str, database: Database, now: datetime
) -> None:
    """Give the proposed decision back: another officer with a reason, or the one who proposed it.

    Raises:
        PersonRequestStateError: nothing is proposed.
        MissingItemError: no reason is given.
    """
    require_reason(reason)
    async with database.transaction() as unit:
        recorded = await _find_proposed(unit, request_number)
        await take_back_decision(unit, request_number)
        event = _entry(AuditEvent.PERSON_DECISION_RETURNED, recorded, operator_id, now, reason=reason.strip())
        await append(unit, [event])


async def extend_request(
    *,
    request_number: int,
    extended_to: date,
    reason: str,
    operator_id: str,
    database: Database,
    now: datetime,
) -> None:
    """Extend the time for a disclosure, once; the person is told by the letter of the same day.

    Raises:
        PersonRequestStateError: it is decided or extended already, or is no request for disclosure.
        ExtensionTooLateError: the period has ended, or the new day is not after it.
        MissingItemError: no reason is given.
    """
    require_reason(reason)
    today = civil_day(now)
    async with database.transaction() as unit:
        recorded = await _find_undecided(unit, request_number)
        due_on = recorded.request.due_on
        if recorded.request.right is not PersonRight.DISCLOSURE or due_on is None:
            raise PersonRequestStateError(field="request_number")
        require_possible_extension(due_on=due_on, today=today, extended_to=extended_to)
        await add_extension(
            unit,
            request_number,
            extended_to=extended_to,
            reason=reason.strip(),
            told_on=today,
            operator=operator_id,
            now=now,
        )
        await append(unit, [_entry(AuditEvent.PERSON_REQUEST_EXTENDED, recorded, operator_id, now)])


async def _find_undecided(unit: Unit, request_number: int) -> RecordedRequest:
    recorded = await find_request(unit, request_number)
    if recorded.decision is not None:
        raise PersonRequestStateError(field="request_number")
    return recorded


async def _find_proposed(unit: Unit, request_number: int) -> RecordedRequest:
    recorded = await find_request(unit, request_number)
    if recorded.decision is None or recorded.is_decided:
        raise PersonRequestStateError(field="request_number")
    return recorded


async def _require_true(unit: Unit, recorded: RecordedRequest, decision: PersonDecision) -> None:
    """Refuse to say that there is a record where there is none, or none where there is one."""
    code = recorded.request.resident_record_code
    if code is None or decision not in {PersonDecision.DISCLOSED, PersonDecision.NO_RECORD}:
        return
    record = await find_own_record(unit, code)
    if (record is None) != (decision is PersonDecision.NO_RECORD):
        raise PersonRequestStateError("The record says otherwise.", field="decision")
    if record is not None:
        require_same_person(recorded.request, name=record.name, birth_date=record.birth_date)


def _entry(event: AuditEvent, recorded: RecordedRequest, operator_id: str, now: datetime, **detail: str) -> Entry:
    return Entry(
        event=event,
        occurred_at=now,
        actor=operator_id,
        resident_record_code=recorded.request.resident_record_code,
        detail={"request_number": recorded.request_number, "kind": recorded.request.right.tag, **detail},
    )
