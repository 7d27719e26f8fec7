"""Take a move-in notice that confirms nothing off the work list: the sender has taken it back, or it was a mistake."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.municipal.moving_notice_store import find_unmatched_move_in_notice, settle_move_in_notice
from jukinet.postgres.database import Database


async def dismiss_move_in_notice(
    *, notice_number: str, sender: str, operator_id: str, database: Database, now: datetime
) -> None:
    """Note that nothing follows from this notice.

    Raises:
        MoveInNoticeNotFoundError: no such notice is on the work list.
    """
    async with database.transaction() as unit:
        notice = await find_unmatched_move_in_notice(unit, notice_number=notice_number, sender=sender)
        await settle_move_in_notice(unit, notice, state="dismissed", settled_by=operator_id, now=now)
        detail = {"sender": sender, "notice_number": notice_number, "state": "dismissed"}
        event = Entry(
            event=AuditEvent.MOVE_IN_NOTICED,
            occurred_at=now,
            actor=operator_id,
            resident_record_code=notice.resident_record_code,
            detail=detail,
        )
        await append(unit, [event])
