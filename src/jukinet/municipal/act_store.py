"""Every statement on acts (異動): one row per notification or ex officio act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.domain.errors import ActCancelledError, ActNotFoundError
from jukinet.domain.notifications import Notification
from jukinet.domain.resident_record import ResidentRecord
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD: Final = """
    INSERT INTO register.act (procedure, acted_on, notified_on, notifier, notifier_name, identity_check, documents,
                              is_late, statement, cancels, recorded_at, recorded_by, approved_by)
    VALUES (%(procedure)s, %(acted_on)s, %(notified_on)s, %(notifier)s, %(notifier_name)s, %(identity_check)s,
            %(documents)s, %(is_late)s, %(statement)s, %(cancels)s, %(recorded_at)s, %(recorded_by)s, %(approved_by)s)
    RETURNING act_number
"""

_LIST: Final = """
    SELECT act_number, procedure, acted_on, notified_on, notifier, notifier_name, identity_check, documents, is_late,
           statement, cancels, recorded_at, recorded_by, approved_by
      FROM register.act
     WHERE act_number = ANY(%(act_numbers)s)
     ORDER BY act_number
"""

_LIST_CANCELLATIONS: Final = """
    SELECT cancels, act_number FROM register.act WHERE cancels = ANY(%(act_numbers)s)
"""

_LIST_RESIDENTS: Final = """
    SELECT DISTINCT resident_number FROM register.resident_record WHERE act_number = %(act_number)s ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """One act as it was recorded."""

    act_number: int
    procedure: str
    acted_on: str = field(repr=False)
    notified_on: date
    notifier: str
    notifier_name: str | None = field(repr=False)
    identity_check: str
    documents: list[str]
    is_late: bool
    statement: str | None = field(repr=False)
    cancels: int | None
    recorded_at: datetime
    recorded_by: str
    approved_by: str | None


async def add_act(
    unit: Unit,
    *,
    procedure: str,
    acted_on: str,
    notification: Notification,
    is_late: bool,
    cancels: int | None,
    recorded_at: datetime,
    recorded_by: str,
    approved_by: str | None,
) -> int:
    """Add an act and return its number; raise ActCancelledError when the act it cancels was cancelled before."""
    parameters = {
        "procedure": procedure,
        "acted_on": acted_on,
        "notified_on": notification.notified_on,
        "notifier": notification.notifier.tag,
        "notifier_name": notification.notifier_name,
        "identity_check": notification.identity_check.tag,
        "documents": sorted(document.tag for document in notification.documents),
        "is_late": is_late,
        "statement": notification.statement,
        "cancels": cancels,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
        "approved_by": approved_by,
    }
    with violations_as({"act_cancels": ActCancelledError}):
        row = await (await unit.execute(_ADD, parameters)).fetchone()
    return int(row[0]) if row else 0


async def list_acts(unit: Unit, act_numbers: list[int]) -> list[RecordedAct]:
    """Return acts by number."""
    cursor = await unit.execute(_LIST, {"act_numbers": act_numbers})
    return [RecordedAct(*row) for row in await cursor.fetchall()]


async def find_act(unit: Unit, act_number: int) -> RecordedAct:
    """Return an act; raise ActNotFoundError."""
    found = await list_acts(unit, [act_number])
    if not found:
        raise ActNotFoundError(field="act_number")
    return found[0]


async def list_cancellations(unit: Unit, act_numbers: Sequence[int]) -> dict[int, int]:
    """Return, by the number of a cancelled act, the act that cancelled it."""
    cursor = await unit.execute(_LIST_CANCELLATIONS, {"act_numbers": list(act_numbers)})
    return {int(cancelled): int(act_number) for cancelled, act_number in await cursor.fetchall()}


async def list_residents_of_act(unit: Unit, act_number: int) -> list[int]:
    """Return the numbers of those whose records the act changed."""
    cursor = await unit.execute(_LIST_RESIDENTS, {"act_number": act_number})
    return [int(number) for (number,) in await cursor.fetchall()]


def acts_of(records: list[ResidentRecord]) -> list[int]:
    """Return the acts that versions came from."""
    return sorted({record.act_number for record in records if record.act_number is not None})
