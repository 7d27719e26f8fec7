"""Record a change of nationality (帰化・国籍取得・国籍喪失): one kind of record is removed, the other entered.

Both go upward in one parcel, in their order; a Japanese record is told to the municipality of the registered domicile.
Source: Order art. 8-2, 12(2)(i); Act art. 19(1) for the annex.
"""

from __future__ import annotations

from jukinet.domain.acts.nationality import NationalityChange, Naturalisation, plan_nationality_change
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import find_resident, lock_resident
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_nationality_change(
    *, change: NationalityChange, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Record removal and entry and return the version entered.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        NationalityMismatchError, MoveOutPendingError: it cannot be done to this resident, or not now.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        ResidenceItemsError, MissingItemError: items of the new record are missing.
    """
    is_gained = isinstance(change, Naturalisation)
    procedure = Procedure.NATURALISATION if is_gained else Procedure.LOSS_OF_NATIONALITY
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=change.changed_on, notified_on=notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(procedure, notification=notification, changed_on=change.changed_on)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=change.expected_version)
        current = await find_resident(unit, change.resident_number)
        steps = plan_nationality_change(change, notified_on=notified_on, current=current)
        _, entered = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        if is_gained:
            await queue_annex_notices(unit, [entered], act=act)
    return entered
