"""Keep that a municipality, which made sure who it is, enrolled a resident at the resident's page (利用登録)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import AlreadyExistsError, MalformedRequestError
from jukinet.domain.person_rights import ENROLMENT_DAYS
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.national.person_store import add_account
from jukinet.national.usecases.provide_use_log import require_stated, require_their_resident
from jukinet.postgres.database import Database
from jukinet.protocol.person import ResidentEnrolment, ResidentEnrolmentAnswer
from jukinet.transport.message_server import Received

_ACCOUNT_NUMBER: Final = re.compile(r"[0-9]{12}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


async def enrol_resident(
    *, received: Received[ResidentEnrolment], database: Database, now: datetime
) -> ResidentEnrolmentAnswer:
    """Open an account that the code of the letter gives its password; the one the person had is closed.

    Raises:
        NotTheirResidentError: the person is not a resident of the municipality.
        MalformedRequestError, MissingItemError: an item cannot be.
        AlreadyExistsError: the account number is taken: draw another.
        ReplayedMessageError: this message came before.
    """
    body, municipality = received.body, received.peer.name
    code = _require_possible(body, civil_day(now))
    async with database.transaction() as unit:
        await accept(unit, received, now=now)
        await require_their_resident(unit, municipality=municipality, resident_record_code=code)
        closed = await add_account(
            unit,
            account_number=body.account_number,
            resident_record_code=code,
            enrolled_by=municipality.text,
            code_hash=bytes.fromhex(body.code_hash),
            code_until=body.valid_until,
            now=now,
        )
        if closed is None:
            raise AlreadyExistsError("This account number is taken.", field="account_number")
        event = Entry(
            event=AuditEvent.RESIDENT_ENROLLED,
            occurred_at=now,
            actor=municipality.text,
            resident_record_code=code,
            message_id=received.envelope.message_id,
            detail={"account_number": body.account_number, "operator": body.operator, "closed_accounts": closed},
        )
        await append(unit, [event])
    return ResidentEnrolmentAnswer(closed_accounts=closed)


def _require_possible(body: ResidentEnrolment, today: date) -> str:
    """Return the resident record code; refuse a body that has an item which cannot be."""
    require_stated(body.matter_number, "matter_number")
    require_stated(body.operator, "operator")
    if _ACCOUNT_NUMBER.fullmatch(body.account_number) is None:
        raise MalformedRequestError("An account number has twelve digits.", field="account_number")
    if _HASH.fullmatch(body.code_hash) is None:
        raise MalformedRequestError("This is no SHA-256 in hexadecimal.", field="code_hash")
    if not today <= body.valid_until <= today + timedelta(days=ENROLMENT_DAYS):
        raise MalformedRequestError(f"A letter is good for at most {ENROLMENT_DAYS} days.", field="valid_until")
    return ResidentRecordCode.parse(body.resident_record_code).value
