"""Record a relocation (転居): a new address inside the municipality.

Source: Act art. 23; the notice goes up with the reason 転居 (Regulation art. 11).
"""

from __future__ import annotations

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.relocation import Relocation, plan_relocation
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import lock_household_of, next_household_number
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_relocation(
    *, relocation: Relocation, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Record the new address of one who moves, and of companions; return the first one's new version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        MalformedAddressError: the address is not in this municipality.
        ImpossibleChangeError: the address is the one the resident has, or not that of the household joined.
        HouseholderNeededError: a householder or a relationship is missing.
    """
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=relocation.moved_on, notified_on=notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(Procedure.RELOCATION, notification=notification, changed_on=relocation.moved_on)
    async with database.transaction() as unit:
        locked = await lock_household_of(
            unit,
            relocation.resident_number,
            expected_version=relocation.expected_version,
            beside=relocation.joins,
        )
        steps = plan_relocation(
            relocation,
            notified_on=notified_on,
            household=[one for one in locked if one.household_number != relocation.joins],
            joined=[one for one in locked if one.household_number == relocation.joins],
            household_number=await next_household_number(unit),
        )
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        moved = [record for record in written if record.act_reason == ActReason.RELOCATION.value]
        await queue_annex_notices(unit, moved, act=act)
    return next(record for record in written if record.resident_number == relocation.resident_number)
