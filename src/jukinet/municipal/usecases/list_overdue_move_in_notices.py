"""List those who left for another municipality and of whom no move-in notice has come (転入通知未着).

Who moves has fourteen days to notify the new municipality, which tells this one at once. Nothing is recorded: a clerk
asks there, or writes to the person. Source: Act art. 9(1), 14(1), 22.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.worklist_store import OverdueMoveIn, list_overdue
from jukinet.postgres.database import Database

#: Fourteen days to notify the move-in, and some for the notice to come.
NOTICE_EXPECTED: Final = timedelta(days=21)
_MOST: Final = 200


async def list_overdue_move_in_notices(
    *, act: Act, database: Database, expected: timedelta = NOTICE_EXPECTED
) -> list[OverdueMoveIn]:
    """Return those who left more than `expected` ago, the longest first; the look is on the log."""
    today = civil_day(act.now)
    async with database.transaction() as unit:
        found = await list_overdue(unit, before=today - expected, limit=_MOST)
        if found:
            detail = {"hits": len(found), "resident_numbers": [one.resident_number for one in found]}
            event = Entry(
                event=AuditEvent.RESIDENTS_SEARCHED, occurred_at=act.now, actor=act.operator_id, detail=detail
            )
            await append(unit, [event])
    return found
