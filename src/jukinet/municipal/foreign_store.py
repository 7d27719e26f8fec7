"""Every statement on foreign residents alone: whose period of stay ends or has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.postgres.database import Unit

_COUNT_EXPIRING: Final = """
    SELECT count(*)
      FROM register.resident_record AS record
      JOIN register.resident USING (resident_number, version)
     WHERE record.residence_until <= %(until)s
       AND record.nationality IS NOT NULL
       AND NOT record.is_removed
"""

_LIST_EXPIRING: Final = """
    SELECT record.resident_number, record.residence_until
      FROM register.resident_record AS record
      JOIN register.resident USING (resident_number, version)
     WHERE record.residence_until <= %(until)s
       AND record.nationality IS NOT NULL
       AND NOT record.is_removed
     ORDER BY record.residence_until, record.resident_number
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ExpiringStay:
    """A foreign resident whose period of stay (在留期間) ends on this day."""

    resident_number: int
    until: date


async def count_expiring(unit: Unit, *, until: date) -> int:
    """Return how many live foreign residents have a period of stay that ends by this day, or has ended."""
    row = await (await unit.execute(_COUNT_EXPIRING, {"until": until.isoformat()})).fetchone()
    return int(row[0]) if row else 0


async def list_expiring(unit: Unit, *, until: date, limit: int) -> list[ExpiringStay]:
    """Return them, the earliest first."""
    cursor = await unit.execute(_LIST_EXPIRING, {"until": until.isoformat(), "limit": limit})
    return [ExpiringStay(row[0], date.fromisoformat(row[1])) for row in await cursor.fetchall()]
