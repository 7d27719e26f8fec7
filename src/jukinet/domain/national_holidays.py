"""National holidays (国民の祝日・休日): on which days besides weekends and the turn of the year an office is closed.

Source: Act on National Holidays (1948, no. 178) art. 2, 3 and the acts that changed it; the Acts on the Olympic and
Paralympic Games of 2020 (its art. 32, 29) and on the holiday of the accession of 2019. From 1985 on. The equinoxes are
announced in the Official Gazette each February; the formula has agreed with it so far and holds until 2099.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

#: The first year this knows, and the last one the formula of the equinoxes holds for.
FIRST_YEAR: Final = 1985
LAST_YEAR: Final = 2099
_MONDAY: Final = 0
_SUNDAY: Final = 6
_DAY: Final = timedelta(days=1)
#: From this year a holiday on a Sunday moves on to the next day that is none; until 2006 it moved to the Monday alone.
_SUBSTITUTE_MOVES_ON_FROM: Final = 2007
#: The day between two holidays is one from 27 December 1985.
_BETWEEN_FROM: Final = 1986

#: Month, day, first year, last year.
_FIXED: Final = (
    (1, 1, FIRST_YEAR, LAST_YEAR),
    (1, 15, FIRST_YEAR, 1999),
    (2, 11, FIRST_YEAR, LAST_YEAR),
    (2, 23, 2020, LAST_YEAR),
    (4, 29, FIRST_YEAR, LAST_YEAR),
    (5, 3, FIRST_YEAR, LAST_YEAR),
    (5, 4, 2007, LAST_YEAR),
    (5, 5, FIRST_YEAR, LAST_YEAR),
    (7, 20, 1996, 2002),
    (8, 11, 2016, LAST_YEAR),
    (9, 15, FIRST_YEAR, 2002),
    (10, 10, FIRST_YEAR, 1999),
    (11, 3, FIRST_YEAR, LAST_YEAR),
    (11, 23, FIRST_YEAR, LAST_YEAR),
    (12, 23, 1989, 2018),
)
#: Month, which Monday, first year.
_MONDAYS: Final = ((1, 2, 2000), (7, 3, 2003), (9, 3, 2003), (10, 2, 2000))
#: Days that were holidays in one year only: mourning, wedding, accession, and the Games.
_ONCE: Final[Mapping[int, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {
        1989: ((2, 24),),
        1990: ((11, 12),),
        1993: ((6, 9),),
        2019: ((5, 1), (10, 22)),
        2020: ((7, 23), (7, 24), (8, 10)),
        2021: ((7, 22), (7, 23), (8, 8)),
    }
)
#: Days that were none in one year: they had moved for the Games.
_NOT: Final[Mapping[int, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {2020: ((7, 20), (8, 11), (10, 12)), 2021: ((7, 19), (8, 11), (10, 11))}
)


def is_national_holiday(day: date) -> bool:
    """Return whether the Act makes the day a holiday; False outside the years this knows."""
    return FIRST_YEAR <= day.year <= LAST_YEAR and day in list_holidays(day.year)


@lru_cache(maxsize=256)
def list_holidays(year: int) -> frozenset[date]:
    """Return the holidays of a year with their substitutes, and the days between two of them."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return frozenset()
    named = _named(year)
    found = set(named)
    if year >= _BETWEEN_FROM:
        found |= {day + _DAY for day in named if day + 2 * _DAY in named and _may_lie_between(day + _DAY, named)}
    for day in sorted(named):
        if day.weekday() == _SUNDAY:
            found.add(_substitute(day, named))
    return frozenset(found)


def _named(year: int) -> frozenset[date]:
    days = {date(year, month, day) for month, day, first, last in _FIXED if first <= year <= last}
    days |= {_nth_monday(year, month, place) for month, place, first in _MONDAYS if year >= first}
    days |= {date(year, 3, vernal_equinox(year)), date(year, 9, autumnal_equinox(year))}
    days |= {date(year, month, day) for month, day in _ONCE.get(year, ())}
    return frozenset(days - {date(year, month, day) for month, day in _NOT.get(year, ())})


def _may_lie_between(day: date, named: frozenset[date]) -> bool:
    if day in named:
        return False
    return day.weekday() != _SUNDAY


def _substitute(sunday: date, named: frozenset[date]) -> date:
    day = sunday + _DAY
    while sunday.year >= _SUBSTITUTE_MOVES_ON_FROM and day in named:
        day += _DAY
    return day


def _nth_monday(year: int, month: int, place: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7 + 7 * (place - 1))


def vernal_equinox(year: int) -> int:
    """Return the day of March on which the vernal equinox lies in Japan, 1980 to 2099."""
    return int(20.8431 + 0.242194 * (year - 1980)) - (year - 1980) // 4


def autumnal_equinox(year: int) -> int:
    """Return the day of September on which the autumnal equinox lies in Japan, 1980 to 2099."""
    return int(23.2488 + 0.242194 * (year - 1980)) - (year - 1980) // 4
