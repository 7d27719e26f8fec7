"""Remove the records of those whose planned day of move-out has come (転出予定年月日の到来による消除).

Source: Order art. 13; the notice of removal carries the planned day (Order art. 30-5(ii)).
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from jukinet.domain.acts.move_out import plan_move_out_effect
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import HouseholderNeededError
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.municipal.move_store import list_due_move_outs
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import lock_households
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Completed:
    """How many residents were removed, and how many households wait for a clerk to say who is householder."""

    removed: int
    undecided: int


async def complete_move_outs(*, act: Act, database: Database) -> Completed:
    """Let every move-out whose day has come take effect, household by household."""
    today = civil_day(act.now)
    async with database.connection() as connection:
        households = await list_due_move_outs(connection, today=today)
    removed = undecided = 0
    for household_number in households:
        try:
            removed += await _complete(household_number, act, database)
        except HouseholderNeededError as error:
            undecided += 1
            _log.warning("move-out waits for a householder", error_code=error.code)
    return Completed(removed, undecided)


async def _complete(household_number: int, act: Act, database: Database) -> int:
    today = civil_day(act.now)
    proceeding = open_proceeding(
        Procedure.MOVE_OUT_EFFECT, notification=Notification.ex_officio(today), changed_on=CivilDate.of(today)
    )
    async with database.transaction() as unit:
        household = await lock_households(unit, [household_number])
        due = [
            one.resident_number
            for one in household
            if one.is_moving_out and (one.planned_move_out_on or "") <= today.isoformat()
        ]
        # Another process may have done it since this one looked.
        if not due:
            return 0
        steps = plan_move_out_effect(household, due)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        # Of who moves inside Japan, the new municipality tells the annex (Act art. 19).
        await queue_annex_notices(
            unit, [record for record in written if record.is_removed and record.is_moving_abroad], act=act
        )
    return len(due)
