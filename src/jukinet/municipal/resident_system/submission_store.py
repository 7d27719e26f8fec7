"""Every statement on submissions (異動情報の受付): the messages and files that came, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from jukinet.postgres.database import Unit
from jukinet.protocol.resident_changes import RecordResult

_NEXT_NUMBER: Final = """
    SELECT nextval(pg_get_serial_sequence('resident_system.submission', 'submission_number'))
"""

_ADD: Final = """
    INSERT INTO resident_system.submission
           (submission_number, source, file_name, sha256, received_at, row_count, error_code, results, finished_at)
    OVERRIDING SYSTEM VALUE
    VALUES (%(submission_number)s, %(source)s, %(file_name)s, %(sha256)s, %(received_at)s, %(row_count)s,
            %(error_code)s, %(results)s, %(finished_at)s)
"""

_LIST_UNFINISHED: Final = """
    SELECT submission_number, source, file_name, sha256, received_at, row_count, error_code, results, finished_at
      FROM resident_system.submission
     WHERE finished_at IS NULL
     ORDER BY submission_number
"""

_LIST: Final = """
    SELECT submission_number, source, file_name, sha256, received_at, row_count, error_code, results, finished_at
      FROM resident_system.submission
     ORDER BY submission_number DESC
     LIMIT %(limit)s
"""

_FINISH: Final = """
    UPDATE resident_system.submission
       SET finished_at = %(finished_at)s
     WHERE submission_number = %(submission_number)s AND finished_at IS NULL
"""

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(tuple[RecordResult, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One message or file. A file is finished when its report is written and it lies where finished files lie."""

    submission_number: int
    #: `line` or `file`.
    source: str
    file_name: str | None = None
    sha256: bytes = field(repr=False)
    received_at: datetime
    row_count: int
    #: Why the file as a whole was refused.
    error_code: str | None = None
    results: tuple[RecordResult, ...] = field(repr=False)
    finished_at: datetime | None = None


async def next_submission_number(unit: Unit) -> int:
    """Return a submission number no submission has."""
    row = await (await unit.execute(_NEXT_NUMBER)).fetchone()
    return int(row[0]) if row else 0


async def add_submission(unit: Unit, submission: Submission) -> None:
    """Note a submission with its results, in the transaction of its effect."""
    parameters = {
        "submission_number": submission.submission_number,
        "source": submission.source,
        "file_name": submission.file_name,
        "sha256": submission.sha256,
        "received_at": submission.received_at,
        "row_count": submission.row_count,
        "error_code": submission.error_code,
        "results": _encoder.encode(submission.results),
        "finished_at": submission.finished_at,
    }
    await unit.execute(_ADD, parameters)


async def list_unfinished(unit: Unit) -> list[Submission]:
    """Return the files whose effect is recorded and whose report may not be written yet."""
    return _submissions(await (await unit.execute(_LIST_UNFINISHED)).fetchall())


async def list_submissions(unit: Unit, *, limit: int) -> list[Submission]:
    """Return the newest submissions."""
    return _submissions(await (await unit.execute(_LIST, {"limit": limit})).fetchall())


async def finish_submission(unit: Unit, submission_number: int, *, now: datetime) -> None:
    """Note that nothing is left to do about a file."""
    await unit.execute(_FINISH, {"submission_number": submission_number, "finished_at": now})


def _submissions(rows: Sequence[Sequence[Any]]) -> list[Submission]:
    return [
        Submission(
            submission_number=number,
            source=source,
            file_name=file_name,
            sha256=bytes(sha256),
            received_at=received_at,
            row_count=row_count,
            error_code=error_code,
            results=_decoder.decode(results),
            finished_at=finished_at,
        )
        for number, source, file_name, sha256, received_at, row_count, error_code, results, finished_at in rows
    ]
