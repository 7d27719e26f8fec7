"""Reading a form: every field that cannot be read is a problem named on the page; what was typed is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import InvalidValueError, JukinetError, MissingItemError

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field."""

    name: str
    error: JukinetError
    #: Id of a text that says it better than the error's own sentence can.
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was typed, and what is wrong with it so far."""

    typed: Mapping[str, str] = field(repr=False)
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return what was typed, without spaces around it; empty where nothing was."""
        return self.typed.get(name, "").strip()

    def read(
        self, name: str, parse: Callable[[str], _Value], *, is_needed: bool = True, text_of_problem: str | None = None
    ) -> _Value | None:
        """Return the field as a value; None, and a problem, when it is missing or cannot be read."""
        text = self.text(name)
        if not text:
            if is_needed:
                self.problems.append(Problem(name, MissingItemError(field=name)))
            return None
        try:
            return parse(text)
        except InvalidValueError as error:
            self.problems.append(Problem(name, error, text_of_problem))
            return None

    def read_day(self, name: str) -> date | None:
        """Return the field as a day of the calendar, written in the Japanese calendar or as 2026-11-01."""
        return self.read(name, lambda text: CivilDate.parse(text).require_exact())

    def read_civil_date(self, name: str, *, may_be_irregular: bool) -> CivilDate | None:
        """Return the field as a date that may be known only in part."""
        return self.read(name, lambda text: CivilDate.parse(text, may_be_irregular=may_be_irregular))

    def refuse(self, error: JukinetError, *, names: Mapping[str, str] | Sequence[str] = ()) -> None:
        """Add a refusal of the use case; `names` are its fields that this form has, perhaps by another name."""
        known = names if isinstance(names, Mapping) else {name: name for name in names}
        if error.field is None or error.field not in known:
            raise error
        self.problems.append(Problem(known[error.field], error))
