"""Follow a mass change of addresses (一括住所変更の進み具合): how far it is, how long it takes, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jukinet.municipal.mass_change_pace_store import Pace, find_pace
from jukinet.municipal.mass_change_store import (
    MassChange,
    NotApplied,
    find_mass_change,
    list_refused_households,
    list_refused_rows,
)
from jukinet.postgres.database import Database

#: The pace is that of the last minute: what was before an interruption says nothing.
_LATELY: Final = timedelta(minutes=1)
_MOST_REFUSED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A mass change on its way."""

    change: MassChange
    pace: Pace
    #: How long it takes but for those a clerk is at work on; None where nothing else waits or nothing went on lately.
    remaining: timedelta | None
    refused_rows: Sequence[NotApplied]
    refused_households: Sequence[NotApplied]
    #: Whether it is under way and nothing went on for a minute.
    is_stopped: bool

    @property
    def percent(self) -> int:
        """Return how much of it is through."""
        if self.change.state == "finished":
            return 100
        return 100 * self.change.settled // self.change.households if self.change.households else 0


async def follow_address_change(*, mass_change_number: int, now: datetime, database: Database) -> Followed:
    """Return how far a mass change has come; raise MassChangeNotFoundError. Nobody's address is shown by it."""
    async with database.connection() as connection:
        change = await find_mass_change(connection, mass_change_number)
        after = max(now - _LATELY, change.started_at or now)
        pace = await find_pace(connection, mass_change_number, after=now - _LATELY, now=now)
        refused_rows = await list_refused_rows(connection, mass_change_number)
        refused = await list_refused_households(connection, mass_change_number, limit=_MOST_REFUSED)
    is_running = change.state == "running"
    return Followed(
        change=change,
        pace=pace,
        remaining=estimate_remaining(pace.waiting - pace.held, pace.recent, now - after) if is_running else None,
        refused_rows=refused_rows,
        refused_households=refused,
        is_stopped=is_running and not pace.recent and pace.held < pace.waiting and now - after >= _LATELY,
    )


def estimate_remaining(waiting: int, recent: int, length: timedelta) -> timedelta | None:
    """Return how long what waits will take at the pace of what was settled in a length of time."""
    if not waiting or not recent:
        return None
    return max(length, timedelta(seconds=1)) * (waiting / recent)
