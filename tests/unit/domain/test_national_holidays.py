"""National holidays: years as the Cabinet Office published them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.domain.deadlines import is_office_closed
from jukinet.domain.national_holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    autumnal_equinox,
    is_national_holiday,
    list_holidays,
    vernal_equinox,
)

PUBLISHED = {
    1989: "1/1 1/2 1/15 1/16 2/11 2/24 3/21 4/29 5/3 5/4 5/5 9/15 9/23 10/10 11/3 11/23 12/23",
    1993: "1/1 1/15 2/11 3/20 4/29 5/3 5/4 5/5 6/9 9/15 9/23 10/10 10/11 11/3 11/23 12/23",
    2006: "1/1 1/2 1/9 2/11 3/21 4/29 5/3 5/4 5/5 7/17 9/18 9/23 10/9 11/3 11/23 12/23",
    2009: "1/1 1/12 2/11 3/20 4/29 5/3 5/4 5/5 5/6 7/20 9/21 9/22 9/23 10/12 11/3 11/23 12/23",
    2015: "1/1 1/12 2/11 3/21 4/29 5/3 5/4 5/5 5/6 7/20 9/21 9/22 9/23 10/12 11/3 11/23 12/23",
    2019: "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23",
    2020: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23",
    2021: "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23",
    2024: "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23",
    2025: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24",
    2026: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_of_a_year_are_those_that_were_published(year: int) -> None:
    found = [f"{day.month}/{day.day}" for day in sorted(list_holidays(year))]

    assert found == PUBLISHED[year].split()


def test_the_equinoxes_lie_where_the_gazette_put_them() -> None:
    assert [vernal_equinox(year) for year in (1992, 2000, 2011, 2020, 2023)] == [20, 20, 21, 20, 21]
    assert [autumnal_equinox(year) for year in (1992, 2000, 2011, 2012, 2020)] == [23, 23, 23, 22, 22]


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_a_holiday_on_a_sunday_always_has_a_day_for_it(year: int) -> None:
    holidays = list_holidays(year)

    for day in holidays:
        if day.weekday() == 6:
            later = [day + timedelta(days=each) for each in range(1, 5)]
            assert any(each in holidays for each in later)


def test_an_office_is_closed_on_holidays_weekends_and_around_the_new_year() -> None:
    closed = [date(2026, 11, 23), date(2026, 11, 22), date(2026, 12, 29), date(2027, 1, 3)]

    assert [is_office_closed(day) for day in closed] == [True] * 4
    assert not is_office_closed(date(2026, 11, 24))
    assert not is_office_closed(date(2027, 1, 4))


def test_outside_the_years_it_knows_it_says_nothing() -> None:
    assert not is_national_holiday(date(2100, 1, 1))
    assert list_holidays(1984) == frozenset()
