"""Record a change of the household or its householder (世帯分離・合併・変更, 世帯主変更).

Source: Act art. 25; Order art. 10, 25. Nothing goes upward: the network does not know households.
"""

from __future__ import annotations

from dataclasses import replace

from jukinet.domain.acts.household import HouseholdChange, plan_household_change
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import lock_household_of, next_household_number
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_household_change(
    *, change: HouseholdChange, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Record one of the five procedures of art. 25; return the new version of the resident it is about.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        ImpossibleChangeError: it is another procedure, or there is nothing to change.
        HouseholdElsewhereError: the household they join lives at another address.
        HouseholderNeededError: a householder or a relationship is missing.
        PlannedSuccessionError: a move-out that is notified would leave a household without its householder.
    """
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=change.changed_on, notified_on=notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(change.procedure, notification=notification, changed_on=change.changed_on)
    # Who notified nothing, because nobody had to or did, is not late.
    proceeding = replace(proceeding, is_late=proceeding.is_late and not notification.is_ex_officio)
    async with database.transaction() as unit:
        locked = await lock_household_of(
            unit, change.resident_number, expected_version=change.expected_version, beside=change.joins
        )
        own = next(one.household_number for one in locked if one.resident_number == change.resident_number)
        steps = plan_household_change(
            change,
            notified_on=None if notification.is_ex_officio else notified_on,
            household=[one for one in locked if one.household_number == own],
            joined=[one for one in locked if one.household_number == change.joins],
            household_number=await next_household_number(unit),
        )
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return next((one for one in written if one.resident_number == change.resident_number), written[0])
