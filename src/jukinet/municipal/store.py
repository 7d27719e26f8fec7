"""Every statement on the register of record, the notified copies and the code pool."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString

from psycopg import sql

from jukinet.domain.errors import (
    ChangedMeanwhileError,
    CodePoolEmptyError,
    DuplicateResidentRecordCodeError,
    ResidentNotFoundError,
    ResidentRemovedError,
)
from jukinet.domain.resident_record import RECORD_COLUMNS, ResidentRecord
from jukinet.municipal.search_store import keep_search_keys
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_COLUMNS: Final = sql.SQL(", ").join(map(sql.Identifier, RECORD_COLUMNS))

_LIST_CURRENT: Final = sql.SQL("""
    SELECT {columns}
      FROM register.current_record
     WHERE resident_number = ANY(%(resident_numbers)s)
     ORDER BY resident_number
""").format(columns=_COLUMNS)

_LIST_VERSIONS: Final = sql.SQL("""
    SELECT {columns}
      FROM register.resident_record
     WHERE resident_number = %(resident_number)s
     ORDER BY version
""").format(columns=_COLUMNS)

_LIST_HOUSEHOLDS: Final = sql.SQL("""
    SELECT {columns}
      FROM register.current_record
     WHERE household_number = ANY(%(household_numbers)s)
     ORDER BY household_number, relationship <> '世帯主', birth_date, resident_number
""").format(columns=_COLUMNS)

_ADD_VERSION: Final = sql.SQL("""
    INSERT INTO register.resident_record ({columns}) VALUES ({values})
""").format(columns=_COLUMNS, values=sql.SQL(", ").join(map(sql.Placeholder, RECORD_COLUMNS)))

#: In the order of their numbers: two acts that need the same residents never wait for each other in a ring.
_LOCK: Final = """
    SELECT resident_number, version, update_sequence, is_removed
      FROM register.resident
     WHERE resident_number = ANY(%(resident_numbers)s)
     ORDER BY resident_number
       FOR UPDATE
"""

#: Whoever changes the make-up of a household holds this lock: nobody joins it, or leaves it, meanwhile.
#: The numbers come sorted: two acts that need the same households never wait for each other in a ring.
_LOCK_HOUSEHOLDS: Final = """
    SELECT pg_advisory_xact_lock(%(space)s, hashint8(wanted.household_number))
      FROM unnest(%(household_numbers)s::bigint[]) AS wanted (household_number)
"""

_ADD_RESIDENT: Final = """
    INSERT INTO register.resident (resident_number, version, resident_record_code, update_sequence, is_removed)
    VALUES (%(resident_number)s, %(version)s, %(resident_record_code)s, %(update_sequence)s, %(is_removed)s)
"""

_ADVANCE: Final = """
    UPDATE register.resident
       SET version = %(version)s, update_sequence = %(update_sequence)s, is_removed = %(is_removed)s,
           resident_record_code = %(resident_record_code)s
     WHERE resident_number = %(resident_number)s
"""

_NEXT_RESIDENT_NUMBER: Final = "SELECT nextval('register.resident_number')"

_NEXT_HOUSEHOLD_NUMBER: Final = "SELECT nextval('register.household_number')"

_FIND_NUMBER_OF_CODE: Final = """
    SELECT resident_number
      FROM register.resident
     WHERE resident_record_code = %(resident_record_code)s AND NOT is_former
"""

_KEEP_NOTIFIED: Final = """
    INSERT INTO register.notified_identification (resident_record_code, update_sequence, notice, queued_at)
    VALUES (%(resident_record_code)s, %(update_sequence)s, %(notice)s, %(queued_at)s)
"""

_LIST_FREE_CODES: Final = """
    SELECT resident_record_code
      FROM register.code_pool
     WHERE used_at IS NULL
     ORDER BY resident_record_code
     LIMIT %(limit)s
"""

#: Exactly one row is locked: a clerk at the next desk passes over it, and over nothing else.
_LOCK_FREE_CODE: Final = """
    SELECT resident_record_code
      FROM register.code_pool
     WHERE used_at IS NULL
     ORDER BY array_position(%(preferred)s::text[], resident_record_code) NULLS LAST, resident_record_code
     LIMIT 1
       FOR UPDATE SKIP LOCKED
"""

_USE_CODE: Final = """
    UPDATE register.code_pool SET used_at = %(used_at)s WHERE resident_record_code = %(resident_record_code)s
"""

_ADD_CODES: Final = """
    INSERT INTO register.code_pool (resident_record_code, allotted_at)
    SELECT unnest(%(resident_record_codes)s::text[]), %(allotted_at)s
"""

_COUNT_FREE_CODES: Final = "SELECT count(*) FROM register.code_pool WHERE used_at IS NULL"

_COUNT_RESIDENTS: Final = "SELECT count(*) FROM register.resident WHERE NOT is_removed"

#: The space of advisory locks that households have on this database.
_HOUSEHOLDS: Final = 7_001
#: The pick is random among this many.
_CHOICE: Final = 64


@dataclass(frozen=True, slots=True)
class Handle:
    """Where a resident's history has come to."""

    version: int
    update_sequence: int
    is_removed: bool


async def find_resident(unit: Unit, resident_number: int) -> ResidentRecord:
    """Return the current version; raise ResidentNotFoundError."""
    found = await list_residents(unit, [resident_number])
    if not found:
        raise ResidentNotFoundError(field="resident_number")
    return found[0]


async def list_residents(unit: Unit, resident_numbers: Collection[int]) -> list[ResidentRecord]:
    """Return the current version of each that is on the register, by number."""
    cursor = await unit.execute(_LIST_CURRENT, {"resident_numbers": list(resident_numbers)})
    return [ResidentRecord(*row) for row in await cursor.fetchall()]


async def find_resident_number(unit: Unit, resident_record_code: str) -> int | None:
    """Return the number of the resident who has, or had when removed, this code; None if nobody has."""
    row = await (await unit.execute(_FIND_NUMBER_OF_CODE, {"resident_record_code": resident_record_code})).fetchone()
    return None if row is None else int(row[0])


async def lock_residents(unit: Unit, resident_numbers: Collection[int]) -> dict[int, Handle]:
    """Lock residents until the transaction ends; return where the history of each has come to.

    Raises:
        ResidentNotFoundError: one of them is not on this register.
    """
    cursor = await unit.execute(_LOCK, {"resident_numbers": list(set(resident_numbers))})
    handles = {number: Handle(*row) for number, *row in await cursor.fetchall()}
    if len(handles) < len(set(resident_numbers)):
        raise ResidentNotFoundError(field="resident_number")
    return handles


async def lock_resident(
    unit: Unit, resident_number: int, *, expected_version: int | None, may_be_removed: bool = False
) -> Handle:
    """Lock the resident until the transaction ends and return where the history has come to.

    Raises:
        ResidentNotFoundError: there is no such resident.
        ResidentRemovedError: the record was removed.
        ChangedMeanwhileError: the present version is not the one the operator saw.
    """
    handle = (await lock_residents(unit, [resident_number]))[resident_number]
    if handle.is_removed and not may_be_removed:
        raise ResidentRemovedError(field="resident_number")
    if expected_version is not None and handle.version != expected_version:
        raise ChangedMeanwhileError(field="version")
    return handle


async def lock_household_of(
    unit: Unit,
    resident_number: int,
    *,
    expected_version: int | None = None,
    beside: int | None = None,
    may_be_removed: bool = False,
) -> list[ResidentRecord]:
    """Lock the household a resident is in, and another one `beside` it, and return their present records.

    Raises:
        ResidentNotFoundError, ResidentRemovedError, ChangedMeanwhileError: as `lock_resident`.
    """
    while True:
        number = (await find_resident(unit, resident_number)).household_number
        members = await lock_households(unit, [number, beside])
        # While this waited, the resident may have gone to another household. Nobody is locked before that is sure.
        if (await find_resident(unit, resident_number)).household_number == number:
            await lock_resident(unit, resident_number, expected_version=expected_version, may_be_removed=may_be_removed)
            return members


async def lock_households(unit: Unit, household_numbers: Iterable[int | None]) -> list[ResidentRecord]:
    """Keep everybody else from changing the make-up of households, and return their present records.

    None among the numbers stands for a household that is not there.
    """
    numbers = sorted({number for number in household_numbers if number is not None})
    await unit.execute(_LOCK_HOUSEHOLDS, {"space": _HOUSEHOLDS, "household_numbers": numbers})
    members = await list_households(unit, numbers)
    await lock_residents(unit, [member.resident_number for member in members])
    # Read again: what one of them was doing may have ended while this waited for the lock.
    return await list_households(unit, numbers)


async def list_versions(unit: Unit, resident_number: int) -> list[ResidentRecord]:
    """Return the whole history, oldest first."""
    cursor = await unit.execute(_LIST_VERSIONS, {"resident_number": resident_number})
    return [ResidentRecord(*row) for row in await cursor.fetchall()]


async def list_household(unit: Unit, household_number: int) -> list[ResidentRecord]:
    """Return the present records of the household, its householder first."""
    return await list_households(unit, [household_number])


async def list_households(unit: Unit, household_numbers: Collection[int]) -> list[ResidentRecord]:
    """Return the present records of households, each with its householder first."""
    cursor = await unit.execute(_LIST_HOUSEHOLDS, {"household_numbers": list(household_numbers)})
    return [ResidentRecord(*row) for row in await cursor.fetchall()]


async def next_resident_number(unit: Unit) -> int:
    """Return a resident number nobody has."""
    return await _number(unit, _NEXT_RESIDENT_NUMBER)


async def next_household_number(unit: Unit) -> int:
    """Return a household number no household has."""
    return await _number(unit, _NEXT_HOUSEHOLD_NUMBER)


async def add_resident(unit: Unit, record: ResidentRecord, *, update_sequence: int = 1) -> None:
    """Enter a resident with the first version; raise DuplicateResidentRecordCodeError."""
    parameters = record.as_parameters()
    with violations_as({"resident_resident_record_code": DuplicateResidentRecordCodeError}):
        await unit.execute(_ADD_RESIDENT, {**parameters, "update_sequence": update_sequence})
    await unit.execute(_ADD_VERSION, parameters)
    await keep_search_keys(unit, record)


async def add_version(unit: Unit, record: ResidentRecord, *, update_sequence: int) -> None:
    """Add the next version of a resident whose handle this transaction has locked, with where its updates have come to.

    Raises:
        DuplicateResidentRecordCodeError: the new code belongs to somebody.
    """
    parameters = record.as_parameters()
    with violations_as({"resident_resident_record_code": DuplicateResidentRecordCodeError}):
        await unit.execute(_ADVANCE, {**parameters, "update_sequence": update_sequence})
    await unit.execute(_ADD_VERSION, parameters)
    await keep_search_keys(unit, record)


async def keep_notified(
    unit: Unit, *, resident_record_code: str, update_sequence: int, notice: bytes, now: datetime
) -> None:
    """Keep the copy of what is notified upward."""
    parameters = {
        "resident_record_code": resident_record_code,
        "update_sequence": update_sequence,
        "notice": notice,
        "queued_at": now,
    }
    await unit.execute(_KEEP_NOTIFIED, parameters)


async def choose_free_code(unit: Unit, choice: random.Random) -> str:
    """Lock and return a free code, chosen at random among some; raise CodePoolEmptyError."""
    cursor = await unit.execute(_LIST_FREE_CODES, {"limit": _CHOICE})
    codes = [code for (code,) in await cursor.fetchall()]
    choice.shuffle(codes)
    row = await (await unit.execute(_LOCK_FREE_CODE, {"preferred": codes})).fetchone()
    if row is None:
        raise CodePoolEmptyError
    return str(row[0])


async def use_code(unit: Unit, resident_record_code: str, *, now: datetime) -> None:
    """Note that the code is given away, for ever."""
    await unit.execute(_USE_CODE, {"resident_record_code": resident_record_code, "used_at": now})


async def add_codes(unit: Unit, resident_record_codes: Sequence[str], *, now: datetime) -> None:
    """Add allotted codes to the pool."""
    await unit.execute(_ADD_CODES, {"resident_record_codes": list(resident_record_codes), "allotted_at": now})


async def count_free_codes(unit: Unit) -> int:
    """Return how many codes are left."""
    return await _number(unit, _COUNT_FREE_CODES)


async def count_residents(unit: Unit) -> int:
    """Return how many residents have a live record."""
    return await _number(unit, _COUNT_RESIDENTS)


async def _number(unit: Unit, statement: LiteralString) -> int:
    row = await (await unit.execute(statement)).fetchone()
    return int(row[0]) if row else 0
