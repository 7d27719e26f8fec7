"""Every statement on mergers of municipalities (市町村の廃置分合) as a tier above knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jukinet.domain.errors import MergerNotFoundError
from jukinet.domain.mergers import Merger
from jukinet.postgres.database import Unit

# Until it is approved, what was registered may be put right by registering it again.
_ADD: Final = """
    INSERT INTO merger.registered_merger
           (outgoing, successor, public_notice, noticed_on, effective_on, registered_at, registered_by)
    VALUES (%(outgoing)s, %(successor)s, %(public_notice)s, %(noticed_on)s, %(effective_on)s, %(registered_at)s,
            %(registered_by)s)
        ON CONFLICT (outgoing) DO UPDATE
       SET successor = excluded.successor, public_notice = excluded.public_notice, noticed_on = excluded.noticed_on,
           effective_on = excluded.effective_on, registered_at = excluded.registered_at,
           registered_by = excluded.registered_by
     WHERE registered_merger.approved_at IS NULL
"""
_LIST: Final = """
    SELECT outgoing, successor, public_notice, noticed_on, effective_on, registered_by, approved_by
      FROM merger.registered_merger
     ORDER BY effective_on DESC, outgoing
"""
_FIND: Final = """
    SELECT outgoing, successor, public_notice, noticed_on, effective_on, registered_by, approved_by
      FROM merger.registered_merger
     WHERE outgoing = %(outgoing)s
       FOR UPDATE
"""
_APPROVE: Final = """
    UPDATE merger.registered_merger
       SET approved_at = %(now)s, approved_by = %(operator_id)s
     WHERE outgoing = %(outgoing)s
"""
_LIST_SUCCESSORS: Final = """
    SELECT outgoing, successor
      FROM merger.registered_merger
     WHERE approved_at IS NOT NULL AND effective_on <= %(today)s
"""


@dataclass(frozen=True, slots=True)
class RegisteredMerger:
    """One merger, by whom it was registered, and by whom approved."""

    outgoing: str
    successor: str
    public_notice: str
    noticed_on: date
    effective_on: date
    registered_by: str
    approved_by: str | None


async def add_merger(unit: Unit, merger: Merger, *, operator_id: str, now: datetime) -> bool:
    """Keep a merger; return whether it was kept: not where an approved one of this municipality is known."""
    parameters = {
        "outgoing": merger.outgoing.value,
        "successor": merger.successor.value,
        "public_notice": merger.public_notice,
        "noticed_on": merger.noticed_on,
        "effective_on": merger.effective_on,
        "registered_at": now,
        "registered_by": operator_id,
    }
    return (await unit.execute(_ADD, parameters)).rowcount == 1


async def lock_merger(unit: Unit, outgoing: str) -> RegisteredMerger:
    """Return the merger of a municipality that ceases, and lock it; raise MergerNotFoundError."""
    row = await (await unit.execute(_FIND, {"outgoing": outgoing})).fetchone()
    if row is None:
        raise MergerNotFoundError(field="outgoing")
    return RegisteredMerger(*row)


async def approve_merger(unit: Unit, outgoing: str, *, operator_id: str, now: datetime) -> None:
    """Note that the merger is approved."""
    await unit.execute(_APPROVE, {"outgoing": outgoing, "operator_id": operator_id, "now": now})


async def list_mergers(unit: Unit) -> list[RegisteredMerger]:
    """Return all mergers that are known here, the latest first."""
    return [RegisteredMerger(*row) for row in await (await unit.execute(_LIST)).fetchall()]


async def list_successors(unit: Unit, *, today: date) -> dict[str, str]:
    """Return the code of the successor by that of the municipality that ceased, of the mergers in effect."""
    cursor = await unit.execute(_LIST_SUCCESSORS, {"today": today})
    return dict(await cursor.fetchall())
