"""Uses of a person in a period, by offset: as a portal pages through them. What is withheld is nowhere among them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.audit.use_store import USE_COLUMNS, LoggedUse
from jukinet.postgres.database import Unit

_LIST: Final = """
    SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
           u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
           u.withheld_until
      FROM audit.use_log AS u
     WHERE u.resident_record_code = %(resident_record_code)s
       AND (u.withheld_reason IS NULL
            OR EXISTS (SELECT FROM audit.leaf AS revealed
                        WHERE revealed.message_id = u.message_id AND revealed.agency = u.agency
                          AND revealed.place = u.place AND revealed.kind = 'reveal'))
       AND (%(begin)s::timestamptz IS NULL OR u.used_at >= %(begin)s)
       AND (%(until)s::timestamptz IS NULL OR u.used_at <= %(until)s)
     ORDER BY u.message_id DESC, u.agency DESC, u.place DESC
    OFFSET %(offset)s
     LIMIT %(limit)s
"""
_COUNT: Final = """
    SELECT count(*)
      FROM audit.use_log AS u
     WHERE u.resident_record_code = %(resident_record_code)s
       AND (u.withheld_reason IS NULL
            OR EXISTS (SELECT FROM audit.leaf AS revealed
                        WHERE revealed.message_id = u.message_id AND revealed.agency = u.agency
                          AND revealed.place = u.place AND revealed.kind = 'reveal'))
       AND (%(begin)s::timestamptz IS NULL OR u.used_at >= %(begin)s)
       AND (%(until)s::timestamptz IS NULL OR u.used_at <= %(until)s)
"""
#: Ids begin with the time: the first id is of the first use, and its index is at hand.
_FIRST: Final = "SELECT used_at FROM audit.use_log ORDER BY message_id LIMIT 1"


async def list_usages(  # noqa: PLR0917 - a period and a page of it
    unit: Unit, resident_record_code: str, begin: datetime | None, until: datetime | None, offset: int, limit: int
) -> tuple[int, list[LoggedUse]]:
    """Return how many uses of a person there are in a period, and a page of them, newest first."""
    parameters = {
        "resident_record_code": resident_record_code,
        "begin": begin,
        "until": until,
        "offset": offset,
        "limit": limit,
    }
    row = await (await unit.execute(_COUNT, parameters)).fetchone()
    rows = await (await unit.execute(_LIST, parameters)).fetchall()
    return int(row[0]) if row else 0, [LoggedUse(*one[:USE_COLUMNS]) for one in rows]


async def find_first_use(unit: Unit) -> datetime | None:
    """Return when the oldest use was."""
    row = await (await unit.execute(_FIRST)).fetchone()
    return None if row is None else row[0]
