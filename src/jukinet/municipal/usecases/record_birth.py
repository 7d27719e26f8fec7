"""Record a birth (出生による記載): a new resident record with a new resident record code.

Source: Order art. 12(2)(i) (ex officio, after the report of birth); Act (–2015) art. 30-2(2), (2015–) art. 30-3(2).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ResidentRemovedError
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName, require_relationship
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.store import (
    add_resident,
    choose_free_code,
    find_resident,
    lock_resident,
    next_resident_number,
    use_code,
)
from jukinet.municipal.usecases.recording import Act, notify_and_audit
from jukinet.postgres.database import Database, Unit

_FIRST: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What the report of birth says. The child enters the household, and lives at the address, of `parent_number`."""

    parent_number: int
    name: PersonName = field(repr=False)
    sex: Sex = field(repr=False)
    birth_date: CivilDate = field(repr=False)
    relationship: str = field(repr=False)
    notified_on: date

    def __post_init__(self) -> None:
        """Refuse a text that cannot be a relationship (続柄)."""
        require_relationship(self.relationship, field="relationship")


@enforces(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
async def record_birth(*, birth: Birth, act: Act, database: Database, choice: random.Random) -> ResidentVersion:
    """Enter the child in the register and return its record.

    Raises:
        ResidentNotFoundError: no such parent.
        DateOutOfOrderError: birth or notification lies in the future, or the notification before the birth.
        CodePoolEmptyError: no code is left to give.
        ResidentRemovedError: the parent's record was removed.
    """
    require_dates_in_order(changed_on=birth.birth_date, notified_on=birth.notified_on, today=civil_day(act.now))
    async with database.transaction() as unit:
        parent = await _find_parent(unit, birth.parent_number)
        code = await choose_free_code(unit, choice)
        await use_code(unit, code, now=act.now)
        number = await next_resident_number(unit)
        child = _first_version(birth, parent, number=number, code=code, act=act)
        await add_resident(unit, child)
        await notify_and_audit(unit, version=child, update_sequence=_FIRST, event=AuditEvent.BIRTH_RECORDED, act=act)
    return child


async def _find_parent(unit: Unit, parent_number: int) -> ResidentVersion:
    # Locked: the child is entered where the parent lives when it is entered, not a moment before.
    try:
        await lock_resident(unit, parent_number, expected_version=None)
    except ResidentRemovedError:
        message = "The parent's record was removed: enter the child in another household."
        raise ResidentRemovedError(message, field="parent_number") from None
    return await find_resident(unit, parent_number)


def _first_version(birth: Birth, parent: ResidentVersion, *, number: int, code: str, act: Act) -> ResidentVersion:
    day = birth.birth_date.wire
    return ResidentVersion(
        resident_number=number,
        version=_FIRST,
        household_number=parent.household_number,
        relationship=birth.relationship,
        resident_record_code=code,
        individual_number=None,
        name=birth.name.name,
        kana=birth.name.kana,
        former_surname=None,
        alias=None,
        birth_date=day,
        sex=birth.sex.value,
        municipality=parent.municipality,
        address=parent.address,
        postal_code=parent.postal_code,
        change_reason=ChangeReason.BIRTH.value,
        changed_on=day,
        previous_resident_record_code=None,
        is_removed=False,
        became_resident_on=day,
        address_since_on=day,
        nationality=None,
        residence_status=None,
        is_protected=parent.is_protected,
        notified_on=birth.notified_on,
        recorded_at=act.now,
        recorded_by=act.operator_id,
    )
