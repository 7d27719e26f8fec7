"""What organs doubt of the records kept here (誤りの通報): the list with its deadlines, one report, and the answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import OUTCOMES, DoubtState
from jukinet.domain.errors import JukinetError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.doubt_store import (
    ReceivedDoubt,
    find_doubt,
    is_changed_since,
    list_answered_doubts,
    list_open_doubts,
)
from jukinet.municipal.store import list_household, list_residents
from jukinet.municipal.usecases.answer_doubt import answer_doubt
from jukinet.municipal.web.desk import Desk, is_hidden, item_text
from jukinet.operator_web.fields import Choice, Field, FieldKind, labels_of, read_fields, shown_when
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Words
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.postgres.database import Unit

_MOST_ROWS: Final = 200
_MOST_ANSWERED: Final = 20
_STATED: Final = ("name", "kana", "birth_date", "sex", "address")


async def show_doubts(desk: Desk, visit: Visit) -> Answer:
    """Show what waits for an answer, the first due first, and what was answered last. Nobody's name is on it."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        waiting = await list_open_doubts(connection, limit=_MOST_ROWS)
        answered = await list_answered_doubts(connection, limit=_MOST_ANSWERED)
    values = {
        "waiting": [(one, (one.due_on - today).days) for one in waiting],
        "answered": answered,
        "limit": _MOST_ROWS,
    }
    return Page("municipal/doubts.html", values)


async def show_doubt(desk: Desk, visit: Visit) -> Answer:
    """Show one report beside the record; the look is on the log."""
    return await _page(desk, visit, Form({}))


async def take_doubt(desk: Desk, visit: Visit) -> Answer:
    """Send the answer."""
    number, form = visit.numbers["doubt_number"], Form(visit.form)
    fields = _fields(visit.words, civil_day(visit.now))
    values = read_fields(fields, form)
    if form.problems:
        return await _page(desk, visit, form)
    try:
        await answer_doubt(
            doubt_number=number,
            outcome=DoubtState(values["outcome"]),
            expected_on=values["expected_on"],
            operator_id=visit.operator_id,
            node=desk.name,
            database=desk.database,
            now=visit.now,
        )
    except JukinetError as error:
        form.refuse(error, names=("outcome", "expected_on"))
        return await _page(desk, visit, form)
    return Redirect("/doubts", "done.doubt_answered")


def _fields(words: Words, today: date) -> list[Field]:
    return [
        Field(
            name="outcome",
            label=words("doubt.outcome"),
            kind=FieldKind.CHOICE,
            choices=[
                Choice(one.value, words(f"doubt.state.{one.value}"), words(f"doubt.outcome.{one.value}"))
                for one in OUTCOMES
            ],
        ),
        Field(
            name="expected_on",
            label=words("doubt.expected_on"),
            hint=words("doubt.expected_on.hint"),
            kind=FieldKind.DAY,
            is_short=True,
            shown_when=shown_when("outcome", DoubtState.UNDER_INVESTIGATION.value),
            today=today,
        ),
    ]


async def _page(desk: Desk, visit: Visit, form: Form) -> Page:
    today = civil_day(visit.now)
    async with desk.database.transaction() as unit:
        doubt = await find_doubt(unit, visit.numbers["doubt_number"])
        resident, hidden = await _resident(unit, doubt)
        is_changed = await is_changed_since(unit, doubt)
        detail = {"report_number": doubt.report_number, "resident_number": doubt.resident_number}
        event = Entry(
            event=AuditEvent.DOUBT_VIEWED,
            occurred_at=visit.now,
            actor=visit.operator_id,
            resident_record_code=doubt.resident_record_code,
            detail=detail,
        )
        await append(unit, [event])
    fields = _fields(visit.words, today)
    values: dict[str, Any] = {
        "doubt": doubt,
        "resident": resident,
        "is_hidden": hidden,
        "is_changed": is_changed,
        "is_open": DoubtState(doubt.state).is_open,
        "compared": _compared(doubt, resident, visit.words, hidden=hidden),
        "left": (doubt.due_on - today).days,
        "form": form,
        "fields": fields,
        "labels": labels_of(fields),
    }
    return Page("municipal/doubt.html", values, status=422 if form.problems else 200)


async def _resident(unit: Unit, doubt: ReceivedDoubt) -> tuple[ResidentRecord | None, bool]:
    """Return the record as it stands, if it is kept here, and whether nobody may see where the person lives."""
    if doubt.resident_number is None:
        return None, False
    found = await list_residents(unit, [doubt.resident_number])
    if not found:
        return None, False
    household = await list_household(unit, found[0].household_number)
    return found[0], is_hidden([found[0], *household])


def _compared(
    doubt: ReceivedDoubt, resident: ResidentRecord | None, words: Words, *, hidden: bool
) -> list[tuple[str, str, str]]:
    """Return item by item what the organ holds, and what the record says; of a protected person not where (I9)."""
    rows: list[tuple[str, str, str]] = []
    doubted = set(doubt.items.split(",")) - {""}
    for name in _STATED:
        stated = None if doubt.stated is None else getattr(doubt.stated, name)
        if stated is None and name not in doubted:
            continue
        held = words("doubt.not_stated") if stated is None else item_text(name, stated, words, hidden=hidden)
        recorded = None if resident is None else getattr(resident, name)
        shown = words("doubt.no_record") if resident is None else item_text(name, recorded, words, hidden=hidden)
        rows.append((words(f"item.{name}"), held, shown))
    return rows
