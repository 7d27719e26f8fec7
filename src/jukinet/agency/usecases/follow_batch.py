"""Ask how far a batch file is, or stop it (一括提供の状況照会と取消し)."""

from __future__ import annotations

from typing import Final

from jukinet.agency.batch_store import find_batch, note_state
from jukinet.postgres.database import Database
from jukinet.protocol.batch import BatchCancel, BatchStatus, BatchStatusQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 10.0


async def find_batch_status(*, batch_id: str, client: MessageClient, database: Database) -> BatchStatus:
    """Return how far the national node says a file is.

    Raises:
        BatchNotFoundError: this organ handed in no such file.
        PeerError: the national node did not answer.
    """
    async with database.connection() as connection:
        await find_batch(connection, batch_id)
    query = BatchStatusQuery(batch_id=batch_id)
    status: BatchStatus = await client.send(NATIONAL, "batch_status", query, deadline=_DEADLINE_SECONDS)
    async with database.transaction() as unit:
        await note_state(unit, batch_id, status.state)
    return status


async def cancel_batch(*, batch_id: str, client: MessageClient, database: Database) -> BatchStatus:
    """Stop a file: no result of it will be given.

    Raises:
        BatchNotFoundError: this organ handed in no such file.
        PeerRefusedError: its results are there already.
        PeerError: the national node did not answer.
    """
    async with database.connection() as connection:
        await find_batch(connection, batch_id)
    cancel = BatchCancel(batch_id=batch_id)
    status: BatchStatus = await client.send(NATIONAL, "batch_cancel", cancel, deadline=_DEADLINE_SECONDS)
    async with database.transaction() as unit:
        await note_state(unit, batch_id, status.state)
    return status
