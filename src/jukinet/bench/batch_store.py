"""Statements of the `batch` bench: the lines it asks for, and its raw baseline (COPY in, one hash join, COPY out)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, LiteralString

from psycopg import sql

from jukinet.domain.provision_batches import BatchKey
from jukinet.postgres.database import Unit

# The same persons by every key, from all over the nation, in no order.
_LIST_LINES: Final[Mapping[BatchKey, LiteralString]] = {
    BatchKey.RESIDENT_RECORD_CODE: """
        SELECT 'r' || row_number() OVER () || ',' || resident_record_code
          FROM identification.record ORDER BY hashtext(resident_record_code) LIMIT %(lines)s
    """,
    BatchKey.INDIVIDUAL_NUMBER: """
        SELECT 'r' || row_number() OVER () || ',' || individual_number
          FROM identification.record WHERE individual_number IS NOT NULL
         ORDER BY hashtext(resident_record_code) LIMIT %(lines)s
    """,
    BatchKey.FOUR_ITEMS: """
        SELECT 'r' || row_number() OVER () || ',"' || name || '",' || birth_date || ',' || sex || ',' || address
          FROM identification.record WHERE address !~ '[,"]'
         ORDER BY hashtext(resident_record_code) LIMIT %(lines)s
    """,
}
_MAKE: Final[Mapping[BatchKey, LiteralString]] = {
    BatchKey.RESIDENT_RECORD_CODE: 'CREATE TEMPORARY TABLE asked (reference text, key text COLLATE "C") ON COMMIT DROP',
    BatchKey.INDIVIDUAL_NUMBER: 'CREATE TEMPORARY TABLE asked (reference text, key text COLLATE "C") ON COMMIT DROP',
    BatchKey.FOUR_ITEMS: """
        CREATE TEMPORARY TABLE asked (reference text, name text, birth_date text COLLATE "C", sex text COLLATE "C",
                                      address text) ON COMMIT DROP
    """,
}
_COPY_IN: Final = "COPY asked FROM STDIN (FORMAT csv)"
_ANALYSE: Final = "ANALYZE asked"
_HASH_ONLY: Final = """
    SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('work_mem', '256MB', true)
"""
_COPY_OUT: Final = """
    COPY (SELECT asked.reference, record.name, record.kana, record.former_surname, record.alias, record.birth_date,
                 record.sex, record.address, record.change_reason, record.changed_on, record.is_removed
            FROM asked LEFT JOIN identification.record AS record ON {condition}) TO STDOUT
"""
_CONDITIONS: Final[Mapping[BatchKey, LiteralString]] = {
    BatchKey.RESIDENT_RECORD_CODE: "record.resident_record_code = asked.key",
    BatchKey.INDIVIDUAL_NUMBER: "record.individual_number = asked.key",
    BatchKey.FOUR_ITEMS: """record.name = asked.name AND record.birth_date = asked.birth_date
                            AND record.sex = asked.sex AND record.address = asked.address""",
}
_EMPTY: Final = """
    TRUNCATE audit.use_log, audit.file_use, audit.file_use_page, audit.set_commitment, batch.file, batch.part,
             batch.staged, batch.result
"""
_COUNT_USES: Final = "SELECT count(*) FROM audit.every_use WHERE method = 'batch'"
_LIST_NAMED: Final = "SELECT place, resident_record_code FROM audit.every_use WHERE message_id = %(batch_id)s"
_COUNT_ANSWERED: Final = "SELECT coalesce(sum(unnamed), 0) FROM audit.file_use WHERE message_id = %(batch_id)s"


async def list_lines(unit: Unit, key: BatchKey, *, lines: int) -> bytes:
    """Return so many lines of a batch file, as CSV."""
    cursor = await unit.execute(sql.SQL(_LIST_LINES[key]), {"lines": lines})
    return "".join([f"{line}\n" for (line,) in await cursor.fetchall()]).encode()


async def empty_batches(unit: Unit) -> None:
    """Empty what a run fills."""
    await unit.execute(_EMPTY)


async def count_batch_uses(unit: Unit) -> int:
    """Return how many entries of batches the use log has."""
    row = await (await unit.execute(_COUNT_USES)).fetchone()
    return int(row[0]) if row else 0


async def list_named(unit: Unit, batch_id: str) -> tuple[dict[int, str], int]:
    """Return whom each line of a file named, by its number, and how many lines were answered."""
    cursor = await unit.execute(_LIST_NAMED, {"batch_id": batch_id})
    named: dict[int, str] = dict(await cursor.fetchall())
    row = await (await unit.execute(_COUNT_ANSWERED, {"batch_id": batch_id})).fetchone()
    return named, len(named) + (int(row[0]) if row else 0)


async def join_lines(unit: Unit, key: BatchKey, content: bytes) -> int:
    """Copy lines in, join them with the register by one hash join, copy the result out; return its bytes."""
    size = 0
    async with unit.transaction():
        await unit.execute(sql.SQL(_MAKE[key]))
        async with unit.cursor() as cursor, cursor.copy(_COPY_IN) as copy:
            await copy.write(content)
        await unit.execute(_ANALYSE)
        await unit.execute(_HASH_ONLY)
        statement = sql.SQL(_COPY_OUT).format(condition=sql.SQL(_CONDITIONS[key]))
        async with unit.cursor() as cursor, cursor.copy(statement) as copy:
            async for row in copy:
                size += len(row)
    return size
