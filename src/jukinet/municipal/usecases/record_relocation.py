"""Record a relocation (転居): a new address inside the municipality.

Source: Act art. 23; the notice goes up with the reason 転居 (Regulation art. 11).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from jukinet.audit.events import AuditEvent
from jukinet.domain.addresses import require_address_in
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ImpossibleChangeError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.record_change import require_dates_in_order, require_not_before_birth
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.store import add_version, find_resident, lock_resident
from jukinet.municipal.usecases.recording import Act, notify_and_audit
from jukinet.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocation:
    """What the notification of relocation says, and the version of the record the operator saw."""

    resident_number: int
    expected_version: int | None = None
    address: str = field(repr=False)
    moved_on: CivilDate
    notified_on: date


async def record_relocation(*, relocation: Relocation, act: Act, database: Database) -> ResidentVersion:
    """Record the new address and return the new version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        MalformedAddressError: the address is not in this municipality.
        ImpossibleChangeError: the address is the one the resident has.
    """
    require_dates_in_order(changed_on=relocation.moved_on, notified_on=relocation.notified_on, today=civil_day(act.now))
    async with database.transaction() as unit:
        handle = await lock_resident(unit, relocation.resident_number, expected_version=relocation.expected_version)
        current = await find_resident(unit, relocation.resident_number)
        require_possible_relocation(relocation, current)
        moved = replace(
            current,
            version=handle.version + 1,
            address=relocation.address,
            postal_code=None,
            change_reason=ChangeReason.RELOCATION.value,
            changed_on=relocation.moved_on.wire,
            previous_resident_record_code=None,
            address_since_on=relocation.moved_on.wire,
            notified_on=relocation.notified_on,
            recorded_at=act.now,
            recorded_by=act.operator_id,
        )
        await add_version(unit, moved)
        await notify_and_audit(
            unit,
            version=moved,
            update_sequence=handle.update_sequence + 1,
            event=AuditEvent.RELOCATION_RECORDED,
            act=act,
        )
    return moved


def require_possible_relocation(relocation: Relocation, current: ResidentVersion) -> None:
    """Refuse an address outside the municipality, the present one, and a day before the birth."""
    require_address_in(LocalGovernmentCode.parse(current.municipality), relocation.address)
    if relocation.address == current.address:
        message = "The new address is the present one: there is nothing to record."
        raise ImpossibleChangeError(message, field="address")
    require_not_before_birth(
        changed_on=relocation.moved_on,
        birth_date=CivilDate.from_wire(current.birth_date, may_be_irregular=True),
    )
