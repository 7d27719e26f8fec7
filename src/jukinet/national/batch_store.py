"""Every statement on batch files: taking them in, their progress, their results, their end (一括提供)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from jukinet.domain.errors import BatchNotFoundError
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.batch import BatchProblem

#: A new file, or a file whose turn has come.
CHANNEL: Final = "batch_file"

_BEGIN: Final = """
    INSERT INTO batch.file
           (agency, batch_id, header, length, sha256, request, signature, ground, items, priority, state, begun_at,
            deleted_after)
    VALUES (%(agency)s, %(batch_id)s, %(header)s, %(length)s, %(sha256)s, %(request)s, %(signature)s, %(ground)s,
            %(items)s, %(priority)s, 'receiving', %(begun_at)s, %(deleted_after)s)
        ON CONFLICT ON CONSTRAINT file_of_agency DO NOTHING
 RETURNING batch_number
"""
_FIND: Final = """
    SELECT batch_number, agency, batch_id, header, length, sha256, ground, items, priority, state, received, checked,
           lines, bad_lines, matched, chunks, result_bytes, results, error_code, error_detail, begun_at, matching_at,
           fetched_at, deleted_after
      FROM batch.file
     WHERE agency = %(agency)s AND batch_id = %(batch_id)s
"""
_LOCK: Final = """
    SELECT batch_number, agency, batch_id, header, length, sha256, ground, items, priority, state, received, checked,
           lines, bad_lines, matched, chunks, result_bytes, results, error_code, error_detail, begun_at, matching_at,
           fetched_at, deleted_after
      FROM batch.file
     WHERE agency = %(agency)s AND batch_id = %(batch_id)s
       FOR UPDATE
"""
_FIND_NEXT: Final = """
    SELECT batch_number, agency, batch_id, header, length, sha256, ground, items, priority, state, received, checked,
           lines, bad_lines, matched, chunks, result_bytes, results, error_code, error_detail, begun_at, matching_at,
           fetched_at, deleted_after
      FROM batch.file
     WHERE state IN ('waiting', 'checking', 'matching')
     ORDER BY priority DESC, batch_number
     LIMIT 1
"""
_LIST_AHEAD: Final = """
    SELECT count(*), coalesce(sum(greatest(lines - matched, length / 64)), 0)::bigint
      FROM batch.file
     WHERE state IN ('waiting', 'checking', 'matching')
       AND (priority > %(priority)s OR (priority = %(priority)s AND batch_number < %(batch_number)s))
"""
_COUNT_OPEN: Final = """
    SELECT count(*)
      FROM batch.file
     WHERE agency = %(agency)s AND state IN ('receiving', 'waiting', 'checking', 'matching')
"""
_ADD_PART: Final = """
    INSERT INTO batch.part (batch_number, part_offset, content)
    VALUES (%(batch_number)s, %(part_offset)s, %(content)s)
"""
_NOTE_RECEIVED: Final = "UPDATE batch.file SET received = %(received)s WHERE batch_number = %(batch_number)s"
_LIST_PARTS: Final = """
    SELECT part_offset, content
      FROM batch.part
     WHERE batch_number = %(batch_number)s AND part_offset >= %(part_offset)s
     ORDER BY part_offset
     LIMIT 1
"""
_SET_STATE: Final = """
    UPDATE batch.file
       SET state = %(state)s, error_code = %(error_code)s, error_detail = %(error_detail)s,
           committed_at = CASE WHEN %(state)s = 'waiting' THEN %(now)s ELSE committed_at END,
           matching_at = CASE WHEN %(state)s = 'matching' THEN %(now)s ELSE matching_at END,
           ended_at = CASE WHEN %(is_over)s THEN %(now)s ELSE ended_at END,
           deleted_after = coalesce(%(deleted_after)s, deleted_after)
     WHERE batch_number = %(batch_number)s
"""
_NOTE_CHECKED: Final = """
    UPDATE batch.file
       SET checked = %(checked)s, lines = %(lines)s, bad_lines = %(bad_lines)s
     WHERE batch_number = %(batch_number)s
"""
_STAGE: Final = """
    INSERT INTO batch.staged (batch_number, block_number, lines, content)
    VALUES (%(batch_number)s, %(block_number)s, %(lines)s, %(content)s)
"""
_ADD_PROBLEM: Final = """
    INSERT INTO batch.problem (batch_number, line_number, column_number, item, code, rule)
    VALUES (%(batch_number)s, %(line_number)s, %(column_number)s, %(item)s, %(code)s, %(rule)s)
"""
_LIST_PROBLEMS: Final = """
    SELECT line_number, column_number, item, code, rule
      FROM batch.problem
     WHERE batch_number = %(batch_number)s
     ORDER BY line_number
     LIMIT %(limit)s
"""
_DELETE_PARTS: Final = "DELETE FROM batch.part WHERE batch_number = %(batch_number)s"
_DELETE_STAGED: Final = "DELETE FROM batch.staged WHERE batch_number = %(batch_number)s"
_DELETE_PROBLEMS: Final = "DELETE FROM batch.problem WHERE batch_number = %(batch_number)s"
_DELETE_RESULTS: Final = "DELETE FROM batch.result WHERE batch_number = %(batch_number)s"
_FIND_RESULT: Final = """
    WITH placed AS (
        SELECT portion, sum(length) OVER (ORDER BY portion) - length AS begins
          FROM batch.result
         WHERE batch_number = %(batch_number)s
    ), wanted AS (
        SELECT portion, begins FROM placed WHERE begins <= %(offset)s ORDER BY portion DESC LIMIT 1
    )
    SELECT substring(result.content FROM (%(offset)s - wanted.begins + 1)::integer FOR %(most)s)
      FROM wanted
      JOIN batch.result ON result.batch_number = %(batch_number)s AND result.portion = wanted.portion
"""
_NOTE_FETCHED: Final = """
    UPDATE batch.file SET fetched_at = %(now)s WHERE batch_number = %(batch_number)s AND fetched_at IS NULL
"""
_LIST_EXPIRED: Final = """
    SELECT agency, batch_id
      FROM batch.file
     WHERE deleted_after < %(now)s AND state <> 'expired'
     ORDER BY deleted_after
     LIMIT 100
"""
_NOTIFY: Final = "SELECT pg_notify('batch_file', '')"


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file as it stands."""

    batch_number: int
    agency: str
    batch_id: str
    header: str = field(repr=False)
    length: int
    sha256: str
    ground: str
    items: str
    priority: int
    state: str
    received: int
    checked: int
    lines: int
    bad_lines: int
    matched: int
    chunks: int
    result_bytes: int
    results: Mapping[str, int]
    error_code: str | None
    error_detail: str | None
    begun_at: datetime
    matching_at: datetime | None
    fetched_at: datetime | None
    deleted_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """What is recorded when a file is begun."""

    agency: str
    batch_id: str
    header: str = field(repr=False)
    length: int
    sha256: str
    request: bytes = field(repr=False)
    signature: str = field(repr=False)
    ground: str
    items: str
    priority: int
    begun_at: datetime
    deleted_after: datetime


async def begin_file(unit: Unit, new: NewFile) -> bool:
    """Record a file; return False if this agency began one with this id before."""
    cursor = await unit.execute(_BEGIN, {name: getattr(new, name) for name in NewFile.__slots__})
    return await cursor.fetchone() is not None


async def find_file(unit: Unit, *, agency: str, batch_id: str) -> BatchFile:
    """Return a file; raise BatchNotFoundError."""
    return _read(await (await unit.execute(_FIND, {"agency": agency, "batch_id": batch_id})).fetchone())


async def lock_file(unit: Unit, *, agency: str, batch_id: str) -> BatchFile:
    """Return a file and keep others from changing it until the transaction ends; raise BatchNotFoundError."""
    return _read(await (await unit.execute(_LOCK, {"agency": agency, "batch_id": batch_id})).fetchone())


async def find_next_file(unit: Unit) -> BatchFile | None:
    """Return the file whose turn it is."""
    row = await (await unit.execute(_FIND_NEXT)).fetchone()
    return None if row is None else BatchFile(*row)


async def count_ahead(unit: Unit, file: BatchFile) -> tuple[int, int]:
    """Return how many files come before this one, and about how many lines they have left."""
    parameters = {"priority": file.priority, "batch_number": file.batch_number}
    row = await (await unit.execute(_LIST_AHEAD, parameters)).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


async def count_open(unit: Unit, *, agency: str) -> int:
    """Return how many files of an agency are under way."""
    row = await (await unit.execute(_COUNT_OPEN, {"agency": agency})).fetchone()
    return 0 if row is None else int(row[0])


async def add_part(unit: Unit, file: BatchFile, content: bytes) -> int:
    """Add the bytes that come next; return how many there are now."""
    received = file.received + len(content)
    part = {"batch_number": file.batch_number, "part_offset": file.received, "content": content}
    await unit.execute(_ADD_PART, part)
    await unit.execute(_NOTE_RECEIVED, {"batch_number": file.batch_number, "received": received})
    return received


async def list_parts(database: Database, file: BatchFile) -> AsyncIterator[bytes]:
    """Yield the parts in order, one at a time."""
    offset = 0
    while offset < file.length:
        async with database.connection() as connection:
            parameters = {"batch_number": file.batch_number, "part_offset": offset}
            row = await (await connection.execute(_LIST_PARTS, parameters, binary=True)).fetchone()
        if row is None:
            return
        content = bytes(row[1])
        offset = int(row[0]) + len(content)
        yield content


async def set_state(
    unit: Unit,
    file: BatchFile,
    state: str,
    *,
    now: datetime,
    is_over: bool = False,
    error: tuple[str, str] | None = None,
    deleted_after: datetime | None = None,
) -> None:
    """Note the next state of a file, and wake whoever waits for work."""
    parameters = {
        "batch_number": file.batch_number,
        "state": state,
        "now": now,
        "is_over": is_over,
        "error_code": error[0] if error else None,
        "error_detail": error[1] if error else None,
        "deleted_after": deleted_after,
    }
    await unit.execute(_SET_STATE, parameters)
    await unit.execute(_NOTIFY)


async def clear_staged(unit: Unit, file: BatchFile) -> None:
    """Forget what was checked, to check from the beginning."""
    await unit.execute(_DELETE_STAGED, {"batch_number": file.batch_number})
    await unit.execute(_DELETE_PROBLEMS, {"batch_number": file.batch_number})


async def stage_block(unit: Unit, file: BatchFile, block_number: int, *, lines: int, content: bytes) -> None:
    """Keep the rows of a block until they are matched."""
    block = {"batch_number": file.batch_number, "block_number": block_number, "lines": lines, "content": content}
    await unit.execute(_STAGE, block)


async def add_problems(unit: Unit, file: BatchFile, problems: Sequence[BatchProblem]) -> None:
    """Keep what is wrong with lines."""
    rows: list[dict[str, Any]] = [
        {
            "batch_number": file.batch_number,
            "line_number": one.line,
            "column_number": one.column,
            "item": one.item,
            "code": one.code,
            "rule": one.rule,
        }
        for one in problems
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD_PROBLEM, rows)


async def note_checked(unit: Unit, file: BatchFile, *, checked: int, lines: int, bad_lines: int) -> None:
    """Note how far the reading of the lines has come."""
    figures = {"batch_number": file.batch_number, "checked": checked, "lines": lines, "bad_lines": bad_lines}
    await unit.execute(_NOTE_CHECKED, figures)


async def list_problems(unit: Unit, file: BatchFile, *, limit: int) -> list[BatchProblem]:
    """Return the first problems of a file."""
    cursor = await unit.execute(_LIST_PROBLEMS, {"batch_number": file.batch_number, "limit": limit})
    return [
        BatchProblem(line=line, column=column, item=item, code=code, rule=rule)
        for line, column, item, code, rule in await cursor.fetchall()
    ]


async def delete_lines(unit: Unit, file: BatchFile) -> None:
    """Delete what a file said."""
    await unit.execute(_DELETE_PARTS, {"batch_number": file.batch_number})
    await unit.execute(_DELETE_STAGED, {"batch_number": file.batch_number})


async def delete_results(unit: Unit, file: BatchFile) -> None:
    """Delete what became of a file."""
    await unit.execute(_DELETE_RESULTS, {"batch_number": file.batch_number})
    await unit.execute(_DELETE_PROBLEMS, {"batch_number": file.batch_number})


async def read_result(unit: Unit, file: BatchFile, *, offset: int, most: int) -> bytes:
    """Return results from `offset` on: at most so many bytes, and at least one where there are any."""
    parameters = {"batch_number": file.batch_number, "offset": offset, "most": most}
    row = await (await unit.execute(_FIND_RESULT, parameters, binary=True)).fetchone()
    return b"" if row is None else bytes(row[0])


async def note_fetched(unit: Unit, file: BatchFile, *, now: datetime) -> None:
    """Note when the first result of a file was given."""
    await unit.execute(_NOTE_FETCHED, {"batch_number": file.batch_number, "now": now})


async def list_expired(unit: Unit, *, now: datetime) -> list[tuple[str, str]]:
    """Return agency and id of files whose retention is over."""
    return [(row[0], row[1]) for row in await (await unit.execute(_LIST_EXPIRED, {"now": now})).fetchall()]


def _read(row: tuple[Any, ...] | None) -> BatchFile:
    if row is None:
        raise BatchNotFoundError(field="batch_id")
    return BatchFile(*row)
