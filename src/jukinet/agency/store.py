"""Every statement of the agency node: which queries its officials made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

_RECORD: Final = """
    INSERT INTO request.confirmation (message_id, asked_at, official, affair, matter_number, purpose, result)
    VALUES (%(message_id)s, %(asked_at)s, %(official)s, %(affair)s, %(matter_number)s, %(purpose)s, %(result)s)
"""

_LIST: Final = """
    SELECT message_id, asked_at, official, affair, matter_number, purpose, result
      FROM request.confirmation
     ORDER BY message_id DESC
     LIMIT %(limit)s
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


async def record_confirmation(unit: Unit, asked: AskedConfirmation) -> None:
    """Keep that the query was made."""
    parameters = {
        "message_id": asked.message_id,
        "asked_at": asked.asked_at,
        "official": asked.official,
        "affair": asked.affair,
        "matter_number": asked.matter_number,
        "purpose": asked.purpose,
        "result": asked.result,
    }
    await unit.execute(_RECORD, parameters)


async def list_confirmations(unit: Unit, *, limit: int) -> list[AskedConfirmation]:
    """Return the newest queries."""
    cursor = await unit.execute(_LIST, {"limit": limit})
    return [AskedConfirmation(*row) for row in await cursor.fetchall()]
