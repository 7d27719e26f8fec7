"""Record a notification of move-out (転出届): the person becomes one who is about to move (転出予定者).

Nothing goes upward yet; what goes up when it takes effect carries the planned day. Notified more than fourteen days
after the move, the record is removed at once, ex officio and with the real day, and the certificate is a substitute.
Source: Act art. 24; Order art. 23, 24.
"""

from __future__ import annotations

from dataclasses import replace

from jukinet.domain.acts.move_out import MoveOut, plan_late_move_out, plan_move_out
from jukinet.domain.clock import civil_day
from jukinet.domain.deadlines import procedure_of_move_out
from jukinet.domain.errors import DateOutOfOrderError
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import lock_household_of
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_move_out(
    *, move_out: MoveOut, notification: Notification, act: Act, database: Database
) -> list[ResidentRecord]:
    """Record that residents are about to move out and return their new versions.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        ImpossibleChangeError: a companion is not of the household, or a move-out is notified already.
        HouseholderNeededError: two or more stay, the householder goes, and nobody says who follows.
        DateOutOfOrderError: the notification lies in the future.
    """
    if notification.notified_on > civil_day(act.now):
        raise DateOutOfOrderError("The notification lies in the future.", field="notified_on")
    notified_on = notification.notified_on
    procedure = procedure_of_move_out(
        planned_on=move_out.planned_on, notified_on=notified_on, is_abroad=move_out.is_abroad
    )
    proceeding = open_proceeding(procedure, notification=notification, changed_on=move_out.planned_on)
    is_late = procedure is Procedure.MOVE_OUT_LATE
    if is_late and not move_out.is_abroad:
        proceeding = replace(proceeding, whereabouts=move_out.destination)
    async with database.transaction() as unit:
        household = await lock_household_of(unit, move_out.resident_number, expected_version=move_out.expected_version)
        plan = plan_late_move_out if is_late else plan_move_out
        steps = plan(move_out, notified_on=notified_on, household=household)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        if is_late:
            await queue_annex_notices(unit, _gone_abroad(written), act=act)
    return written


def _gone_abroad(written: list[ResidentRecord]) -> list[ResidentRecord]:
    # Of who moved inside Japan, the new municipality tells the annex.
    return [record for record in written if record.is_removed and record.is_moving_abroad]
