"""The yearly publication of provisions (提供状況の公表): how often, to whom, for which affair, in which month, how.

A small number may tell of somebody. What is below ten is not published, nor is anything from which it would follow:
wherever a sum is published, no single hidden part can be worked out from the others. A hidden figure does not say
whether it is small itself or hides a small one.

Source: Act (–2015) art. 30-7(3), Regulation (–2015) art. 21, 27; Act (2015–) art. 30-9, 30-21.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.domain.errors import DateOutOfOrderError

#: The fewest that are published.
FEWEST: Final = 10
MONTHS: Final = 12
_FIRST_MONTH: Final = 4
_FIRST_YEAR: Final = 2002


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionCount:
    """How often an organ was given somebody for an affair by a method, month by month from April."""

    organ: str
    affair: str
    method: str
    months: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return the sum of the year."""
        return sum(self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """A row of the publication. None is a hidden figure."""

    organ: str
    affair: str
    method: str
    months: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is published of a fiscal year."""

    year: int
    rows: tuple[PublishedRow, ...]
    #: By organ, in the order of the rows.
    organ_totals: dict[str, int | None]
    total: int | None

    @property
    def has_hidden(self) -> bool:
        """Return whether any figure is hidden."""
        return self.total is None or any(None in {row.total, *row.months} for row in self.rows)


def fiscal_year_of(year: int, *, today: date) -> tuple[date, date]:
    """Return the first day of a fiscal year and the first after it; raise DateOutOfOrderError for one to come."""
    first = date(year, _FIRST_MONTH, 1) if _FIRST_YEAR <= year <= date.max.year - 1 else None
    if first is None or first > today:
        raise DateOutOfOrderError("This fiscal year has not begun, or is from before the network.", field="year")
    return first, date(year + 1, _FIRST_MONTH, 1)


def month_number(day: date) -> int:
    """Return which month of its fiscal year a day is in, from 0 for April."""
    return (day.month - _FIRST_MONTH) % MONTHS


def publish(year: int, counts: Iterable[ProvisionCount]) -> Publication:
    """Return what of the counts is published."""
    ordered = sorted(counts, key=lambda one: (one.organ, one.affair, one.method))
    by_organ: dict[str, list[ProvisionCount]] = {}
    for one in ordered:
        by_organ.setdefault(one.organ, []).append(one)
    own_rows = list(by_organ.values())
    fragile = [_fragile([one.months for one in own]) for own in own_rows]
    sums = [sum(one.total for one in own) for own in own_rows]
    # From the bottom: a sum that cannot be published without telling a part is hidden like a small one.
    fragile_organs = {
        place
        for place, own in enumerate(own_rows)
        if hide([one.total for one in own], fragile[place])[0] is None and sums[place]
    }
    total, organ_totals = hide(sums, fragile_organs)
    rows: list[PublishedRow] = []
    for place, own in enumerate(own_rows):
        parts = [one.total for one in own]
        # Where the sum itself is hidden, so is every part of it.
        totals = _hidden(parts) if organ_totals[place] is None else hide(parts, fragile[place])[1]
        rows += [_row(one, row_total) for one, row_total in zip(own, totals, strict=True)]
    return Publication(
        year=year, rows=tuple(rows), organ_totals=dict(zip(by_organ, organ_totals, strict=True)), total=total
    )


def hide(parts: Sequence[int], fragile: Collection[int] = ()) -> tuple[int | None, list[int | None]]:
    """Return the sum and the parts as they are published together: None for what is hidden.

    `fragile` are the places of parts that have to be hidden whatever their size.
    """
    whole = sum(parts)
    hidden = {place for place, part in enumerate(parts) if 0 < part < FEWEST or (part and place in fragile)}
    others = sorted(
        (place for place in range(len(parts)) if parts[place] and place not in hidden), key=parts.__getitem__
    )
    while hidden and others and _follows(sum(parts[place] for place in hidden), len(hidden)):
        hidden.add(others.pop(0))
    if 0 < whole < FEWEST or (hidden and _follows(sum(parts[place] for place in hidden), len(hidden))):
        # Nothing is left to hide them among: the sum itself has to go.
        return None, _hidden(parts)
    return whole, [None if place in hidden else part for place, part in enumerate(parts)]


def _follows(hidden_sum: int, count: int) -> bool:
    """Return whether hidden parts can be worked out of their sum: one alone, all of one, or all of nine."""
    return count == 1 or hidden_sum in {count, count * (FEWEST - 1)}


def _fragile(months_of_rows: Sequence[Sequence[int]]) -> set[int]:
    return {place for place, months in enumerate(months_of_rows) if sum(months) and hide(months)[0] is None}


def _hidden(parts: Sequence[int]) -> list[int | None]:
    # That there was nothing tells of nobody.
    return [None if part else 0 for part in parts]


def _row(count: ProvisionCount, total: int | None) -> PublishedRow:
    months = _hidden(count.months) if total is None else hide(count.months)[1]
    return PublishedRow(organ=count.organ, affair=count.affair, method=count.method, months=tuple(months), total=total)
