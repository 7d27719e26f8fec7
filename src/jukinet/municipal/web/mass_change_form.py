"""The form a mass change of addresses begins with: the public notice, its days, and the table, typed or from a file.

Lines that cannot be used are kept with the reason and shown on the next page; nothing of the register changes here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from jukinet.domain.acts.mass_address_change import (
    AddressRow,
    MassChangeKind,
    RefusedRow,
    find_mass_change_kind,
    sort_rows,
)
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import (
    DateOutOfOrderError,
    DraftNotFoundError,
    InvalidValueError,
    MalformedRequestError,
    MissingItemError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.address_table import AddressTable, read_address_table, write_row
from jukinet.municipal.desk_store import DraftForm, find_draft, remove_draft, save_draft
from jukinet.municipal.mass_change_store import find_mass_change, list_refused_rows, list_rows
from jukinet.municipal.usecases.prepare_address_change import AddressChange, prepare_address_change
from jukinet.municipal.web.cases import Asking, Case
from jukinet.municipal.web.changing import say_of
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.drafts import FORM_NUMBER_LENGTH
from jukinet.municipal.web.mass_changes import MOST_REFUSED, PATH, refused_lines
from jukinet.operator_web.fields import Choice, Field, FieldKind, labels_of, read_fields
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

FORM_PATH: Final = "/procedures/mass_address_change"
_KIND: Final = "mass_address_change"
_FORM_NUMBER_BYTES: Final = 16
_CONTROLS: Final = frozenset({"step", "check", "path"})
#: A change may be given notice of long before: six figures typed for its day are not of the era before.
_YEARS_AHEAD: Final = 20
_FIELDS: Final = ("kind", "public_notice", "noticed_on", "effective_on", "rows")


async def show_mass_change_form(desk: Desk, visit: Visit) -> Answer:
    """Show an empty form, the one that was begun, or one with the rows of another change to be mended."""
    draft, origin = visit.query.get("draft"), visit.query.get("from", "")
    typed: dict[str, str] = {"form_number": secrets.token_urlsafe(_FORM_NUMBER_BYTES)}
    async with desk.database.connection() as connection:
        if draft is not None:
            kept = await find_draft(connection, draft, operator_id=visit.operator_id, now=visit.now)
            if kept.path != FORM_PATH:
                raise DraftNotFoundError(field="form_number")
            typed = dict(kept.fields)
        elif origin.isascii() and origin.isdigit():
            change = await find_mass_change(connection, int(origin))
            rows: list[tuple[AddressRow, str | None]] = [
                (row, None) for row in await list_rows(connection, change.mass_change_number)
            ]
            refused = await list_refused_rows(connection, change.mass_change_number)
            rows += [(one.row, one.error_field) for one in refused if one.row is not None]
            lines = [write_row(row, name) for row, name in sorted(rows, key=lambda one: one[0].row_number)]
            typed |= {
                "kind": change.kind,
                "public_notice": change.public_notice,
                "noticed_on": change.noticed_on.isoformat(),
                "effective_on": change.effective_on.isoformat(),
                "rows": "\n".join(lines),
                "replaces": origin if change.state in {"made", "approved"} else "",
            }
    return _page(desk, visit, Form(typed))


async def take_mass_change_form(desk: Desk, visit: Visit) -> Answer:
    """Keep the mass change and lead to its preview, or show the form again with what is wrong."""
    typed = {name: text for name, text in visit.form.items() if name not in _CONTROLS}
    if len(typed.get("form_number", "")) != FORM_NUMBER_LENGTH:
        raise MalformedRequestError(field="form_number")
    step = visit.form.get("step", "")
    if not step and not typed.get("rows"):
        # The page in the other language: what came from a file is not sent again by the browser.
        typed["rows"] = await _kept_rows(desk, visit, typed["form_number"])
    content, problem = visit.files.get("table", typed.get("rows", "").encode(errors="replace")), None
    if "table" in visit.files:
        typed["rows"] = _shown(content)
    form = Form(typed)
    if step in {"leave", "discard"}:
        return await _leave(desk, visit, form, keeps=step == "leave")
    values = read_fields(_fields(desk, visit, form), form)
    table = AddressTable([], [])
    try:
        if not content.strip():
            raise MissingItemError(field="rows")
        table = read_address_table(content)
    except InvalidValueError as error:
        problem = Problem("rows", error, f"mass_address_change.rows.{error.code}")
    usable, unusable = sort_rows(LocalGovernmentCode.parse(desk.name.code), table.rows)
    refused = sorted([*table.refused, *unusable], key=lambda one: one.row.row_number)
    if problem is None and not usable:
        problem = Problem("rows", MissingItemError(field="rows"), "mass_address_change.rows.unusable")
    if problem is not None:
        form.problems.append(problem)
    if step != "prepare" or form.problems:
        return await _again(desk, visit, form, refused)
    return await _prepare(desk, visit, form, values, table)


async def _prepare(desk: Desk, visit: Visit, form: Form, values: Mapping[str, Any], table: AddressTable) -> Answer:
    replaces = form.text("replaces")
    change = AddressChange(
        kind=values["kind"],
        public_notice=values["public_notice"],
        noticed_on=values["noticed_on"],
        effective_on=values["effective_on"],
        rows=table.rows,
        refused=table.refused,
        replaces=int(replaces) if replaces.isascii() and replaces.isdigit() else None,
    )
    try:
        number = await prepare_address_change(
            change=change, act=desk.act_of(visit, form.text("form_number")), database=desk.database
        )
    except (InvalidValueError, DateOutOfOrderError) as error:
        form.refuse(error, names=_FIELDS)
        return await _again(desk, visit, form, [])
    return Redirect(f"{PATH}/{number}", "done.mass_change.made")


async def check_mass_change_field(desk: Desk, visit: Visit) -> Answer:
    """Say what is wrong with one field, or how it is understood, while one types."""
    form = Form({name: text for name, text in visit.form.items() if name not in _CONTROLS})
    return say_of(_fields(desk, visit, form), form, visit)


def _fields(desk: Desk, visit: Visit, form: Form) -> list[Field]:
    ask = Asking(Case(desk=desk, visit=visit, viewed=None, form=form), _KIND)
    kinds = [
        Choice(kind.tag, visit.words(f"mass_change.kind.{kind.tag}"), visit.words(f"mass_change.rows_of.{kind.tag}"))
        for kind in MassChangeKind
    ]
    today = civil_day(visit.now)
    return [
        ask("kind", FieldKind.CHOICE, choices=kinds, read=find_mass_change_kind, has_focus=True),
        ask("public_notice"),
        ask("noticed_on", FieldKind.DAY),
        ask("effective_on", FieldKind.DAY, today=date(today.year + _YEARS_AHEAD, 1, 1)),
    ]


async def _again(desk: Desk, visit: Visit, form: Form, refused: Sequence[RefusedRow]) -> Page:
    """Show the form as it is typed, and keep it."""
    await _keep(desk, visit, form)
    return _page(desk, visit, form, refused)


def _page(desk: Desk, visit: Visit, form: Form, refused: Sequence[RefusedRow] = ()) -> Page:
    fields = _fields(desk, visit, form)
    values = {
        "form": form,
        "fields": fields,
        "labels": {**labels_of(fields), "rows": visit.words("mass_address_change.rows")},
        "action": FORM_PATH,
        "refused_lines": refused_lines(refused, visit.words)[:MOST_REFUSED],
        "refused_count": len(refused),
    }
    return Page("municipal/mass_change_form.html", values, status=422 if form.problems else 200)


async def _leave(desk: Desk, visit: Visit, form: Form, *, keeps: bool) -> Redirect:
    if keeps:
        await _keep(desk, visit, form)
    else:
        async with desk.database.transaction() as unit:
            await remove_draft(unit, form.text("form_number"), operator_id=visit.operator_id)
    return Redirect("/" if keeps else PATH, "done.draft_kept" if keeps else "done.draft_discarded")


async def _kept_rows(desk: Desk, visit: Visit, form_number: str) -> str:
    async with desk.database.connection() as connection:
        try:
            kept = await find_draft(connection, form_number, operator_id=visit.operator_id, now=visit.now)
        except DraftNotFoundError:
            return ""
    return kept.fields.get("rows", "")


async def _keep(desk: Desk, visit: Visit, form: Form) -> None:
    draft = DraftForm(
        form_number=form.text("form_number"),
        operator_id=visit.operator_id,
        path=FORM_PATH,
        resident_number=None,
        # PostgreSQL keeps no NUL.
        fields={name: text.replace("\0", "") for name, text in form.typed.items()},
        saved_at=visit.now,
    )
    async with desk.database.transaction() as unit:
        await save_draft(unit, draft)


def _shown(content: bytes) -> str:
    """Return the text of a file to be mended on the page; what cannot be read of it shows as �."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932", errors="replace")
