"""Time is a parameter (I12): what a clock is, and the civil day of an instant. Nothing here reads one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Final, TypeAlias

#: A function that tells the present instant, always with a time zone. Only `cli` makes one from the machine.
Clock: TypeAlias = Callable[[], datetime]

#: Japan Standard Time. Japan has had no daylight saving since 1951.
JAPAN: Final = timezone(timedelta(hours=9), "JST")


def civil_day(instant: datetime) -> date:
    """Return the day it is in Japan at `instant`; raise ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return instant.astimezone(JAPAN).date()
