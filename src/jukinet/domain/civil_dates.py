"""Civil dates (年月日): full dates, dates known in part (不詳日) and the lawful dates that no calendar has.

Wire form: `1985-03-12`, `1985-03-XX`, `1985-XX-XX`, `XXXX-XX-XX` and the forms of `date_patterns`. Where the era
in which a date was written is not the last one it could lie in, its letter follows: `1912-07-30@M` is Meiji
45-07-30, `1989-XX-XX@S` is "昭和64年 月日不詳". 29 February of a common year keeps its figures: `1985-02-29`.

Only a birth date, the dates of becoming a resident or taking up an address, and the date of a birth, death or
disappearance may be irregular; everywhere else a date is a day of the calendar. The caller says which it is.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from jukinet.domain.date_patterns import DatePattern, japanese_expressions, wire_expressions
from jukinet.domain.digits import FULL_WIDTH_DIGITS
from jukinet.domain.errors import ImpossibleDateError, MalformedDateError
from jukinet.domain.wareki import CalendarEra, find_calendar_era, latest_era

DECEMBER: Final = 12
FEBRUARY: Final = 2
LEAP_DAY: Final = 29
_SPRING_MONTHS: Final = (3, 5)
_EARLY_DAYS: Final = (1, 10)
_MIDDLE_DAYS: Final = (11, 20)

_FULL_WIDTH: Final = {
    **FULL_WIDTH_DIGITS,
    **dict(zip(map(ord, "．／－−‐ＭＴＳＨＲｍｔｓｈｒ"), "./---MTSHRmtshr", strict=True)),
}
_SHORT_WAREKI: Final = re.compile(r"([MTSHR])([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{1,2})")
_SHORT_WESTERN: Final = re.compile(r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})")


@dataclass(frozen=True, slots=True, repr=False)
class CivilDate:
    """A civil date (年月日), perhaps known only in part. Its text is personal data and stays out of `repr`."""

    pattern: DatePattern
    year: int | None = None
    month: int | None = None
    day: int | None = None
    end_month: int | None = None
    end_day: int | None = None
    #: The era it was written in, only where that is not the last era it could lie in.
    era: CalendarEra | None = None

    def __post_init__(self) -> None:
        """Refuse parts that do not belong to the pattern, and days that no month has."""
        has = self.pattern
        given = (self.year, self.month, self.day, self.end_month, self.end_day)
        wanted = (has.has_year, has.has_month, has.has_day, has.has_end_month, has.has_end_day)
        if any((part is not None) != is_wanted for part, is_wanted in zip(given, wanted, strict=True)):
            raise MalformedDateError
        if self.month is not None and not 1 <= self.month <= DECEMBER:
            raise ImpossibleDateError
        if self.end_month is not None and not 1 <= self.end_month <= DECEMBER:
            raise ImpossibleDateError
        first, last = self.span  # raises for a day that no month has
        if first > last or (self.era is not None and not self.era.covers(first, last)):
            raise ImpossibleDateError
        if self.era is not None and self.era is latest_era(first, last):
            object.__setattr__(self, "era", None)

    @classmethod
    def of(cls, day: date) -> CivilDate:
        """Return the civil date of a day of the calendar."""
        return cls(DatePattern.EXACT, day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str, *, may_be_irregular: bool = False) -> CivilDate:
        """Read a date as people write it: 1985-03-12, 昭和60年3月12日, S60.3.12, 1985年3月12日, 昭和60年 月日不詳.

        Full-width figures and spaces are accepted, and every wire form.

        Raises:
            MalformedDateError: it is not written in any of these ways.
            ImpossibleDateError: there is no such day, or the era has no such day, or it is irregular and
                `may_be_irregular` is not set.
        """
        plain = re.sub(r"\s", "", text.translate(_FULL_WIDTH)).replace("元年", "1年")
        found = _read_short(plain) or _read_wire(plain) or _read_japanese(plain)
        if found is None:
            raise MalformedDateError
        if found.is_irregular and not may_be_irregular:
            raise ImpossibleDateError
        return found

    @classmethod
    def from_wire(cls, wire: str, *, may_be_irregular: bool = False) -> CivilDate:
        """Read the canonical wire form and nothing else.

        Raises:
            MalformedDateError: it is not the canonical form of a date.
            ImpossibleDateError: there is no such day, or it is irregular and `may_be_irregular` is not set.
        """
        found = _read_wire(wire)
        if found is None or found.wire != wire:
            raise MalformedDateError
        if found.is_irregular and not may_be_irregular:
            raise ImpossibleDateError
        return found

    @property
    def wire(self) -> str:
        """Return the canonical text, such as 1985-03-12 or 1985-03-XX."""
        text = self.pattern.wire.format(
            y=f"{self.year or 0:04d}",
            m=f"{self.month or 0:02d}",
            d=f"{self.day or 0:02d}",
            m2=f"{self.end_month or 0:02d}",
            d2=f"{self.end_day or 0:02d}",
        )
        return text if self.era is None else f"{text}@{self.era.letter}"

    def wareki(self) -> str:
        """Return it in the Japanese calendar (和暦): 昭和60年3月12日, 令和元年5月1日; before Meiji in western years."""
        era = self.era or latest_era(*self.span)
        if era is None or self.year is None:
            return self.western()
        return self._japanese(era.label, era.year_text(self.year))

    def western(self) -> str:
        """Return it in Japanese with the western year (西暦), as foreign residents' birth dates are written."""
        return self._japanese("", str(self.year))

    def _japanese(self, era: str, year: str) -> str:
        return self.pattern.japanese.format(
            era=era, y=year, m=self.month, d=self.day, m2=self.end_month, d2=self.end_day
        )

    @property
    def span(self) -> tuple[date, date]:
        """Return the first and the last day it can be."""
        if self.year is None:
            return date.min, date.max
        first_month, last_month = self.month or 1, self.end_month or self.month or DECEMBER
        if self.pattern is DatePattern.SPRING:
            first_month, last_month = _SPRING_MONTHS
        first_day, last_day = self.day or 1, self.end_day or self.day
        if self.pattern is DatePattern.EARLY_IN_MONTH:
            first_day, last_day = _EARLY_DAYS
        if self.pattern is DatePattern.ABOUT_MIDDLE_OF_MONTH:
            first_day, last_day = _MIDDLE_DAYS
        return _day(self.year, first_month, first_day), _day(self.year, last_month, last_day)

    @property
    def sort_key(self) -> date:
        """Return the first day it can be. For ordering only: it is never a presumed birth date (みなし生年月日)."""
        return self.span[0]

    @property
    def is_exact(self) -> bool:
        """Return whether it is one day of the calendar, known in full."""
        return self.pattern is DatePattern.EXACT and not self.is_in_no_calendar

    @property
    def is_irregular(self) -> bool:
        """Return whether it may stand only where the law allows it: known in part, or in no calendar."""
        return not self.is_exact or self.era is not None

    @property
    def is_in_no_calendar(self) -> bool:
        """Return whether it is the leap day of a common year: a birth in old registers, never a day of an act."""
        return self.month == FEBRUARY and self.day == LEAP_DAY and not isleap(self.year or 0)

    def require_exact(self) -> date:
        """Return the day of the calendar.

        Raises:
            ImpossibleDateError: it is known only in part, or no calendar has it.
        """
        if not self.is_exact:
            raise ImpossibleDateError
        return self.sort_key

    def __repr__(self) -> str:
        """Show the type only: a birth date is personal data."""
        return "CivilDate(***)"

    __str__ = __repr__


def _day(year: int, month: int, day: int | None) -> date:
    """Return a day of the calendar: the month's last for None, 28 February for the 29th of a common year."""
    if not date.min.year <= year <= date.max.year:
        raise ImpossibleDateError
    last = monthrange(year, month)[1]
    if day is None or (month == FEBRUARY and day == LEAP_DAY):
        return date(year, month, last)
    if not 1 <= day <= last:
        raise ImpossibleDateError
    return date(year, month, day)


def _read_wire(text: str) -> CivilDate | None:
    for pattern, expression in wire_expressions():
        found = expression.fullmatch(text)
        if found:
            parts = found.groupdict()
            return _from_parts(pattern, parts, 0, find_calendar_era(parts["era"] or ""))
    return None


def _read_japanese(text: str) -> CivilDate | None:
    for pattern, expression in japanese_expressions():
        found = expression.fullmatch(text)
        if found:
            parts = found.groupdict()
            era = find_calendar_era(parts.get("era") or "")
            return _from_parts(pattern, parts, era.western_year(0) if era else 0, era)
    return None


def _from_parts(
    pattern: DatePattern, parts: dict[str, str | None], year_zero: int, era: CalendarEra | None
) -> CivilDate:
    """Make a date of the figures read; `year_zero` is the western year before the era's first."""
    numbers = {name: int(text) for name, text in parts.items() if name != "era" and text is not None}
    return CivilDate(
        pattern,
        year=numbers["y"] + year_zero if "y" in numbers else None,
        month=numbers.get("m"),
        day=numbers.get("d"),
        end_month=numbers.get("m2"),
        end_day=numbers.get("d2"),
        era=era,
    )


def _read_short(text: str) -> CivilDate | None:
    """Read 1985-3-12, 1985/3/12 and S60.3.12."""
    found = _SHORT_WESTERN.fullmatch(text)
    if found:
        return CivilDate(DatePattern.EXACT, int(found[1]), int(found[2]), int(found[3]))
    found = _SHORT_WAREKI.fullmatch(text.upper())
    era = find_calendar_era(found[1]) if found else None
    if found is None or era is None:
        return None
    return CivilDate(DatePattern.EXACT, era.western_year(int(found[2])), int(found[3]), int(found[4]), era=era)


@lru_cache(maxsize=1 << 17)
def require_civil_date_wire(wire: str, field: str, *, may_be_irregular: bool = False) -> None:
    """Refuse a text that is not the wire form of a date. A text accepted once is remembered: for hot paths.

    Raises:
        MalformedDateError: it is not the canonical form of a date.
        ImpossibleDateError: there is no such day, or it is irregular and `may_be_irregular` is not set.
    """
    if _is_plain_day(wire):
        return
    try:
        CivilDate.from_wire(wire, may_be_irregular=may_be_irregular)
    except (MalformedDateError, ImpossibleDateError) as error:
        raise type(error)(field=field) from None


def _is_plain_day(wire: str) -> bool:
    """Return whether the text is a day of the calendar in figures, as nearly every date is: quickly."""
    try:
        return date.fromisoformat(wire).isoformat() == wire
    except ValueError:
        return False
