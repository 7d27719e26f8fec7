"""Withdraw a move-out that has not taken effect (転出の取消し): the resident stays."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.domain.acts.move_out import plan_withdrawal
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import lock_household_of
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def withdraw_move_out(
    *, resident_numbers: Sequence[int], notification: Notification, act: Act, database: Database
) -> list[ResidentRecord]:
    """Record that members of one household do not move out after all and return their new versions.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record; the move-out has taken effect.
        ImpossibleChangeError: no move-out is notified.
    """
    withdrawn_on = notification.notified_on
    proceeding = open_proceeding(
        Procedure.MOVE_OUT_WITHDRAWAL, notification=notification, changed_on=CivilDate.of(withdrawn_on)
    )
    async with database.transaction() as unit:
        household = await lock_household_of(unit, resident_numbers[0])
        steps = plan_withdrawal(household, resident_numbers, withdrawn_on=withdrawn_on)
        return await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
