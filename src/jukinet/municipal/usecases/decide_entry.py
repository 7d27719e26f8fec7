"""Decide on a provisional entry without recording it: return it with a reason, or withdraw one's own.

Approval is the recording itself: the use case of the procedure is performed with `Act.approved_by`, and the entry is
marked in its transaction (`recording.record_steps`).
"""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.reviews import require_other_operator, require_own, require_reason
from jukinet.municipal.review_store import ProvisionalEntry, decide_entry, find_entry
from jukinet.postgres.database import Database, Unit


async def return_entry(*, entry_number: int, reason: str, operator_id: str, database: Database, now: datetime) -> None:
    """Give the entry back to who submitted it, with what is to be mended.

    Raises:
        ProvisionalEntryNotFoundError, ProvisionalEntryStateError: there is none, or it does not wait any more.
        SelfReviewError: the operator submitted it.
        MissingItemError: the reason is missing or too long.
    """
    require_reason(reason)
    async with database.transaction() as unit:
        entry = await find_entry(unit, entry_number)
        require_other_operator(submitted_by=entry.submitted_by, reviewer=operator_id)
        await decide_entry(unit, entry, state="returned", decided_by=operator_id, now=now, reason=reason.strip())
        await _note(unit, entry, state="returned", operator_id=operator_id, now=now)


async def withdraw_entry(*, entry_number: int, operator_id: str, database: Database, now: datetime) -> None:
    """Take back an entry of one's own that waits or was returned.

    Raises:
        ProvisionalEntryNotFoundError, ProvisionalEntryStateError: there is none, or it was decided.
        NotPermittedError: another operator submitted it.
    """
    async with database.transaction() as unit:
        entry = await find_entry(unit, entry_number)
        require_own(submitted_by=entry.submitted_by, operator_id=operator_id)
        await decide_entry(unit, entry, state="withdrawn", decided_by=operator_id, now=now)
        await _note(unit, entry, state="withdrawn", operator_id=operator_id, now=now)


async def _note(unit: Unit, entry: ProvisionalEntry, *, state: str, operator_id: str, now: datetime) -> None:
    detail = {"entry_number": entry.entry_number, "procedure": entry.procedure, "state": state}
    event = Entry(event=AuditEvent.ENTRY_DECIDED, occurred_at=now, actor=operator_id, detail=detail)
    await append(unit, [event])
