"""What only the screens ask of the register: notified notices, forms already recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from jukinet.domain.errors import AlreadyExistsError
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_LIST_NOTIFIED: Final = """
    SELECT handle.resident_number, notified.update_sequence, notified.notice, notified.queued_at
      FROM register.notified_identification AS notified
      JOIN register.resident AS handle USING (resident_record_code)
     WHERE NOT handle.is_former
     ORDER BY notified.queued_at DESC, handle.resident_number, notified.update_sequence DESC
     LIMIT %(limit)s
"""

_RECORD_FORM: Final = """
    INSERT INTO register.recorded_form (form_number, resident_number, version, recorded_at)
    VALUES (%(form_number)s, %(resident_number)s, %(version)s, %(recorded_at)s)
"""

_REMOVE_DRAFT: Final = "DELETE FROM register.draft_form WHERE form_number = %(form_number)s"

_FIND_FORM: Final = """
    SELECT resident_number, version FROM register.recorded_form WHERE form_number = %(form_number)s
"""

_LIST_NUMBERS: Final = """
    SELECT resident_record_code, resident_number
      FROM register.resident
     WHERE resident_record_code = ANY(%(resident_record_codes)s) AND NOT is_former
"""


class _Change(msgspec.Struct):
    """The change a notice tells of; its other items are skipped."""

    reason: str
    changed_on: str


_decoder: Final = msgspec.json.Decoder(_Change)


@dataclass(frozen=True, slots=True)
class Notified:
    """One notice this municipality sent or is about to send."""

    resident_number: int
    update_sequence: int
    reason: str
    changed_on: str
    queued_at: datetime


async def list_notified(unit: Unit, *, limit: int) -> list[Notified]:
    """Return the newest notices."""
    cursor = await unit.execute(_LIST_NOTIFIED, {"limit": limit})
    found: list[Notified] = []
    for resident_number, update_sequence, notice, queued_at in await cursor.fetchall():
        change = _decoder.decode(notice)
        found.append(Notified(resident_number, update_sequence, change.reason, change.changed_on, queued_at))
    return found


async def record_form(unit: Unit, form_number: str, *, resident_number: int, version: int, now: datetime) -> None:
    """Note that a form was recorded, and forget its draft, in the transaction of its effect.

    Raises:
        AlreadyExistsError: it was recorded before.
    """
    parameters = {
        "form_number": form_number,
        "resident_number": resident_number,
        "version": version,
        "recorded_at": now,
    }
    with violations_as({"recorded_form_pkey": AlreadyExistsError}):
        await unit.execute(_RECORD_FORM, parameters)
    await unit.execute(_REMOVE_DRAFT, {"form_number": form_number})


async def find_recorded_form(unit: Unit, form_number: str) -> tuple[int, int] | None:
    """Return the resident number and version that a form led to; None when it was not recorded."""
    row = await (await unit.execute(_FIND_FORM, {"form_number": form_number})).fetchone()
    return None if row is None else (row[0], row[1])


async def list_resident_numbers(unit: Unit, resident_record_codes: Sequence[str]) -> dict[str, int]:
    """Return the resident number of each of these codes that is on the register."""
    cursor = await unit.execute(_LIST_NUMBERS, {"resident_record_codes": list(resident_record_codes)})
    return dict(await cursor.fetchall())
