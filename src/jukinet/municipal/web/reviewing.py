"""Review (審査): the queue of provisional entries, and one entry as the page another operator would have confirmed.

The act is planned anew from the submitted form against the record as it is now; approving performs it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import (
    AlreadyExistsError,
    ChangedMeanwhileError,
    JukinetError,
    MissingItemError,
    PeerError,
    ProvisionalEntryNotFoundError,
    ProvisionalEntryStateError,
    ResidentRemovedError,
)
from jukinet.domain.reviews import require_other_operator, require_own
from jukinet.municipal.desk_store import DraftForm, save_draft
from jukinet.municipal.review_store import (
    ProvisionalEntry,
    find_entry,
    list_returned_entries,
    list_waiting_entries,
)
from jukinet.municipal.screens_store import find_recorded_form
from jukinet.municipal.support_review_store import list_support_reviews
from jukinet.municipal.usecases.decide_entry import return_entry, withdraw_entry
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Case, ChangeScreen, PlannedAct
from jukinet.municipal.web.changing import REFUSALS, all_fields, plan_act, version_of
from jukinet.municipal.web.confirming import preview_of
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.procedures import PROCEDURES
from jukinet.municipal.web.resident import view_resident
from jukinet.operator_web.fields import labels_of, read_fields
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

_MOST_ROWS: Final = 200
#: How long a decided request for a document stays on the list.
_DECIDED_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    """An entry in the hands of an operator: what would come of it now, or why nothing can."""

    entry: ProvisionalEntry
    screen: ChangeScreen
    case: Case
    planned: PlannedAct | None = None
    error: JukinetError | None = None


async def show_reviews(desk: Desk, visit: Visit) -> Answer:
    """Show what waits for review, and what this operator has to mend."""
    async with desk.database.connection() as connection:
        waiting = await list_waiting_entries(connection, limit=_MOST_ROWS)
        returned = await list_returned_entries(connection, operator_id=visit.operator_id)
        since = visit.now - timedelta(days=_DECIDED_DAYS)
        requests = await list_support_reviews(connection, since=since, limit=_MOST_ROWS)
    values = {
        "waiting": waiting,
        "returned": returned,
        "requests": requests,
        "decided_days": _DECIDED_DAYS,
        "titles": _titles(),
        "operator_id": visit.operator_id,
    }
    return Page("municipal/reviews.html", values)


async def show_review(desk: Desk, visit: Visit) -> Answer:
    """Show one entry as the page to confirm, computed now; the look is on the log."""
    return _page(await _open(desk, visit))


async def take_review(desk: Desk, visit: Visit) -> Answer:
    """Approve, return, withdraw or mend."""
    number, step = visit.numbers["entry_number"], visit.form.get("step", "")
    if step == "approve":
        return await _approve(desk, visit)
    if step == "mend":
        return await _mend(desk, visit)
    if step == "withdraw":
        await withdraw_entry(entry_number=number, operator_id=visit.operator_id, database=desk.database, now=visit.now)
        return Redirect("/reviews", "done.review_withdrawn")
    if step == "return":
        try:
            await return_entry(
                entry_number=number,
                reason=visit.form.get("reason", ""),
                operator_id=visit.operator_id,
                database=desk.database,
                now=visit.now,
            )
        except MissingItemError as error:
            review = await _open(desk, visit)
            form = Form({"reason": visit.form.get("reason", "")})
            form.refuse(error, names=("reason",))
            return _page(review, form=form)
        return Redirect("/reviews", "done.review_returned")
    return Redirect(f"/reviews/{number}")


async def _approve(desk: Desk, visit: Visit) -> Answer:
    review = await _open(desk, visit)
    entry, planned = review.entry, review.planned
    require_other_operator(submitted_by=entry.submitted_by, reviewer=visit.operator_id)
    done = await _find_done(desk, entry)
    if done is not None:
        return done
    if planned is None or not entry.is_waiting:
        return _page(replace(review, error=review.error or ProvisionalEntryStateError()))
    if visit.form.get("version") != version_of(review.case):
        return _page(replace(review, error=ChangedMeanwhileError()))
    act = Act(
        operator_id=entry.submitted_by,
        node=desk.name,
        now=visit.now,
        form_number=entry.form_number,
        approved_by=visit.operator_id,
    )
    try:
        recorded = await planned.record(act)
    except (*REFUSALS, PeerError) as error:
        if isinstance(error, AlreadyExistsError | ChangedMeanwhileError | ResidentRemovedError):
            done = await _find_done(desk, entry)
        return done or _page(replace(await _open(desk, visit), error=error))
    return Redirect(f"/residents/{recorded.resident_number}/recorded/{recorded.version}", "done.approved")


async def _mend(desk: Desk, visit: Visit) -> Answer:
    """Open the submitted form again, as it was typed, for who submitted it."""
    async with desk.database.transaction() as unit:
        entry = await find_entry(unit, visit.numbers["entry_number"])
        require_own(submitted_by=entry.submitted_by, operator_id=visit.operator_id)
        if entry.state != "returned":
            raise ProvisionalEntryStateError(field="entry_number")
        place = _screen_of(entry).place(entry.resident_number)
        draft = DraftForm(
            form_number=entry.form_number,
            operator_id=visit.operator_id,
            path=place,
            resident_number=entry.resident_number,
            fields=entry.fields,
            saved_at=visit.now,
        )
        await save_draft(unit, draft)
    return Redirect(f"{place}?draft={entry.form_number}")


async def _open(desk: Desk, visit: Visit) -> _Review:
    async with desk.database.transaction() as unit:
        entry = await find_entry(unit, visit.numbers["entry_number"])
        screen = _screen_of(entry)
        viewed = None
        if entry.resident_number is not None:
            viewed = await view_resident(unit, replace(visit, numbers={"resident_number": entry.resident_number}))
        detail = {
            "entry_number": entry.entry_number,
            "procedure": entry.procedure,
            "resident_numbers": entry.resident_numbers,
        }
        event = Entry(event=AuditEvent.ENTRY_VIEWED, occurred_at=visit.now, actor=visit.operator_id, detail=detail)
        await append(unit, [event])
    case = Case(desk=desk, visit=visit, viewed=viewed, form=Form(entry.fields))
    review = _Review(entry=entry, screen=screen, case=case)
    return await _planned(review) if entry.is_waiting else review


async def _planned(review: _Review) -> _Review:
    screen, case = review.screen, review.case
    if case.viewed is not None and not screen.applies_to(case.resident):
        return replace(review, error=ResidentRemovedError())
    case = replace(case, values=read_fields(all_fields(screen, case), case.form))
    if case.form.problems:
        return replace(review, error=case.form.problems[0].error)
    try:
        case, planned = await plan_act(screen, case)
    except REFUSALS as error:
        return replace(review, error=error)
    return replace(review, case=case, planned=planned)


def _page(review: _Review, form: Form | None = None) -> Page:
    entry, case, screen = review.entry, review.case, review.screen
    shown = form or Form({})
    preview = {} if review.planned is None else preview_of(screen, case, review.planned, all_fields(screen, case))
    values = {
        **preview,
        "entry": entry,
        "screen": screen,
        "error": review.error,
        "is_planned": review.planned is not None,
        "is_own": entry.submitted_by == case.visit.operator_id,
        "version": version_of(case),
        "has_changed": entry.fields.get("version") != version_of(case),
        "resident": None if case.viewed is None else case.resident,
        "is_hidden": case.is_hidden,
        "form": shown,
        "labels": {**labels_of(all_fields(screen, case)), "reason": case.words("review.reason")},
    }
    status = 422 if shown.problems else 409 if review.error else 200
    return Page("municipal/review.html", values, status=status)


async def _find_done(desk: Desk, entry: ProvisionalEntry) -> Redirect | None:
    async with desk.database.connection() as connection:
        found = await find_recorded_form(connection, entry.form_number)
    return None if found is None else Redirect(f"/residents/{found[0]}/recorded/{found[1]}")


def _screen_of(entry: ProvisionalEntry) -> ChangeScreen:
    screen = next((one for one in PROCEDURES if one.kind == entry.procedure), None)
    if screen is None:
        raise ProvisionalEntryNotFoundError(field="procedure")
    return screen


def _titles() -> dict[str, str]:
    return {one.kind: one.title for one in PROCEDURES}
