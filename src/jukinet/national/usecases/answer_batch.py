"""Tell an agency how far its batch file is, and give it the results (一括提供の状況と結果)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BatchPartError, BatchStateError
from jukinet.domain.provision_batches import BatchState
from jukinet.domain.rules import Rule, enforces
from jukinet.national.batch_store import BatchFile, count_ahead, find_file, list_problems, note_fetched, read_result
from jukinet.postgres.database import Database
from jukinet.protocol.batch import MOST_PROBLEMS, PART_BYTES, BatchResultPart, BatchResultQuery, BatchStatus
from jukinet.protocol.node_names import NodeName

#: What a file is estimated by before any of its own lines was matched.
_LINES_PER_SECOND: Final = 20_000


async def tell_batch_status(*, agency: NodeName, batch_id: str, database: Database, now: datetime) -> BatchStatus:
    """Return how far a file is; raise BatchNotFoundError."""
    async with database.connection() as connection:
        file = await find_file(connection, agency=agency.text, batch_id=batch_id)
        ahead, lines_ahead = await count_ahead(connection, file)
        problems = await list_problems(connection, file, limit=MOST_PROBLEMS) if file.bad_lines else []
    state = BatchState(file.state)
    is_waiting = not state.is_over and state is not BatchState.RECEIVING
    return BatchStatus(
        batch_id=file.batch_id,
        state=file.state,
        length=file.length,
        received=file.received,
        checked=file.checked,
        lines=file.lines,
        bad_lines=file.bad_lines,
        matched=file.matched,
        results=dict(file.results),
        ahead=ahead if is_waiting else 0,
        estimate=_estimate(file, lines_ahead, now) if is_waiting else None,
        result_bytes=file.result_bytes if state is BatchState.READY else 0,
        code=file.error_code,
        detail=file.error_detail,
        problems=tuple(problems),
        deleted_on=civil_day(file.deleted_after).isoformat(),
    )


def _estimate(file: BatchFile, lines_ahead: int, now: datetime) -> float:
    """Return the seconds that are left, by the pace of its own lines as soon as there is one."""
    pace = float(_LINES_PER_SECOND)
    if file.matching_at is not None and file.matched:
        pace = file.matched / max((now - file.matching_at).total_seconds(), 0.1)
    left = file.lines - file.matched if file.lines else file.length / 64
    return round((left + lines_ahead) / pace, 1)


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def give_batch_result(
    *, agency: NodeName, query: BatchResultQuery, database: Database, now: datetime
) -> BatchResultPart:
    """Return results from an offset on. They are there only after the use log and the commitment are (I4).

    Raises:
        BatchNotFoundError: the agency handed in no such file.
        BatchStateError: there are no results, or none yet, or none any more.
        BatchPartError: the offset lies beyond the end.
    """
    async with database.transaction() as unit:
        file = await find_file(unit, agency=agency.text, batch_id=query.batch_id)
        if file.state != BatchState.READY.value:
            raise BatchStateError(field="batch_id")
        if query.offset > file.result_bytes:
            raise BatchPartError(f"The results have {file.result_bytes} bytes.", field="offset")
        content = await read_result(unit, file, offset=query.offset, most=PART_BYTES)
        if file.fetched_at is None:
            await note_fetched(unit, file, now=now)
            await append(unit, [_fetched(file, now)])
    return BatchResultPart(
        offset=query.offset,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        is_last=query.offset + len(content) >= file.result_bytes,
    )


def _fetched(file: BatchFile, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.BATCH_FETCHED,
        occurred_at=now,
        actor=file.agency,
        message_id=file.batch_id,
        detail={"batch_id": file.batch_id, "result_bytes": file.result_bytes},
    )
