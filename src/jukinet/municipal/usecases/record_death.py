"""Record a death (死亡による消除): the record is removed, and says so on every tier.

Source: Order art. 12(3) (ex officio, after the report of death); the reason is 死亡 (Regulation art. 11).
"""

from __future__ import annotations

from jukinet.domain.acts.removal import Death, plan_death
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import lock_household_of
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_death(*, death: Death, notification: Notification, act: Act, database: Database) -> ResidentRecord:
    """Remove the record because of death and return its last version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        HouseholderNeededError: the householder died, two or more are left, and nobody says who follows.
    """
    notified_on = notification.notified_on
    require_dates_in_order(changed_on=death.died_on, notified_on=notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(Procedure.DEATH, notification=notification, changed_on=death.died_on)
    async with database.transaction() as unit:
        household = await lock_household_of(unit, death.resident_number, expected_version=death.expected_version)
        steps = plan_death(death, notified_on=notified_on, household=household)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return written[0]
