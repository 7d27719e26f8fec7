"""Every statement on who waits for an Individual Number (個人番号)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

_LIST_WAITING: Final = """
    SELECT handle.resident_number, handle.resident_record_code, coalesce(asked.attempts, 0)
      FROM register.resident_record AS present
      JOIN register.resident AS handle
        ON handle.resident_number = present.resident_number AND handle.version = present.version
      LEFT JOIN register.individual_number_request AS asked ON asked.resident_number = present.resident_number
     WHERE present.individual_number IS NULL
       AND NOT handle.is_removed
       AND (asked.next_attempt_at IS NULL OR asked.next_attempt_at <= %(now)s)
     ORDER BY handle.resident_number DESC
     LIMIT %(limit)s
"""

_PUT_OFF: Final = """
    INSERT INTO register.individual_number_request (resident_number, attempts, next_attempt_at, error_code)
    VALUES (%(resident_number)s, 1, %(next_attempt_at)s, %(error_code)s)
        ON CONFLICT (resident_number) DO UPDATE
       SET attempts = individual_number_request.attempts + 1,
           next_attempt_at = excluded.next_attempt_at,
           error_code = excluded.error_code
"""

_COUNT_WAITING: Final = """
    SELECT count(*)
      FROM register.resident_record AS present
      JOIN register.resident AS handle
        ON handle.resident_number = present.resident_number AND handle.version = present.version
     WHERE present.individual_number IS NULL AND NOT handle.is_removed
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live resident without a number, and how often the nation was asked in vain."""

    resident_number: int
    resident_record_code: str = field(repr=False)
    attempts: int


async def list_waiting(unit: Unit, *, now: datetime, limit: int) -> list[Waiting]:
    """Return live residents without a number who are due to be asked for, the newest first."""
    cursor = await unit.execute(_LIST_WAITING, {"now": now, "limit": limit})
    return [Waiting(*row) for row in await cursor.fetchall()]


async def put_off(unit: Unit, resident_number: int, *, error_code: str, next_attempt_at: datetime) -> None:
    """Note that the nation gave no number, and when to ask again."""
    parameters = {
        "resident_number": resident_number,
        "error_code": error_code,
        "next_attempt_at": next_attempt_at,
    }
    await unit.execute(_PUT_OFF, parameters)


async def count_waiting(unit: Unit) -> int:
    """Return how many live residents have no number."""
    row = await (await unit.execute(_COUNT_WAITING)).fetchone()
    return int(row[0]) if row else 0
