"""Held notices: bad ones in quarantine, and good ones that wait behind them (I2: everyone else's flow)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.domain.errors import QuarantinedRecordNotFoundError
from jukinet.postgres.database import Unit

_HOLD: Final = """
    INSERT INTO delivery.held_notice
           (resident_record_code, update_sequence, state, notice, sender, message_id, error_code, error_field, held_at)
    VALUES (%(resident_record_code)s, %(update_sequence)s, %(state)s, %(notice)s, %(sender)s, %(message_id)s,
            %(error_code)s, %(error_field)s, %(held_at)s)
"""

_LIST_WAITING: Final = """
    SELECT resident_record_code, arrival, update_sequence, state, notice, sender, message_id,
           error_code, error_field, held_at
      FROM delivery.held_notice
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
       AND state IN ('quarantined', 'waiting')
     ORDER BY resident_record_code, update_sequence, arrival
"""

_HAS_OPEN: Final = "SELECT EXISTS (SELECT FROM delivery.held_notice WHERE state IN ('quarantined', 'waiting'))"

_LIST_OPEN: Final = """
    SELECT resident_record_code, arrival, update_sequence, state, notice, sender, message_id,
           error_code, error_field, held_at
      FROM delivery.held_notice
     WHERE state IN ('quarantined', 'waiting')
     ORDER BY arrival
     LIMIT %(limit)s
"""

_FIND: Final = """
    SELECT resident_record_code, arrival, update_sequence, state, notice, sender, message_id,
           error_code, error_field, held_at
      FROM delivery.held_notice
     WHERE arrival = %(arrival)s
       AND state = 'quarantined'
       FOR UPDATE
"""

_SETTLE: Final = """
    UPDATE delivery.held_notice
       SET state = %(state)s, settled_at = %(settled_at)s, settled_by = %(settled_by)s
     WHERE resident_record_code = %(resident_record_code)s
       AND arrival = %(arrival)s
"""


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """One notice that is not applied yet. `error_code` says why, for one in quarantine."""

    resident_record_code: str = field(repr=False)
    arrival: int
    update_sequence: int
    state: str
    notice: bytes = field(repr=False)
    sender: str
    message_id: str
    error_code: str | None
    error_field: str | None
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A notice to hold. `state` is `quarantined` with an error, or `waiting` without one."""

    resident_record_code: str = field(repr=False)
    update_sequence: int
    state: str
    notice: bytes = field(repr=False)
    sender: str
    message_id: str
    error_code: str | None = None
    error_field: str | None = None
    held_at: datetime


async def hold_notices(unit: Unit, holdings: Sequence[Holding]) -> None:
    """Hold notices in the transaction of the message they came with."""
    rows = [
        {
            "resident_record_code": holding.resident_record_code,
            "update_sequence": holding.update_sequence,
            "state": holding.state,
            "notice": holding.notice,
            "sender": holding.sender,
            "message_id": holding.message_id,
            "error_code": holding.error_code,
            "error_field": holding.error_field,
            "held_at": holding.held_at,
        }
        for holding in holdings
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_HOLD, rows)


async def has_held_notices(unit: Unit) -> bool:
    """Return whether anything is held on this node at all."""
    row = await (await unit.execute(_HAS_OPEN)).fetchone()
    return row is not None and bool(row[0])


async def list_held_notices_of(unit: Unit, *, resident_record_codes: Sequence[str]) -> list[HeldNotice]:
    """Return what is held for these residents, in the order of their changes."""
    cursor = await unit.execute(_LIST_WAITING, {"resident_record_codes": list(resident_record_codes)})
    return [HeldNotice(*row) for row in await cursor.fetchall()]


async def list_held_notices(unit: Unit, *, limit: int) -> list[HeldNotice]:
    """Return what is held on this node, oldest first."""
    cursor = await unit.execute(_LIST_OPEN, {"limit": limit})
    return [HeldNotice(*row) for row in await cursor.fetchall()]


async def find_quarantined_notice(unit: Unit, *, arrival: int) -> HeldNotice:
    """Return the quarantined notice and lock it; raise QuarantinedRecordNotFoundError."""
    cursor = await unit.execute(_FIND, {"arrival": arrival})
    row = await cursor.fetchone()
    if row is None:
        raise QuarantinedRecordNotFoundError(field="arrival")
    return HeldNotice(*row)


async def settle_held_notices(
    unit: Unit, *, notices: Sequence[HeldNotice], state: str, settled_by: str, now: datetime
) -> None:
    """Note that held notices were applied, or superseded by a corrected one."""
    rows = [
        {
            "resident_record_code": notice.resident_record_code,
            "arrival": notice.arrival,
            "state": state,
            "settled_at": now,
            "settled_by": settled_by,
        }
        for notice in notices
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_SETTLE, rows)
