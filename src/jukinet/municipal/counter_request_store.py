"""Statements on what residents ask for at the counter about their own information (窓口での本人の請求)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

_ADD: Final = """
    INSERT INTO register.counter_request
           (kind, resident_number, requester, identity_check, requested_at, requested_by)
    VALUES (%(kind)s, %(resident_number)s, %(requester)s, %(identity_check)s, %(requested_at)s, %(requested_by)s)
 RETURNING request_number
"""


async def add_counter_request(
    unit: Unit,
    *,
    kind: str,
    resident_number: int,
    requester: str,
    identity_check: str,
    requested_at: datetime,
    requested_by: str,
) -> int:
    """Add a request; return its number."""
    parameters = {
        "kind": kind,
        "resident_number": resident_number,
        "requester": requester,
        "identity_check": identity_check,
        "requested_at": requested_at,
        "requested_by": requested_by,
    }
    row = await (await unit.execute(_ADD, parameters)).fetchone()
    if row is None:
        message = "INSERT … RETURNING returned nothing"
        raise RuntimeError(message)
    return int(row[0])
