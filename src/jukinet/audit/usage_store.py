"""Uses of a person in a period, by offset: as a portal pages through them. What is withheld is nowhere among them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psycopg import sql

from jukinet.audit.use_store import USE_COLUMNS, LoggedUse
from jukinet.postgres.database import Unit

# An entry stands by itself, or as one of a file: with a leaf, or not yet, and then in the pages of its portion.
_USES: Final = """
    WITH member AS (
        SELECT leaf.message_id, leaf.agency, leaf.portion, leaf.place, leaf.kind
          FROM audit.file_leaf AS leaf
         WHERE leaf.resident_record_code = %(resident_record_code)s
         UNION ALL
        SELECT page.message_id, page.agency, page.portion, listed.place, listed.kind
          FROM audit.unsealed_file_use AS unsealed
          JOIN audit.file_use_page AS page USING (message_id, agency, portion)
         CROSS JOIN unnest(page.codes, page.places, page.kinds) AS listed (code, place, kind)
         WHERE (unsealed.pages IS NULL
                OR page.page = right(%(resident_record_code)s, 6)::integer %% unsealed.pages)
           AND listed.code = %(resident_record_code)s
    ),
    entry AS (
        SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
               u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
               u.withheld_until
          FROM audit.use_log AS u
         WHERE u.resident_record_code = %(resident_record_code)s
           AND (u.withheld_reason IS NULL
                OR EXISTS (SELECT FROM audit.leaf AS revealed
                            WHERE revealed.message_id = u.message_id AND revealed.agency = u.agency
                              AND revealed.place = u.place AND revealed.kind = 'reveal'))
         UNION ALL
        SELECT member.message_id, member.agency, member.place, file.used_at, %(resident_record_code)s, file.method,
               file.affair, file.purpose, file.matter_number, file.official, file.asked_by,
               file.results[member.kind + 1], file.items[member.kind + 1], file.office, file.ground, NULL, NULL
          FROM member
          JOIN audit.file_use AS file USING (message_id, agency, portion)
    ),
    told AS (
        SELECT message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number,
               official, asked_by, result, items, office, ground, withheld_reason, withheld_until
          FROM entry
         WHERE (%(begin)s::timestamptz IS NULL OR used_at >= %(begin)s)
           AND (%(until)s::timestamptz IS NULL OR used_at <= %(until)s)
    )
"""
_PAGE: Final = """
    SELECT message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number, official,
           asked_by, result, items, office, ground, withheld_reason, withheld_until
      FROM told
     ORDER BY message_id DESC, agency DESC, place DESC
    OFFSET %(offset)s
     LIMIT %(limit)s
"""
_LIST: Final = sql.SQL(_USES) + sql.SQL(_PAGE)
_COUNT: Final = sql.SQL(_USES) + sql.SQL("SELECT count(*) FROM told")
#: Ids begin with the time: the first id is of the first use, and its index is at hand.
_FIRST: Final = """
    SELECT least((SELECT used_at FROM audit.use_log ORDER BY message_id LIMIT 1),
                 (SELECT used_at FROM audit.file_use ORDER BY message_id LIMIT 1))
"""


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
    return row[0] if row else None
