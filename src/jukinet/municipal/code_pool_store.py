"""Every statement on the state of the pool of resident record codes, and on what was asked for to fill it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

#: Below this many free codes the pool is low: more are asked for, and the operators are told.
LOW: Final = 100

_FIND_STATE: Final = """
    SELECT count(*) FILTER (WHERE used_at IS NULL), count(*) FILTER (WHERE used_at IS NOT NULL),
           max(allotted_at)
      FROM register.code_pool
"""

_CONTINUE: Final = """
    UPDATE register.code_request
       SET attempts = attempts + 1, attempted_at = %(now)s
     WHERE answered_at IS NULL
 RETURNING request_number
"""

_OPEN: Final = """
    INSERT INTO register.code_request (requested_at, free_then, quantity, attempted_at)
    VALUES (%(now)s, %(free)s, %(quantity)s, %(now)s)
        ON CONFLICT DO NOTHING
"""

_NOTE_FAILURE: Final = "UPDATE register.code_request SET error_code = %(error_code)s WHERE answered_at IS NULL"

_CLOSE: Final = """
    UPDATE register.code_request
       SET answered_at = %(now)s, came = %(came)s, error_code = NULL
     WHERE answered_at IS NULL
"""

_LIST_REQUESTS: Final = """
    SELECT requested_at, free_then, quantity, attempts, attempted_at, error_code, answered_at, came
      FROM register.code_request
     ORDER BY request_number DESC
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What was asked of the prefecture, and what came of it."""

    requested_at: datetime
    free_then: int
    quantity: int
    attempts: int
    attempted_at: datetime
    #: Why nothing came at the last attempt; None while the first is under way, and once codes came.
    error_code: str | None
    answered_at: datetime | None
    came: int | None


@dataclass(frozen=True, slots=True)
class PoolState:
    """How many codes are free and used, and what was asked for, newest first."""

    free: int
    used: int
    last_allotted_at: datetime | None
    requests: tuple[CodeRequest, ...]

    @property
    def is_low(self) -> bool:
        """Return whether more codes are needed."""
        return self.free < LOW

    @property
    def open_request(self) -> CodeRequest | None:
        """Return the request that is not answered yet."""
        return next((request for request in self.requests if request.answered_at is None), None)


async def find_pool_state(unit: Unit, *, limit: int = 20) -> PoolState:
    """Return the state of the pool, with at most `limit` requests."""
    row = await (await unit.execute(_FIND_STATE)).fetchone()
    free, used, last = row or (0, 0, None)
    cursor = await unit.execute(_LIST_REQUESTS, {"limit": limit})
    requests = tuple(CodeRequest(*values) for values in await cursor.fetchall())
    return PoolState(int(free), int(used), last, requests)


async def open_request(unit: Unit, *, free: int, quantity: int, now: datetime) -> bool:
    """Note that codes are asked for; return whether that is new, not a repetition of what was not answered."""
    if await (await unit.execute(_CONTINUE, {"now": now})).fetchone() is not None:
        return False
    cursor = await unit.execute(_OPEN, {"now": now, "free": free, "quantity": quantity})
    return cursor.rowcount == 1


async def note_request_failure(unit: Unit, error_code: str) -> None:
    """Note why no codes came."""
    await unit.execute(_NOTE_FAILURE, {"error_code": error_code})


async def close_request(unit: Unit, *, came: int, now: datetime) -> None:
    """Note that codes came."""
    await unit.execute(_CLOSE, {"now": now, "came": came})
