"""The state of the line to each receiver: since when it fails, how often it was tried, why (回線の状態)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName

_SUCCESS: Final = """
    INSERT INTO delivery.line (receiver, failing_since, attempts, last_error_code, last_success_at)
    VALUES (%(receiver)s, NULL, 0, NULL, %(now)s)
    ON CONFLICT (receiver) DO UPDATE
       SET failing_since = NULL, attempts = 0, last_error_code = NULL, last_success_at = excluded.last_success_at
"""

_FAILURE: Final = """
    INSERT INTO delivery.line (receiver, failing_since, attempts, last_error_code)
    VALUES (%(receiver)s, %(now)s, 1, %(error_code)s)
    ON CONFLICT (receiver) DO UPDATE
       SET failing_since = coalesce(line.failing_since, excluded.failing_since),
           attempts = line.attempts + 1,
           last_error_code = excluded.last_error_code
"""

_LIST: Final = """
    SELECT receiver, failing_since, attempts, last_error_code, last_success_at
      FROM delivery.line
     ORDER BY receiver
"""


@dataclass(frozen=True, slots=True)
class Line:
    """How the line to one receiver does. `failing_since` is None while it works."""

    receiver: str
    failing_since: datetime | None
    attempts: int
    last_error_code: str | None
    last_success_at: datetime | None


async def record_success(unit: Unit, *, receiver: NodeName, now: datetime) -> None:
    """Note that the receiver answered."""
    await unit.execute(_SUCCESS, {"receiver": receiver.text, "now": now})


async def record_failure(unit: Unit, *, receiver: NodeName, error_code: str, now: datetime) -> None:
    """Note that the receiver did not answer, or refused."""
    await unit.execute(_FAILURE, {"receiver": receiver.text, "now": now, "error_code": error_code})


async def list_lines(unit: Unit) -> list[Line]:
    """Return every line this node ever used."""
    cursor = await unit.execute(_LIST)
    return [Line(*row) for row in await cursor.fetchall()]
