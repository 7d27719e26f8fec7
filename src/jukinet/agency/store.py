"""Every statement of the agency node: which queries its officials made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

_RECORD: Final = """
    INSERT INTO request.confirmation
           (message_id, asked_at, official, office, affair, matter_number, purpose, method, through, result)
    VALUES (%(message_id)s, %(asked_at)s, %(official)s, %(office)s, %(affair)s, %(matter_number)s, %(purpose)s,
            %(method)s, %(through)s, %(result)s)
        ON CONFLICT (message_id) DO NOTHING
"""

_LIST: Final = """
    SELECT message_id, asked_at, official, affair, matter_number, purpose, result, office, method, through
      FROM request.confirmation
     ORDER BY message_id DESC
     LIMIT %(limit)s
"""

_SEARCH: Final = """
    SELECT message_id, asked_at, official, affair, matter_number, purpose, result, office, method, through
      FROM request.confirmation
     WHERE matter_number = %(matter_number)s
     ORDER BY message_id DESC
     LIMIT %(limit)s
"""

_DELETE: Final = """
    DELETE FROM request.confirmation
     WHERE asked_at < %(before)s
"""


@dataclass(frozen=True, slots=True)
class AskedConfirmation:
    """One query this organ made. What was answered is not kept here."""

    message_id: str
    asked_at: datetime
    official: str
    affair: str
    matter_number: str
    purpose: str = field(repr=False)
    result: str
    office: str = ""
    #: 照会の方法: `real_time`, `verification` or `search`.
    method: str = "real_time"
    #: What it came through: `screen`, `command`, or the name of the organ's own system.
    through: str = "screen"


async def record_confirmation(unit: Unit, asked: AskedConfirmation) -> bool:
    """Keep that the query was made; return whether it is new, and not the same one repeated under its key."""
    cursor = await unit.execute(_RECORD, asdict(asked))
    return cursor.rowcount == 1


async def list_confirmations(unit: Unit, *, limit: int, matter_number: str | None = None) -> list[AskedConfirmation]:
    """Return the newest queries, all or those of one matter."""
    if matter_number is None:
        cursor = await unit.execute(_LIST, {"limit": limit})
    else:
        cursor = await unit.execute(_SEARCH, {"limit": limit, "matter_number": matter_number})
    return [AskedConfirmation(*row) for row in await cursor.fetchall()]


async def delete_confirmations(unit: Unit, *, before: datetime) -> int:
    """Delete the queries made before an instant; return how many."""
    cursor = await unit.execute(_DELETE, {"before": before})
    return cursor.rowcount
