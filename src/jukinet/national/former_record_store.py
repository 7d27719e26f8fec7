"""The statements that find a person's earlier record, and write the use log before anything is read out (I4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg import sql

from jukinet.domain.errors import ReplayedMessageError
from jukinet.postgres.database import Database, Unit
from jukinet.postgres.failures import violations_as

#: The code that this one was changed into, if it was.
_FIND_FOLLOWING_CODE: Final = """
    SELECT resident_record_code
      FROM identification.record
     WHERE previous_resident_record_code = %(resident_record_code)s
    UNION ALL
    SELECT resident_record_code
      FROM identification.superseded_record
     WHERE previous_resident_record_code = %(resident_record_code)s
     LIMIT 1
"""

# One statement is one transaction: the log entries and the read commit together, and the rows reach this program
# only after the commit is durable. One more than may be listed tells that there are too many.
_BY_CODE: Final = """
    WITH found AS (
        SELECT resident_record_code, individual_number, name, address, municipality, is_removed, update_sequence
          FROM identification.record
         WHERE resident_record_code = %(resident_record_code)s
    ),
"""
_BY_NAME: Final = """
    WITH found AS (
        SELECT resident_record_code, individual_number, name, address, municipality, is_removed, update_sequence
          FROM identification.record
         WHERE birth_date = %(birth_date)s AND name = %(name)s AND sex = %(sex)s
         LIMIT %(most)s + 1
    ),
"""
_LOG: Final = """
    listed AS (
        SELECT resident_record_code, individual_number, name, address, municipality, is_removed, update_sequence,
               (row_number() OVER (ORDER BY resident_record_code) - 1)::integer AS place
          FROM found
         WHERE (SELECT count(*) FROM found) <= %(most)s
    ),
    logged AS (
        INSERT INTO audit.use_log
               (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
                asked_by, result, items, place)
        SELECT %(message_id)s, %(municipality)s, %(used_at)s,
               coalesce(listed.resident_record_code, %(resident_record_code)s), 'former_record', %(procedure)s,
               %(purpose)s, '', %(operator)s, %(asked_by)s,
               CASE WHEN listed.place IS NULL THEN 'not_found' ELSE 'found' END,
               CASE WHEN listed.place IS NULL THEN '' ELSE 'code,number,name,address,municipality,change' END,
               coalesce(listed.place, 0)
          FROM (SELECT) AS question
          LEFT JOIN listed ON true
    )
    SELECT (SELECT count(*) FROM found) > %(most)s AS is_too_many, listed.resident_record_code,
           listed.individual_number, listed.name, listed.address, listed.municipality, listed.is_removed,
           listed.update_sequence
      FROM (SELECT) AS question
      LEFT JOIN listed ON true
     ORDER BY listed.place
"""
_FIND_BY_CODE: Final = sql.SQL(_BY_CODE) + sql.SQL(_LOG)
_FIND_BY_NAME: Final = sql.SQL(_BY_NAME) + sql.SQL(_LOG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search that the law allows: by code, or by name, birth date and sex together."""

    message_id: str
    municipality: str
    resident_record_code: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth_date: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    procedure: str
    purpose: str
    operator: str


async def list_former_records(
    database: Database, search: Search, *, most: int, now: datetime
) -> tuple[bool, list[tuple[Any, ...]]]:
    """Write the use log, durably, and return whether there are too many, and else the records that were found.

    A record is code, Individual Number, name, address, municipality, whether it is removed, and update sequence. Who is
    asked for by a code that was changed since is found under the present one.

    Raises:
        ReplayedMessageError: the message id was used before; nothing was logged or read out.
        DatabaseUnavailableError: the log could not be written; nothing is read out.
    """
    is_by_code = search.resident_record_code is not None
    parameters = {
        "message_id": search.message_id,
        "municipality": search.municipality,
        "resident_record_code": search.resident_record_code,
        "name": search.name,
        "birth_date": search.birth_date,
        "sex": search.sex,
        "procedure": search.procedure,
        "purpose": search.purpose,
        "operator": search.operator,
        "asked_by": "resident_record_code" if is_by_code else "name_and_birth_date",
        "most": most,
        "used_at": now,
    }
    async with database.connection() as connection:
        if search.resident_record_code is not None:
            parameters["resident_record_code"] = await _find_present_code(connection, search.resident_record_code)
        with violations_as({"use_log_pkey": ReplayedMessageError}):
            cursor = await connection.execute(_FIND_BY_CODE if is_by_code else _FIND_BY_NAME, parameters)
            rows = await cursor.fetchall()
    return bool(rows[0][0]), [row[1:] for row in rows if row[1] is not None]


async def _find_present_code(connection: Unit, code: str) -> str:
    # Nothing of it leaves before the log is written; a code is never given twice, so that this comes to an end.
    while row := await (await connection.execute(_FIND_FOLLOWING_CODE, {"resident_record_code": code})).fetchone():
        (code,) = row
    return code
