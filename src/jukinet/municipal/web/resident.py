"""Looking at a resident: whatever is shown of a record is on the log before it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, list_household
from jukinet.municipal.web.desk import is_hidden
from jukinet.operator_web.screens import Visit
from jukinet.postgres.database import Unit


@dataclass(frozen=True, slots=True)
class Viewed:
    """A resident as an operator looks at the record: with the household, and whether its address is hidden."""

    current: ResidentRecord
    household: list[ResidentRecord]

    @property
    def is_hidden(self) -> bool:
        """Return whether the address may not be shown."""
        return is_hidden([self.current, *self.household])


async def view_resident(unit: Unit, visit: Visit) -> Viewed:
    """Return the resident of the path; the look is on the audit log in the same transaction.

    Raises:
        ResidentNotFoundError: no such resident.
    """
    viewed = await look_at_resident(unit, visit.numbers["resident_number"])
    event = Entry(
        event=AuditEvent.RESIDENT_VIEWED,
        occurred_at=visit.now,
        actor=visit.operator_id,
        resident_record_code=viewed.current.resident_record_code,
        detail={"resident_number": viewed.current.resident_number},
    )
    await append(unit, [event])
    return viewed


async def look_at_resident(unit: Unit, resident_number: int) -> Viewed:
    """Return a resident without showing anything of the record; raise ResidentNotFoundError."""
    current = await find_resident(unit, resident_number)
    return Viewed(current, await list_household(unit, current.household_number))
