"""The page of one resident (住民票の照会), of a household, and the page after a change was recorded."""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import InvalidValueError, ResidentNotFoundError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.act_store import acts_of, list_acts, list_cancellations, list_residents_of_act
from jukinet.municipal.desk_store import list_holders
from jukinet.municipal.review_store import list_waiting_entries_of
from jukinet.municipal.store import list_household, list_residents, list_versions
from jukinet.municipal.web.cancellation import CANCELLATION
from jukinet.municipal.web.cases import Case
from jukinet.municipal.web.desk import Desk, changes_between, is_hidden, items_of
from jukinet.municipal.web.household import HOUSEHOLD_PROCEDURES
from jukinet.municipal.web.lines import list_line_states
from jukinet.municipal.web.procedures import PROCEDURES, offered_groups
from jukinet.municipal.web.resident import view_resident
from jukinet.municipal.web.timeline import as_of, history_of, reason_text
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Visit
from jukinet.operator_web.typed_dates import read_typed_date
from jukinet.postgres.database import Unit


async def show_resident(desk: Desk, visit: Visit) -> Answer:
    """Show the record as it is, or as it stood on a day, with household, history and what can be done."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
        versions = await list_versions(unit, viewed.current.resident_number)
        acts = {act.act_number: act for act in await list_acts(unit, acts_of(versions))}
        cancelled = await list_cancellations(unit, [*acts])
        numbers = [viewed.current.resident_number, *(one.resident_number for one in viewed.household)]
        holders = await list_holders(unit, numbers, operator_id=visit.operator_id, now=visit.now)
        waiting = await list_waiting_entries_of(unit, numbers)
    hidden = viewed.is_hidden
    titles = {one.kind: one.title for one in PROCEDURES}
    form, shown = _as_of(Case(desk=desk, visit=visit, viewed=viewed, form=Form({})), versions)
    values = {
        "form": form,
        "resident": viewed.current,
        "is_hidden": hidden,
        "is_past": bool(form.text("as_of")) and not form.problems,
        "shown": shown,
        "items": [] if shown is None else items_of(shown, visit.words, hidden=hidden),
        "household": viewed.household,
        "history": history_of(versions, acts, visit.words, cancelled=cancelled, hidden=hidden),
        "groups": offered_groups(viewed.current),
        "holders": holders,
        "has_cancellation": CANCELLATION.applies_to(viewed.current),
        "waiting": [(entry, titles.get(entry.procedure)) for entry in waiting],
    }
    return Page("municipal/resident.html", values, status=422 if form.problems else 200)


def _as_of(case: Case, versions: list[ResidentRecord]) -> tuple[Form, ResidentRecord | None]:
    """Return the day that was asked for, and the record as it stood on it."""
    form = Form({"as_of": case.visit.query.get("as_of", "")})
    current = None if case.viewed is None else case.viewed.current
    if not form.text("as_of"):
        return form, current
    try:
        day = read_typed_date(form.text("as_of"), today=case.today).require_exact()
    except InvalidValueError as error:
        form.problems.append(Problem("as_of", error))
        return form, current
    return Form({"as_of": form.text("as_of"), "day": day.isoformat()}), as_of(versions, day)


async def show_household(desk: Desk, visit: Visit) -> Answer:
    """Show a household: who lives in it, and who did as long as the records still say so."""
    number = visit.numbers["household_number"]
    async with desk.database.transaction() as unit:
        members = await list_household(unit, number)
        if not members:
            raise ResidentNotFoundError(field="household_number")
        entries = [
            Entry(
                event=AuditEvent.RESIDENT_VIEWED,
                occurred_at=visit.now,
                actor=visit.operator_id,
                resident_record_code=member.resident_record_code,
                detail={"resident_number": member.resident_number},
            )
            for member in members
        ]
        await append(unit, entries)
    live = [member for member in members if not member.is_removed]
    values = {
        "number": number,
        "members": members,
        "count": len(live),
        "address": live[0].address if live else None,
        "is_hidden": is_hidden(members),
        "head": live[0] if live else None,
        "offered": HOUSEHOLD_PROCEDURES if live else (),
    }
    return Page("municipal/household.html", values)


async def show_recorded(desk: Desk, visit: Visit) -> Answer:
    """Show what was just recorded of everybody concerned, and what is on its way because of it."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
        versions = await list_versions(unit, viewed.current.resident_number)
        place = next((n for n, one in enumerate(versions) if one.version == visit.numbers["version"]), None)
        if place is None:
            raise ResidentNotFoundError(field="version")
        recorded = versions[place]
        lines = await list_line_states(unit, desk.name)
        others = await _list_others(unit, recorded)
    hidden = viewed.is_hidden
    changes = [] if place == 0 else changes_between(versions[place - 1], recorded, visit.words, hidden=hidden)
    values = {
        "resident": recorded,
        "reason": reason_text(recorded, visit.words),
        "is_hidden": hidden,
        "changes": changes,
        "items": items_of(recorded, visit.words, hidden=hidden),
        "others": [(other, reason_text(other, visit.words)) for other in others],
        "is_notified": any(one.update_sequence is not None for one in (recorded, *others)),
        "lines": lines,
    }
    return Page("municipal/recorded.html", values)


async def _list_others(unit: Unit, recorded: ResidentRecord) -> list[ResidentRecord]:
    """Return the present records of the others whom the same act changed."""
    if recorded.act_number is None:
        return []
    numbers = await list_residents_of_act(unit, recorded.act_number)
    others = await list_residents(unit, [n for n in numbers if n != recorded.resident_number])
    return [other for other in others if other.act_number == recorded.act_number]
