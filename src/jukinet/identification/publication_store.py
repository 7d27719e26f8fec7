"""The one statement behind the yearly publication: provisions counted by organ, affair, method and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.postgres.database import Unit

#: What the person was told of himself or herself is no provision to anybody else, and nothing is given where an organ
#: only begins to follow somebody.
_COUNT: Final = """
    SELECT agency, affair, method, date_trunc('month', used_at AT TIME ZONE 'Asia/Tokyo')::date AS month,
           sum(entries)::bigint
      FROM audit.counted_use
     WHERE used_at >= %(first)s::timestamp AT TIME ZONE 'Asia/Tokyo'
       AND used_at < %(until)s::timestamp AT TIME ZONE 'Asia/Tokyo'
       AND result = 'found'
       AND method NOT IN ('disclosure', 'use_log')
       AND NOT (method = 'feed' AND items = '')
     GROUP BY agency, affair, method, month
"""


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How often an agency was given somebody in a month."""

    agency: str
    affair: str
    method: str
    month: date
    count: int


async def count_provisions(unit: Unit, *, first: date, until: date) -> list[MonthCount]:
    """Return the counts of the days from `first` up to, but not including, `until`."""
    cursor = await unit.execute(_COUNT, {"first": first, "until": until})
    return [MonthCount(*row) for row in await cursor.fetchall()]
