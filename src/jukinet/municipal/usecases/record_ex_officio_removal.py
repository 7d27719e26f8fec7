"""Record a removal ex officio (職権消除): somebody is found not to live here any more, or an authority tells so.

Source: Act art. 8, 14, 34; Order art. 8, 12; the reason is 職権消除等 (Regulation art. 11).
"""

from __future__ import annotations

from dataclasses import replace

from jukinet.domain.acts.removal import ExOfficioRemoval, plan_ex_officio_removal
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.person_notices import require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import lock_household_of
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_ex_officio_removal(
    *, removal: ExOfficioRemoval, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Remove the records and return the last version of the resident named.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        DocumentMissingError: neither a report of the investigation nor a notice of an authority was seen.
        HouseholderNeededError: the householder goes, two or more stay, and nobody says who follows.
    """
    procedure, notified_on = Procedure.EX_OFFICIO_REMOVAL, notification.notified_on
    require_dates_in_order(changed_on=removal.gone_since, notified_on=notified_on, today=civil_day(act.now))
    require_fact_verified(procedure, notification)
    opened = open_proceeding(procedure, notification=notification, changed_on=removal.gone_since)
    proceeding = replace(opened, whereabouts=removal.whereabouts)
    async with database.transaction() as unit:
        household = await lock_household_of(unit, removal.resident_number, expected_version=removal.expected_version)
        steps = plan_ex_officio_removal(removal, notified_on=notified_on, household=household)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        await queue_annex_notices(unit, [record for record in written if record.is_removed], act=act)
    return written[0]
