"""Settling what is in quarantine (保留の処置): look at it, then release, correct or dismiss it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.quarantine import HeldNotice, find_quarantined_notice, list_held_notices
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ConflictError,
    InvalidValueError,
    JukinetError,
    MalformedRequestError,
    NotPermittedError,
)
from jukinet.domain.identification import ChangeReason, Sex
from jukinet.identification.release import dismiss_notice, release_notice
from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.overview import MOST_HELD
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.language import Words
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.protocol.identification import IdentificationNotice

#: Items that an operator may correct: not who it is about, nor in which order it comes.
_CORRECTABLE: Final = (
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "postal_code",
    "reason",
    "changed_on",
)
_DAYS: Final = frozenset({"birth_date", "changed_on"})


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One item of a held notice, as it came and as people read it."""

    name: str
    value: str = field(repr=False)
    reading: str = field(repr=False)
    is_correctable: bool


async def show_list(desk: ServerDesk, visit: Visit) -> Answer:
    """Show what is held, oldest first: without anything personal."""
    del visit
    async with desk.database.connection() as connection:
        held = await list_held_notices(connection, limit=MOST_HELD)
    return Page("identification/quarantine.html", {"held": held, "limit": MOST_HELD})


async def show_notice(desk: ServerDesk, visit: Visit) -> Answer:
    """Show one held notice; the look is on the audit log."""
    held = await _view(desk, visit)
    items = _items(held, visit.words)
    return _page(held, items, Form({item.name: item.value for item in items}))


async def settle_notice(desk: ServerDesk, visit: Visit) -> Answer:
    """Release, correct or dismiss it; what is still wrong is said, and it stays in quarantine."""
    step = visit.form.get("step", "")
    held = await _view(desk, visit)
    items = _items(held, visit.words)
    typed = {item.name: item.value for item in items} | {
        name: visit.form[name].strip() for name in _CORRECTABLE if name in visit.form
    }
    form = Form(typed)
    if step == "dismiss":
        await dismiss_notice(settlement=desk.settlement_of(visit), database=desk.database)
        return Redirect("/quarantine", "done.dismissed")
    if step not in {"release", "correct"}:
        return _page(held, items, form)
    corrections = _corrections(items, form) if step == "correct" else {}
    if step == "correct" and not corrections and not form.problems:
        form.problems.append(Problem(held.error_field or "name", MalformedRequestError(_UNCHANGED), "notice.unchanged"))
    if not form.problems:
        try:
            await release_notice(settlement=desk.settlement_of(visit), corrections=corrections, database=desk.database)
        except (InvalidValueError, ConflictError, NotPermittedError) as error:
            return _page(held, items, form, refused=error)
        return Redirect("/quarantine", "done.corrected" if corrections else "done.released")
    return _page(held, items, form)


_UNCHANGED: Final = "Nothing was changed: correct an item, or release the notice as it is."


def _corrections(items: Sequence[NoticeItem], form: Form) -> dict[str, str | int | None]:
    """Return the items that say something else than they did, as they stand in a notice."""
    typed = {item.name: _wire(form, item.name) for item in items if item.is_correctable and _is_typed(form, item)}
    return {item.name: typed[item.name] for item in items if item.name in typed and typed[item.name] != item.value}


def _is_typed(form: Form, item: NoticeItem) -> bool:
    return form.text(item.name) != item.value


def _wire(form: Form, name: str) -> str | None:
    """Return a corrected item as it stands in a notice; an empty one is left out."""
    text = form.text(name)
    if not text:
        return None
    if name in _DAYS:
        day = form.read_civil_date(name, may_be_irregular=True)
        return text if day is None else day.wire
    return text


async def _view(desk: ServerDesk, visit: Visit) -> HeldNotice:
    async with desk.database.transaction() as unit:
        held = await find_quarantined_notice(unit, arrival=visit.numbers["arrival"])
        event = Entry(
            event=AuditEvent.QUARANTINE_VIEWED,
            occurred_at=visit.now,
            actor=visit.operator_id,
            resident_record_code=held.resident_record_code,
            detail={"arrival": held.arrival, "update_sequence": held.update_sequence},
        )
        await append(unit, [event])
    return held


def _items(held: HeldNotice, words: Words) -> list[NoticeItem]:
    given: dict[str, Any] = msgspec.json.decode(held.notice)
    items: list[NoticeItem] = []
    for name in IdentificationNotice.__struct_fields__:
        value = "" if given.get(name) is None else str(given[name])
        items.append(NoticeItem(name, value, _reading(name, value, words), name in _CORRECTABLE))
    return items


def _reading(name: str, value: str, words: Words) -> str:
    """Return what a coded item means: the date in the Japanese calendar, the word for a code."""
    if name in _DAYS:
        try:
            CivilDate.from_wire(value, may_be_irregular=True)
        except InvalidValueError:
            return ""
        return day_text(value, words.language)
    key = f"{name}.{value}"
    return words(key) if name in {"sex", "reason"} and words.has(key) else ""


def _page(held: HeldNotice, items: list[NoticeItem], form: Form, refused: JukinetError | None = None) -> Page:
    wrong = refused.field if refused is not None and refused.field else held.error_field
    values = {
        "held": held,
        "items": items,
        "form": form,
        "refused": refused,
        "wrong": wrong,
        "choices": {"sex": [sex.value for sex in Sex], "reason": [reason.value for reason in ChangeReason]},
    }
    return Page("identification/notice.html", values, status=422 if refused or form.problems else 200)
