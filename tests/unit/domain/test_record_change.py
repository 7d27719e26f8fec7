"""The day of a change is a day of the calendar, not in the future, and not after its notification."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import DateOutOfOrderError, ImpossibleDateError
from jukinet.domain.record_change import require_dates_in_order

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("changed_on", ["2026-11-20", "2026-02-XX", "2024-02-29"])
def test_a_change_up_to_today_stands_even_where_its_day_is_known_in_part(changed_on: str) -> None:
    day = CivilDate.from_wire(changed_on, may_be_irregular=True)

    require_dates_in_order(changed_on=day, notified_on=TODAY, today=TODAY)


def test_nothing_happens_on_the_leap_day_of_a_common_year() -> None:
    day = CivilDate.from_wire("2025-02-29", may_be_irregular=True)

    with pytest.raises(ImpossibleDateError) as refusal:
        require_dates_in_order(changed_on=day, notified_on=TODAY, today=TODAY)

    assert refusal.value.field == "changed_on"


def test_a_change_of_tomorrow_is_refused() -> None:
    with pytest.raises(DateOutOfOrderError):
        require_dates_in_order(changed_on=CivilDate.from_wire("2026-11-21"), notified_on=TODAY, today=TODAY)
