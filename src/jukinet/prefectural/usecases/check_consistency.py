"""Compare what a municipality holds of its residents with what it notified here (整合性確認): by block, then in it.

Source: standard specification of resident record systems 7.1.1.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import wards_of
from jukinet.identification.digest_store import list_blocks, list_digests
from jukinet.identification.store import list_standings
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.consistency import (
    BlockOfResidents,
    IdentificationConsistencyAnswer,
    IdentificationConsistencyCheck,
    IdentificationDifference,
)
from jukinet.protocol.node_names import NodeName


async def check_consistency(
    *, check: IdentificationConsistencyCheck, sender: NodeName, database: Database, now: datetime
) -> IdentificationConsistencyAnswer:
    """Return which blocks differ, and in those given one by one, who does. Only the sender's residents are compared."""
    own = LocalGovernmentCode(sender.code)
    municipalities = [sender.code, *(ward.code.value for ward in wards_of(own))]
    async with database.transaction() as unit:
        ranges = [(block.first, block.last) for block in check.blocks]
        found = await list_blocks(unit, ranges, municipalities=municipalities)
        differing = tuple(
            position
            for position, (block, recorded) in enumerate(zip(check.blocks, found, strict=True))
            if (block.count, block.digest) != recorded
        )
        differences: list[IdentificationDifference] = []
        for block in check.residents:
            differences += await _compare(unit, block, municipalities)
        await append(unit, [_event(check, len(differing) + len(differences), sender, now)])
    return IdentificationConsistencyAnswer(differing_blocks=differing, differences=tuple(differences))


async def _compare(
    unit: Unit, block: BlockOfResidents, municipalities: Sequence[str]
) -> list[IdentificationDifference]:
    recorded = await list_digests(unit, first=block.first, last=block.last, municipalities=municipalities)
    notified = {one.resident_record_code: one.digest for one in block.residents}
    differing = [
        code
        for code in sorted(notified.keys() | recorded.keys())
        if code not in recorded or notified.get(code) != recorded[code][1]
    ]
    # Not live here, or not the sender's: what it has come to decides what must be said again.
    standings = await list_standings(unit, [code for code in differing if code not in recorded])
    return [
        IdentificationDifference(
            resident_record_code=code,
            update_sequence=recorded[code][0]
            if code in recorded
            else (standings[code].update_sequence if code in standings else None),
            is_live=code in recorded,
        )
        for code in differing
    ]


def _event(check: IdentificationConsistencyCheck, differences: int, sender: NodeName, now: datetime) -> Entry:
    detail = {
        "peer": sender.text,
        "blocks": len(check.blocks),
        "residents": sum(len(block.residents) for block in check.residents),
        "differences": differences,
        "repaired": 0,
    }
    return Entry(event=AuditEvent.CONSISTENCY_CHECKED, occurred_at=now, actor=sender.text, detail=detail)
