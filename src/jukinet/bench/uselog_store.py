"""Statements of the use-log bench: entries as a busy node writes them, and a bare look at one person's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from jukinet.postgres.database import Unit

_EMPTY: Final = """
    TRUNCATE audit.use_log, audit.file_use, audit.file_use_page, audit.sealed_file_use, audit.file_leaf,
             audit.set_commitment, audit.leaf, audit.log_page, audit.head, audit.wording,
             sealing.map_bucket, sealing.map_page, audit.released_use, audit.witness
"""
#: One entry each of so many persons, 64 in a transaction's worth of message ids that sort by time.
_ADD_USES: Final = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items)
    SELECT uuidv7()::text, 'agency/nenkin', %(now)s, (90000000000 + number %% %(persons)s)::text, 'real_time',
           %(affair)s, '性能測定', 'bench-1', 'bench', 'resident_record_code', 'found',
           'name,birth_date,sex,address,change'
      FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(entries)s - 1) AS number
"""
_TIDY: Final = "VACUUM ANALYZE audit.use_log, audit.leaf, sealing.map_bucket, sealing.map_page"
_READ_BARE: Final = """
    SELECT message_id, agency, used_at, method, affair, purpose, matter_number, official, asked_by, result, items
      FROM audit.use_log
     WHERE resident_record_code = %(resident_record_code)s
     ORDER BY message_id DESC
     LIMIT %(limit)s
"""
_FIND_SIZES: Final = """
    SELECT pg_total_relation_size('audit.leaf') + pg_total_relation_size('audit.log_page'),
           pg_total_relation_size('sealing.map_bucket') + pg_total_relation_size('sealing.map_page')
"""


async def empty_use_log(owner: Unit) -> None:
    """Empty the use log and everything sealed."""
    await owner.execute(_EMPTY)


async def add_uses(unit: Unit, *, first: int, entries: int, persons: int, affair: str, now: datetime) -> None:
    """Write entries in one statement, person after person from the `first`."""
    names = {"first": first, "entries": entries, "persons": persons, "affair": affair, "now": now}
    await unit.execute(_ADD_USES, names)


async def tidy_use_log(owner: Unit) -> None:
    """Leave the tables as autovacuum would."""
    await owner.execute(_TIDY)


async def read_bare(unit: Unit, resident_record_code: str, *, limit: int) -> list[tuple[Any, ...]]:
    """Return the newest entries of one person, and nothing about their seals."""
    cursor = await unit.execute(_READ_BARE, {"resident_record_code": resident_record_code, "limit": limit})
    return await cursor.fetchall()


async def find_sizes(unit: Unit) -> tuple[int, int]:
    """Return how many bytes the leaves with their tree take, and the map of persons."""
    row = await (await unit.execute(_FIND_SIZES)).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
