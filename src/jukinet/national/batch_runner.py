"""The job that works off batch files: one step at a time, the most urgent file first (一括提供の処理).

Each step leaves the file in the database as it stands, so that a killed node goes on where it was and an urgent file
comes between any two steps. Results may be fetched only after the last: when every person is on the use log and the
signed commitment to the whole file is recorded (I4).
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from jukinet.audit.commitments import SECRET_BYTES, record_commitment
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import (
    BatchDigestError,
    BatchLinesError,
    BatchStateError,
    InvalidValueError,
    ItemNotGrantedError,
    JukinetError,
    NotPermittedError,
)
from jukinet.domain.provision_batches import MOST_LINES, BatchState
from jukinet.domain.provision_items import parse_items
from jukinet.domain.rules import Rule, enforces
from jukinet.national.batch_match_store import list_persons, list_staged, match_blocks, note_matched
from jukinet.national.batch_matching import matching_of
from jukinet.national.batch_naming import name_by_items
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_store import (
    CHANNEL,
    BatchFile,
    add_problems,
    clear_staged,
    delete_lines,
    delete_results,
    find_next_file,
    list_parts,
    lock_file,
    note_checked,
    set_state,
    stage_block,
)
from jukinet.national.batch_worker import BatchWorker
from jukinet.national.node import NationalNode
from jukinet.national.usecases.delete_batches import delete_batches
from jukinet.national.usecases.receive_batch import authorise_header
from jukinet.node_process.process import Node
from jukinet.postgres.database import Database
from jukinet.protocol.batch import MOST_PROBLEMS, BatchHeader
from jukinet.protocol.batch_files import read_lines
from jukinet.protocol.batch_lines import cut_whole_lines, require_ended
from jukinet.protocol.envelope import sign
from jukinet.protocol.node_names import NodeName

#: How long the job sleeps when there is nothing to do and nobody wakes it.
_IDLE_SECONDS: Final = 30.0
#: How often it is looked whether a retention is over.
_RETENTION_POLL_SECONDS: Final = 60.0
_headers: Final = msgspec.json.Decoder(BatchHeader)


@dataclass(slots=True)
class _Hashing:
    """Which persons of one file the worker process has hashed."""

    secret: bytes = field(repr=False)
    #: Chunks of the file that are in.
    chunks: int = 0
    work: asyncio.Task[None] | None = None


@dataclass(slots=True)
class BatchRunner:
    """Works off the files of one node."""

    node: NationalNode
    pace: BatchPace
    #: Days after which lines and results are deleted.
    retention: timedelta
    worker: BatchWorker = field(default_factory=BatchWorker)
    _hashing: dict[int, _Hashing] = field(default_factory=dict[int, _Hashing])

    async def run(self) -> None:
        """Work for ever."""
        try:
            async with self.node.database.listen(CHANNEL) as listener:
                while True:
                    while await self.step():
                        pass
                    await listener.wait(_IDLE_SECONDS)
        finally:
            await self.worker.close()

    async def step(self) -> bool:
        """Do the next step of the most urgent file; return False where there is nothing to do."""
        async with self._database.connection() as connection:
            file = await find_next_file(connection)
        if file is None:
            # Nothing is left to hash: what a cancelled file left in the other process goes with it.
            self._hashing.clear()
            await self.worker.close()
            return False
        started = time.perf_counter()
        try:
            if file.state == BatchState.MATCHING.value:
                await self._match(file)
            else:
                await self._check(file)
        except (InvalidValueError, NotPermittedError) as error:
            await self._refuse(file, error)
        await self.pace.rest(time.perf_counter() - started)
        return True

    @property
    def _database(self) -> Database:
        return self.node.database

    async def _check(self, file: BatchFile) -> None:
        """Read the file from its beginning: hash and lines. Nothing is matched before all of it was read."""
        async with self._database.transaction() as unit:
            await clear_staged(unit, file)
            await set_state(unit, file, BatchState.CHECKING.value, now=self.node.clock())
        reading = _Reading(file, self)
        async for content in list_parts(self._database, file):
            await reading.take(content)
            if await self._is_passed_over(file):
                return
        await reading.finish()

    async def _is_passed_over(self, file: BatchFile) -> bool:
        """Return whether a more urgent file came, or this one was cancelled: then it is checked again later, or not."""
        async with self._database.connection() as connection:
            following = await find_next_file(connection)
        return following is None or following.batch_number != file.batch_number

    async def _match(self, file: BatchFile) -> None:
        """Match the next blocks, in a few transactions side by side; end the file when there are none.

        Raises:
            NotPermittedError: the law of today does not allow it any more.
        """
        most, lanes = self.pace.blocks, self.pace.lanes
        async with self._database.connection() as connection:
            waiting = await list_staged(connection, file, limit=most * lanes)
        if not waiting:
            await self._finish(file)
            return
        await self._require_lawful(file)
        each = -(-len(waiting) // lanes)
        portions = [waiting[at : at + each] for at in range(0, len(waiting), each)]
        came = await asyncio.gather(*[self._match_portion(file, one) for one in portions], return_exceptions=True)
        failures = [one for one in came if isinstance(one, BaseException)]
        if failures:
            # What others committed meanwhile is hashed at the end, from the use log.
            self._hashing.pop(file.batch_number, None)
            if all(isinstance(one, BatchStateError) for one in failures):
                return  # cancelled meanwhile
            raise next(one for one in failures if not isinstance(one, BatchStateError))
        for persons in came:
            if isinstance(persons, str):
                await self._hash(file, persons)

    async def _require_lawful(self, file: BatchFile) -> None:
        """Refuse a file that waited until the law was another: its persons are given today, and not when it came."""
        header = _headers.decode(file.header)
        agency = NodeName.parse(file.agency)
        allowed = await authorise_header(header=header, agency=agency, node=self.node, now=self.node.clock())
        if not parse_items(item for item in file.items.split(",") if item) <= allowed.items:
            raise ItemNotGrantedError(field="items")

    @enforces(Rule.RECORD_BEFORE_ANSWER)
    async def _match_portion(self, file: BatchFile, block_numbers: Sequence[int]) -> str:
        """Match blocks in one transaction; return the persons on the use log.

        Raises:
            BatchStateError: the file was cancelled meanwhile; nothing of the blocks is recorded.
        """
        async with self._database.transaction() as unit:
            matching = matching_of(file, _headers.decode(file.header), now=self.node.clock())
            matched = await match_blocks(
                unit,
                file,
                matching,
                block_numbers,
                name_persons=lambda naming: name_by_items(naming, self.worker),
            )
            # Locked for the end only: others match beside this, and whoever asks or cancels does not wait.
            locked = await lock_file(unit, agency=file.agency, batch_id=file.batch_id)
            if locked.state != BatchState.MATCHING.value:
                raise BatchStateError(field="batch_id")
            await note_matched(unit, locked, matched)
        return matched.persons

    async def _hash(self, file: BatchFile, persons: str) -> None:
        """Hash in the other process while the next lines are matched."""
        hashing = self._hashing.get(file.batch_number)
        if hashing is None and file.chunks == 0:
            hashing = self._hashing[file.batch_number] = _Hashing(secrets.token_bytes(SECRET_BYTES))
        if hashing is None:
            return  # begun by a process that is gone: hashed at the end, from the use log
        if hashing.work is not None:
            await hashing.work
        name = name_of(file)
        hashing.work = asyncio.create_task(self.worker.add_persons(persons, name=name, secret=hashing.secret))

    async def _finish(self, file: BatchFile) -> None:
        """Sign the commitment to the file and give its results free, in one transaction."""
        hashing = await self._hashed(file)
        commitment = await self.worker.commit_persons(name_of(file))
        identity = self.node.identity
        certificates = [identity.paths.certificate.read_text("ascii"), identity.paths.authority.read_text("ascii")]
        now = self.node.clock()
        async with self._database.transaction() as unit:
            locked = await lock_file(unit, agency=file.agency, batch_id=file.batch_id)
            if locked.state != BatchState.MATCHING.value:
                return
            await record_commitment(
                unit,
                commitment,
                message_id=file.batch_id,
                agency=file.agency,
                secret=hashing.secret,
                now=now,
                sign=lambda content: sign(content, identity.key),
                certificate="".join(certificates),
            )
            await delete_lines(unit, file)
            ready = BatchState.READY.value
            await set_state(unit, file, ready, now=now, is_over=True, deleted_after=now + self.retention)
            await append(unit, [_event(AuditEvent.BATCH_MATCHED, file, now, commitment=commitment.root.hex())])

    async def _hashed(self, file: BatchFile) -> _Hashing:
        hashing = self._hashing.pop(file.batch_number, None)
        try:
            if hashing is not None and hashing.work is not None:
                await hashing.work
        except JukinetError:
            hashing = None  # the other process ended, and with it the hashes
        if hashing is None:
            hashing = _Hashing(secrets.token_bytes(SECRET_BYTES))
            await self.worker.forget_persons(name_of(file))
            async for persons in list_persons(self._database, file):
                await self.worker.add_persons(persons, name=name_of(file), secret=hashing.secret)
        return hashing

    async def _refuse(self, file: BatchFile, error: JukinetError) -> None:
        now = self.node.clock()
        async with self._database.transaction() as unit:
            locked = await lock_file(unit, agency=file.agency, batch_id=file.batch_id)
            if BatchState(locked.state).is_over:
                return
            await delete_lines(unit, file)
            if isinstance(error, NotPermittedError):
                await delete_results(unit, file)
            await set_state(
                unit,
                file,
                BatchState.REFUSED.value,
                now=now,
                is_over=True,
                error=(error.code, error.detail),
                deleted_after=now + self.retention,
            )
            await append(unit, [_event(AuditEvent.BATCH_REFUSED, locked, now, error_code=error.code)])


@dataclass(slots=True)
class _Reading:
    """The lines of one file as they are read, part by part."""

    file: BatchFile
    runner: BatchRunner
    rest: bytes = field(default=b"", repr=False)
    checked: int = 0
    lines: int = 0
    bad: int = 0
    blocks: int = 0
    told: int = 0
    digest: Any = field(default_factory=hashlib.sha256, repr=False)

    async def take(self, content: bytes) -> None:
        """Read what the next part completes, and keep its rows."""
        self.digest.update(content)
        whole, self.rest = cut_whole_lines(self.rest + content)
        self.checked += len(content)
        if not whole:
            return
        file, runner = self.file, self.runner
        lines = read_lines(_headers.decode(file.header))
        block = await runner.worker.parse_lines(whole, lines, first_line=self.lines + self.bad + 1)
        problems = block.problems[: MOST_PROBLEMS - self.told]
        self.lines, self.bad, self.told = self.lines + block.good, self.bad + block.bad, self.told + len(problems)
        if self.lines + self.bad > MOST_LINES:
            raise BatchLinesError(f"A file has at most {MOST_LINES:,} lines.", field="lines")
        async with runner.node.database.transaction() as unit:
            if block.good:
                await stage_block(unit, file, self.blocks, lines=block.good, content=block.rows)
                self.blocks += 1
            if problems:
                await add_problems(unit, file, problems)
            await note_checked(unit, file, checked=self.checked, lines=self.lines, bad_lines=self.bad)

    async def finish(self) -> None:
        """Let the file be matched, if hash and lines are as they should be."""
        file = self.file
        if self.digest.hexdigest() != file.sha256:
            raise BatchDigestError(field="sha256")
        require_ended(self.rest)
        if self.bad and not _headers.decode(file.header).keeps_good_lines:
            message = f"{self.bad:,} of {self.lines + self.bad:,} lines are bad: correct them, nothing was matched."
            raise BatchLinesError(message, field="lines")
        async with self.runner.node.database.transaction() as unit:
            locked = await lock_file(unit, agency=file.agency, batch_id=file.batch_id)
            if locked.state == BatchState.CHECKING.value:
                await set_state(unit, file, BatchState.MATCHING.value, now=self.runner.node.clock())


async def keep_retention(node: Node) -> None:
    """Delete for ever what has been kept long enough."""
    while True:
        await delete_batches(database=node.database, now=node.clock())
        await asyncio.sleep(_RETENTION_POLL_SECONDS)


def name_of(file: BatchFile) -> str:
    """Return the name of the commitment to a file."""
    return f"{file.agency} {file.batch_id}"


def _event(event: AuditEvent, file: BatchFile, now: datetime, **detail: str) -> Entry:
    figures: dict[str, Any] = {"batch_id": file.batch_id, "lines": file.lines, "bad_lines": file.bad_lines}
    if event is AuditEvent.BATCH_MATCHED:
        figures["results"] = dict(file.results)
    outcome = "refused" if event is AuditEvent.BATCH_REFUSED else "done"
    return Entry(
        event=event,
        occurred_at=now,
        actor=file.agency,
        outcome=outcome,
        message_id=file.batch_id,
        detail={**figures, **detail},
    )
