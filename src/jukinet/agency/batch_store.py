"""Every statement on the batch files an organ handed in (一括提供の依頼)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from jukinet.domain.errors import BatchNotFoundError
from jukinet.postgres.database import Unit

_ADD: Final = """
    INSERT INTO request.batch
           (batch_id, asked_at, official, affair, matter_number, purpose, header, length, sha256, state)
    VALUES (%(batch_id)s, %(asked_at)s, %(official)s, %(affair)s, %(matter_number)s, %(purpose)s, %(header)s,
            %(length)s, %(sha256)s, %(state)s)
"""
_FIND: Final = """
    SELECT batch_id, asked_at, official, affair, matter_number, purpose, header, length, sha256, state
      FROM request.batch
     WHERE batch_id = %(batch_id)s
"""
_FIND_UNFINISHED: Final = """
    SELECT batch_id, asked_at, official, affair, matter_number, purpose, header, length, sha256, state
      FROM request.batch
     WHERE sha256 = %(sha256)s AND header = %(header)s AND state = 'receiving'
     ORDER BY batch_id DESC
     LIMIT 1
"""
_LIST: Final = """
    SELECT batch_id, asked_at, official, affair, matter_number, purpose, header, length, sha256, state
      FROM request.batch
     ORDER BY batch_id DESC
     LIMIT %(limit)s
"""
_NOTE: Final = "UPDATE request.batch SET state = %(state)s WHERE batch_id = %(batch_id)s"


@dataclass(frozen=True, slots=True)
class AskedBatch:
    """One file this organ handed in."""

    batch_id: str
    asked_at: datetime
    official: str
    affair: str
    matter_number: str
    purpose: str = field(repr=False)
    header: str = field(repr=False)
    length: int
    sha256: str
    #: As far as this node knows.
    state: str


async def add_batch(unit: Unit, batch: AskedBatch) -> None:
    """Keep that the file is handed in."""
    await unit.execute(_ADD, {name: getattr(batch, name) for name in AskedBatch.__slots__})


async def find_batch(unit: Unit, batch_id: str) -> AskedBatch:
    """Return a file; raise BatchNotFoundError."""
    row = await (await unit.execute(_FIND, {"batch_id": batch_id})).fetchone()
    if row is None:
        raise BatchNotFoundError(field="batch_id")
    return AskedBatch(*row)


async def find_unfinished(unit: Unit, *, header: str, sha256: str) -> AskedBatch | None:
    """Return the same file, if it was begun and not handed in to the end."""
    parameters: dict[str, Any] = {"header": header, "sha256": sha256}
    row = await (await unit.execute(_FIND_UNFINISHED, parameters)).fetchone()
    return None if row is None else AskedBatch(*row)


async def list_batches(unit: Unit, *, limit: int) -> list[AskedBatch]:
    """Return the newest files."""
    return [AskedBatch(*row) for row in await (await unit.execute(_LIST, {"limit": limit})).fetchall()]


async def note_state(unit: Unit, batch_id: str, state: str) -> None:
    """Note how far the national node says a file is."""
    await unit.execute(_NOTE, {"batch_id": batch_id, "state": state})
