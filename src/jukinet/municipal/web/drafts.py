"""Forms that were begun (書きかけの届出): kept while they are typed, resumed from the top page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from jukinet.domain.errors import DraftNotFoundError, MalformedRequestError
from jukinet.municipal.desk_store import (
    DraftForm,
    begin_editing,
    find_draft,
    forget_old_drafts,
    remove_draft,
    save_draft,
)
from jukinet.municipal.web.cases import Case, ChangeScreen
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.resident import look_at_resident
from jukinet.operator_web.naming import clock_time
from jukinet.operator_web.screens import Answer, Data, Redirect, Visit

#: How long the random number of a form is, as text.
FORM_NUMBER_LENGTH: Final = 22
_PATH: Final = re.compile(r"/(?:residents/(?P<number>[0-9]{1,18})|procedures)/(?P<kind>[a-z][a-z0-9_]*)")
#: How the fields of Individual Numbers end, whatever person they are of, and that of the codes they are scanned with.
_NEVER_KEPT: Final = ("individual_number", "document_code")
_CONTROLS: Final = frozenset({"step", "check", "path", "switch_language"})


async def take_draft(desk: Desk, visit: Visit) -> Answer:
    """Keep what the script on a form's page sends, and hold the record for some minutes more."""
    path = visit.form.get("path", "")
    found = _PATH.fullmatch(path)
    form_number = visit.form.get("form_number", "")
    if found is None or len(form_number) != FORM_NUMBER_LENGTH:
        raise MalformedRequestError(field="path")
    number = int(found["number"]) if found["number"] else None
    async with desk.database.transaction() as unit:
        await forget_old_drafts(unit, now=visit.now)
        await save_draft(
            unit,
            DraftForm(
                form_number=form_number,
                operator_id=visit.operator_id,
                path=path,
                resident_number=number,
                fields=_kept({name: text for name, text in visit.form.items() if name not in _CONTROLS}),
                saved_at=visit.now,
            ),
        )
        if number is not None:
            viewed = await look_at_resident(unit, number)
            numbers = {number, *(one.resident_number for one in viewed.household if not one.is_removed)}
            await begin_editing(unit, numbers, operator_id=visit.operator_id, now=visit.now)
    return Data({"says": visit.words("draft.kept", at=clock_time(visit.now))})


async def discard_draft(desk: Desk, visit: Visit) -> Answer:
    """Forget a form from the list on the top page."""
    async with desk.database.transaction() as unit:
        await remove_draft(unit, visit.form.get("form_number", ""), operator_id=visit.operator_id)
    return Redirect("/", "done.draft_discarded")


async def keep_form(case: Case, screen: ChangeScreen) -> None:
    """Keep a form as it was sent: whoever has no script loses nothing either."""
    number = None if case.viewed is None else case.resident.resident_number
    draft = DraftForm(
        form_number=case.form.text("form_number"),
        operator_id=case.visit.operator_id,
        path=screen.place(number),
        resident_number=number,
        fields=_kept(case.form.typed),
        saved_at=case.visit.now,
    )
    async with case.desk.database.transaction() as unit:
        await save_draft(unit, draft)


async def resumed_fields(case: Case, screen: ChangeScreen) -> Mapping[str, str] | None:
    """Return what was typed into the form that the address names; None where it names none.

    Raises:
        DraftNotFoundError: the operator has begun no such form here.
    """
    form_number = case.visit.query.get("draft")
    if form_number is None:
        return None
    async with case.desk.database.connection() as connection:
        draft = await find_draft(connection, form_number, operator_id=case.visit.operator_id, now=case.visit.now)
    number = None if case.viewed is None else case.resident.resident_number
    if draft.path != screen.place(number):
        raise DraftNotFoundError(field="form_number")
    return draft.fields


def _kept(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept of a form: all but Individual Numbers and what has them."""
    return {name: text for name, text in typed.items() if not name.endswith(_NEVER_KEPT)}


def kind_of(path: str) -> str:
    """Return the kind of procedure whose form is at this path."""
    return path.rpartition("/")[2]
