"""When a change of a resident record may be recorded: the order of its dates, and who may still change.

Full deadlines and documents of each procedure are the register's next step; these rules hold for all of them.
"""

from __future__ import annotations

from datetime import date

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import DateOutOfOrderError, ImpossibleDateError
from jukinet.domain.rules import Rule, enforces


@enforces(Rule.NOTIFICATION_AFTER_THE_FACT)
def require_dates_in_order(*, changed_on: CivilDate, notified_on: date, today: date) -> None:
    """Refuse a change or a notification of the future, and a notification before the change.

    Raises:
        ImpossibleDateError: the change lies on a day that no calendar has.
        DateOutOfOrderError: naming `changed_on` or `notified_on`.
    """
    if changed_on.is_in_no_calendar:
        raise ImpossibleDateError(field="changed_on")
    earliest, _ = changed_on.span
    if earliest > today:
        raise DateOutOfOrderError("The change lies in the future.", field="changed_on")
    if notified_on > today:
        raise DateOutOfOrderError("The notification lies in the future.", field="notified_on")
    if earliest > notified_on:
        raise DateOutOfOrderError("The notification came before the change.", field="notified_on")


@enforces(Rule.CHANGE_AFTER_BIRTH)
def require_not_before_birth(*, changed_on: CivilDate, birth_date: CivilDate) -> None:
    """Refuse a change that lies before the person's birth.

    Raises:
        DateOutOfOrderError: naming `changed_on`.
    """
    _, latest = changed_on.span
    earliest_birth, _ = birth_date.span
    if latest < earliest_birth:
        raise DateOutOfOrderError("The change lies before the birth.", field="changed_on")
