"""How long the register keeps what is no longer in force (保存期間): five years, 150 from 2019-06-20.

A removed record that had not yet reached its fifth year on that day is kept for 150; what had been
destroyed by then stays so. Source: Order (–2019) art. 34(1)(3), (2019–) art. 34(1)(2)(4).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.domain.errors import StillRetainedError
from jukinet.domain.rules import Rule, enforces

#: The first day of the long period.
LONG_RETENTION_FROM: Final = date(2019, 6, 20)
_SHORT_YEARS: Final = 5
_LONG_YEARS: Final = 150
_PAPER_YEARS: Final = 1


class RetainedKind(Enum):
    """What is kept, and from when its period runs."""

    #: From the removal.
    REMOVED_RECORD = ("removed_record", "除票")
    #: From the day it was superseded.
    SUPERSEDED_RECORD = ("superseded_record", "改製原住民票")
    #: From the next notice of the same person, or from the notice itself where it was of a removal. No article gave a
    #: period before 2019-06-20; copies are kept as long as the records they were made from.
    NOTIFIED_COPY = ("notified_copy", "通知した本人確認情報の控え")
    #: From the receipt.
    NOTIFICATION_FORM = ("notification_form", "届出書・通知書")
    #: From the day it came back.
    RETURNED_NOTICE = ("returned_notice", "返戻された通知票")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label

    @property
    def is_paper(self) -> bool:
        """Return whether it is kept for a year only."""
        return self in {RetainedKind.NOTIFICATION_FORM, RetainedKind.RETURNED_NOTICE}


def retained_until(begun_on: date, kind: RetainedKind) -> date:
    """Return the last day it is kept. The day the period begins on does not count (Civil Code art. 140)."""
    if kind.is_paper:
        return _last_of_years(begun_on, _PAPER_YEARS)
    short = _last_of_years(begun_on, _SHORT_YEARS)
    return short if short < LONG_RETENTION_FROM else _last_of_years(begun_on, _LONG_YEARS)


@enforces(Rule.RETENTION)
def require_retention_over(begun_on: date, kind: RetainedKind, *, today: date) -> None:
    """Refuse to destroy what must still be kept.

    Raises:
        StillRetainedError: the period is not over.
    """
    if today <= retained_until(begun_on, kind):
        raise StillRetainedError


def _last_of_years(begun_on: date, years: int) -> date:
    """Return the day before the corresponding one, or the month's last where it has none (Civil Code art. 143(2))."""
    start = begun_on + timedelta(days=1)
    year = start.year + years
    length = monthrange(year, start.month)[1]
    if start.day > length:
        return date(year, start.month, length)
    return date(year, start.month, start.day) - timedelta(days=1)
