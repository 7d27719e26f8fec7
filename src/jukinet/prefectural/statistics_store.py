"""The one statement behind a prefecture's statistics: residents counted by municipality, sex and age class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jukinet.postgres.database import Unit

#: A birth date known in part is counted by its year; one without a year in no class.
_COUNT: Final = """
    SELECT municipality, sex,
           CASE WHEN born.age < 15 THEN 0 WHEN born.age < 65 THEN 1 WHEN born.age < 75 THEN 2 ELSE 3 END AS age_class,
           count(*)
      FROM identification.record
     CROSS JOIN LATERAL (
           SELECT %(year)s - left(birth_date, 4)::integer
                  - (substr(birth_date, 6, 5) > %(month_and_day)s)::integer AS age
      ) AS born
     WHERE NOT is_removed
       AND left(birth_date, 4) ~ '^[0-9]{4}$'
       AND sex IN ('1', '2')
     GROUP BY municipality, sex, age_class
"""


@dataclass(frozen=True, slots=True)
class ResidentCount:
    """How many residents of a municipality are of a sex and an age class, from 0 for the youngest."""

    municipality: str
    sex: str
    age_class: int
    count: int


async def count_residents(unit: Unit, *, year: int, month_and_day: str) -> list[ResidentCount]:
    """Return the residents as they are recorded, by their age on a day (`month_and_day`: `04-01`)."""
    cursor = await unit.execute(_COUNT, {"year": year, "month_and_day": month_and_day})
    return [ResidentCount(*row) for row in await cursor.fetchall()]
