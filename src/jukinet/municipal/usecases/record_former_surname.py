"""Record a former surname (旧氏の記載・変更・削除) of a Japanese resident; it goes upward.

Source: Order (2015–) art. 30-13, 30-14, in force from 2019-11-05.
"""

from __future__ import annotations

from jukinet.domain.acts.former_surname import FormerSurnameChange, plan_former_surname_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, lock_resident
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_former_surname(
    *, change: FormerSurnameChange, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Enter, change or remove the former surname and return the new version.

    Raises:
        NotInForceError: before 2019-11-05.
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        FormerSurnameRecordedError, FormerSurnameNotNewerError, NationalityMismatchError: as the planner.
        DocumentMissingError: the request or the family register was not seen.
    """
    today = civil_day(act.now)
    day = CivilDate.of(today)
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=change.given_up_on or day, notified_on=notified_on, today=today)
    proceeding = open_proceeding(change.act.procedure, notification=notification, changed_on=day)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=change.expected_version)
        current = await find_resident(unit, change.resident_number)
        steps = plan_former_surname_change(
            change,
            current=current,
            acted_on=day,
            notified_on=None if notification.is_ex_officio else notified_on,
        )
        (changed,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return changed
