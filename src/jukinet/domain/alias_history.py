"""The history of a foreign resident's aliases (通称の記載及び削除に関する事項): entered and removed where and when.

The municipality that enters or removes an alias adds to it; a move-out certificate carries it on.
Source: Order (–2015) art. 30-26, 30-27, (2015–) art. 30-16, 30-17.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    AliasHistoryContradictedError,
    AliasRecordedError,
    DateOutOfOrderError,
    ImpossibleChangeError,
    MalformedRequestError,
)
from jukinet.domain.names import require_name
from jukinet.domain.rules import Rule, enforces

_KEYS: Final = frozenset({"alias", "entered_in", "entered_on", "removed_in", "removed_on"})
_FIELD: Final = "alias_history"


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSpan:
    """One alias: the municipality (市町村名) and day of its entry, and those of its removal.

    The entry is not known of an alias that was on a register before 2012-07-09.
    """

    alias: str = field(repr=False)
    entered_in: str | None = None
    entered_on: str | None = None
    removed_in: str | None = None
    removed_on: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be an alias, half an entry or removal, and a removal before the entry."""
        require_name(self.alias, field="alias")
        if (self.entered_in is None) != (self.entered_on is None) or (self.removed_in is None) != (
            self.removed_on is None
        ):
            raise MalformedRequestError("An entry and a removal have a municipality and a day.", field=_FIELD)
        days = [CivilDate.from_wire(day).require_exact() for day in (self.entered_on, self.removed_on) if day]
        if days != sorted(days):
            raise DateOutOfOrderError("The alias was removed before it was entered.", field=_FIELD)

    @property
    def is_open(self) -> bool:
        """Return whether the alias has not been removed."""
        return self.removed_on is None


@dataclass(frozen=True, slots=True)
class AliasHistory:
    """The aliases one after another, the last first recorded last; only the last may be open."""

    spans: tuple[AliasSpan, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two aliases at a time, and an order that cannot be."""
        if any(span.is_open for span in self.spans[:-1]):
            raise AliasRecordedError(field=_FIELD)
        days = [day for span in self.spans for day in (span.entered_on, span.removed_on) if day is not None]
        if days != sorted(days):
            raise DateOutOfOrderError("The aliases follow one another.", field=_FIELD)

    @enforces(Rule.ALIAS_HISTORY_IS_RECORDED)
    def entered(self, alias: str, *, municipality: str, day: CivilDate) -> AliasHistory:
        """Return the history with an alias entered.

        Raises:
            AliasRecordedError: there is one that has not been removed.
            DateOutOfOrderError: the one before was removed later than that.
        """
        return AliasHistory((*self.spans, AliasSpan(alias=alias, entered_in=municipality, entered_on=day.wire)))

    @enforces(Rule.ALIAS_HISTORY_IS_RECORDED)
    def removed(self, alias: str, *, municipality: str, day: CivilDate) -> AliasHistory:
        """Return the history with the alias removed, also one whose entry nobody wrote down.

        Raises:
            ImpossibleChangeError: another alias is the present one.
            DateOutOfOrderError: it was entered later than that.
        """
        open_span = self.spans[-1] if self.spans and self.spans[-1].is_open else None
        if open_span is None:
            closed = AliasSpan(alias=alias, removed_in=municipality, removed_on=day.wire)
            return AliasHistory((*self.spans, closed))
        if open_span.alias != alias:
            raise ImpossibleChangeError("The history has another alias as the present one.", field="alias")
        return AliasHistory((*self.spans[:-1], replace(open_span, removed_in=municipality, removed_on=day.wire)))

    @enforces(Rule.ALIAS_HISTORY_IS_RECORDED)
    def require_present(self, alias: str | None, *, field_name: str = "alias") -> None:
        """Refuse an alias that is not the one the history ends with; a history that says nothing goes with any.

        Raises:
            AliasHistoryContradictedError: naming the field.
        """
        if not self.spans:
            return
        present = self.spans[-1].alias if self.spans[-1].is_open else None
        if alias != present:
            raise AliasHistoryContradictedError(field=field_name)

    def as_items(self) -> list[dict[str, str]]:
        """Return what JSON holds of it."""
        return [{key: text for key in sorted(_KEYS) if (text := getattr(span, key)) is not None} for span in self.spans]


def read_alias_history(items: Any) -> AliasHistory:  # noqa: ANN401 - whatever a JSON text held
    """Return the history that JSON items say.

    Raises:
        MalformedRequestError: it is no list, or a span has an unknown item or one that is no text.
        InvalidValueError: a span, or their order, cannot be.
    """
    if not isinstance(items, list):
        raise MalformedRequestError("The history of aliases is a list.", field=_FIELD)
    return AliasHistory(tuple(_read_span(item) for item in items))


def _read_span(item: Any) -> AliasSpan:  # noqa: ANN401 - likewise
    if not isinstance(item, Mapping) or not _KEYS.issuperset(item) or "alias" not in item:
        raise MalformedRequestError("An alias of the history has other items than it should.", field=_FIELD)
    if not all(isinstance(text, str) for text in item.values()):
        raise MalformedRequestError("The items of an alias are texts.", field=_FIELD)
    return AliasSpan(**item)
