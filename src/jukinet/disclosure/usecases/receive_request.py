"""Take a person's written request (請求の受理): from this day the period runs."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.disclosure.request_store import add_request, find_request
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import PersonRequestNotFoundError
from jukinet.domain.person_requests import (
    PersonDecision,
    PersonRequest,
    require_acceptable,
    require_disclosed_before,
)
from jukinet.postgres.database import Database, Unit


async def receive_request(*, request: PersonRequest, operator_id: str, database: Database, now: datetime) -> int:
    """Record the request, and return its number.

    Raises:
        InvalidValueError, NotifierNotPermittedError, IdentityNotCheckedError, AuthorityNotShownError: as
            `require_acceptable`, naming the field.
        PersonRequestStateError: a correction of what was not disclosed to this person.
    """
    require_acceptable(request, today=civil_day(now))
    async with database.transaction() as unit:
        require_disclosed_before(request, disclosed_code=await _find_disclosed(unit, request.disclosed_request))
        number = await add_request(unit, request, recorded_by=operator_id, now=now)
        event = Entry(
            event=AuditEvent.PERSON_REQUEST_RECEIVED,
            occurred_at=now,
            actor=operator_id,
            resident_record_code=request.resident_record_code,
            detail={"request_number": number, "kind": request.right.tag},
        )
        await append(unit, [event])
    return number


async def _find_disclosed(unit: Unit, request_number: int | None) -> str | None:
    """Return whose information an earlier request disclosed."""
    if request_number is None:
        return None
    try:
        earlier = await find_request(unit, request_number)
    except PersonRequestNotFoundError:
        return None
    is_disclosed = earlier.is_decided and earlier.decision is PersonDecision.DISCLOSED
    return earlier.request.resident_record_code if is_disclosed else None
