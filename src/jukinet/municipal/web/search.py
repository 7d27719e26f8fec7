"""Searching residents (住民検索). What is searched never stands in an address: it is personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MissingItemError
from jukinet.domain.kana import require_kana
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.screens_store import list_protected_households
from jukinet.municipal.store import SearchKeys, search_residents
from jukinet.municipal.web.desk import Desk, plain_kana, plain_name
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.operator_web.store import keep_search_keys

#: More hits than this are not shown: the search is too wide to be about one person.
MOST_HITS: Final = 50
_KEYS: Final = ("kana", "name", "birth_date", "resident_record_code")
_TEMPLATE: Final = "municipal/search.html"


async def show_search(desk: Desk, visit: Visit) -> Answer:
    """Show the form and, after a search, its hits: the search is on the audit log before they are shown."""
    form = Form(dict(visit.session.search_keys))
    if not form.typed:
        return Page(_TEMPLATE, {"form": form, "hits": None, "limit": MOST_HITS})
    keys = _keys(form)
    if form.problems:
        return Page(_TEMPLATE, {"form": form, "hits": None, "limit": MOST_HITS})
    async with desk.database.transaction() as unit:
        found = await search_residents(unit, keys, limit=MOST_HITS + 1)
        hits = found if len(found) <= MOST_HITS else []
        hidden = await list_protected_households(unit, [hit.household_number for hit in hits])
        await append(unit, [_event(visit, found, hits)])
    values = {
        "form": form,
        "hits": hits,
        "hidden": hidden,
        "is_too_wide": len(found) > MOST_HITS,
        "limit": MOST_HITS,
    }
    return Page(_TEMPLATE, values)


async def search(desk: Desk, visit: Visit) -> Answer:
    """Keep what was typed with the session and lead to its hits; a form with a problem is shown again."""
    if visit.form.get("step") == "clear":
        await _keep(desk, visit, {})
        return Redirect("/residents")
    form = Form({name: visit.form.get(name, "") for name in _KEYS})
    _keys(form)
    if not any(form.text(name) for name in _KEYS):
        form.problems.append(Problem("kana", MissingItemError(field="kana"), "search.needed"))
    if form.problems:
        return Page(_TEMPLATE, {"form": form, "hits": None, "limit": MOST_HITS}, status=422)
    await _keep(desk, visit, {name: form.text(name) for name in _KEYS if form.text(name)})
    return Redirect("/residents")


async def _keep(desk: Desk, visit: Visit, keys: Mapping[str, str]) -> None:
    async with desk.database.connection() as connection:
        await keep_search_keys(connection, token_hash=visit.token_hash, search_keys=keys)


def _keys(form: Form) -> SearchKeys:
    return SearchKeys(
        kana=form.read("kana", _kana, is_needed=False),
        name=form.read("name", plain_name, is_needed=False),
        birth_date=form.read(
            "birth_date", lambda text: CivilDate.parse(text, may_be_irregular=True).wire, is_needed=False
        ),
        resident_record_code=form.read(
            "resident_record_code", lambda text: ResidentRecordCode.parse(text).value, is_needed=False
        ),
    )


def _kana(text: str) -> str:
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return kana


def _event(visit: Visit, found: list[ResidentVersion], hits: list[ResidentVersion]) -> Entry:
    return Entry(
        event=AuditEvent.RESIDENTS_SEARCHED,
        occurred_at=visit.now,
        actor=visit.operator_id,
        detail={"hits": len(found), "resident_numbers": [hit.resident_number for hit in hits]},
    )
