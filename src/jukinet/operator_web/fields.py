"""What a form asks for: its fields in order, how each is read, and when it applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MissingItemError, UnknownCodeListValueError
from jukinet.domain.local_governments import LocalGovernment
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.typed_dates import read_typed_date

#: What a chosen box sends.
CHOSEN: Final = "on"


class FieldKind(Enum):
    """What a field looks like, and what it is read as."""

    #: One line; read as text, or by the field's own `read`.
    TEXT = "text"
    LONG_TEXT = "long_text"
    #: A day of the calendar; read as `date`.
    DAY = "day"
    #: A day of the calendar; read as `CivilDate`.
    EXACT_DATE = "exact_date"
    #: A date that may be known only in part; read as `CivilDate`.
    CIVIL_DATE = "civil_date"
    #: One of a few, all in sight; read as the value chosen.
    CHOICE = "choice"
    #: One of many, in a list that opens.
    SELECT = "select"
    #: Any number of a few; read as a tuple of the values chosen. Each is a field of its own: `name-value`.
    CHOICES = "choices"
    #: One box to tick; read as bool.
    TICK = "tick"
    #: Carried by the form and not shown: what was found meanwhile.
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: its value, and its text."""

    value: str
    text: str = field(repr=False)
    #: What stands small beside it.
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """A field applies only where another one has one of these values."""

    name: str
    values: frozenset[str]

    def holds(self, form: Form) -> bool:
        """Return whether it applies, as the form is typed."""
        typed = form.typed
        if typed.get(self.name, "") in self.values:
            return True
        return any(typed.get(f"{self.name}-{value}") == CHOSEN for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `label` and `hint` are what is shown, not ids."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    is_needed: bool = True
    #: How a text is read; raises InvalidValueError.
    read: Callable[[str], Any] | None = None
    #: Id of a text that says better what is wrong than the error can.
    text_of_problem: str | None = None
    choices: Sequence[Choice] = ()
    #: Values suggested while typing.
    suggestions: Sequence[str] = ()
    #: What stands beside a suggestion, such as its reading; typing it finds the suggestion too.
    notes_of_suggestions: Mapping[str, str] = field(default_factory=dict)
    shown_when: ShownWhen | None = None
    is_short: bool = False
    is_numeric: bool = False
    #: What was typed is not shown again on another page, nor kept with an unfinished form.
    is_secret: bool = False
    has_focus: bool = False
    #: The heading of the part of the form that begins with this field.
    begins: str = ""
    #: The repetition of a part of the form that ends with this field: the part's name, and which one, from 1.
    closes: tuple[str, int] | None = None
    #: Whether a button stands behind it that reads what was typed into other fields.
    is_read_at_once: bool = False
    #: A day may lie after today only here.
    today: date | None = None

    def applies(self, form: Form) -> bool:
        """Return whether the field is asked for, as the form is typed."""
        return self.shown_when is None or self.shown_when.holds(form)


def shown_when(name: str, *values: str) -> ShownWhen:
    """Return the condition that the field `name` has one of the values."""
    return ShownWhen(name, frozenset(values))


def read_fields(fields: Iterable[Field], form: Form) -> dict[str, Any]:
    """Return the value of every field that applies; None where it is missing. Problems are noted in the form."""
    return {one.name: read_field(one, form) if one.applies(form) else None for one in fields}


def read_field(one: Field, form: Form) -> Any:  # noqa: ANN401 - what its kind says
    """Return the value of one field; None, and a problem of the form, where it is missing or cannot be read."""
    if one.kind is FieldKind.CHOICES:
        return _read_choices(one, form)
    if one.kind is FieldKind.TICK:
        return form.text(one.name) == CHOSEN
    return form.read(one.name, _reader(one), is_needed=one.is_needed, text_of_problem=one.text_of_problem)


def _read_choices(one: Field, form: Form) -> tuple[str, ...]:
    chosen = tuple(choice.value for choice in one.choices if form.text(f"{one.name}-{choice.value}") == CHOSEN)
    if one.is_needed and not chosen:
        form.problems.append(Problem(one.name, MissingItemError(field=one.name)))
    return chosen


def _reader(one: Field) -> Callable[[str], Any]:
    if one.kind is FieldKind.DAY:
        return lambda text: read_typed_date(text, today=one.today).require_exact()
    if one.kind is FieldKind.EXACT_DATE:
        return lambda text: read_typed_date(text, today=one.today)
    if one.kind is FieldKind.CIVIL_DATE:
        return lambda text: read_typed_date(text, today=one.today, may_be_irregular=True)
    if one.kind in {FieldKind.CHOICE, FieldKind.SELECT}:
        return lambda text: _one_of(one, text)
    return one.read or str


def _one_of(one: Field, text: str) -> Any:  # noqa: ANN401 - what the field reads
    if all(choice.value != text for choice in one.choices):
        raise UnknownCodeListValueError(field=one.name)
    return one.read(text) if one.read else text


def plain_text_of(one: Field, value: Any) -> str | None:  # noqa: ANN401 - what the field reads
    """Return how a value is understood, to stand beside what was typed: dates in the Japanese calendar."""
    if isinstance(value, CivilDate):
        return value.wareki()
    if isinstance(value, LocalGovernment):
        return value.full_name
    if isinstance(value, date) and one.kind is FieldKind.DAY:
        return CivilDate.of(value).wareki()
    return None


def labels_of(fields: Iterable[Field]) -> Mapping[str, str]:
    """Return the label of every field by its name."""
    return {one.name: one.label for one in fields}
