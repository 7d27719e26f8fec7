"""Every statement that answers one question of a local government: read one person, write one entry of the use log."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from psycopg import sql

from jukinet.domain.errors import DuplicateIndividualNumberError, ReplayedMessageError
from jukinet.identification.provided_person import FoundRecord
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_FIND: Final = """
    SELECT record.resident_record_code, record.name, record.kana, record.former_surname, record.alias,
           record.birth_date, record.sex, record.municipality, record.address, record.change_reason, record.changed_on,
           record.is_removed, record.individual_number,
           EXISTS (
               SELECT
                 FROM delivery.held_notice AS held
                WHERE held.resident_record_code = record.resident_record_code
                  AND held.state IN ('quarantined', 'waiting')
           )
      FROM identification.record
"""
_BY_CODE: Final = sql.SQL(_FIND) + sql.SQL(" WHERE record.resident_record_code = %(key)s")
#: The live resident first, else the one who last had the number.
_BY_NUMBER: Final = sql.SQL(_FIND) + sql.SQL(
    " WHERE record.individual_number = %(key)s ORDER BY record.is_removed LIMIT 2"
)

_LOG: Final = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items, office, ground)
    VALUES (%(message_id)s, %(agency)s, %(used_at)s, %(resident_record_code)s, %(method)s, %(affair)s, %(purpose)s,
            %(matter_number)s, %(official)s, %(asked_by)s, %(result)s, %(items)s, %(office)s, %(ground)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalUse:
    """One entry of the use log."""

    message_id: str
    agency: str
    used_at: datetime
    resident_record_code: str | None = field(repr=False)
    method: str
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    asked_by: str
    result: str
    items: str
    office: str | None
    ground: str


async def find_person(unit: Unit, key: str, *, is_by_number: bool) -> FoundRecord | None:
    """Return the record of a code or a number; None if nobody has it.

    Raises:
        DuplicateIndividualNumberError: the number is recorded for two people who are both live, or both removed.
    """
    rows = await (await unit.execute(_BY_NUMBER if is_by_number else _BY_CODE, {"key": key})).fetchall()
    found = [FoundRecord(*row) for row in rows]
    if len(found) > 1 and found[0].is_removed is found[1].is_removed:
        raise DuplicateIndividualNumberError(field="individual_number")
    return found[0] if found else None


async def log_use(unit: Unit, use: LocalUse) -> None:
    """Append an entry to the use log; raise ReplayedMessageError if this message was answered before."""
    with violations_as({"use_log_pkey": ReplayedMessageError}):
        await unit.execute(_LOG, asdict(use))
