"""Until when a notification is in time: the days are counted as the law counts them, and nobody is accused wrongly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.deadlines import (
    is_late,
    is_office_closed,
    last_day,
    procedure_of_move_out,
    require_statement_when_late,
)
from jukinet.domain.errors import LateStatementMissingError
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.rules import Rule
from tests.builders import notification

#: A Tuesday; fourteen days later is a Tuesday.
TUESDAY = date(2026, 11, 3)
DAYS = st.dates(date(2003, 8, 25), date(2060, 1, 1))
WITH_PERIOD = st.sampled_from([one for one in Procedure if one.row.deadline is not None])


@pytest.mark.parametrize("procedure", [Procedure.MOVE_IN, Procedure.RELOCATION, Procedure.HOUSEHOLD_CHANGE])
def test_fourteen_days_begin_on_the_day_after(procedure: Procedure) -> None:
    assert last_day(procedure, CivilDate.of(TUESDAY)) == date(2026, 11, 17)


def test_the_day_of_birth_is_the_first_of_its_fourteen() -> None:
    assert last_day(Procedure.BIRTH, CivilDate.of(TUESDAY)) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("born_on", "last"),
    [
        (date(2026, 6, 16), date(2026, 9, 15)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2022, 11, 30), date(2023, 2, 28)),
    ],
)
def test_a_birth_abroad_has_three_months(born_on: date, last: date) -> None:
    assert last_day(Procedure.BIRTH, CivilDate.of(born_on), is_abroad=True) == last


def test_a_death_is_reported_within_seven_days_of_learning_of_it() -> None:
    died = CivilDate.of(date(2026, 6, 1))

    assert last_day(Procedure.DEATH, died) is None
    assert last_day(Procedure.DEATH, died, learned_on=TUESDAY) == date(2026, 11, 9)
    assert not is_late(Procedure.DEATH, changed_on=died, notified_on=date(2026, 11, 3))


def test_a_period_that_ends_when_the_office_is_closed_ends_when_it_opens() -> None:
    saturday, eve = date(2026, 10, 31), date(2026, 12, 15)
    holiday = date(2026, 11, 23)

    assert last_day(Procedure.RELOCATION, CivilDate.of(saturday)) == date(2026, 11, 16)
    assert last_day(Procedure.RELOCATION, CivilDate.of(eve)) == date(2027, 1, 4)
    assert last_day(Procedure.RELOCATION, CivilDate.of(date(2026, 11, 9)), closed_days={holiday}) == date(2026, 11, 24)


def test_a_date_known_in_part_is_taken_at_its_latest() -> None:
    in_october = CivilDate.parse("2026-10-XX", may_be_irregular=True)
    some_day = CivilDate.parse("XXXX-XX-XX", may_be_irregular=True)

    assert not is_late(Procedure.RELOCATION, changed_on=in_october, notified_on=date(2026, 11, 16))
    assert is_late(Procedure.RELOCATION, changed_on=in_october, notified_on=date(2026, 11, 17))
    assert last_day(Procedure.BIRTH, some_day) is None


@pytest.mark.rule(Rule.LATE_NOTIFICATION_TAKES_A_STATEMENT)
def test_a_late_notification_takes_a_statement() -> None:
    moved_on, late = CivilDate.of(TUESDAY), date(2026, 11, 18)

    with pytest.raises(LateStatementMissingError) as caught:
        require_statement_when_late(Procedure.RELOCATION, notification(notified_on=late), changed_on=moved_on)
    assert caught.value.field == "statement"
    told = notification(notified_on=late, statement="入院していたため")
    require_statement_when_late(Procedure.RELOCATION, told, changed_on=moved_on)
    require_statement_when_late(
        Procedure.RELOCATION, notification(notified_on=late - timedelta(days=1)), changed_on=moved_on
    )
    require_statement_when_late(Procedure.HOUSEHOLD_CHANGE, Notification.ex_officio(late), changed_on=moved_on)


def test_a_move_out_is_notified_beforehand_or_soon_after_else_it_is_ex_officio() -> None:
    planned = CivilDate.of(TUESDAY)

    def found(notified_on: date, *, is_abroad: bool = False) -> Procedure:
        return procedure_of_move_out(planned_on=planned, notified_on=notified_on, is_abroad=is_abroad)

    assert found(date(2026, 10, 1)) is Procedure.MOVE_OUT
    assert found(date(2026, 11, 17)) is Procedure.MOVE_OUT
    assert found(date(2026, 11, 17), is_abroad=True) is Procedure.MOVE_OUT_ABROAD
    assert found(date(2026, 11, 18)) is Procedure.MOVE_OUT_LATE


@given(procedure=WITH_PERIOD, first=DAYS, later=st.integers(0, 400), is_abroad=st.booleans())
def test_a_later_event_never_ends_its_period_earlier(
    procedure: Procedure, first: date, later: int, *, is_abroad: bool
) -> None:
    second = first + timedelta(days=later)
    one = last_day(procedure, CivilDate.of(first), learned_on=first, is_abroad=is_abroad)
    other = last_day(procedure, CivilDate.of(second), learned_on=second, is_abroad=is_abroad)

    assert one is not None
    assert other is not None
    assert first <= one <= other
    assert not is_office_closed(one)


@given(procedure=WITH_PERIOD, happened=DAYS, waited=st.integers(0, 120), longer=st.integers(0, 120))
def test_who_is_late_stays_late(procedure: Procedure, happened: date, waited: int, longer: int) -> None:
    def late(days: int) -> bool:
        notified_on = happened + timedelta(days=days)
        return is_late(procedure, changed_on=CivilDate.of(happened), notified_on=notified_on, learned_on=happened)

    assert not late(waited) or late(waited + longer)


@given(procedure=WITH_PERIOD, happened=DAYS, waited=st.integers(0, 120))
def test_what_is_known_in_part_is_never_late_where_the_last_day_it_can_be_is_not(
    procedure: Procedure, happened: date, waited: int
) -> None:
    in_month = CivilDate.parse(f"{happened:%Y-%m}-XX", may_be_irregular=True)
    notified_on = happened + timedelta(days=waited)
    exact = is_late(procedure, changed_on=CivilDate.of(in_month.span[1]), notified_on=notified_on)

    assert is_late(procedure, changed_on=in_month, notified_on=notified_on) == exact
