"""The way of every change: a form, a look at what will be sent to whom, one recording, a page that says what was done.

A form carries a random number. It is noted in the transaction of the change, so a form that is sent twice – a double
click, a reload – is recorded once, and both times leads to the same page.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import (
    AlreadyExistsError,
    ChangedMeanwhileError,
    ConflictError,
    InvalidValueError,
    JukinetError,
    MalformedRequestError,
    NotPermittedError,
    ResidentRemovedError,
)
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.screens_store import find_recorded_form
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk, Item, ItemChange, item_text
from jukinet.municipal.web.resident import Viewed, view_resident
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Language, Words
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import prefecture_of

_FORM_NUMBER_BYTES: Final = 16
_FORM_NUMBER_LENGTH: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change that could be recorded: what the record will be, and how to record it."""

    after: ResidentVersion = field(repr=False)
    changes: Sequence[ItemChange] = field(repr=False)
    record: Callable[[Act], Awaitable[ResidentVersion]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeScreen:
    """A kind of change, as its screens need it."""

    #: Prefix of its texts, and last part of its path.
    kind: str
    template: str
    #: Its fields, in order.
    names: Sequence[str]
    #: The fields by the names that errors of the use case give them.
    fields_of_errors: Mapping[str, str]
    prefill: Callable[[Viewed, Visit], Mapping[str, str]]
    #: Reads the form; None, and problems of the form, when it cannot be recorded.
    draft: Callable[[Desk, Visit, Viewed, Form], Draft | None]
    #: What else the template needs.
    extras: Callable[[Viewed], Mapping[str, Any]]

    @property
    def title(self) -> str:
        """Return the id of its title."""
        return f"{self.kind}.title"


async def show_form(screen: ChangeScreen, desk: Desk, visit: Visit) -> Answer:
    """Show the form, prefilled."""
    viewed = await _view(desk, visit)
    if viewed.current.is_removed:
        raise ResidentRemovedError(field="resident_number")
    typed = {
        **screen.prefill(viewed, visit),
        "form_number": secrets.token_urlsafe(_FORM_NUMBER_BYTES),
        "version": str(viewed.current.version),
    }
    return _form_page(screen, viewed, Form(typed))


async def take_form(screen: ChangeScreen, desk: Desk, visit: Visit) -> Answer:
    """Show what will be sent to whom, or the form again with its problems; record at the step `record`."""
    form = Form({name: visit.form.get(name, "") for name in (*screen.names, "form_number", "version")})
    form_number = form.text("form_number")
    if len(form_number) != _FORM_NUMBER_LENGTH:
        raise MalformedRequestError(field="form_number")
    done = await _find_done(desk, form_number)
    if done is not None:
        return done
    viewed = await _view(desk, visit)
    if viewed.current.is_removed:
        raise ResidentRemovedError(field="resident_number")
    draft = _look(screen, desk, visit, viewed, form)
    if isinstance(draft, Page):
        return draft
    try:
        recorded = await draft.record(desk.act_of(visit, form_number))
    except (AlreadyExistsError, ChangedMeanwhileError, ResidentRemovedError) as error:
        return await _after_collision(screen, desk, visit, form, error)
    except (InvalidValueError, NotPermittedError) as error:
        form.refuse(error, names=screen.fields_of_errors)
        return _form_page(screen, viewed, form)
    return _recorded(recorded.resident_number, recorded.version)


def _look(screen: ChangeScreen, desk: Desk, visit: Visit, viewed: Viewed, form: Form) -> Draft | Page:
    """Return what is to be recorded, or the page to show instead."""
    step = visit.form.get("step")
    if step == "edit":
        return _form_page(screen, viewed, form)
    if form.text("version") != str(viewed.current.version):
        return _changed_meanwhile(screen, viewed, form)
    draft = _draft(screen, desk, visit, viewed, form)
    if draft is None:
        return _form_page(screen, viewed, form)
    if step != "record":
        return _confirmation_page(screen, visit, viewed, form, draft=draft, receiver=prefecture_of(desk.name).text)
    return draft


def _draft(screen: ChangeScreen, desk: Desk, visit: Visit, viewed: Viewed, form: Form) -> Draft | None:
    try:
        draft = screen.draft(desk, visit, viewed, form)
    except InvalidValueError as error:
        form.refuse(error, names=screen.fields_of_errors)
        return None
    return None if form.problems else draft


async def _after_collision(screen: ChangeScreen, desk: Desk, visit: Visit, form: Form, error: ConflictError) -> Answer:
    """Lead to what this same form did a moment ago; else say that somebody else was first."""
    done = await _find_done(desk, form.text("form_number"))
    if done is not None:
        return done
    if isinstance(error, ChangedMeanwhileError):
        return _changed_meanwhile(screen, await _view(desk, visit), form)
    raise error


def _changed_meanwhile(screen: ChangeScreen, viewed: Viewed, form: Form) -> Page:
    """Show the form again, as it was typed, with the record as it is now."""
    typed = Form({**form.typed, "version": str(viewed.current.version)})
    return _form_page(screen, viewed, typed, warning=ChangedMeanwhileError())


async def _view(desk: Desk, visit: Visit) -> Viewed:
    async with desk.database.transaction() as unit:
        return await view_resident(unit, visit)


async def _find_done(desk: Desk, form_number: str) -> Redirect | None:
    async with desk.database.connection() as connection:
        found = await find_recorded_form(connection, form_number)
    return None if found is None else _recorded(*found)


def _recorded(resident_number: int, version: int) -> Redirect:
    return Redirect(f"/residents/{resident_number}/recorded/{version}")


def _form_page(screen: ChangeScreen, viewed: Viewed, form: Form, warning: JukinetError | None = None) -> Page:
    values = {
        "form": form,
        "kind": screen.kind,
        "resident": viewed.current,
        "is_hidden": viewed.is_hidden,
        "names": screen.names,
        "warning": warning,
        **screen.extras(viewed),
    }
    return Page(screen.template, values, status=422 if form.problems else 409 if warning else 200)


def _confirmation_page(
    screen: ChangeScreen, visit: Visit, viewed: Viewed, form: Form, *, draft: Draft, receiver: str
) -> Page:
    changed = {change.label for change in draft.changes}
    values = {
        "form": form,
        "kind": screen.kind,
        "resident": viewed.current,
        "is_hidden": viewed.is_hidden,
        "changes": draft.changes,
        "receiver": receiver,
        "notice": notice_items(draft.after, visit.words, hidden=viewed.is_hidden),
        "changed": changed,
    }
    return Page("municipal/confirmation.html", values)


def notice_items(version: ResidentVersion, words: Words, *, hidden: bool) -> list[Item]:
    """Return the items of the notice that goes up, as they are shown: the statutory items, nothing else (I1)."""
    given = msgspec.structs.asdict(version.notice(update_sequence=1))
    shown: list[Item] = []
    for name in IdentificationNotice.__struct_fields__:
        if name == "update_sequence" or given[name] is None:
            continue
        if name == "resident_record_code" and not given[name]:
            shown.append(Item(words(f"item.{name}"), words("birth.code_later"), name))
            continue
        shown.append(Item(words(f"item.{name}"), item_text(name, given[name], words, hidden=hidden), name))
    return shown


def today_text(visit: Visit) -> str:
    """Return today as it is typed: in the Japanese calendar, or as 2026-11-01."""
    today = CivilDate.of(civil_day(visit.now))
    return today.wire if visit.language is Language.ENGLISH else today.wareki()
