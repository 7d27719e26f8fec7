"""A person's own record, and that it was disclosed (本人への開示): the use log is written first (I4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.domain.errors import ReplayedMessageError
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_LOG_DISCLOSURE: Final = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items, office, ground)
    VALUES (%(message_id)s, %(agency)s, %(used_at)s, %(resident_record_code)s, %(method)s, %(affair)s, %(purpose)s,
            %(matter_number)s, %(official)s, 'resident_record_code', 'found', %(items)s, NULL, %(ground)s)
"""
_FIND_MUNICIPALITY: Final = """
    SELECT municipality FROM identification.record WHERE resident_record_code = %(resident_record_code)s
"""
_FIND_RECORD: Final = """
    SELECT name, kana, former_surname, alias, birth_date, sex, address, individual_number, resident_record_code,
           change_reason, changed_on, is_removed
      FROM identification.record
     WHERE resident_record_code = %(resident_record_code)s
"""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A person's identification information, as the person is shown it."""

    name: str = field(repr=False)
    kana: str | None = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    address: str = field(repr=False)
    individual_number: str | None = field(repr=False)
    resident_record_code: str = field(repr=False)
    change_reason: str
    changed_on: str = field(repr=False)
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One disclosure to the person, or to the counter for the person, as the use log has it."""

    message_id: str
    #: The node that asked, or where the person looked.
    agency: str
    resident_record_code: str = field(repr=False)
    #: `disclosure` of the record, or `use_log`.
    method: str
    affair: str
    purpose: str
    matter_number: str
    official: str
    items: str = ""
    ground: str


async def log_disclosure(unit: Unit, disclosure: Disclosure, *, now: datetime) -> None:
    """Write the use log; raise ReplayedMessageError where the message id was used before."""
    parameters = {name: getattr(disclosure, name) for name in Disclosure.__slots__}
    with violations_as({"use_log_pkey": ReplayedMessageError}):
        await unit.execute(_LOG_DISCLOSURE, {**parameters, "used_at": now})


async def find_own_record(unit: Unit, resident_record_code: str) -> OwnRecord | None:
    """Return a person's record."""
    row = await (await unit.execute(_FIND_RECORD, {"resident_record_code": resident_record_code})).fetchone()
    return None if row is None else OwnRecord(*row)


async def find_municipality(unit: Unit, resident_record_code: str) -> str | None:
    """Return the municipality, or ward, of a person's record; None where there is no record."""
    row = await (await unit.execute(_FIND_MUNICIPALITY, {"resident_record_code": resident_record_code})).fetchone()
    return None if row is None else str(row[0])
