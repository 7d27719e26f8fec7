"""Record a death (死亡による消除): the record is removed, and says so on every tier.

Source: Order art. 12(3) (ex officio, after the report of death); the reason is 死亡 (Regulation art. 11).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jukinet.audit.events import AuditEvent
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.record_change import require_dates_in_order, require_not_before_birth
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.store import add_version, find_resident, lock_resident
from jukinet.municipal.usecases.recording import Act, notify_and_audit
from jukinet.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """What the report of death says. The day of death may be known only in part."""

    resident_number: int
    expected_version: int | None = None
    died_on: CivilDate
    notified_on: date


async def record_death(*, death: Death, act: Act, database: Database) -> ResidentVersion:
    """Remove the record because of death and return its last version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
    """
    require_dates_in_order(changed_on=death.died_on, notified_on=death.notified_on, today=civil_day(act.now))
    async with database.transaction() as unit:
        handle = await lock_resident(unit, death.resident_number, expected_version=death.expected_version)
        current = await find_resident(unit, death.resident_number)
        require_not_before_birth(
            changed_on=death.died_on,
            birth_date=CivilDate.from_wire(current.birth_date, may_be_irregular=True),
        )
        removed = replace(
            current,
            version=handle.version + 1,
            change_reason=ChangeReason.DEATH.value,
            changed_on=death.died_on.wire,
            previous_resident_record_code=None,
            is_removed=True,
            notified_on=death.notified_on,
            recorded_at=act.now,
            recorded_by=act.operator_id,
        )
        await add_version(unit, removed)
        await notify_and_audit(
            unit,
            version=removed,
            update_sequence=handle.update_sequence + 1,
            event=AuditEvent.DEATH_RECORDED,
            act=act,
        )
    return removed
