"""The way of every change: a form, a look at what will be sent to whom, one recording, a page that says what was done.

A form carries a random number. It is noted in the transaction of the change, so a form that is sent twice – a double
click, a reload – is recorded once, and both times leads to the same page. While it is open the records it is about are
held for the operator, and what is typed is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.errors import (
    ActNotFoundError,
    AlreadyExistsError,
    ChangedMeanwhileError,
    ConflictError,
    ImpossibleChangeError,
    InvalidValueError,
    JukinetError,
    MalformedRequestError,
    NotPermittedError,
    PeerError,
    ResidentRemovedError,
    ReviewRequiredError,
)
from jukinet.municipal.desk_store import Holder, begin_editing, leave_records, remove_draft
from jukinet.municipal.screens_store import find_recorded_form
from jukinet.municipal.usecases.submit_entry import submit_entry
from jukinet.municipal.web.cases import Case, ChangeScreen, PlannedAct
from jukinet.municipal.web.confirming import confirmation_page
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.drafts import FORM_NUMBER_LENGTH, keep_form, resumed_fields
from jukinet.municipal.web.notifying import (
    error_fields,
    notification_fields,
    notification_prefill,
    read_notification,
)
from jukinet.municipal.web.provisional import submission_of
from jukinet.municipal.web.resident import Viewed, look_at_resident, view_resident
from jukinet.operator_web.fields import Field, FieldKind, labels_of, plain_text_of, read_field, read_fields
from jukinet.operator_web.forms import Form
from jukinet.operator_web.messages import message_of
from jukinet.operator_web.screens import Answer, Data, Page, Redirect, Visit

_FORM_NUMBER_BYTES: Final = 16
#: What buttons and the frame send beside the fields.
_CONTROLS: Final = frozenset({"step", "check", "path", "switch_language"})
#: What a form is shown again for, with what to do.
REFUSALS: Final = (InvalidValueError, NotPermittedError, ConflictError, ActNotFoundError)


async def show_form(screen: ChangeScreen, desk: Desk, visit: Visit) -> Answer:
    """Show the form, prefilled, or as the operator left it."""
    case = await _open_case(screen, desk, visit, Form({}))
    resumed = await resumed_fields(case, screen)
    if resumed is None:
        block = screen.notification
        typed = {
            **({} if block is None else notification_prefill(case, block, screen.kind)),
            **await screen.prefill(case),
            "form_number": secrets.token_urlsafe(_FORM_NUMBER_BYTES),
            "version": version_of(case),
        }
    else:
        typed = dict(resumed)
    case = replace(case, form=Form(typed))
    holders = await _hold(case)
    return _held_page(screen, case, holders, is_kept=resumed is not None) if holders else form_page(screen, case)


async def take_form(screen: ChangeScreen, desk: Desk, visit: Visit) -> Answer:
    """Show what will be sent to whom, or the form again with its problems; record at the step `record`."""
    typed = {name: text for name, text in visit.form.items() if name not in _CONTROLS}
    form = Form(typed)
    form_number = form.text("form_number")
    if len(form_number) != FORM_NUMBER_LENGTH:
        raise MalformedRequestError(field="form_number")
    done = await _find_done(desk, form_number)
    if done is not None:
        return done
    case = await _open_case(screen, desk, visit, form)
    step = visit.form.get("step", "")
    if step in {"leave", "discard"}:
        return await _leave(screen, case, keeps=step == "leave")
    await keep_form(case, screen)
    holders = await _hold(case)
    if holders:
        return _held_page(screen, case, holders, is_kept=True)
    planned = await _look(screen, case, step)
    if isinstance(planned, Page):
        return planned
    return await (_submit if step == "submit" else _record)(screen, case, planned)


async def check_field(screen: ChangeScreen, desk: Desk, visit: Visit) -> Answer:
    """Say what is wrong with one field, or how it is understood: for the script on the page, while one types."""
    form = Form({name: text for name, text in visit.form.items() if name not in _CONTROLS})
    viewed = await _look_without_log(desk, visit) if screen.begins_with_resident else None
    case = Case(desk=desk, visit=visit, viewed=viewed, form=form)
    return say_of(all_fields(screen, case), form, visit)


def say_of(fields: Iterable[Field], form: Form, visit: Visit) -> Data:
    """Return what is wrong with the one of the fields that is asked for, or how it is understood."""
    name = visit.form.get("check", "")
    wanted = next((one for one in fields if one.name == name), None)
    if wanted is None or not form.text(name):
        return Data({"says": "", "shown": ""})
    value = read_field(wanted, form)
    if not form.problems:
        shown = plain_text_of(wanted, value) or ""
        return Data({"says": "", "shown": "" if shown == form.text(name) else shown})
    problem = form.problems[0]
    says = message_of(problem.error, visit.language).says
    return Data({"says": visit.words(problem.text) if problem.text else says, "shown": ""})


def all_fields(screen: ChangeScreen, case: Case) -> list[Field]:
    """Return the fields of the form, those of the notification last."""
    block = screen.notification
    return [*screen.fields(case), *([] if block is None else notification_fields(case, block, screen.kind))]


async def _open_case(screen: ChangeScreen, desk: Desk, visit: Visit, form: Form) -> Case:
    """Return the case, its resident looked at; refuse a resident this can't be done to."""
    viewed = None
    if screen.begins_with_resident:
        async with desk.database.transaction() as unit:
            viewed = await view_resident(unit, visit)
        if not screen.applies_to(viewed.current):
            raise (ResidentRemovedError if viewed.current.is_removed else ImpossibleChangeError)(field="resident")
    return Case(desk=desk, visit=visit, viewed=viewed, form=form)


async def _look_without_log(desk: Desk, visit: Visit) -> Viewed:
    async with desk.database.connection() as connection:
        return await look_at_resident(connection, visit.numbers["resident_number"])


async def _look(screen: ChangeScreen, case: Case, step: str) -> PlannedAct | Page:
    """Return what is to be recorded, or the page to show instead."""
    repeated = _repeated(screen, case, step)
    if repeated is not None:
        return form_page(screen, replace(case, form=Form(repeated)), begins_new=step.startswith("more-"))
    if step in {"edit", "read"}:
        return form_page(screen, case) if step == "edit" or screen.read is None else _read(screen, case, screen.read)
    if case.form.text("version") != version_of(case):
        return _changed_meanwhile(screen, case)
    read = await _plan(screen, case)
    if isinstance(read, Page):
        return read
    case, planned = read
    if step in {"record", "submit"}:
        return planned
    return confirmation_page(screen, case, planned, all_fields(screen, case))


def _repeated(screen: ChangeScreen, case: Case, step: str) -> Mapping[str, str] | None:
    """Return what was typed with one repetition more, or without one; None where no such button was pressed."""
    for repeat in screen.repeats:
        count = case.count_of(repeat)
        if step == f"more-{repeat.name}":
            return {**case.form.typed, repeat.count_name: str(min(count + 1, repeat.most))}
        number = repeat.number_in(f"{step.removeprefix('drop-')}-") if step.startswith("drop-") else None
        if number is not None:
            return case.without_part(repeat, number)
    return None


def _read(screen: ChangeScreen, case: Case, read: Callable[[Case], Mapping[str, str]]) -> Page:
    """Show the form with what a field was read into."""
    try:
        typed = read(case)
    except REFUSALS as error:
        return _refused(screen, case, error)
    return form_page(screen, replace(case, form=Form({**case.form.typed, **typed})))


async def _plan(screen: ChangeScreen, case: Case) -> tuple[Case, PlannedAct] | Page:
    values = read_fields(all_fields(screen, case), case.form)
    if case.form.problems:
        return form_page(screen, case)
    case = replace(case, values=values)
    try:
        if screen.notification is not None:
            case = replace(case, noted=read_notification(values))
        found = await screen.find(case)
        if found is not None:
            before = {one.name for one in all_fields(screen, case)}
            case = replace(case, form=Form({**case.form.typed, **found.typed}))
            await keep_form(case, screen)
            if found.has_question:
                return form_page(screen, case, not_asked=before - found.typed.keys())
        return case, await screen.plan(case)
    except (*REFUSALS, PeerError) as error:
        return _refused(screen, case, error)


async def plan_act(screen: ChangeScreen, case: Case) -> tuple[Case, PlannedAct]:
    """Return the act that comes of a case whose values are read; raise one of `REFUSALS`."""
    if screen.notification is not None:
        case = replace(case, noted=read_notification(case.values))
    return case, await screen.plan(case)


async def _submit(screen: ChangeScreen, case: Case, planned: PlannedAct) -> Answer:
    """Leave the form to another operator's review; nothing is held meanwhile."""
    submission = submission_of(screen, case, planned, all_fields(screen, case))
    entry_number = await submit_entry(
        submission=submission, operator_id=case.visit.operator_id, database=case.desk.database, now=case.visit.now
    )
    await _let_go(case)
    return Redirect(f"/reviews/{entry_number}", "done.submitted")


async def _record(screen: ChangeScreen, case: Case, planned: PlannedAct) -> Answer:
    if screen.kind in case.desk.reviewed:
        return _refused(screen, case, ReviewRequiredError())
    try:
        recorded = await planned.record(case.desk.act_of(case.visit, case.form.text("form_number")))
    except (AlreadyExistsError, ChangedMeanwhileError, ResidentRemovedError) as error:
        done = await _find_done(case.desk, case.form.text("form_number"))
        if done is not None:
            return done
        if isinstance(error, ChangedMeanwhileError):
            current = await _open_case(screen, case.desk, case.visit, case.form)
            return _changed_meanwhile(screen, current)
        return _refused(screen, case, error)
    except (*REFUSALS, PeerError) as error:
        return _refused(screen, case, error)
    await _let_go(case)
    return _recorded(recorded.resident_number, recorded.version)


def _refused(screen: ChangeScreen, case: Case, error: JukinetError) -> Page:
    """Show the form again with a refusal: beside its field, or above the form where no field is to blame."""
    block = screen.notification
    names = {one.name: one.name for one in all_fields(screen, case)}
    names |= {**({} if block is None else error_fields(block)), **screen.fields_of_errors}
    if error.field is None or error.field not in names:
        return form_page(screen, case, warning=error)
    case.form.refuse(error, names=names)
    return form_page(screen, case)


def _changed_meanwhile(screen: ChangeScreen, case: Case) -> Page:
    """Show the form again, as it was typed, with the record as it is now."""
    typed = Form({**case.form.typed, "version": version_of(case)})
    return form_page(screen, replace(case, form=typed), warning=ChangedMeanwhileError())


def version_of(case: Case) -> str:
    """Return the version the operator looks at; of a form about nobody, always the same."""
    return "0" if case.viewed is None else str(case.viewed.current.version)


async def _hold(case: Case) -> list[Holder]:
    """Hold the records of the resident and the household; return who else is at work on one of them."""
    numbers = _numbers(case)
    if not numbers:
        return []
    async with case.desk.database.transaction() as unit:
        return await begin_editing(unit, numbers, operator_id=case.visit.operator_id, now=case.visit.now)


async def _let_go(case: Case) -> None:
    async with case.desk.database.transaction() as unit:
        await leave_records(unit, _numbers(case), operator_id=case.visit.operator_id, now=case.visit.now)


def _numbers(case: Case) -> set[int]:
    if case.viewed is None:
        return set()
    return {case.resident.resident_number, *(one.resident_number for one in case.household)}


async def _leave(screen: ChangeScreen, case: Case, *, keeps: bool) -> Redirect:
    """Let go of the records; keep what was typed, or forget it."""
    if keeps:
        await keep_form(case, screen)
    else:
        async with case.desk.database.transaction() as unit:
            await remove_draft(unit, case.form.text("form_number"), operator_id=case.visit.operator_id)
    await _let_go(case)
    done = "done.draft_kept" if keeps else "done.draft_discarded"
    return Redirect("/" if case.viewed is None else f"/residents/{case.resident.resident_number}", done)


async def _find_done(desk: Desk, form_number: str) -> Redirect | None:
    async with desk.database.connection() as connection:
        found = await find_recorded_form(connection, form_number)
    return None if found is None else _recorded(*found)


def _recorded(resident_number: int, version: int) -> Redirect:
    return Redirect(f"/residents/{resident_number}/recorded/{version}")


def form_page(
    screen: ChangeScreen,
    case: Case,
    warning: JukinetError | None = None,
    *,
    not_asked: Collection[str] | None = None,
    begins_new: bool = False,
) -> Page:
    """Return the form as it is typed, with its problems.

    `not_asked`: something was found; the fields that are not among these have to be looked at. `begins_new`: a part was
    repeated once more; its first field has the focus.
    """
    fields = _focused(screen, case) if begins_new else all_fields(screen, case)
    status = 422 if case.form.problems else 409 if warning else 200
    values = {**_frame(screen, case), "fields": fields, "labels": _labels(fields, case), "warning": warning}
    asked = [] if not_asked is None else [one for one in fields if one.name not in not_asked]
    values["asked"] = [one for one in asked if one.kind is not FieldKind.CARRIED and one.applies(case.form)]
    values["has_found"] = not_asked is not None
    return Page(screen.template, values, status=status)


def _focused(screen: ChangeScreen, case: Case) -> list[Field]:
    """Return the fields, of which the first of the newest repetition has the focus."""
    fields = all_fields(screen, case)
    newest = tuple(repeat.prefix(case.count_of(repeat)) for repeat in screen.repeats)
    first = next((one.name for one in fields if one.name.startswith(newest)), None)
    return [replace(one, has_focus=one.name == first) for one in fields]


def _labels(fields: Sequence[Field], case: Case) -> Mapping[str, str]:
    labels = dict(labels_of(fields))
    return {name: labels.get(name, case.words("change.item")) for name in {*labels, *_problem_names(case)}}


def _problem_names(case: Case) -> set[str]:
    return {problem.name for problem in case.form.problems}


def _held_page(screen: ChangeScreen, case: Case, holders: Sequence[Holder], *, is_kept: bool) -> Page:
    """Say who is at work on the record, and lead back to what was typed, where something was."""
    values = {**_frame(screen, case), "holders": holders, "is_kept": is_kept}
    return Page("municipal/held.html", values, status=409)


def _frame(screen: ChangeScreen, case: Case) -> dict[str, object]:
    number = None if case.viewed is None else case.resident.resident_number
    return {
        "screen": screen,
        "form": case.form,
        "kind": screen.kind,
        "action": screen.place(number),
        "resident": None if case.viewed is None else case.resident,
        "is_hidden": case.is_hidden,
        "counts": {repeat: case.count_of(repeat) for repeat in screen.repeats},
    }
