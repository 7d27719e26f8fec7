"""Submit a form for review (仮登録・審査に回す): it is kept as data, and another operator decides.

Nothing of it is a record: it is not searched, not printed, not sent, and it locks nobody's record.
Source: standard specification of resident record systems 4.0.8.
"""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import AlreadyExistsError
from jukinet.municipal.desk_store import remove_draft
from jukinet.municipal.review_store import Submission, add_entry, find_waiting_number
from jukinet.municipal.screens_store import find_recorded_form
from jukinet.postgres.database import Database


async def submit_entry(*, submission: Submission, operator_id: str, database: Database, now: datetime) -> int:
    """Keep the form and return the number it waits under; one that waits already keeps its number.

    Raises:
        AlreadyExistsError: the form was recorded.
    """
    try:
        async with database.transaction() as unit:
            if await find_recorded_form(unit, submission.form_number) is not None:
                raise AlreadyExistsError(field="form_number")
            number = await add_entry(unit, submission, operator_id=operator_id, now=now)
            await remove_draft(unit, submission.form_number, operator_id=operator_id)
            detail = {
                "entry_number": number,
                "procedure": submission.procedure,
                "resident_numbers": sorted(submission.resident_numbers),
            }
            event = Entry(event=AuditEvent.ENTRY_SUBMITTED, occurred_at=now, actor=operator_id, detail=detail)
            await append(unit, [event])
    except AlreadyExistsError:
        async with database.connection() as connection:
            waiting = await find_waiting_number(connection, submission.form_number)
        if waiting is None:
            raise
        return waiting
    return number
