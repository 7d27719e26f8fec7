"""Contents: what a template draws, every text as it is printed. Made of a sheet by `content_of` in `layouts`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

#: Stands in place of an item that was not asked for.
OMITTED = "省略"
#: Stands in place of an item the record does not have.
NONE = "（なし）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A label and its text. A wide cell takes a whole line, two others share one."""

    item: str
    label: str
    text: str = field(repr=False)
    is_wide: bool = False
    is_large: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A line of the history: what happened, when, and what changed."""

    reason: str
    on: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBlock:
    """One person: cells, and the history where it was asked for."""

    cells: tuple[Cell, ...] = field(repr=False)
    history: tuple[HistoryRow, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a document says. `form` names the template."""

    form: str
    title: str
    number: str
    issued_on: str
    municipality_name: str
    mayor_title: str
    mayor_name: str
    office: str = ""
    contact: str = ""
    subtitle: str = ""
    #: Repeated on every page.
    head: tuple[Cell, ...] = field(default=(), repr=False)
    people: tuple[PersonBlock, ...] = field(default=(), repr=False)
    sentence: str = ""
    notes: tuple[str, ...] = ()
    #: Lines in the window of the envelope: postal code, address, name.
    addressee: tuple[str, str, str] | None = field(default=None, repr=False)
    paragraphs: tuple[str, ...] = field(default=(), repr=False)
    #: Rows of label, before, after.
    table: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    #: Rows of what happened: as many cells as the form has columns.
    lines: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    #: A number in groups, drawn large, and what it is.
    figure_label: str = ""
    figure: str = field(default="", repr=False)
    legal_ground: str = ""
    review_text: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for the template."""
        return asdict(self)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text with the name of its item."""
        yield from _texts("document", self.as_data())


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        own = str(value.get("item", ""))
        for key, part in value.items():
            yield from _texts(own or str(key), part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _texts(name, part)
