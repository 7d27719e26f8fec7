"""Until when a notification is in time (届出期間), and what a late one takes.

The first day does not count (Civil Code art. 140), except for reports under the Family Register Act (its art. 43). A
period that ends on a day the office is closed ends on the next day it is open (Local Autonomy Act art. 4-2(4)).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import LateStatementMissingError
from jukinet.domain.national_holidays import is_national_holiday
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.rules import Rule, enforces

_SATURDAY: Final = 5
_MONTHS: Final = 12
#: 29 December to 3 January, by month and day.
_TURN_OF_THE_YEAR: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
_NO_DAYS: Final = frozenset[date]()


def is_office_closed(day: date, *, closed_days: Collection[date] = _NO_DAYS) -> bool:
    """Return whether it is a weekend, a national holiday, the turn of the year, or one of `closed_days`."""
    is_closed_everywhere = day.weekday() >= _SATURDAY or (day.month, day.day) in _TURN_OF_THE_YEAR
    return is_closed_everywhere or is_national_holiday(day) or day in closed_days


def last_day(
    procedure: Procedure,
    changed_on: CivilDate,
    *,
    learned_on: date | None = None,
    is_abroad: bool = False,
    closed_days: Collection[date] = _NO_DAYS,
) -> date | None:
    """Return the last day of the period; None where there is none or nobody knows when it began.

    A date known in part is taken at its latest, so that nobody is called late who may not be. `is_abroad`: the birth
    or death happened abroad.
    """
    deadline = procedure.row.deadline
    if deadline is None or (deadline.from_learning and learned_on is None):
        return None
    _, latest = changed_on.span
    first = learned_on if deadline.from_learning and learned_on is not None else latest
    if first >= date.max - timedelta(days=366):
        return None
    start = first if deadline.counts_first_day else first + timedelta(days=1)
    if is_abroad and deadline.months_abroad is not None:
        last = _last_of_months(start, deadline.months_abroad)
    else:
        last = start + timedelta(days=deadline.days - 1)
    while is_office_closed(last, closed_days=closed_days):
        last += timedelta(days=1)
    return last


def is_late(
    procedure: Procedure,
    *,
    changed_on: CivilDate,
    notified_on: date,
    learned_on: date | None = None,
    is_abroad: bool = False,
    closed_days: Collection[date] = _NO_DAYS,
) -> bool:
    """Return whether a notification of that day comes after the period."""
    last = last_day(procedure, changed_on, learned_on=learned_on, is_abroad=is_abroad, closed_days=closed_days)
    return last is not None and notified_on > last


@enforces(Rule.LATE_NOTIFICATION_TAKES_A_STATEMENT)
def require_statement_when_late(
    procedure: Procedure,
    notification: Notification,
    *,
    changed_on: CivilDate,
    closed_days: Collection[date] = _NO_DAYS,
) -> None:
    """Refuse a late notification at the counter that says no reason.

    Raises:
        LateStatementMissingError: naming `statement`.
    """
    late = is_late(procedure, changed_on=changed_on, notified_on=notification.notified_on, closed_days=closed_days)
    if late and not notification.is_ex_officio and notification.statement is None:
        raise LateStatementMissingError(field="statement")


def procedure_of_move_out(
    *, planned_on: CivilDate, notified_on: date, is_abroad: bool, closed_days: Collection[date] = _NO_DAYS
) -> Procedure:
    """Return which procedure a move-out is: notified in time, going abroad, or too late to be other than ex officio."""
    if is_late(Procedure.MOVE_OUT, changed_on=planned_on, notified_on=notified_on, closed_days=closed_days):
        return Procedure.MOVE_OUT_LATE
    return Procedure.MOVE_OUT_ABROAD if is_abroad else Procedure.MOVE_OUT


def _last_of_months(start: date, months: int) -> date:
    """Return the day before the corresponding one, or the month's last where it has none (Civil Code art. 143(2))."""
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length) if start.day > length else date(year, month + 1, start.day) - timedelta(days=1)
