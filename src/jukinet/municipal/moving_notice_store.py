"""Every statement on what other municipalities have told: move-in notices (転入通知) and annex notices (附票通知)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from jukinet.domain.errors import HouseholderNeededError, MoveInNoticeNotFoundError, MoveOutNotNotifiedError
from jukinet.postgres.database import Unit
from jukinet.protocol.moving import AnnexNotice, MoveInNotice

_ADD_MOVE_IN_NOTICE: Final = """
    INSERT INTO register.move_in_notice
           (resident_record_code, notice_number, sender, name, birth_date, municipality, address, moved_in_on,
            residence, received_at, state)
    VALUES (%(resident_record_code)s, %(notice_number)s, %(sender)s, %(name)s, %(birth_date)s, %(municipality)s,
            %(address)s, %(moved_in_on)s, %(residence)s, %(received_at)s, 'received')
"""

# What was set apart for want of a removal is tried again once the resident is removed; what was for want of a
# householder, beside what comes later: it may be the rest of the family.
_LIST_RIPE: Final = """
    SELECT notice.resident_record_code, notice.notice_number, notice.sender, notice.name, notice.birth_date,
           notice.municipality, notice.address, notice.moved_in_on, notice.residence, notice.received_at, notice.state,
           notice.error_code
      FROM register.move_in_notice AS notice
     WHERE notice.state = 'received'
        OR (notice.state = 'unmatched'
            AND notice.error_code = ANY(%(curable)s)
            AND EXISTS (
                SELECT
                  FROM register.resident
                 WHERE resident.resident_record_code = notice.resident_record_code
                   AND resident.is_removed
                   AND NOT resident.is_former
            ))
        OR (notice.state = 'unmatched'
            AND notice.error_code = %(householder)s
            AND EXISTS (SELECT FROM register.move_in_notice AS other WHERE other.state = 'received'))
     ORDER BY notice.received_at, notice.notice_number
     LIMIT %(limit)s
"""

_LIST_UNMATCHED: Final = """
    SELECT resident_record_code, notice_number, sender, name, birth_date, municipality, address, moved_in_on,
           residence, received_at, state, error_code
      FROM register.move_in_notice
     WHERE state = 'unmatched'
     ORDER BY received_at, notice_number
     LIMIT %(limit)s
"""

_LOCK: Final = """
    SELECT notice_number
      FROM register.move_in_notice
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
       AND notice_number = ANY(%(notice_numbers)s)
       AND state IN ('received', 'unmatched')
     ORDER BY resident_record_code, notice_number
       FOR UPDATE
"""

_SETTLE: Final = """
    UPDATE register.move_in_notice
       SET state = %(state)s, resident_number = %(resident_number)s, error_code = %(error_code)s,
           settled_at = %(settled_at)s, settled_by = %(settled_by)s
     WHERE resident_record_code = %(resident_record_code)s
       AND notice_number = %(notice_number)s
       AND sender = %(sender)s
       AND state IN ('received', 'unmatched')
"""

_REOPEN: Final = """
    UPDATE register.move_in_notice
       SET state = 'received', error_code = NULL, settled_at = NULL, settled_by = NULL
     WHERE resident_record_code = %(resident_record_code)s
       AND notice_number = %(notice_number)s
       AND sender = %(sender)s
       AND state = 'unmatched'
"""

_FIND_UNMATCHED: Final = """
    SELECT resident_record_code, notice_number, sender, name, birth_date, municipality, address, moved_in_on,
           residence, received_at, state, error_code
      FROM register.move_in_notice
     WHERE notice_number = %(notice_number)s
       AND sender = %(sender)s
       AND state = 'unmatched'
       FOR UPDATE
"""

_ADD_ANNEX_NOTICE: Final = """
    INSERT INTO register.annex_notice
           (notice_number, sender, name, birth_date, registered_domicile, first_listed_person, address,
            address_since_on, reason, changed_on, received_at)
    VALUES (%(notice_number)s, %(sender)s, %(name)s, %(birth_date)s, %(registered_domicile)s,
            %(first_listed_person)s, %(address)s, %(address_since_on)s, %(reason)s, %(changed_on)s, %(received_at)s)
"""

_LIST_ANNEX_NOTICES: Final = """
    SELECT notice_number, name, birth_date, registered_domicile, first_listed_person, address, address_since_on,
           reason, changed_on, sender, received_at
      FROM register.annex_notice
     ORDER BY received_at DESC, notice_number
     LIMIT %(limit)s
"""

_CURABLE: Final = [MoveOutNotNotifiedError.code, HouseholderNeededError.code]


@dataclass(frozen=True, slots=True)
class ReceivedMoveIn:
    """A move-in notice as it is kept. `error_code` says why it confirms nothing yet."""

    resident_record_code: str = field(repr=False)
    notice_number: str
    sender: str
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    municipality: str
    address: str = field(repr=False)
    moved_in_on: str = field(repr=False)
    residence: int
    received_at: datetime
    state: str
    error_code: str | None


@dataclass(frozen=True, slots=True)
class ReceivedAnnex:
    """An annex notice as it is kept, for the family register desk."""

    notice_number: str
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    registered_domicile: str = field(repr=False)
    first_listed_person: str = field(repr=False)
    address: str = field(repr=False)
    address_since_on: str = field(repr=False)
    reason: str
    changed_on: str = field(repr=False)
    sender: str
    received_at: datetime


async def add_move_in_notices(unit: Unit, notices: Sequence[MoveInNotice], *, sender: str, now: datetime) -> None:
    """Keep move-in notices, to be applied."""
    rows = [{**msgspec.structs.asdict(notice), "sender": sender, "received_at": now} for notice in notices]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD_MOVE_IN_NOTICE, rows)


async def list_ripe_move_in_notices(unit: Unit, *, limit: int) -> list[ReceivedMoveIn]:
    """Return the notices that can be tried: those just received, and those whose resident was removed meanwhile."""
    cursor = await unit.execute(
        _LIST_RIPE, {"curable": _CURABLE, "householder": HouseholderNeededError.code, "limit": limit}
    )
    return [ReceivedMoveIn(*row) for row in await cursor.fetchall()]


async def list_unmatched_move_in_notices(unit: Unit, *, limit: int) -> list[ReceivedMoveIn]:
    """Return the notices a clerk must look into, oldest first."""
    cursor = await unit.execute(_LIST_UNMATCHED, {"limit": limit})
    return [ReceivedMoveIn(*row) for row in await cursor.fetchall()]


async def find_unmatched_move_in_notice(unit: Unit, *, notice_number: str, sender: str) -> ReceivedMoveIn:
    """Return the notice and lock it; raise MoveInNoticeNotFoundError."""
    cursor = await unit.execute(_FIND_UNMATCHED, {"notice_number": notice_number, "sender": sender})
    row = await cursor.fetchone()
    if row is None:
        raise MoveInNoticeNotFoundError(field="notice_number")
    return ReceivedMoveIn(*row)


async def reopen_move_in_notice(unit: Unit, notice: ReceivedMoveIn) -> None:
    """Put a notice that confirmed nothing back among those to apply."""
    parameters = {
        "resident_record_code": notice.resident_record_code,
        "notice_number": notice.notice_number,
        "sender": notice.sender,
    }
    await unit.execute(_REOPEN, parameters)


async def lock_move_in_notices(unit: Unit, notices: Sequence[ReceivedMoveIn]) -> set[str]:
    """Lock notices until the transaction ends; return the numbers of those that are still open."""
    parameters = {
        "resident_record_codes": [notice.resident_record_code for notice in notices],
        "notice_numbers": [notice.notice_number for notice in notices],
    }
    cursor = await unit.execute(_LOCK, parameters)
    return {number for (number,) in await cursor.fetchall()}


async def settle_move_in_notice(
    unit: Unit,
    notice: ReceivedMoveIn,
    *,
    state: str,
    settled_by: str,
    now: datetime,
    resident_number: int | None = None,
    error_code: str | None = None,
) -> None:
    """Note what became of a notice: `applied`, `unmatched` for the reason given, or `dismissed`."""
    parameters = {
        "resident_record_code": notice.resident_record_code,
        "notice_number": notice.notice_number,
        "sender": notice.sender,
        "state": state,
        "resident_number": resident_number,
        "error_code": error_code,
        "settled_at": now,
        "settled_by": settled_by,
    }
    await unit.execute(_SETTLE, parameters)


async def add_annex_notices(unit: Unit, notices: Sequence[AnnexNotice], *, sender: str, now: datetime) -> None:
    """Keep annex notices for the family register desk."""
    rows = [{**msgspec.structs.asdict(notice), "sender": sender, "received_at": now} for notice in notices]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD_ANNEX_NOTICE, rows)


async def list_annex_notices(unit: Unit, *, limit: int) -> list[ReceivedAnnex]:
    """Return the newest annex notices."""
    cursor = await unit.execute(_LIST_ANNEX_NOTICES, {"limit": limit})
    return [ReceivedAnnex(*row) for row in await cursor.fetchall()]
