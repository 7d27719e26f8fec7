"""Change a resident record code (住民票コードの記載の変更・修正): on request, or ex officio where it is an error.

Anyone may ask, at any time, without a reason; the new code is drawn at random and the old one is never used again.
The notice upward carries the old code, and the person is told the new one in writing.

Source: Act (–2015) art. 30-3, (2015–) art. 30-4; Order art. 30-3, 30-4; the card becomes void: Order art. 30-20(vii).
"""

from __future__ import annotations

import random

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.acts.numbers import CodeChange, plan_code_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import choose_free_code, find_resident, lock_resident, use_code
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database, Unit


async def change_resident_record_code(
    *, change: CodeChange, notification: Notification, act: Act, database: Database, choice: random.Random
) -> ResidentRecord:
    """Record another code and return the new version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        CodePoolEmptyError: no code is left to give.
        IdentityNotCheckedError, AuthorityNotShownError, DocumentMissingError: the request is not one to accept.
        DuplicateResidentRecordCodeError: the right code is another resident's.
    """
    day = CivilDate.of(civil_day(act.now))
    procedure = Procedure.CODE_CORRECTION if change.is_correction else Procedure.CODE_CHANGE
    require_dates_in_order(changed_on=day, notified_on=notification.notified_on, today=civil_day(act.now))
    proceeding = open_proceeding(procedure, notification=notification, changed_on=day)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=change.expected_version)
        current = await find_resident(unit, change.resident_number)
        code = await _find_code(unit, change, choice, act)
        steps = plan_code_change(
            change,
            current=current,
            code=code,
            acted_on=day,
            notified_on=None if notification.is_ex_officio else notification.notified_on,
        )
        (changed,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        await append(unit, [_event(changed, change, act)])
    return changed


async def _find_code(unit: Unit, change: CodeChange, choice: random.Random, act: Act) -> str:
    if change.right_code is not None:
        return change.right_code.value
    code = await choose_free_code(unit, choice)
    await use_code(unit, code, now=act.now)
    return code


def _event(changed: ResidentRecord, change: CodeChange, act: Act) -> Entry:
    return Entry(
        event=AuditEvent.CODE_REPLACED,
        occurred_at=act.now,
        actor=act.operator_id,
        resident_record_code=changed.resident_record_code,
        detail={
            "resident_number": changed.resident_number,
            "act_reason": change.reason.value,
            "voids_juki_card": True,
        },
    )
