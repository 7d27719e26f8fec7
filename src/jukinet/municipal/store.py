"""Every statement on the register of record, the notified copies and the code pool."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, LiteralString

from jukinet.domain.errors import (
    ChangedMeanwhileError,
    CodePoolEmptyError,
    DuplicateResidentRecordCodeError,
    ResidentNotFoundError,
    ResidentRemovedError,
)
from jukinet.municipal.records import ResidentVersion
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_FIND_CURRENT: Final = """
    SELECT resident_number, version, household_number, relationship, resident_record_code, individual_number, name,
           kana, former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason,
           changed_on, previous_resident_record_code, is_removed, became_resident_on, address_since_on, nationality,
           residence_status, is_protected, notified_on, recorded_at, recorded_by
      FROM register.current_record
     WHERE resident_number = %(resident_number)s
"""

_LOCK: Final = """
    SELECT version, update_sequence, is_removed
      FROM register.resident
     WHERE resident_number = %(resident_number)s
       FOR UPDATE
"""

_LIST_VERSIONS: Final = """
    SELECT resident_number, version, household_number, relationship, resident_record_code, individual_number, name,
           kana, former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason,
           changed_on, previous_resident_record_code, is_removed, became_resident_on, address_since_on, nationality,
           residence_status, is_protected, notified_on, recorded_at, recorded_by
      FROM register.resident_record
     WHERE resident_number = %(resident_number)s
     ORDER BY version
"""

_LIST_HOUSEHOLD: Final = """
    SELECT resident_number, version, household_number, relationship, resident_record_code, individual_number, name,
           kana, former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason,
           changed_on, previous_resident_record_code, is_removed, became_resident_on, address_since_on, nationality,
           residence_status, is_protected, notified_on, recorded_at, recorded_by
      FROM register.current_record
     WHERE household_number = %(household_number)s
     ORDER BY relationship <> '世帯主', birth_date, resident_number
"""

_SEARCH: Final = """
    SELECT resident_number, version, household_number, relationship, resident_record_code, individual_number, name,
           kana, former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason,
           changed_on, previous_resident_record_code, is_removed, became_resident_on, address_since_on, nationality,
           residence_status, is_protected, notified_on, recorded_at, recorded_by
      FROM register.current_record
     WHERE (%(kana)s::text IS NULL OR kana LIKE %(kana)s)
       AND (%(name)s::text IS NULL OR name LIKE %(name)s)
       AND (%(birth_date)s::text IS NULL OR birth_date = %(birth_date)s)
       AND (%(resident_record_code)s::text IS NULL OR resident_record_code = %(resident_record_code)s)
     ORDER BY kana, birth_date, resident_number
     LIMIT %(limit)s
"""

_ADD_VERSION: Final = """
    INSERT INTO register.resident_record
           (resident_number, version, household_number, relationship, resident_record_code, individual_number, name,
            kana, former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason,
            changed_on, previous_resident_record_code, is_removed, became_resident_on, address_since_on, nationality,
            residence_status, is_protected, notified_on, recorded_at, recorded_by)
    VALUES (%(resident_number)s, %(version)s, %(household_number)s, %(relationship)s, %(resident_record_code)s,
            %(individual_number)s, %(name)s, %(kana)s, %(former_surname)s, %(alias)s, %(birth_date)s, %(sex)s,
            %(municipality)s, %(address)s, %(postal_code)s, %(change_reason)s, %(changed_on)s,
            %(previous_resident_record_code)s, %(is_removed)s, %(became_resident_on)s, %(address_since_on)s,
            %(nationality)s, %(residence_status)s, %(is_protected)s, %(notified_on)s, %(recorded_at)s,
            %(recorded_by)s)
"""

_ADD_RESIDENT: Final = """
    INSERT INTO register.resident (resident_number, version, resident_record_code, update_sequence, is_removed)
    VALUES (%(resident_number)s, 1, %(resident_record_code)s, 1, false)
"""

_ADVANCE: Final = """
    UPDATE register.resident
       SET version = version + 1, update_sequence = update_sequence + 1, is_removed = %(is_removed)s
     WHERE resident_number = %(resident_number)s
"""

_NEXT_RESIDENT_NUMBER: Final = "SELECT nextval('register.resident_number')"

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

#: The pick is random among this many.
_CHOICE: Final = 64


@dataclass(frozen=True, slots=True)
class Handle:
    """Where a resident's history has come to."""

    version: int
    update_sequence: int
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKeys:
    """What to search by; a key that is None is not used. Kana and name are prefixes."""

    kana: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth_date: str | None = field(default=None, repr=False)
    resident_record_code: str | None = field(default=None, repr=False)


async def find_resident(unit: Unit, resident_number: int) -> ResidentVersion:
    """Return the current version; raise ResidentNotFoundError."""
    cursor = await unit.execute(_FIND_CURRENT, {"resident_number": resident_number})
    row = await cursor.fetchone()
    if row is None:
        raise ResidentNotFoundError(field="resident_number")
    return ResidentVersion(*row)


async def lock_resident(unit: Unit, resident_number: int, *, expected_version: int | None) -> Handle:
    """Lock the resident until the transaction ends and return where the history has come to.

    Raises:
        ResidentNotFoundError: there is no such resident.
        ResidentRemovedError: the record was removed.
        ChangedMeanwhileError: the present version is not the one the operator saw.
    """
    cursor = await unit.execute(_LOCK, {"resident_number": resident_number})
    row = await cursor.fetchone()
    if row is None:
        raise ResidentNotFoundError(field="resident_number")
    handle = Handle(*row)
    if handle.is_removed:
        raise ResidentRemovedError(field="resident_number")
    if expected_version is not None and handle.version != expected_version:
        raise ChangedMeanwhileError(field="version")
    return handle


async def list_versions(unit: Unit, resident_number: int) -> list[ResidentVersion]:
    """Return the whole history, oldest first."""
    cursor = await unit.execute(_LIST_VERSIONS, {"resident_number": resident_number})
    return [ResidentVersion(*row) for row in await cursor.fetchall()]


async def list_household(unit: Unit, household_number: int) -> list[ResidentVersion]:
    """Return the present records of the household, its householder first."""
    cursor = await unit.execute(_LIST_HOUSEHOLD, {"household_number": household_number})
    return [ResidentVersion(*row) for row in await cursor.fetchall()]


async def search_residents(unit: Unit, keys: SearchKeys, *, limit: int) -> list[ResidentVersion]:
    """Return at most `limit` present records that agree with every key."""
    parameters = {
        "kana": _prefix(keys.kana),
        "name": _prefix(keys.name),
        "birth_date": keys.birth_date,
        "resident_record_code": keys.resident_record_code,
        "limit": limit,
    }
    cursor = await unit.execute(_SEARCH, parameters)
    return [ResidentVersion(*row) for row in await cursor.fetchall()]


async def next_resident_number(unit: Unit) -> int:
    """Return a resident number nobody has."""
    return await _number(unit, _NEXT_RESIDENT_NUMBER)


async def add_resident(unit: Unit, version: ResidentVersion) -> None:
    """Enter a resident with the first version; raise DuplicateResidentRecordCodeError."""
    parameters = version.as_parameters()
    with violations_as({"resident_resident_record_code": DuplicateResidentRecordCodeError}):
        await unit.execute(_ADD_RESIDENT, parameters)
    await unit.execute(_ADD_VERSION, parameters)


async def add_version(unit: Unit, version: ResidentVersion) -> None:
    """Add the next version of a resident whose handle this transaction has locked."""
    parameters = version.as_parameters()
    await unit.execute(_ADVANCE, parameters)
    await unit.execute(_ADD_VERSION, parameters)


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


def _prefix(text: str | None) -> str | None:
    if text is None:
        return None
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
