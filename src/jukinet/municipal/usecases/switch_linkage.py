"""Switch to manual linkage (手動連携) and back. Back in automatic, what was kept goes up in order."""

from __future__ import annotations

from typing import Literal

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.municipal.resident_system.settling import Linking, settle_records
from jukinet.municipal.resident_system.store import list_kept_residents, set_mode, take_turn
from jukinet.postgres.database import Unit


async def switch_linkage(unit: Unit, *, mode: Literal["automatic", "manual"], linking: Linking) -> int:
    """Switch, and return how many kept records were applied by it."""
    await take_turn(unit)
    await set_mode(unit, mode, changed_by=linking.actor, now=linking.now)
    event = Entry(
        event=AuditEvent.LINKAGE_SWITCHED, occurred_at=linking.now, actor=linking.actor, detail={"mode": mode}
    )
    await append(unit, [event])
    if mode == "manual":
        return 0
    kept = await list_kept_residents(unit)
    settled = await settle_records(unit, resident_numbers=kept, linking=linking)
    return sum(1 for one in settled.values() if one.state == "applied")
