"""Hand in a batch file to the national node, from where the last attempt ended (一括提供の依頼)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from jukinet.agency.batch_store import AskedBatch, add_batch, find_unfinished, note_state
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import FileFormatError, MessageTooLargeError, PeerRefusedError, PeerUnreachableError
from jukinet.domain.provision_batches import MOST_BYTES, BatchState
from jukinet.postgres.database import Database
from jukinet.protocol.batch import PART_BYTES, BatchBegin, BatchCommit, BatchHeader, BatchPart, BatchStatus
from jukinet.protocol.batch_files import read_header
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 30.0
#: A part whose answer does not come is sent again so often; then the official decides.
_ATTEMPTS: Final = 5
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A batch file that was read once: its header, where its lines begin, their length and hash."""

    path: Path
    header: BatchHeader = field(repr=False)
    start: int
    length: int
    sha256: str


def read_batch_file(path: Path) -> OpenFile:
    """Read a file from its beginning to its end, a piece at a time.

    Raises:
        FileFormatError: it cannot be read, or is no batch file, or has no lines.
        MessageTooLargeError: it is longer than any may be.
    """
    try:
        with path.open("rb") as file:
            header = read_header(file)
            start = file.tell()
            if path.stat().st_size - start > MOST_BYTES:
                raise MessageTooLargeError(f"A file has at most {MOST_BYTES:,} bytes: divide it.", field="file")
            length, sha256 = _digest(file)
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read: {error.strerror}.", field="file") from None
    if not length:
        raise FileFormatError("The file has no lines.", field="file")
    return OpenFile(path, header, start, length, sha256)


def _digest(file: BinaryIO) -> tuple[int, str]:
    digest, length = hashlib.sha256(), 0
    while piece := file.read(PART_BYTES):
        digest.update(piece)
        length += len(piece)
    return length, digest.hexdigest()


async def submit_batch(
    *,
    file: OpenFile,
    client: MessageClient,
    database: Database,
    now: datetime,
    sent: Callable[[int, int], None] = lambda _done, _total: None,
) -> BatchStatus:
    """Send what the national node does not have yet, and let the file wait for its turn; return how far it is.

    The same file, handed in again after an interruption, goes on where it was. `sent` is told bytes sent and in all.

    Raises:
        PeerRefusedError: the law or the form does not allow the file; `peer_code` says which rule.
        PeerUnreachableError: the line is down: hand in the same file again, nothing is sent twice.
    """
    batch = await keep_begun(file=file, database=database, now=now)
    begin = BatchBegin(batch_id=batch.batch_id, header=file.header, length=file.length, sha256=file.sha256)
    try:
        status: BatchStatus = await _ask(client, "batch_begin", begin)
        await _send_parts(file, batch.batch_id, status, client, sent)
        commit = BatchCommit(batch_id=batch.batch_id, sha256=file.sha256)
        status = await _ask(client, "batch_commit", commit)
    except PeerRefusedError as refusal:
        await record_asked(
            batch=batch,
            state=BatchState.REFUSED.value,
            result=refusal.peer_code,
            database=database,
            now=now,
            outcome="refused",
        )
        raise
    await record_asked(batch=batch, state=status.state, result=status.state, database=database, now=now)
    return status


async def keep_begun(*, file: OpenFile, database: Database, now: datetime) -> AskedBatch:
    """Return the same file if it was begun before, else keep that this one is begun, before anything is sent."""
    header = _encoder.encode(file.header).decode()
    async with database.transaction() as unit:
        batch = await find_unfinished(unit, header=header, sha256=file.sha256)
        if batch is not None:
            return batch
        batch = AskedBatch(
            new_message_id(now, secrets.token_bytes(10)),
            now,
            file.header.official,
            file.header.affair,
            file.header.matter_number,
            file.header.purpose,
            header,
            file.length,
            file.sha256,
            BatchState.RECEIVING.value,
        )
        await add_batch(unit, batch)
    return batch


async def _send_parts(
    file: OpenFile,
    batch_id: str,
    status: BatchStatus,
    client: MessageClient,
    sent: Callable[[int, int], None],
) -> None:
    if status.state != BatchState.RECEIVING.value:
        return
    offset = status.received
    with file.path.open("rb") as lines:
        while offset < file.length:
            sent(offset, file.length)
            lines.seek(file.start + offset)
            content = lines.read(min(PART_BYTES, file.length - offset))
            if not content:
                raise FileFormatError("The file became shorter while it was sent.", field="file")
            part = BatchPart(
                batch_id=batch_id, offset=offset, sha256=hashlib.sha256(content).hexdigest(), content=content
            )
            offset = (await _ask(client, "batch_part", part)).received
    sent(offset, file.length)


async def _ask(client: MessageClient, message_type: str, body: msgspec.Struct) -> Any:  # noqa: ANN401 - by the catalogue
    """Say what may be said again until it is answered."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await client.send(NATIONAL, message_type, body, deadline=_DEADLINE_SECONDS)
        except PeerUnreachableError:
            if attempt == _ATTEMPTS:
                raise
        except PeerRefusedError as refusal:
            if attempt == _ATTEMPTS or not refusal.is_temporary:
                raise
    raise PeerUnreachableError


async def record_asked(
    *, batch: AskedBatch, state: str, result: str, database: Database, now: datetime, outcome: str = "done"
) -> None:
    """Note how far a file is, and put on the log that it was asked."""
    event = Entry(
        event=AuditEvent.BATCH_ASKED,
        occurred_at=now,
        actor=batch.official,
        outcome=outcome,
        message_id=batch.batch_id,
        detail={
            "batch_id": batch.batch_id,
            "affair": batch.affair,
            "matter_number": batch.matter_number,
            "length": batch.length,
            "sha256": batch.sha256,
            "result": result,
        },
    )
    async with database.transaction() as unit:
        await note_state(unit, batch.batch_id, state)
        await append(unit, [event])
