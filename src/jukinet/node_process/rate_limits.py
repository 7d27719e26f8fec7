"""How often an organ may ask (照会の頻度の上限): a bucket of tokens for each, in memory, filled as time goes by.

It keeps one organ's runaway program from the others' answers. It is no means against curiosity: that is the log.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jukinet.domain.errors import RateLimitError


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many questions a second in the long run, so many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """How an organ stands: so many at once, so many of them left, all of them again in so many seconds."""

    limit: int
    remaining: int
    reset_seconds: int


class RateLimits:
    """The buckets of all organs. What is not limited by its own figure goes by the usual one."""

    def __init__(self, usual: RateLimit, own: Mapping[str, RateLimit]) -> None:
        self._usual: Final = usual
        self._own: Final = dict(own)
        #: By organ: when the bucket would be full if nobody asked any more.
        self._full_at: Final[dict[str, datetime]] = {}

    def take(self, organ: str, *, now: datetime) -> Allowance:
        """Count one question of this organ; return how it stands afterwards.

        Raises:
            RateLimitError: there are more than agreed; the error says how many seconds to wait.
        """
        limit = self._own.get(organ, self._usual)
        full_at = max(self._full_at.get(organ, now), now) + timedelta(seconds=1 / limit.per_second)
        excess = (full_at - now).total_seconds() - limit.burst / limit.per_second
        if excess > 0:
            raise RateLimitError(field="sender", retry_after_seconds=max(1, math.ceil(excess)))
        self._full_at[organ] = full_at
        return self.find_allowance(organ, now=now)

    def find_allowance(self, organ: str, *, now: datetime) -> Allowance:
        """Return how an organ stands, counting nothing."""
        limit = self._own.get(organ, self._usual)
        missing = max(0.0, (self._full_at.get(organ, now) - now).total_seconds())
        remaining = max(0, math.floor(limit.burst - missing * limit.per_second + 1e-6))
        return Allowance(limit=limit.burst, remaining=remaining, reset_seconds=math.ceil(missing))
