"""Match a move-in notice again (転入通知の再照合), after a clerk has put right why it confirmed nothing."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.municipal.moving_notice_store import find_unmatched_move_in_notice, reopen_move_in_notice
from jukinet.municipal.usecases.apply_move_in_notices import Applied, apply_move_in_notices
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName


async def retry_move_in_notice(
    *, notice_number: str, sender: str, operator_id: str, node: NodeName, database: Database, now: datetime
) -> Applied:
    """Put the notice back among those received, and apply what can be.

    Raises:
        MoveInNoticeNotFoundError: no such notice is on the work list.
    """
    async with database.transaction() as unit:
        notice = await find_unmatched_move_in_notice(unit, notice_number=notice_number, sender=sender)
        await reopen_move_in_notice(unit, notice)
        event = Entry(
            event=AuditEvent.MOVE_IN_NOTICED,
            occurred_at=now,
            actor=operator_id,
            resident_record_code=notice.resident_record_code,
            detail={"sender": sender, "notice_number": notice_number, "state": "received"},
        )
        await append(unit, [event])
    return await apply_move_in_notices(node=node, database=database, now=now)
