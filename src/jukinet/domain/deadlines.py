"""Until when a notification is in time (届出期間), and what a late one takes.

The first day does not count (Civil Code art. 140), except for reports under the Family Register Act (its art. 43).
"""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import LateStatementMissingError
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.rules import Rule, enforces


def last_day(procedure: Procedure, changed_on: CivilDate) -> date | None:
    """Return the last day of the period; None where there is none. A date known in part is taken at its latest."""
    deadline = procedure.row.deadline
    if deadline is None:
        return None
    _, latest = changed_on.span
    return latest + timedelta(days=deadline.days - deadline.counts_first_day)


def is_late(procedure: Procedure, *, changed_on: CivilDate, notified_on: date) -> bool:
    """Return whether a notification of that day comes after the period."""
    last = last_day(procedure, changed_on)
    return last is not None and notified_on > last


@enforces(Rule.LATE_NOTIFICATION_TAKES_A_STATEMENT)
def require_statement_when_late(procedure: Procedure, notification: Notification, *, changed_on: CivilDate) -> None:
    """Refuse a late notification at the counter that says no reason.

    Raises:
        LateStatementMissingError: naming `statement`.
    """
    late = is_late(procedure, changed_on=changed_on, notified_on=notification.notified_on)
    if late and not notification.is_ex_officio and notification.statement is None:
        raise LateStatementMissingError(field="statement")
