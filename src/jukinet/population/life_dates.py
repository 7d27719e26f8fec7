"""Dates of lives (生年月日・住民となった年月日): births out of ages, and when each came to live in the municipality.

A household came on one day; whoever was born later was born there. Those who joined by marriage or as lodgers came as
adults. One household in eight has always lived there, so its people were born there too. Foreign residents are on the
register since 2012-07-09 at the earliest, because the law put them there that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.eras import LegalEra
from jukinet.population.draws import Draws, choice_table
from jukinet.population.households import ADULT_AGE, Members
from jukinet.population.pyramid import Role

#: Births among the people of this age and over may be known in part only (不詳), and how many of them are.
UNKNOWN_FROM_AGE: Final = 90
UNKNOWN_SHARE: Final = 0.01
_MONTH_KNOWN_SHARE: Final = 0.3
_MONTH: Final = slice(5, 7)
_DAY: Final = slice(8, 10)
_DAYS_PER_YEAR: Final = 365.2425
_ALWAYS_THERE_SHARE: Final = 0.125
_YEARS_OF_RESIDENCE: Final = 60
#: Years after which half of those who came have moved on, roughly.
_STAY: Final = 11.0
_MARRIAGE_AGES: Final = range(20, 33)
_EARLIEST_YEARS: Final = 125


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that can occur, as text: position 0 is `first`."""

    first: date
    as_of: date
    wire: NDArray[np.bytes_]
    year: NDArray[np.int16]
    stay_choice: NDArray[np.uint16]

    def position(self, day: date) -> int:
        """Return a day's position; 0 for all days before the first."""
        return max((day - self.first).days, 0)


@dataclass(frozen=True, slots=True)
class LifeDates:
    """Positions of days in the calendar, one entry per person."""

    birth: NDArray[np.intp]
    birth_text: NDArray[np.bytes_]
    became_resident: NDArray[np.intp]
    is_born_here: NDArray[np.bool_]


def calendar_until(as_of: date) -> Calendar:
    """Return the calendar of the 125 years before a day."""
    first = as_of - timedelta(days=round(_EARLIEST_YEARS * _DAYS_PER_YEAR))
    days = np.arange(np.datetime64(first, "D"), np.datetime64(as_of, "D") + 1)
    return Calendar(
        first=first,
        as_of=as_of,
        wire=np.datetime_as_string(days).astype(np.bytes_),
        year=(days.astype("datetime64[Y]").astype(np.int64) + 1970).astype(np.int16),
        stay_choice=choice_table(np.exp(-np.arange(_YEARS_OF_RESIDENCE) / _STAY)),
    )


def _years(count: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the days in so many years."""
    return (count * _DAYS_PER_YEAR).astype(np.intp)


def draw_life_dates(
    calendar: Calendar, draws: Draws, members: Members, is_foreign: NDArray[np.bool_], households: int
) -> LifeDates:
    """Return the dates of every person; `is_foreign` is per household."""
    people = len(members.age)
    today = calendar.position(calendar.as_of)
    birth = today - 1 - _years(members.age) - draws.below(365, people)
    is_partly_unknown = (members.age >= UNKNOWN_FROM_AGE) & draws.chance(UNKNOWN_SHARE, people)
    birth_text = _birth_text(calendar, draws, birth, is_partly_unknown)

    stay = _years(calendar.stay_choice[draws.column(households)].astype(np.intp)) + draws.below(365, households)
    came = today - np.minimum(stay, _years(members.householder_age - ADULT_AGE))
    came = np.where(draws.chance(_ALWAYS_THERE_SHARE, households), 0, came)[members.household]

    roles = (Role.SPOUSE, Role.PARTNER, Role.CHILDS_SPOUSE, Role.LODGER)
    joined = np.isin(members.role, roles) | is_partly_unknown
    marriage_age = _MARRIAGE_AGES.start + draws.below(len(_MARRIAGE_AGES), people)
    grown_up = np.minimum(birth + _years(marriage_age) + draws.below(365, people), today)
    came = np.where(joined, np.maximum(came, grown_up), came)

    is_born_here = came <= birth
    became_resident = np.where(is_born_here, birth, came)
    register_opened = calendar.position(LegalEra.FOREIGN_RESIDENTS.begins_on)
    was_before = is_foreign[members.household] & (became_resident < register_opened)
    return LifeDates(
        birth=birth,
        birth_text=birth_text,
        became_resident=np.where(was_before, register_opened, became_resident),
        is_born_here=is_born_here & ~was_before,
    )


def _birth_text(
    calendar: Calendar, draws: Draws, birth: NDArray[np.intp], is_partly_unknown: NDArray[np.bool_]
) -> NDArray[np.bytes_]:
    """Return the wire forms, such as 1931-XX-XX or 1931-05-XX where a date is known in part only."""
    text = calendar.wire[birth]
    figures = text.view(np.uint8).reshape(len(text), -1)
    is_month_known = draws.chance(_MONTH_KNOWN_SHARE, len(text))
    figures[is_partly_unknown, _DAY] = ord("X")
    figures[is_partly_unknown & ~is_month_known, _MONTH] = ord("X")
    return text
