"""Statements on people who come and go: move-outs that are due, and earlier records of those who come."""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.postgres.database import Unit

_LIST_DUE: Final = """
    SELECT DISTINCT household_number
      FROM register.current_record
     WHERE planned_move_out_on <= %(today)s
       AND NOT is_removed
     ORDER BY household_number
"""

_LIST_EARLIER: Final = """
    SELECT resident_number
      FROM register.current_record
     WHERE birth_date = %(birth_date)s
       AND name = %(name)s
       AND sex = %(sex)s
     ORDER BY resident_number
"""


async def list_due_move_outs(unit: Unit, *, today: date) -> list[int]:
    """Return the households in which somebody's planned day of move-out has come."""
    cursor = await unit.execute(_LIST_DUE, {"today": today.isoformat()})
    return [int(number) for (number,) in await cursor.fetchall()]


async def list_namesakes(unit: Unit, *, name: str, birth_date: str, sex: str) -> list[int]:
    """Return the numbers of those on this register, removed or not, with this name, birth date and sex."""
    cursor = await unit.execute(_LIST_EARLIER, {"name": name, "birth_date": birth_date, "sex": sex})
    return [int(number) for (number,) in await cursor.fetchall()]
