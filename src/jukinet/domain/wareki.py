"""The Japanese eras of the calendar (元号): when each begins and ends, and years counted in it.

Gregorian days throughout; the lunar calendar of before 1873 is not converted.
"""

from __future__ import annotations

from datetime import date
from enum import Enum


class CalendarEra(Enum):
    """An era of the Japanese calendar (元号): its name, its letter, its first and last day.

    Meiji 45-07-30 and Taisho 1-07-30 are the same day, as are Taisho 15-12-25 and Showa 1-12-25: both are lawful.
    """

    MEIJI = ("明治", "M", date(1868, 1, 25), date(1912, 7, 30))
    TAISHO = ("大正", "T", date(1912, 7, 30), date(1926, 12, 25))
    SHOWA = ("昭和", "S", date(1926, 12, 25), date(1989, 1, 7))
    HEISEI = ("平成", "H", date(1989, 1, 8), date(2019, 4, 30))
    REIWA = ("令和", "R", date(2019, 5, 1), date.max)

    def __init__(self, label: str, letter: str, begins_on: date, ends_on: date) -> None:
        self.label = label
        self.letter = letter
        self.begins_on = begins_on
        self.ends_on = ends_on

    def covers(self, first: date, last: date) -> bool:
        """Return whether some day from `first` to `last`, both included, lies in the era."""
        return self.begins_on <= last and first <= self.ends_on

    def western_year(self, year: int) -> int:
        """Return the western year of the era's year `year` (1 is 元年)."""
        return self.begins_on.year + year - 1

    def year_text(self, western_year: int) -> str:
        """Return the year as it is written after the era's name: 元 or a number."""
        year = western_year - self.begins_on.year + 1
        return "元" if year == 1 else str(year)


def latest_era(first: date, last: date) -> CalendarEra | None:
    """Return the last era that covers a day from `first` to `last`, or None before Meiji."""
    found: CalendarEra | None = None
    for era in CalendarEra:
        if era.covers(first, last):
            found = era
    return found


def find_calendar_era(name: str) -> CalendarEra | None:
    """Return the era with this Japanese name or letter, or None."""
    for era in CalendarEra:
        if name in {era.label, era.letter}:
            return era
    return None
