"""Answer the resident system's questions: how its records stand, and whether both hold the same (整合性確認)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.record_digest import RESIDENT_DIGEST_ITEMS
from jukinet.municipal.resident_system.conversion import Items, convert_items
from jukinet.municipal.resident_system.digest_store import list_connected_residents, list_item_blocks
from jukinet.municipal.resident_system.results import result_of
from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.resident_system.store import (
    OPEN_STATES,
    count_states,
    find_mode,
    list_known,
    list_open,
)
from jukinet.postgres.database import Unit
from jukinet.protocol.consistency import (
    ListedRange,
    ResidentConsistencyAnswer,
    ResidentConsistencyCheck,
    ResidentDifference,
    ResidentItems,
)
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.resident_changes import MOST_RECORDS, ChangesStatus, ChangesStatusRequest

_MISSING_HERE: Final = "missing_here"
_MISSING_THERE: Final = "missing_there"
_DIFFERENT: Final = "different"


async def report_changes(unit: Unit, *, request: ChangesStatusRequest) -> ChangesStatus:
    """Return how the connection and the records asked for stand."""
    if request.record_ids:
        found = await list_known(unit, record_ids=request.record_ids, order_numbers=())
    else:
        found = await list_open(unit, limit=MOST_RECORDS)
    counts, last = await count_states(unit)
    return ChangesStatus(
        mode=await find_mode(unit),
        last_order_number=last,
        counts=counts,
        results=tuple(result_of(one) for one in found),
    )


async def check_residents(
    unit: Unit, *, check: ResidentConsistencyCheck, linking: Linking
) -> ResidentConsistencyAnswer:
    """Return the blocks that differ, and for the ranges that were listed, who differs in which items."""
    own = await list_item_blocks(unit, [(block.first, block.last) for block in check.blocks])
    differing = [
        position
        for position, (block, found) in enumerate(zip(check.blocks, own, strict=True))
        if (block.count, block.digest) != found
    ]
    differences = [one for listed in check.listed for one in await _compare(unit, listed, linking)]
    counts, _ = await count_states(unit)
    residents = sum(len(listed.residents) for listed in check.listed)
    detail = {
        "peer": linking.actor,
        "blocks": len(check.blocks),
        "residents": residents,
        "differences": len(differing) + len(differences),
        "repaired": 0,
    }
    event = Entry(event=AuditEvent.CONSISTENCY_CHECKED, occurred_at=linking.now, actor=linking.actor, detail=detail)
    await append(unit, [event])
    return ResidentConsistencyAnswer(
        differing_blocks=tuple(differing),
        differences=tuple(differences),
        open_records=sum(counts.get(state, 0) for state in OPEN_STATES),
    )


async def _compare(unit: Unit, listed: ListedRange, linking: Linking) -> list[ResidentDifference]:
    own = {
        notice.resident_record_code: (number, notice)
        for number, notice in await list_connected_residents(unit, first=listed.first, last=listed.last)
    }
    found = list(_differences(listed, own, LocalGovernmentCode(linking.node.code)))
    if listed.is_sample:
        return found
    there = {resident.resident_record_code for resident in listed.residents}
    return found + [
        ResidentDifference(resident_number=number, resident_record_code=code, kind=_MISSING_THERE)
        for code, (number, _) in own.items()
        if code not in there
    ]


def _differences(
    listed: ListedRange, own: Mapping[str, tuple[str, IdentificationNotice]], municipality: LocalGovernmentCode
) -> Iterator[ResidentDifference]:
    for resident in listed.residents:
        number, code = resident.resident_number, resident.resident_record_code
        try:
            items = convert_items(resident, own=municipality)
        except InvalidValueError as error:
            named = (error.field,) if error.field else ()
            yield ResidentDifference(
                resident_number=number, resident_record_code=code, kind=_DIFFERENT, items=named, code=error.code
            )
            continue
        if items.resident_record_code not in own:
            yield ResidentDifference(resident_number=number, resident_record_code=code, kind=_MISSING_HERE)
            continue
        differing = _differing_items(resident, items, *own[items.resident_record_code])
        if differing:
            yield ResidentDifference(
                resident_number=number, resident_record_code=code, kind=_DIFFERENT, items=differing
            )


def _differing_items(
    resident: ResidentItems, items: Items, number: str, notice: IdentificationNotice
) -> tuple[str, ...]:
    names = [name for name in RESIDENT_DIGEST_ITEMS if getattr(items, name) != getattr(notice, name)]
    return ("resident_number", *names) if resident.resident_number != number else tuple(names)
