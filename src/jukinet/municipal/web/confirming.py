"""The page before anything is recorded: what changes for whom, what will be sent to whom, what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.local_governments import LocalGovernment
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.records import notice_of
from jukinet.municipal.web.cases import Case, ChangeScreen, PlannedAct
from jukinet.municipal.web.desk import COMPARED, Item, ItemChange, changes_between, item_text
from jukinet.municipal.web.timeline import reason_text
from jukinet.operator_web.fields import CHOSEN, Field, FieldKind
from jukinet.operator_web.language import Words
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Page
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import prefecture_of

#: What an entry does not show: numbers given when it is recorded, and what is plain.
_NOT_OF_ENTRIES = frozenset(
    {
        "resident_record_code",
        "individual_number",
        "is_removed",
        "is_protected",
        "household_number",
    }
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One resident's change, as the page shows it."""

    name: str = field(repr=False)
    reason: str
    changes: list[ItemChange] = field(repr=False)
    #: The notice that goes to the prefecture; None where the change stays in the municipality.
    notice: list[Item] | None = field(repr=False)
    changed: frozenset[str]


def confirmation_page(screen: ChangeScreen, case: Case, planned: PlannedAct, fields: Sequence[Field]) -> Page:
    """Return the page: nothing is recorded yet."""
    values = {**preview_of(screen, case, planned, fields), "needs_review": screen.kind in case.desk.reviewed}
    return Page("municipal/confirmation.html", values)


def preview_of(screen: ChangeScreen, case: Case, planned: PlannedAct, fields: Sequence[Field]) -> dict[str, object]:
    """Return what `municipal/change_preview.html` shows: what changes, and what is sent to whom."""
    number = None if case.viewed is None else case.resident.resident_number
    return {
        "screen": screen,
        "form": case.form,
        "kind": screen.kind,
        "action": screen.place(number),
        "resident": None if case.viewed is None else case.resident,
        "is_hidden": case.is_hidden,
        "steps": [_shown(step, case, planned) for step in planned.steps],
        "said": said_items(fields, case),
        "receiver": prefecture_of(case.desk.name).text,
        "messages": planned.messages,
        "papers": planned.papers,
        "outlook": planned.outlook,
    }


def _shown(step: RecordStep, case: Case, planned: PlannedAct) -> ShownStep:
    words, hidden = case.words, case.is_hidden
    after, hides_after = step.record, hidden and not planned.shows_new_place
    changes = (
        entry_items(after, words, hidden=hides_after)
        if step.before is None
        else changes_between(step.before, after, words, hidden=hidden, hides_after=hides_after)
    )
    notice = None if step.notified_reason is None else notice_items(after, words, hidden=hidden)
    return ShownStep(
        after.name, reason_text(after, words), changes, notice, frozenset(change.label for change in changes)
    )


def entry_items(record: ResidentRecord, words: Words, *, hidden: bool) -> list[ItemChange]:
    """Return the items of a record that is entered."""
    return [
        ItemChange(
            words(f"item.{name}"),
            "",
            item_text(name, getattr(record, name), words, hidden=hidden, is_foreign=record.is_foreign),
        )
        for name in COMPARED
        if name not in _NOT_OF_ENTRIES and getattr(record, name) is not None
    ]


def notice_items(record: ResidentRecord, words: Words, *, hidden: bool) -> list[Item]:
    """Return the items of the notice that goes up, as they are shown: the statutory items, nothing else (I1)."""
    given = msgspec.structs.asdict(notice_of(record, update_sequence=1))
    shown: list[Item] = []
    for name in IdentificationNotice.__struct_fields__:
        if name == "update_sequence" or given[name] is None:
            continue
        if name == "resident_record_code" and not given[name]:
            shown.append(Item(words(f"item.{name}"), words("birth.code_later"), name))
            continue
        text = item_text(name, given[name], words, hidden=hidden, is_foreign=record.is_foreign)
        shown.append(Item(words(f"item.{name}"), text, name))
    return shown


def said_items(fields: Sequence[Field], case: Case) -> list[Item]:
    """Return what was typed, field by field, as it was understood."""
    said = [
        (one, _text(one, case.values.get(one.name), case))
        for one in fields
        if one.kind is not FieldKind.CARRIED
        and one.applies(case.form)
        and case.values.get(one.name) not in (None, (), "", False)
    ]
    return [Item(one.label, text, one.name) for one, text in said]


def _text(one: Field, value: Any, case: Case) -> str:  # noqa: ANN401 - what the field reads
    if one.is_secret or value is True:
        return case.words("individual_number.present" if one.is_secret else "value.yes")
    if one.kind in {FieldKind.CHOICES, FieldKind.CHOICE, FieldKind.SELECT}:
        typed = case.form.typed
        chosen = [
            choice.text
            for choice in one.choices
            if typed.get(one.name) == choice.value or typed.get(f"{one.name}-{choice.value}") == CHOSEN
        ]
        return "、".join(chosen)
    if isinstance(value, CivilDate):
        return day_text(value.wire, case.visit.language)
    if isinstance(value, date):
        return day_text(value.isoformat(), case.visit.language)
    if isinstance(value, LocalGovernment):
        return value.full_name
    return case.form.text(one.name)
