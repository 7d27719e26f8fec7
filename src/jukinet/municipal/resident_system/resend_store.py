"""Every statement on notices that were sent again (再送)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit
from jukinet.protocol.resident_changes import ResendAnswer

_FIND: Final = "SELECT update_sequence, is_new FROM resident_system.resend WHERE request_id = %(request_id)s"

_ADD: Final = """
    INSERT INTO resident_system.resend
           (request_id, resident_number, update_sequence, is_new, change_reason, requested_at, requested_by)
    VALUES (%(request_id)s, %(resident_number)s, %(update_sequence)s, %(is_new)s, %(change_reason)s, %(requested_at)s,
            %(requested_by)s)
"""


async def find_resend(unit: Unit, request_id: str) -> ResendAnswer | None:
    """Return what was answered to this request; None if it was not made before."""
    row = await (await unit.execute(_FIND, {"request_id": request_id})).fetchone()
    return None if row is None else ResendAnswer(update_sequence=int(row[0]), is_new=bool(row[1]))


async def add_resend(
    unit: Unit,
    *,
    request_id: str,
    resident_number: str,
    answer: ResendAnswer,
    change_reason: str,
    now: datetime,
    requested_by: str,
) -> None:
    """Note that a notice was sent again, by whom and with which reason."""
    parameters = {
        "request_id": request_id,
        "resident_number": resident_number,
        "update_sequence": answer.update_sequence,
        "is_new": answer.is_new,
        "change_reason": change_reason,
        "requested_at": now,
        "requested_by": requested_by,
    }
    await unit.execute(_ADD, parameters)
