"""Record a correction (職権修正・誤記修正・軽微な修正) of one record, or of several members of a household alike.

Source: Act art. 8, 14; Order art. 9, 12; Regulation art. 11(3).
"""

from __future__ import annotations

from dataclasses import replace

from jukinet.domain.acts.correction import Correction, plan_correction
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


async def record_correction(
    *, correction: Correction, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Record the right items and return the first new version: of the resident named, where that record differed.

    Raises:
        ResidentNotFoundError: there is no record.
        ResidentRemovedError: a companion has no live record, or the correction of a removed one would be a minor one.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        OwnProcedureError, MinorCorrectionError, NothingCorrectedError: this is not such a correction.
        DocumentMissingError: it rests on nothing anybody looked into.
        UnsoundHouseholdError: one household would have two addresses.
        InvalidValueError: what cannot stand in an item.
    """
    day = notification.notified_on
    require_dates_in_order(changed_on=correction.arose_on, notified_on=day, today=civil_day(act.now))
    if correction.procedure is Procedure.EX_OFFICIO_CORRECTION:
        require_fact_verified(correction.procedure, notification)
    if correction.ground is not None and notification.statement is None:
        # The act says on which ground the correction was minor.
        notification = replace(notification, statement=correction.ground.label)
    proceeding = open_proceeding(correction.procedure, notification=notification, changed_on=correction.arose_on)
    async with database.transaction() as unit:
        household = await lock_household_of(
            unit, correction.resident_number, expected_version=correction.expected_version, may_be_removed=True
        )
        notified_on = None if notification.is_ex_officio else day
        steps = plan_correction(correction, notified_on=notified_on, household=household)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        if correction.items.keys() & {"address", "address_since_on"} and not written[0].is_removed:
            await queue_annex_notices(unit, written, act=act)
    return written[0]
