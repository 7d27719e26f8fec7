"""Take in a batch file from an agency: begin, parts, commit, cancel (一括提供の受付). All of them may be repeated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BatchPartError, BatchQuotaError, BatchStateError
from jukinet.domain.provision_batches import (
    BatchKey,
    BatchPriority,
    BatchState,
    require_batch_key,
    require_changes_since,
)
from jukinet.domain.provision_items import items_text, parse_items
from jukinet.domain.provision_withholding import require_shown_at_once
from jukinet.domain.stated_grounds import StatedGround
from jukinet.national.batch_store import (
    BatchFile,
    NewFile,
    add_part,
    begin_file,
    count_open,
    delete_lines,
    delete_results,
    find_file,
    lock_file,
    set_state,
)
from jukinet.national.node import NationalNode
from jukinet.national.usecases.authorise_provision import Authorisation, authorise_provision
from jukinet.postgres.database import Database
from jukinet.protocol.batch import BatchBegin, BatchCancel, BatchCommit, BatchHeader, BatchPart
from jukinet.protocol.batch_files import read_lines
from jukinet.protocol.node_names import NodeName

#: Files of one agency that may be under way at once.
MOST_OPEN: Final = 8
#: A file whose parts stop coming is deleted after this time.
_ABANDONED_AFTER: Final = timedelta(days=7)
_encoder: Final = msgspec.json.Encoder()
_headers: Final = msgspec.json.Decoder(BatchHeader)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact bytes with which the agency announced a file, and its signature over them."""

    content: bytes = field(repr=False)
    signature: str = field(repr=False)


async def begin_batch(
    *, begin: BatchBegin, agency: NodeName, evidence: Evidence, node: NationalNode, message_id: str | None = None
) -> None:
    """Begin to take in a file, if the law allows it; a repeated begin of the same file changes nothing.

    Raises:
        NotPermittedError: the law does not allow the file, by one of its leaves; or BatchQuotaError.
        InvalidValueError: the header is not valid.
        BatchStateError: another file was begun under this id.
    """
    header, now = begin.header, node.clock()
    read_lines(header)
    allowed = await authorise_header(header=header, agency=agency, node=node, now=now, message_id=message_id)
    new = NewFile(
        agency=agency.text,
        batch_id=begin.batch_id,
        header=_encoder.encode(header).decode(),
        length=begin.length,
        sha256=begin.sha256,
        request=evidence.content,
        signature=evidence.signature,
        ground=allowed.grant.ground,
        items=items_text(allowed.items),
        priority=BatchPriority(header.priority).rank,
        begun_at=now,
        deleted_after=now + _ABANDONED_AFTER,
    )
    async with node.database.transaction() as unit:
        if not await begin_file(unit, new):
            _require_same(await find_file(unit, agency=agency.text, batch_id=begin.batch_id), new)
            return
        if await count_open(unit, agency=agency.text) > MOST_OPEN:
            raise BatchQuotaError
        await append(unit, [_event(AuditEvent.BATCH_BEGUN, agency, begin.batch_id, now, _announced(begin))])


def _announced(begin: BatchBegin) -> dict[str, Any]:
    return {
        "batch_id": begin.batch_id,
        "affair": begin.header.affair,
        "official": begin.header.official,
        "matter_number": begin.header.matter_number,
        "length": begin.length,
        "sha256": begin.sha256,
    }


async def authorise_header(
    *, header: BatchHeader, agency: NodeName, node: NationalNode, now: datetime, message_id: str | None = None
) -> Authorisation:
    """Return on which ground and with which items a file is answered; raise as `begin_batch` does."""
    allowed = await authorise_provision(
        sender=agency,
        stated=StatedGround(
            affair=header.affair,
            purpose=header.purpose,
            matter_number=header.matter_number,
            official=header.official,
            office=header.office,
        ),
        items=None if header.items is None else parse_items(header.items),
        organs=node.config.organs,
        keeper=node.law,
        database=node.database,
        now=now,
        message_id=message_id,
    )
    require_shown_at_once(allowed.grant.withholding)
    require_batch_key(allowed.grant, BatchKey(header.key))
    since = None if header.changes_since is None else CivilDate.from_wire(header.changes_since).require_exact()
    require_changes_since(since, items=allowed.items, today=civil_day(now))
    return allowed


async def receive_part(*, agency: NodeName, part: BatchPart, database: Database) -> int:
    """Take in the bytes that come next, durably, and return how many there are. None are taken twice.

    Raises:
        BatchNotFoundError: the agency began no such file.
        BatchPartError: the part begins elsewhere, is altered, or reaches beyond the announced length.
        BatchStateError: the file takes no more parts.
    """
    if hashlib.sha256(part.content).hexdigest() != part.sha256:
        raise BatchPartError("The part was altered on its way: send it again.", field="sha256")
    async with database.transaction() as unit:
        file = await lock_file(unit, agency=agency.text, batch_id=part.batch_id)
        if file.state != BatchState.RECEIVING.value:
            raise BatchStateError(field="batch_id")
        end = part.offset + len(part.content)
        if part.offset < file.received and end <= file.received:
            return file.received  # it came before, and its answer was lost
        if part.offset != file.received or end > file.length:
            raise BatchPartError(f"The part that comes next begins at {file.received}.", field="offset")
        return await add_part(unit, file, part.content)


async def commit_batch(*, agency: NodeName, commit: BatchCommit, node: NationalNode) -> None:
    """Let a whole file wait for its turn; the law is asked again, as of today. Repeated, it changes nothing.

    Raises:
        BatchNotFoundError: the agency began no such file.
        BatchPartError: parts are missing, or the file was announced with another hash.
        NotPermittedError: the law does not allow the file any more.
        BatchStateError: the file was cancelled or refused.
    """
    now = node.clock()
    async with node.database.connection() as connection:
        file = await find_file(connection, agency=agency.text, batch_id=commit.batch_id)
    await authorise_header(header=_headers.decode(file.header), agency=agency, node=node, now=now)
    async with node.database.transaction() as unit:
        file = await lock_file(unit, agency=agency.text, batch_id=commit.batch_id)
        state = BatchState(file.state)
        if state in {BatchState.CANCELLED, BatchState.REFUSED, BatchState.EXPIRED}:
            raise BatchStateError(field="batch_id")
        if commit.sha256 != file.sha256:
            raise BatchPartError("The file was announced with another hash.", field="sha256")
        if state is not BatchState.RECEIVING:
            return
        if file.received != file.length:
            raise BatchPartError(f"The file is not whole: the part that comes next begins at {file.received}.")
        await set_state(unit, file, BatchState.WAITING.value, now=now)


async def cancel_batch(*, agency: NodeName, cancel: BatchCancel, database: Database, now: datetime) -> None:
    """Stop a file: none of its results will be given. What was matched stands on the use log.

    Raises:
        BatchNotFoundError: the agency began no such file.
        BatchStateError: its results are there already, or it was refused.
    """
    async with database.transaction() as unit:
        file = await lock_file(unit, agency=agency.text, batch_id=cancel.batch_id)
        state = BatchState(file.state)
        if state is BatchState.CANCELLED:
            return
        if state.is_over:
            raise BatchStateError(field="batch_id")
        await delete_lines(unit, file)
        await delete_results(unit, file)
        await set_state(unit, file, BatchState.CANCELLED.value, now=now, is_over=True)
        detail = {"batch_id": file.batch_id, "matched": file.matched}
        await append(unit, [_event(AuditEvent.BATCH_CANCELLED, agency, file.batch_id, now, detail)])


def _require_same(file: BatchFile, new: NewFile) -> None:
    if (file.header, file.length, file.sha256) != (new.header, new.length, new.sha256):
        raise BatchStateError("Another file was begun under this id: choose a new one.", field="batch_id")


def _event(event: AuditEvent, agency: NodeName, batch_id: str, now: datetime, detail: dict[str, Any]) -> Entry:
    return Entry(event=event, occurred_at=now, actor=agency.text, message_id=batch_id, detail=detail)
