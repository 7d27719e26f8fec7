"""Statements on persons' requests, their extension and their decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.errors import PersonRequestNotFoundError, PersonRequestStateError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_requests import PersonDecision, PersonRequest
from jukinet.domain.person_rights import PersonRight
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD: Final = """
    INSERT INTO disclosure.request
           (kind, received_on, due_on, name, birth_date, resident_record_code, reply_address, requester,
            identity_check, statement, disclosed_request, recorded_at, recorded_by)
    VALUES (%(kind)s, %(received_on)s, %(due_on)s, %(name)s, %(birth_date)s, %(resident_record_code)s,
            %(reply_address)s, %(requester)s, %(identity_check)s, %(statement)s, %(disclosed_request)s,
            %(recorded_at)s, %(recorded_by)s)
 RETURNING request_number
"""
_FIND: Final = """
    SELECT request_number, kind, received_on, due_on, name, birth_date, resident_record_code, reply_address, requester,
           identity_check, statement, disclosed_request, recorded_by, extended_to, extension_reason, decision, reason,
           proposed_by, approved_at, approved_by
      FROM disclosure.present_request
     WHERE request_number = %(request_number)s
"""
_LIST: Final = """
    SELECT request_number, kind, received_on, due_on, name, birth_date, resident_record_code, reply_address, requester,
           identity_check, statement, disclosed_request, recorded_by, extended_to, extension_reason, decision, reason,
           proposed_by, approved_at, approved_by
      FROM disclosure.present_request
     WHERE (approved_at IS NULL) = %(is_open)s
     ORDER BY CASE WHEN approved_at IS NULL THEN NULL ELSE approved_at END DESC,
              coalesce(extended_to, due_on, received_on), request_number
     LIMIT %(limit)s
"""
_ADD_EXTENSION: Final = """
    INSERT INTO disclosure.extension (request_number, extended_to, reason, told_on, recorded_at, recorded_by)
    VALUES (%(request_number)s, %(extended_to)s, %(reason)s, %(told_on)s, %(recorded_at)s, %(recorded_by)s)
"""
_ADD_DECISION: Final = """
    INSERT INTO disclosure.decision
           (request_number, decision, reason, needs_second, proposed_at, proposed_by, approved_at, approved_by)
    VALUES (%(request_number)s, %(decision)s, %(reason)s, %(needs_second)s, %(now)s, %(operator)s,
            CASE WHEN %(needs_second)s THEN NULL ELSE %(now)s END,
            CASE WHEN %(needs_second)s THEN NULL ELSE %(operator)s END)
"""
_APPROVE: Final = """
    UPDATE disclosure.decision
       SET approved_at = %(now)s, approved_by = %(operator)s
     WHERE request_number = %(request_number)s AND approved_at IS NULL
"""
_TAKE_BACK: Final = """
    DELETE FROM disclosure.decision WHERE request_number = %(request_number)s AND approved_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """A request as it stands."""

    request_number: int
    request: PersonRequest
    recorded_by: str
    extended_to: date | None
    extension_reason: str | None = field(repr=False)
    decision: PersonDecision | None
    reason: str | None = field(repr=False)
    proposed_by: str | None
    approved_at: datetime | None
    approved_by: str | None

    @property
    def due_on(self) -> date | None:
        """Return the last day for the answer, extended or not."""
        return self.extended_to or self.request.due_on

    @property
    def is_decided(self) -> bool:
        """Return whether the decision stands."""
        return self.approved_at is not None

    def is_overdue(self, today: date) -> bool:
        """Return whether the answer should have been given."""
        return not self.is_decided and self.due_on is not None and today > self.due_on


async def add_request(unit: Unit, request: PersonRequest, *, recorded_by: str, now: datetime) -> int:
    """Add a request; return its number."""
    parameters = {
        "kind": request.right.tag,
        "received_on": request.received_on,
        "due_on": request.due_on,
        "name": request.name,
        "birth_date": request.birth_date,
        "resident_record_code": request.resident_record_code,
        "reply_address": request.reply_address,
        "requester": request.requester.tag,
        "identity_check": request.identity_check.tag,
        "statement": request.statement,
        "disclosed_request": request.disclosed_request,
        "recorded_at": now,
        "recorded_by": recorded_by,
    }
    row = await (await unit.execute(_ADD, parameters)).fetchone()
    if row is None:
        message = "INSERT … RETURNING returned nothing"
        raise RuntimeError(message)
    return int(row[0])


async def find_request(unit: Unit, request_number: int) -> RecordedRequest:
    """Return a request as it stands; raise PersonRequestNotFoundError."""
    row = await (await unit.execute(_FIND, {"request_number": request_number})).fetchone()
    if row is None:
        raise PersonRequestNotFoundError(field="request_number")
    return _recorded(row)


async def list_requests(unit: Unit, *, is_open: bool, limit: int) -> list[RecordedRequest]:
    """Return open requests, the first due first; or decided ones, the newest first."""
    cursor = await unit.execute(_LIST, {"is_open": is_open, "limit": limit})
    return [_recorded(row) for row in await cursor.fetchall()]


async def add_extension(
    unit: Unit, request_number: int, *, extended_to: date, reason: str, told_on: date, operator: str, now: datetime
) -> None:
    """Extend the time of a request, once; raise PersonRequestStateError."""
    parameters = {
        "request_number": request_number,
        "extended_to": extended_to,
        "reason": reason,
        "told_on": told_on,
        "recorded_at": now,
        "recorded_by": operator,
    }
    with violations_as({"extension_pkey": PersonRequestStateError}):
        await unit.execute(_ADD_EXTENSION, parameters)


async def add_decision(
    unit: Unit,
    request_number: int,
    *,
    decision: PersonDecision,
    reason: str,
    needs_second: bool,
    operator: str,
    now: datetime,
) -> None:
    """Decide, or propose to; raise PersonRequestStateError where somebody did already."""
    parameters = {
        "request_number": request_number,
        "decision": decision.tag,
        "reason": reason,
        "needs_second": needs_second,
        "operator": operator,
        "now": now,
    }
    with violations_as({"decision_pkey": PersonRequestStateError}):
        await unit.execute(_ADD_DECISION, parameters)


async def approve_decision(unit: Unit, request_number: int, *, operator: str, now: datetime) -> None:
    """Let a proposed decision stand; raise PersonRequestStateError where somebody was quicker."""
    parameters = {"request_number": request_number, "operator": operator, "now": now}
    if (await unit.execute(_APPROVE, parameters)).rowcount != 1:
        raise PersonRequestStateError(field="request_number")


async def take_back_decision(unit: Unit, request_number: int) -> None:
    """Take a proposed decision back; raise PersonRequestStateError where somebody was quicker."""
    if (await unit.execute(_TAKE_BACK, {"request_number": request_number})).rowcount != 1:
        raise PersonRequestStateError(field="request_number")


def _recorded(row: tuple[Any, ...]) -> RecordedRequest:
    return RecordedRequest(
        request_number=row[0],
        request=PersonRequest(
            right=next(one for one in PersonRight if one.tag == row[1]),
            received_on=row[2],
            name=row[4],
            birth_date=row[5],
            resident_record_code=row[6],
            reply_address=row[7],
            requester=next(one for one in Notifier if one.tag == row[8]),
            identity_check=next(one for one in IdentityCheck if one.tag == row[9]),
            # It was seen when the request was taken.
            shows_authority=True,
            statement=row[10],
            disclosed_request=row[11],
        ),
        recorded_by=row[12],
        extended_to=row[13],
        extension_reason=row[14],
        decision=next((one for one in PersonDecision if one.tag == row[15]), None),
        reason=row[16],
        proposed_by=row[17],
        approved_at=row[18],
        approved_by=row[19],
    )
