"""Fetch the results of a batch file, from where the last attempt ended, into a file of the organ (結果の受取り)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from jukinet.agency.batch_store import find_batch, note_state
from jukinet.domain.errors import (
    AlreadyExistsError,
    ConfigurationError,
    PeerAnswerError,
    PeerUnreachableError,
)
from jukinet.postgres.database import Database
from jukinet.protocol.batch import BatchHeader, BatchResultPart, BatchResultQuery, BatchStatus
from jukinet.protocol.batch_files import read_lines
from jukinet.protocol.batch_lines import Lines
from jukinet.protocol.batch_results import render_results
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.files import SECRET
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 30.0
_ATTEMPTS: Final = 5
_headers: Final = msgspec.json.Decoder(BatchHeader)


async def fetch_batch(
    *,
    status: BatchStatus,
    target: Path,
    client: MessageClient,
    database: Database,
    fetched: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Write the results to `target`, in the layout of the file, and return how many lines they have.

    What has arrived lies in `target` with `.part` until all of it has: fetched again, it goes on there. Only the owner
    may read either. `fetched` is told bytes fetched and in all.

    Raises:
        BatchNotFoundError: this organ handed in no such file.
        AlreadyExistsError: there is a file at `target`.
        PeerRefusedError: there are no results, or none yet.
        PeerAnswerError: what arrived is not what was sent.
    """
    async with database.connection() as connection:
        batch = await find_batch(connection, status.batch_id)
    part = target.with_name(f"{target.name}.part")
    try:
        with _open_part(target, part) as arrived:
            await _fetch(status, arrived, client, fetched)
            lines = write_results(arrived, target, read_lines(_headers.decode(batch.header)))
    except OSError as error:
        raise ConfigurationError(f"{part} cannot be written: {error.strerror}.", field="target") from None
    _remove(part)
    async with database.transaction() as unit:
        await note_state(unit, status.batch_id, status.state)
    return lines


def write_results(results: BinaryIO, target: Path, lines: Lines) -> int:
    """Write the results in the organ's layout; return how many lines they are. `target` is whole or not there."""
    results.seek(0)
    count = 0

    def rows() -> Iterator[str]:
        nonlocal count
        for line in results:
            count += 1
            yield line.decode().removesuffix("\n")

    new = target.with_name(f"{target.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SECRET), "wb") as file:
        for line in render_results(rows(), lines):
            file.write(line)
        file.flush()
        os.fsync(file.fileno())
    new.replace(target)
    return count


def require_free(target: Path) -> None:
    """Refuse to write over a file; raise AlreadyExistsError."""
    if target.exists():
        raise AlreadyExistsError(f"{target} exists already: name another file.", field="target")


def _open_part(target: Path, part: Path) -> BinaryIO:
    require_free(target)
    return os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, SECRET), "r+b")


def _remove(part: Path) -> None:
    part.unlink()


async def _fetch(
    status: BatchStatus, arrived: BinaryIO, client: MessageClient, fetched: Callable[[int, int], None]
) -> None:
    offset = arrived.seek(0, os.SEEK_END)
    is_last = False
    while not is_last:
        fetched(offset, status.result_bytes)
        part = await _ask(client, BatchResultQuery(batch_id=status.batch_id, offset=offset))
        if part.offset != offset or hashlib.sha256(part.content).hexdigest() != part.sha256:
            raise PeerAnswerError("A part of the results was altered on its way: fetch them again.")
        arrived.write(part.content)
        arrived.flush()
        offset += len(part.content)
        is_last = part.is_last
    fetched(offset, status.result_bytes)


async def _ask(client: MessageClient, query: BatchResultQuery) -> BatchResultPart:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            part: BatchResultPart = await client.send(NATIONAL, "batch_result", query, deadline=_DEADLINE_SECONDS)
        except PeerUnreachableError:
            if attempt == _ATTEMPTS:
                raise
        else:
            return part
    raise PeerUnreachableError
