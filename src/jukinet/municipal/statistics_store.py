"""Every statement that counts residents and changes for the statistics (統計)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jukinet.postgres.database import Unit

# Versions are what happened: each entry and removal is one, counted in the month it took effect unless its act was
# cancelled.
_COUNT_MONTHS: Final = """
    SELECT substr(coalesce(record.acted_on, record.changed_on), 1, 7) AS month,
           count(*) FILTER (WHERE coalesce(record.act_reason, record.change_reason) = 'birth'),
           count(*) FILTER (WHERE coalesce(record.act_reason, record.change_reason) = 'death'),
           count(*) FILTER (WHERE coalesce(record.act_reason, record.change_reason)
                            IN ('move_in', 'move_in_from_abroad')),
           count(*) FILTER (WHERE coalesce(record.act_reason, record.change_reason) IN ('move_out', 'move_out_abroad'))
      FROM register.resident_record AS record
     WHERE coalesce(record.acted_on, record.changed_on) >= %(since)s
       AND coalesce(record.acted_on, record.changed_on) < %(until)s
       AND NOT EXISTS (SELECT 1 FROM register.act AS undoing WHERE undoing.cancels = record.act_number)
     GROUP BY 1
     ORDER BY 1
"""

_COUNT_TOWNS: Final = """
    SELECT coalesce(substring(record.address FROM %(pattern)s::text), '') AS town,
           count(*), count(DISTINCT record.household_number)
      FROM register.resident AS handle
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE NOT handle.is_removed
     GROUP BY 1
     ORDER BY 2 DESC, 1
"""

#: A date known in part is counted by its year.
_COUNT_AGES: Final = """
    SELECT record.sex,
           least(greatest(%(year)s - left(record.birth_date, 4)::integer
                          - (substr(record.birth_date, 6, 5) > %(month_and_day)s)::integer, 0), 104) / 5 AS band,
           count(*)
      FROM register.resident AS handle
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE NOT handle.is_removed
       AND left(record.birth_date, 4) ~ '^[0-9]{4}$'
     GROUP BY 1, 2
"""

_COUNT_ALL: Final = """
    SELECT count(*), count(DISTINCT record.household_number), count(*) FILTER (WHERE record.nationality IS NOT NULL)
      FROM register.resident AS handle
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE NOT handle.is_removed
"""


#: A town (大字・町) is what stands between the municipality's name and the first figure or 丁目.
_TOWN: Final = "(.+?)(?:[一二三四五六七八九十]+丁目|[0-9０-９])"


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month."""

    month: str
    births: int
    deaths: int
    move_ins: int
    move_outs: int


@dataclass(frozen=True, slots=True)
class TownCount:
    """How many live in a town, and in how many households."""

    town: str
    residents: int
    households: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How many live in the municipality."""

    residents: int
    households: int
    foreign_residents: int


async def count_months(unit: Unit, *, since: str, until: str) -> list[Month]:
    """Return the changes of every month from `since`, such as 2026-01, to before `until`."""
    rows = await _rows(unit, _COUNT_MONTHS, {"since": since, "until": until})
    return [Month(*row) for row in rows]


async def count_towns(unit: Unit, *, beginning: str) -> list[TownCount]:
    """Return every town with its residents, the largest first. `beginning` is a pattern of how addresses begin."""
    return [TownCount(*row) for row in await _rows(unit, _COUNT_TOWNS, {"pattern": beginning + _TOWN})]


async def count_ages(unit: Unit, *, today: date) -> dict[tuple[str, int], int]:
    """Return how many there are by sex and by band of five years; birth dates of unknown year are left out."""
    parameters: dict[str, object] = {"year": today.year, "month_and_day": f"{today:%m-%d}"}
    return {(row[0], row[1]): row[2] for row in await _rows(unit, _COUNT_AGES, parameters)}


async def count_all(unit: Unit) -> Totals:
    """Return how many residents and households there are."""
    return Totals(*(await _rows(unit, _COUNT_ALL, {}))[0])


async def _rows(unit: Unit, statement: Any, parameters: dict[str, object]) -> list[tuple[Any, ...]]:  # noqa: ANN401 - a constant of this module
    return await (await unit.execute(statement, parameters)).fetchall()
