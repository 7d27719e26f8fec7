"""Delete lines and results of batch files whose retention is over (一括提供の明細と結果の消去)."""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.provision_batches import BatchState
from jukinet.national.batch_store import delete_lines, delete_results, list_expired, lock_file, set_state
from jukinet.postgres.database import Database


async def delete_batches(*, database: Database, now: datetime) -> int:
    """Delete them, file by file, and return how many files there were. That there was a file is kept."""
    async with database.connection() as connection:
        expired = await list_expired(connection, now=now)
    deleted = 0
    for agency, batch_id in expired:
        async with database.transaction() as unit:
            file = await lock_file(unit, agency=agency, batch_id=batch_id)
            is_at_work = file.state in {
                BatchState.WAITING.value,
                BatchState.CHECKING.value,
                BatchState.MATCHING.value,
            }
            if is_at_work or file.deleted_after >= now:
                continue
            await delete_lines(unit, file)
            await delete_results(unit, file)
            await set_state(unit, file, BatchState.EXPIRED.value, now=now)
            deleted += 1
            event = Entry(
                event=AuditEvent.BATCH_DELETED,
                occurred_at=now,
                actor=agency,
                message_id=batch_id,
                detail={"batch_id": batch_id, "state": file.state},
            )
            await append(unit, [event])
    return deleted
