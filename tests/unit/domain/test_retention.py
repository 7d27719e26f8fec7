"""How long removed records, copies and forms are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.errors import StillRetainedError
from jukinet.domain.retention import LONG_RETENTION_FROM, RetainedKind, require_retention_over, retained_until
from jukinet.domain.rules import Rule

RECORDS = [kind for kind in RetainedKind if not kind.is_paper]
DAYS = st.dates(date(2002, 8, 5), date(2100, 1, 1))


@pytest.mark.parametrize("kind", RECORDS, ids=lambda one: one.tag)
@pytest.mark.parametrize(
    ("removed_on", "last"),
    [
        (date(2010, 4, 1), date(2015, 4, 1)),
        (date(2014, 6, 19), date(2019, 6, 19)),
        (date(2014, 6, 20), date(2164, 6, 20)),
        (date(2019, 6, 20), date(2169, 6, 20)),
        (date(2026, 11, 24), date(2176, 11, 24)),
    ],
)
def test_a_record_is_kept_five_years_and_150_if_it_was_still_there_in_june_2019(
    kind: RetainedKind, removed_on: date, last: date
) -> None:
    assert retained_until(removed_on, kind) == last


@pytest.mark.parametrize("kind", [kind for kind in RetainedKind if kind.is_paper], ids=lambda one: one.tag)
def test_forms_and_returned_notices_are_kept_a_year(kind: RetainedKind) -> None:
    assert retained_until(date(2026, 11, 24), kind) == date(2027, 11, 24)
    assert retained_until(date(2023, 2, 28), kind) == date(2024, 2, 29)
    assert retained_until(date(2024, 2, 28), kind) == date(2025, 2, 28)


@pytest.mark.rule(Rule.RETENTION)
@pytest.mark.parametrize("kind", RetainedKind, ids=lambda one: one.tag)
def test_nothing_is_destroyed_before_its_period_is_over(kind: RetainedKind) -> None:
    begun_on = date(2012, 3, 1)
    last = retained_until(begun_on, kind)

    with pytest.raises(StillRetainedError):
        require_retention_over(begun_on, kind, today=last)
    require_retention_over(begun_on, kind, today=last + timedelta(days=1))


@given(kind=st.sampled_from(RetainedKind), first=DAYS, later=st.integers(0, 4000))
def test_what_was_removed_later_is_kept_at_least_as_long(kind: RetainedKind, first: date, later: int) -> None:
    one, other = retained_until(first, kind), retained_until(first + timedelta(days=later), kind)

    assert first < one <= other


@given(kind=st.sampled_from(RECORDS), removed_on=DAYS)
def test_what_was_kept_when_the_law_changed_is_kept_150_years(kind: RetainedKind, removed_on: date) -> None:
    last = retained_until(removed_on, kind)

    assert last < LONG_RETENTION_FROM or last.year - removed_on.year == 150
