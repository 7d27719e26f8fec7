"""Put the letters an ex officio act calls for (本人への通知) on the list, in the transaction of the act.

Source: Order art. 12(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.domain.notifications import Notification
from jukinet.domain.person_notices import is_person_told, told_items
from jukinet.domain.procedures import find_procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.person_notice_store import add_person_notice
from jukinet.postgres.database import Unit


async def call_for_person_notices(
    unit: Unit,
    *,
    steps: Sequence[RecordStep],
    written: Sequence[ResidentRecord],
    procedure: str,
    notification: Notification,
    whereabouts: str | None,
    now: datetime,
) -> None:
    """List a letter for everybody whose record the act changed. `whereabouts` is where those removed can be reached."""
    if not is_person_told(find_procedure(procedure), notification):
        return
    for step, record in zip(steps, written, strict=True):
        items = told_items(step)
        # What a removed record (除票) says is no entry any more: nobody is told of its correction.
        is_removed = step.before is not None and step.before.is_removed and record.is_removed
        if items and not is_removed:
            destination = whereabouts if record.is_removed else record.address
            await add_person_notice(unit, record, procedure=procedure, items=items, destination=destination, now=now)
