"""Every statement on how fast mass changes of addresses go on, and how many wait for approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

#: How many households became settled lately, and for how many waiting ones a clerk has to be done first.
_FIND_PACE: Final = """
    SELECT count(*) FILTER (WHERE work.state = 'waiting'),
           count(*) FILTER (WHERE work.settled_at > %(after)s),
           count(*) FILTER (WHERE work.state = 'waiting' AND work.household_number = ANY(ARRAY(
               SELECT record.household_number
                 FROM register.editing AS held
                 JOIN register.current_record AS record USING (resident_number)
                WHERE held.until > %(now)s)))
      FROM register.mass_change_household AS work
     WHERE work.mass_change_number = %(mass_change_number)s
"""
_COUNT_MADE: Final = "SELECT count(*) FROM register.mass_change WHERE state = 'made'"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a mass change goes on."""

    waiting: int
    #: Households settled since the instant asked for.
    recent: int
    #: Waiting households whose record a clerk is at work on.
    held: int


async def find_pace(unit: Unit, mass_change_number: int, *, after: datetime, now: datetime) -> Pace:
    """Return how fast a mass change goes on since an instant."""
    parameters = {"mass_change_number": mass_change_number, "after": after, "now": now}
    row = await (await unit.execute(_FIND_PACE, parameters)).fetchone()
    return Pace(*row) if row else Pace(0, 0, 0)


async def count_made(unit: Unit) -> int:
    """Return how many mass changes wait for approval."""
    row = await (await unit.execute(_COUNT_MADE)).fetchone()
    return int(row[0]) if row else 0
