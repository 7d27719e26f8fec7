"""Every statement on operators and their sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg.types.json import Jsonb

from jukinet.postgres.database import Unit

_ADD_OPERATOR: Final = """
    INSERT INTO operators.operator (operator_id, display_name, password_hash, enrolled_at, enrolled_by)
    VALUES (%(operator_id)s, %(display_name)s, %(password_hash)s, %(enrolled_at)s, %(enrolled_by)s)
        ON CONFLICT (operator_id) DO NOTHING
"""

_LOCK_OPERATOR: Final = """
    SELECT operator_id, password_hash, failed_count, locked_at
      FROM operators.operator
     WHERE operator_id = %(operator_id)s
       FOR UPDATE
"""

_SET_FAILURES: Final = """
    UPDATE operators.operator
       SET failed_count = %(failed_count)s, locked_at = %(locked_at)s
     WHERE operator_id = %(operator_id)s
"""

_OPEN_SESSION: Final = """
    INSERT INTO operators.session (token_hash, operator_id, opened_at, last_seen_at)
    VALUES (%(token_hash)s, %(operator_id)s, %(now)s, %(now)s)
"""

# Looking at a session is using it: one statement both checks and prolongs it.
_USE_SESSION: Final = """
    UPDATE operators.session AS used
       SET last_seen_at = CASE WHEN %(prolongs)s THEN %(now)s ELSE used.last_seen_at END
      FROM operators.operator AS owner
     WHERE used.token_hash = %(token_hash)s
       AND used.opened_at > %(opened_after)s
       AND used.last_seen_at > %(seen_after)s
       AND owner.operator_id = used.operator_id
       AND owner.locked_at IS NULL
 RETURNING owner.operator_id, owner.display_name, used.search_keys
"""

_KEEP_SEARCH: Final = """
    UPDATE operators.session SET search_keys = %(search_keys)s WHERE token_hash = %(token_hash)s
"""

_CLOSE_SESSION: Final = "DELETE FROM operators.session WHERE token_hash = %(token_hash)s"

_FORGET_SESSIONS: Final = """
    DELETE FROM operators.session WHERE opened_at <= %(opened_after)s OR last_seen_at <= %(seen_after)s
"""


@dataclass(frozen=True, slots=True)
class OperatorLock:
    """What sign-in needs to know of an operator."""

    operator_id: str
    password_hash: str = field(repr=False)
    failed_count: int
    locked_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who uses the screens, and what was searched last."""

    operator_id: str
    display_name: str
    search_keys: Mapping[str, Any] = field(repr=False)


#: Whoever has not signed in.
NOBODY: Final = OpenSession("", "", {})


async def add_operator(
    unit: Unit, *, operator_id: str, display_name: str, password_hash: str, now: datetime, by: str
) -> bool:
    """Add an operator; return False when the id is taken."""
    parameters = {
        "operator_id": operator_id,
        "display_name": display_name,
        "password_hash": password_hash,
        "enrolled_at": now,
        "enrolled_by": by,
    }
    return (await unit.execute(_ADD_OPERATOR, parameters)).rowcount == 1


async def lock_operator(unit: Unit, operator_id: str) -> OperatorLock | None:
    """Return the operator, locked until the transaction ends; None when there is none."""
    row = await (await unit.execute(_LOCK_OPERATOR, {"operator_id": operator_id})).fetchone()
    return None if row is None else OperatorLock(*row)


async def record_failures(unit: Unit, operator_id: str, *, failed_count: int, locked_at: datetime | None) -> None:
    """Note how often in a row the password was wrong, and whether that locks the operator."""
    parameters = {"operator_id": operator_id, "failed_count": failed_count, "locked_at": locked_at}
    await unit.execute(_SET_FAILURES, parameters)


async def add_session(unit: Unit, *, token_hash: bytes, operator_id: str, now: datetime) -> None:
    """Open a session."""
    await unit.execute(_OPEN_SESSION, {"token_hash": token_hash, "operator_id": operator_id, "now": now})


async def use_session(
    unit: Unit, *, token_hash: bytes, now: datetime, opened_after: datetime, seen_after: datetime, prolongs: bool
) -> OpenSession | None:
    """Return the session, and prolong it or not; None when there is none, it has expired, or its operator is locked."""
    parameters = {
        "token_hash": token_hash,
        "now": now,
        "opened_after": opened_after,
        "seen_after": seen_after,
        "prolongs": prolongs,
    }
    row = await (await unit.execute(_USE_SESSION, parameters)).fetchone()
    return None if row is None else OpenSession(*row)


async def keep_search_keys(unit: Unit, *, token_hash: bytes, search_keys: Mapping[str, str]) -> None:
    """Keep what was searched last, for coming back to it."""
    await unit.execute(_KEEP_SEARCH, {"token_hash": token_hash, "search_keys": Jsonb(dict(search_keys))})


async def remove_session(unit: Unit, *, token_hash: bytes) -> None:
    """Close a session."""
    await unit.execute(_CLOSE_SESSION, {"token_hash": token_hash})


async def remove_expired_sessions(unit: Unit, *, opened_after: datetime, seen_after: datetime) -> None:
    """Forget the sessions that have ended by themselves."""
    await unit.execute(_FORGET_SESSIONS, {"opened_after": opened_after, "seen_after": seen_after})
