"""The publication of provisions: what is small is hidden, and follows from nothing that is shown."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.domain.errors import DateOutOfOrderError
from jukinet.domain.provision_publication import (
    FEWEST,
    ProvisionCount,
    fiscal_year_of,
    hide,
    month_number,
    publish,
)

PARTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 500)), min_size=1, max_size=6)
COUNTS = st.lists(
    st.builds(
        ProvisionCount,
        organ=st.sampled_from("甲乙丙"),
        affair=st.sampled_from(("1-1-1", "1-2-1")),
        method=st.just("real_time"),
        months=st.lists(st.one_of(st.just(0), st.integers(0, 30)), min_size=12, max_size=12).map(tuple),
    ),
    max_size=5,
    unique_by=lambda one: (one.organ, one.affair),
)


@pytest.mark.parametrize(
    ("parts", "whole", "shown"),
    [
        ([100, 200], 300, [100, 200]),
        ([0, 0], 0, [0, 0]),
        ([4, 0, 100, 30], 134, [None, 0, 100, None]),
        ([4, 5, 100], 109, [None, None, 100]),
        ([1, 1, 100], 102, [None, None, None]),
        ([9, 9], None, [None, None]),
        ([4], None, [None]),
        ([3, 3], None, [None, None]),
        ([4, 12], 16, [None, None]),
    ],
)
def test_a_small_part_is_hidden_together_with_another(
    parts: list[int], whole: int | None, shown: list[int | None]
) -> None:
    assert hide(parts) == (whole, shown)


@settings(max_examples=60, deadline=None)
@given(PARTS)
def test_no_hidden_part_follows_from_the_sum(parts: list[int]) -> None:
    whole, shown = hide(parts)
    hidden = [part for part, seen in zip(parts, shown, strict=True) if seen is None]

    assert all(seen is None or seen == 0 or seen >= FEWEST for seen in shown)
    if whole is None or not hidden:
        return
    known = whole - sum(seen for seen in shown if seen is not None)
    small = range(1, FEWEST)
    for place, part in enumerate(hidden):
        if part in small and len(hidden) <= 3:
            # Whoever knows that a figure is small still has more than one to choose from.
            choices = product(range(1, known + 1), repeat=len(hidden) - 1)
            possible = {known - sum(others) for others in choices} & set(small)
            assert len(possible) > 1, (parts, place)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_every_published_sum_is_of_shown_parts_or_hides_at_least_two(counts: list[ProvisionCount]) -> None:
    published = publish(2026, counts)
    sums: list[tuple[int | None, list[int | None]]] = [(published.total, list(published.organ_totals.values()))]
    sums += [
        (total, [row.total for row in published.rows if row.organ == organ])
        for organ, total in published.organ_totals.items()
    ]
    sums += [(row.total, list(row.months)) for row in published.rows]

    for whole, parts in sums:
        assert parts.count(None) != 1 or whole is None
        if None not in parts:
            assert whole == sum(part for part in parts if part is not None)


def test_a_fiscal_year_begins_in_april_and_not_in_the_future() -> None:
    assert fiscal_year_of(2025, today=date(2026, 11, 20)) == (date(2025, 4, 1), date(2026, 4, 1))
    assert [month_number(date(2026, month, 1)) for month in (4, 12, 1, 3)] == [0, 8, 9, 11]
    with pytest.raises(DateOutOfOrderError):
        fiscal_year_of(2027, today=date(2026, 11, 20))
    with pytest.raises(DateOutOfOrderError):
        fiscal_year_of(1999, today=date(2026, 11, 20))
