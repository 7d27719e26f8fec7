"""Record a birth (出生による記載): a new resident record with a new resident record code.

Source: Order art. 12(2)(i) (ex officio, after the report of birth); Act (–2015) art. 30-2(2), (2015–) art. 30-3(2).
"""

from __future__ import annotations

import random

from jukinet.domain.acts.birth import Birth, plan_birth
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ResidentRemovedError
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.store import (
    choose_free_code,
    lock_household_of,
    next_resident_number,
    use_code,
)
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database, Unit


@enforces(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
async def record_birth(
    *, birth: Birth, notification: Notification, act: Act, database: Database, choice: random.Random
) -> ResidentRecord:
    """Enter the child in the register and return its record.

    Raises:
        ResidentNotFoundError: no such parent.
        DateOutOfOrderError: birth or notification lies in the future, or the notification before the birth.
        CodePoolEmptyError: no code is left to give.
        ResidentRemovedError: the parent's record was removed.
    """
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=birth.birth_date, notified_on=notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(Procedure.BIRTH, notification=notification, changed_on=birth.birth_date)
    async with database.transaction() as unit:
        parent = await _find_parent(unit, birth.parent_number)
        code = await choose_free_code(unit, choice)
        await use_code(unit, code, now=act.now)
        number = await next_resident_number(unit)
        steps = plan_birth(birth, notified_on=notified_on, parent=parent, resident_number=number, code=code)
        (child,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return child


async def _find_parent(unit: Unit, parent_number: int) -> ResidentRecord:
    # Locked with the household: the child is entered where the parent lives when it is entered, not a moment before.
    try:
        household = await lock_household_of(unit, parent_number)
    except ResidentRemovedError:
        message = "The parent's record was removed: enter the child in another household."
        raise ResidentRemovedError(message, field="parent_number") from None
    return next(member for member in household if member.resident_number == parent_number)
