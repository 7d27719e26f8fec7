"""The page of one resident (住民票の照会), and the page after a change was recorded."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import ResidentNotFoundError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, list_household, list_versions
from jukinet.municipal.web.desk import Desk, changes_between, history_of, is_hidden, items_of
from jukinet.municipal.web.overview import list_line_states
from jukinet.operator_web.screens import Answer, Page, Visit
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


async def show_resident(desk: Desk, visit: Visit) -> Answer:
    """Show the record, the household and the history."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
        versions = await list_versions(unit, viewed.current.resident_number)
    hidden = viewed.is_hidden
    values = {
        "resident": viewed.current,
        "is_hidden": hidden,
        "items": items_of(viewed.current, visit.words, hidden=hidden),
        "household": viewed.household,
        "history": history_of(versions, visit.words, hidden=hidden),
    }
    return Page("municipal/resident.html", values)


async def show_recorded(desk: Desk, visit: Visit) -> Answer:
    """Show what was just recorded, and what is on its way because of it."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
        versions = await list_versions(unit, viewed.current.resident_number)
        lines = await list_line_states(unit, desk.name)
    place = next((n for n, one in enumerate(versions) if one.version == visit.numbers["version"]), None)
    if place is None:
        raise ResidentNotFoundError(field="version")
    recorded, hidden = versions[place], viewed.is_hidden
    changes = [] if place == 0 else changes_between(versions[place - 1], recorded, visit.words, hidden=hidden)
    values = {
        "resident": recorded,
        "is_hidden": hidden,
        "changes": changes,
        "items": items_of(recorded, visit.words, hidden=hidden),
        "lines": lines,
    }
    return Page("municipal/recorded.html", values)
