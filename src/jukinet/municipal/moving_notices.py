"""What this municipality tells others of a move, in the transaction of the act: M02 and M04.

Source: Act art. 9(1)(3) (転入通知), 19(1)(4) (戸籍の附票記載事項通知).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.registered_domiciles import find_domicile_municipality
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.merger_store import list_merged
from jukinet.municipal.moving_notice_store import add_annex_notices
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Unit
from jukinet.protocol.moving import AnnexNotice, MoveInNotice
from jukinet.protocol.node_names import NodeKind, NodeName


def node_of(municipality: LocalGovernmentCode) -> NodeName:
    """Return the node that keeps the residents of a municipality, or of a ward's city."""
    return node_of_code(municipality_of(municipality).code.value)


def node_of_code(code: str) -> NodeName:
    """Return the node of the municipality with this code."""
    return NodeName(f"{NodeKind.MUNICIPAL.value}/{code}")


async def queue_move_in_notices(
    unit: Unit, entered: Iterable[ResidentRecord], *, previous: LocalGovernmentCode, act: Act
) -> int:
    """Tell the previous municipality of those just entered here; return how many notices leave.

    Who comes back from nowhere else, or was entered without an update sequence, concerns nobody else.
    """
    receiver = node_of(previous)
    if receiver == act.node:
        return 0
    notices = [
        MoveInNotice(
            notice_number=_new_number(act),
            resident_record_code=record.resident_record_code,
            name=record.name,
            birth_date=record.birth_date,
            municipality=record.municipality,
            address=record.address,
            moved_in_on=record.acted_on or record.changed_on,
            residence=residence_of(record.update_sequence),
        )
        for record in entered
        if record.update_sequence is not None
    ]
    await queue_notices(unit, receiver=receiver, message_type="move_in_notice", notices=notices, now=act.now)
    return len(notices)


async def queue_annex_notices(unit: Unit, records: Sequence[ResidentRecord], *, act: Act) -> tuple[int, ...]:
    """Tell the municipalities of the registered domiciles of new addresses; those kept here go to the desk next door.

    Foreign residents have no family register. Returns the numbers of residents whose domicile does not tell where the
    register is; they are on the log, and the notice goes on paper.
    """
    by_receiver: dict[NodeName, list[AnnexNotice]] = {}
    untold: list[ResidentRecord] = []
    # The family registers of municipalities that merged into this one are kept here now.
    own = {act.node.code, *await list_merged(unit, act.node.code)}
    for record in records:
        if record.registered_domicile is None or record.first_listed_person is None:
            continue
        keeper = find_domicile_municipality(record.registered_domicile)
        if keeper is None:
            untold.append(record)
        else:
            receiver = act.node if keeper.value in own else node_of(keeper)
            by_receiver.setdefault(receiver, []).append(_annex_notice(record, act))
    for receiver, notices in by_receiver.items():
        if receiver == act.node:
            await add_annex_notices(unit, notices, sender=act.node.text, now=act.now)
        else:
            await queue_notices(unit, receiver=receiver, message_type="annex_notice", notices=notices, now=act.now)
    if untold:
        await append(unit, [_untold_event(record, act) for record in untold])
    return tuple(record.resident_number for record in untold)


def _untold_event(record: ResidentRecord, act: Act) -> Entry:
    return Entry(
        event=AuditEvent.ANNEX_UNTOLD,
        occurred_at=act.now,
        actor=act.operator_id,
        resident_record_code=record.resident_record_code,
        detail={"resident_number": record.resident_number},
    )


def _annex_notice(record: ResidentRecord, act: Act) -> AnnexNotice:
    has_left_japan = record.is_removed and record.is_moving_abroad and record.planned_move_out_to is not None
    return AnnexNotice(
        notice_number=_new_number(act),
        name=record.name,
        birth_date=record.birth_date,
        registered_domicile=record.registered_domicile or "",
        first_listed_person=record.first_listed_person or "",
        address=(record.planned_move_out_to or "") if has_left_japan else record.address,
        address_since_on=(record.acted_on or "") if has_left_japan else record.address_since_on,
        reason=record.act_reason or record.change_reason,
        changed_on=record.acted_on or record.changed_on,
    )


def _new_number(act: Act) -> str:
    return new_notice_number(act.now, secrets.token_bytes(10))
