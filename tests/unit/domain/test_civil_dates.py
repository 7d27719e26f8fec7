"""Civil dates: written in both calendars, known in part, or in no calendar at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jukinet.domain.bundled import code_lists
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.date_patterns import DatePattern
from jukinet.domain.errors import ImpossibleDateError, MalformedDateError
from jukinet.domain.wareki import CalendarEra

FROM_MEIJI = st.dates(min_value=date(1868, 1, 25), max_value=date(2199, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> CivilDate:
    """Draw a date of any of the fifteen patterns, now and then in another era than the last possible."""
    pattern = draw(st.sampled_from(DatePattern))
    day = draw(FROM_MEIJI)
    later = draw(st.integers(min_value=day.day, max_value=28)) if day.day <= 28 else day.day
    parts = CivilDate(
        pattern,
        year=day.year if pattern.has_year else None,
        month=day.month if pattern.has_month else None,
        day=day.day if pattern.has_day else None,
        end_month=day.month if pattern.has_end_month else None,
        end_day=later if pattern.has_end_day else None,
    )
    eras = [era for era in CalendarEra if pattern.has_year and era.covers(*parts.span)]
    if not eras:
        return parts
    return CivilDate(
        pattern, parts.year, parts.month, parts.day, parts.end_month, parts.end_day, draw(st.sampled_from(eras))
    )


@given(partial_dates())
def test_every_date_returns_from_its_wire_form(civil_date: CivilDate) -> None:
    assert CivilDate.from_wire(civil_date.wire, may_be_irregular=True) == civil_date


@given(partial_dates())
def test_every_date_returns_from_the_japanese_calendar(civil_date: CivilDate) -> None:
    assert CivilDate.parse(civil_date.wareki(), may_be_irregular=True) == civil_date


@given(partial_dates())
def test_every_date_can_be_ordered_and_hides_itself(civil_date: CivilDate) -> None:
    first, last = civil_date.span

    assert first <= last
    assert civil_date.sort_key == first
    assert repr(civil_date) == str(civil_date) == "CivilDate(***)"


@given(st.dates())
def test_every_day_of_the_calendar_has_its_iso_form(day: date) -> None:
    civil_date = CivilDate.of(day)

    assert civil_date.wire == day.isoformat()
    assert CivilDate.from_wire(day.isoformat()).require_exact() == day
    assert CivilDate.parse(civil_date.western()) == civil_date


def test_the_patterns_are_the_fourteen_of_the_standard_specification() -> None:
    partial = [pattern.japanese for pattern in DatePattern if pattern is not DatePattern.EXACT]

    assert sorted(partial) == sorted(code_lists()["fusho_dates"])
    assert len(partial) == 14


@pytest.mark.parametrize(
    ("text", "wire", "wareki"),
    [
        ("1985-03-12", "1985-03-12", "昭和60年3月12日"),
        ("昭和60年3月12日", "1985-03-12", "昭和60年3月12日"),
        ("昭和６０年　３月１２日", "1985-03-12", "昭和60年3月12日"),
        ("S60.3.12", "1985-03-12", "昭和60年3月12日"),
        ("ｓ６０．３．１２", "1985-03-12", "昭和60年3月12日"),
        ("1985/3/12", "1985-03-12", "昭和60年3月12日"),
        ("1985年3月12日", "1985-03-12", "昭和60年3月12日"),
        ("令和元年5月1日", "2019-05-01", "令和元年5月1日"),
        ("R1.5.1", "2019-05-01", "令和元年5月1日"),
        ("平成31年4月30日", "2019-04-30", "平成31年4月30日"),
        ("昭和64年1月7日", "1989-01-07", "昭和64年1月7日"),
        ("平成元年1月8日", "1989-01-08", "平成元年1月8日"),
        ("大正元年7月30日", "1912-07-30", "大正元年7月30日"),
        ("明治元年1月25日", "1868-01-25", "明治元年1月25日"),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, wire: str, wareki: str) -> None:
    read = CivilDate.parse(text)

    assert (read.wire, read.wareki()) == (wire, wareki)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("昭和60年頃", "1985-XX-XX~"),
        ("昭和60年3月頃", "1985-03-XX~"),
        ("昭和60年3月12日頃", "1985-03-12~"),
        ("推定昭和60年3月12日", "1985-03-12?"),
        ("推定昭和60年3月", "1985-03-XX?"),
        ("昭和60年春", "1985-21-XX"),
        ("昭和60年3月上旬", "1985-03-XX;early"),
        ("昭和60年3月中旬頃", "1985-03-XX;middle~"),
        ("年月日不詳", "XXXX-XX-XX"),
        ("昭和60年 月日不詳", "1985-XX-XX"),
        ("昭和60年3月 日不詳", "1985-03-XX"),
        ("昭和60年3月12日から4月2日頃までの間", "1985-03-12/1985-04-02~"),
        ("昭和60年3月推定12日から15日までの間", "1985-03-12?/1985-03-15"),
        ("昭和60年3月12日頃から15日頃までの間", "1985-03-12~/1985-03-15~"),
        ("1985-02-29", "1985-02-29"),
        ("明治45年7月30日", "1912-07-30@M"),
        ("大正15年12月25日", "1926-12-25@T"),
        ("昭和64年 月日不詳", "1989-XX-XX@S"),
        ("平成元年 月日不詳", "1989-XX-XX"),
    ],
)
def test_an_irregular_date_is_taken_only_where_the_caller_says_so(text: str, wire: str) -> None:
    read = CivilDate.parse(text, may_be_irregular=True)

    assert read.wire == wire
    assert read.is_irregular
    with pytest.raises(ImpossibleDateError):
        CivilDate.parse(text)
    with pytest.raises(ImpossibleDateError):
        CivilDate.from_wire(wire)


@pytest.mark.parametrize(
    "text",
    [
        "1985-02-30",
        "1985-13-01",
        "1985-04-31~",
        "昭和64年1月8日",
        "大正元年7月29日",
        "昭和元年12月24日",
        "令和元年4月30日",
        "0000-01-01",
        "昭和60年3月12日から3月2日頃までの間",
        "昭和60年13月頃",
        "昭和60年3月12日から13月2日頃までの間",
    ],
)
def test_a_day_that_no_calendar_or_era_has_is_impossible(text: str) -> None:
    with pytest.raises(ImpossibleDateError):
        CivilDate.parse(text, may_be_irregular=True)


@pytest.mark.parametrize(
    "text", ["", "12 March 1985", "1985", "昭和60年", "昭和3月12日", "Q1.2.3", "1985-3", "慶応4年1月1日"]
)
def test_anything_else_is_no_date(text: str) -> None:
    with pytest.raises(MalformedDateError):
        CivilDate.parse(text, may_be_irregular=True)


@pytest.mark.parametrize("wire", ["1985-3-12", "昭和60年3月12日", "1985-03-12@S", "1912-07-30@T", "1985-03-12 "])
def test_only_the_canonical_form_is_taken_from_the_wire(wire: str) -> None:
    with pytest.raises(MalformedDateError):
        CivilDate.from_wire(wire, may_be_irregular=True)


def test_a_wrong_date_names_its_field_and_not_its_value() -> None:
    with pytest.raises(ImpossibleDateError) as refusal:
        require_civil_date_wire("1985-02-30", "birth_date", may_be_irregular=True)

    assert refusal.value.field == "birth_date"
    assert "1985" not in str(refusal.value)


def test_the_twenty_ninth_of_a_common_year_sorts_last_in_february_and_is_no_exact_day() -> None:
    civil_date = CivilDate.parse("1985-02-29", may_be_irregular=True)

    assert civil_date.sort_key == date(1985, 2, 28)
    with pytest.raises(ImpossibleDateError):
        civil_date.require_exact()


def test_a_day_before_meiji_is_written_in_western_years() -> None:
    assert CivilDate.parse("1867-12-01").wareki() == "1867年12月1日"


def test_a_part_the_pattern_does_not_have_is_refused() -> None:
    with pytest.raises(MalformedDateError):
        CivilDate(DatePattern.YEAR_ONLY, 1985, 3)


@given(FROM_MEIJI, FROM_MEIJI)
def test_wire_forms_of_full_dates_sort_as_the_days_do(one: date, other: date) -> None:
    assume(one < other)

    assert CivilDate.of(one).wire < CivilDate.of(other).wire
