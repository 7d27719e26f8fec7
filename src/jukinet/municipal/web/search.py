"""Searching residents (住民検索): one box, or a field per item. What is searched never stands in an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import MalformedDateError, MalformedRequestError, MissingItemError
from jukinet.domain.kana import fold_kana, fold_kanji, require_kana
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.search_keys import address_key_of
from jukinet.municipal.search_store import MOST_COUNTED, Found, Search
from jukinet.municipal.search_store import search as find_residents
from jukinet.municipal.search_words import Understood, read_birth_date, understand
from jukinet.municipal.web.desk import Desk, plain_kana
from jukinet.operator_web.fields import CHOSEN
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.operator_web.store import keep_search_keys

#: As many hits are shown; of more, only how many there are and how to narrow the search.
MOST_HITS: Final = 50
_ITEMS: Final = (
    "kana",
    "name",
    "birth_date",
    "address",
    "resident_record_code",
    "number",
    "household_number",
)
_OPTIONS: Final = ("has_removed", "has_former")
_NAMES: Final = ("q", *_ITEMS, *_OPTIONS)
_TEMPLATE: Final = "municipal/search.html"
_LONGEST_NUMBER: Final = 18


async def show_search(desk: Desk, visit: Visit) -> Answer:
    """Show the form and, after a search, its hits: the search is on the audit log before they are shown."""
    form = Form(dict(visit.session.search_keys))
    if not any(form.text(name) for name in ("q", *_ITEMS)):
        return _page(form)
    keys = _keys(form, desk)
    return _page(form) if form.problems else await _show_hits(desk, visit, form, keys)


async def search(desk: Desk, visit: Visit) -> Answer:
    """Keep what was typed with the session and lead to its hits; a form with a problem is shown again."""
    if visit.form.get("step") == "clear":
        await _keep(desk, visit, {})
        return Redirect("/residents")
    form = Form({name: visit.form.get(name, "") for name in _NAMES})
    keys = _keys(form, desk)
    if not any(form.text(name) for name in ("q", *_ITEMS)):
        form.problems.append(Problem("q", MissingItemError(field="q"), "search.needed"))
    if form.problems:
        return _page(form, status=422)
    if keys.individual_number is not None:
        # An Individual Number is neither kept with the session nor shown again.
        return await _show_hits(desk, visit, Form({**form.typed, "q": ""}), keys)
    await _keep(desk, visit, {name: form.text(name) for name in _NAMES if form.text(name)})
    return Redirect("/residents")


def _page(form: Form, found: Found | None = None, *, status: int = 200) -> Page:
    has_items = any(form.text(name) for name in (*_ITEMS, *_OPTIONS))
    values = {"form": form, "found": found, "limit": MOST_HITS, "most": MOST_COUNTED, "has_items": has_items}
    return Page(_TEMPLATE, values, status=status)


async def _show_hits(desk: Desk, visit: Visit, form: Form, keys: Search) -> Page:
    async with desk.database.transaction() as unit:
        found = await find_residents(unit, keys, limit=MOST_HITS)
        await append(unit, [_event(visit, found)])
    return _page(form, found)


async def _keep(desk: Desk, visit: Visit, keys: Mapping[str, str]) -> None:
    async with desk.database.connection() as connection:
        await keep_search_keys(connection, token_hash=visit.token_hash, search_keys=keys)


def _keys(form: Form, desk: Desk) -> Search:
    """Return what to search by: what the box says, and every field that is filled."""
    box = form.read("q", lambda text: understand(text, municipality=desk.name.code), is_needed=False) or Understood()
    items: dict[str, Any] = {
        "kana": form.read("kana", _kana, is_needed=False),
        "name": form.read("name", fold_kanji, is_needed=False),
        "address": form.read("address", lambda text: address_key_of(desk.name.code, text), is_needed=False),
        "birth_date": form.read("birth_date", _birth_date, is_needed=False) or box.birth_date,
        "resident_record_code": form.read(
            "resident_record_code", lambda text: ResidentRecordCode.parse(text).value, is_needed=False
        )
        or box.resident_record_code,
        "number": form.read("number", _number, is_needed=False),
        "household_number": form.read("household_number", _number, is_needed=False),
    }
    if box.number is not None and items["number"] is None and items["household_number"] is None:
        items |= {"number": box.number, "household_number": box.number}
    return Search(
        **items,
        words=tuple(box.words),
        individual_number=box.individual_number,
        has_removed=form.text("has_removed") == CHOSEN,
        has_former=form.text("has_former") == CHOSEN,
    )


def _kana(text: str) -> str:
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return fold_kana(kana)


def _birth_date(text: str) -> str:
    found = read_birth_date(text)
    if found is None:
        raise MalformedDateError(field="birth_date")
    return found


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise MalformedRequestError("A number has digits only.", field="number")
    return int(text)


def _event(visit: Visit, found: Found) -> Entry:
    return Entry(
        event=AuditEvent.RESIDENTS_SEARCHED,
        occurred_at=visit.now,
        actor=visit.operator_id,
        detail={"hits": found.count, "resident_numbers": [hit.resident_number for hit in found.hits]},
    )
