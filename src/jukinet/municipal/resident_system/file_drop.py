"""The file drop (ファイル連携): files are picked up whole, taken in once, reported, and put away.

    in/       the resident system puts files here, under another name first: what begins with a dot or ends in .part
              is let be
    working/  a file that is being taken in; it moves here by renaming
    reports/  one report per file
    done/     files that were taken in
    failed/   files that could not be read as a whole

A file's effect and the note of it are one transaction. Whatever moment the node is killed at, it finds at its next
start which step was done last, and goes on from there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from jukinet.domain.errors import JukinetError
from jukinet.municipal.resident_system.files import MOST_BYTES, ParsedFile, parse_file, report_of
from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.resident_system.submission_store import (
    Submission,
    finish_submission,
    list_unfinished,
)
from jukinet.municipal.usecases.accept_resident_changes import Source, accept_resident_changes, digest_of
from jukinet.node_process.process import Node
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import resident_system_of
from jukinet.transport.files import make_directory, write_atomically

_IN: Final = "in"
_WORKING: Final = "working"
_DONE: Final = "done"
_FAILED: Final = "failed"
_REPORTS: Final = "reports"
_PRIVATE: Final = 0o700
_OWNER_ONLY: Final = 0o600
_POLL_SECONDS: Final = 1.0
_log: Final = structlog.get_logger()


async def pick_up_files(*, directory: Path, database: Database, linking: Callable[[], Linking]) -> int:
    """Take in every file that lies there, first what an interruption left, and return how many."""
    _make_directories(directory)
    await _finish_put_away(directory, database, linking)
    count = 0
    for path in _list_files(directory / _WORKING):
        await _take_in(path, directory, database, linking())
        count += 1
    for path in _list_files(directory / _IN):
        picked = _pick_up(path, directory / _WORKING)
        await _take_in(picked, directory, database, linking())
        count += 1
    return count


async def keep_files_picked_up(node: Node) -> None:
    """Take in what the connected resident system drops as files, for ever; do nothing where it drops none."""
    connected = node.config.resident_system
    if connected is None or connected.files is None:
        await asyncio.Event().wait()
        return
    actor = resident_system_of(node.name).text
    while True:
        try:
            await pick_up_files(
                directory=connected.files,
                database=node.database,
                linking=lambda: Linking(node=node.name, now=node.clock(), actor=actor),
            )
        except JukinetError as error:
            _log.warning("files not picked up", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_POLL_SECONDS)


async def _finish_put_away(directory: Path, database: Database, linking: Callable[[], Linking]) -> None:
    """Note as finished what was reported and put away just before an interruption."""
    async with database.transaction() as unit:
        for submission in await list_unfinished(unit):
            if submission.file_name and not _exists(directory / _WORKING / submission.file_name):
                await finish_submission(unit, submission.submission_number, now=linking().now)


async def _take_in(path: Path, directory: Path, database: Database, linking: Linking) -> None:
    content = _read(path)
    parsed, digest = parse_file(path.name, content), digest_of(content)
    submission = await _find_unfinished(database, path.name, digest)
    if submission is None:
        await _accept(path.name, digest, parsed, database, linking)
        submission = await _find_unfinished(database, path.name, digest)
    if submission is None:
        return
    title = f"{submission.submission_number:08d}-{path.name}"
    write_atomically(
        directory / _REPORTS / f"{title}.report.csv", report_of(parsed, submission.results), mode=_OWNER_ONLY
    )
    _move(path, directory / (_DONE if submission.error_code is None else _FAILED) / title)
    async with database.transaction() as unit:
        await finish_submission(unit, submission.submission_number, now=linking.now)


async def _accept(name: str, digest: bytes, parsed: ParsedFile, database: Database, linking: Linking) -> None:
    source = Source(sha256=digest, file_name=name, error=parsed.error)
    async with database.transaction() as unit:
        await accept_resident_changes(unit, rows=parsed.rows, source=source, linking=linking)


async def _find_unfinished(database: Database, name: str, digest: bytes) -> Submission | None:
    async with database.connection() as unit:
        found = await list_unfinished(unit)
    return next((one for one in found if one.file_name == name and one.sha256 == digest), None)


def _make_directories(directory: Path) -> None:
    for name in (_IN, _WORKING, _DONE, _FAILED, _REPORTS):
        make_directory(directory / name, mode=_PRIVATE)


def _list_files(directory: Path) -> list[Path]:
    return sorted(
        path
        for path in directory.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and path.suffix not in {".part", ".tmp"}
    )


def _exists(path: Path) -> bool:
    return path.exists()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        # One byte more tells that it is too long.
        return file.read(MOST_BYTES + 1)


def _pick_up(path: Path, working: Path) -> Path:
    picked = working / path.name
    _move(path, picked)
    return picked


def _move(path: Path, target: Path) -> None:
    path.rename(target)
    for directory in {path.parent, target.parent}:
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
