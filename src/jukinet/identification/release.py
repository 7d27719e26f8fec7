"""Settle a quarantined notice by hand: release it as it is, correct its items, or dismiss it.

Every act is an operator's, recorded, and one transaction with its effect. What waited behind the notice is
applied with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.quarantine import HeldNotice, find_quarantined_notice, settle_held_notices
from jukinet.domain.errors import ConflictError, MalformedRequestError
from jukinet.identification.receive import Follow, Forwarding, Origin, apply_notices
from jukinet.identification.store import take_turn
from jukinet.postgres.database import Database
from jukinet.protocol.errors import Refusal, error_of
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NodeName

_decoder: Final = msgspec.json.Decoder(IdentificationNotice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Who settles which notice when, and what the node knows of its sender and its next tier."""

    arrival: int
    operator_id: str
    now: datetime
    forwarding: Forwarding | None
    require_competent: Callable[[NodeName, IdentificationNotice], None] = field(repr=False)
    follow: Follow | None = field(default=None, repr=False)


async def release_notice(
    *, settlement: Settlement, corrections: Mapping[str, str | int | None], database: Database
) -> None:
    """Apply a quarantined notice, with `corrections` to its items where there are any.

    Raises:
        QuarantinedRecordNotFoundError: nothing with this arrival number is in quarantine.
        MalformedRequestError: a correction names no item of a notice, or is of the wrong type.
        InvalidValueError, ConflictError: the notice is still not right; it stays in quarantine.
    """
    now = settlement.now
    async with database.transaction() as unit:
        await take_turn(unit)
        held = await find_quarantined_notice(unit, arrival=settlement.arrival)
        notice = _corrected(held, corrections)
        sender = NodeName.parse(held.sender)
        origin = Origin(
            sender=sender,
            message_id=held.message_id,
            require_competent=lambda one: settlement.require_competent(sender, one),
        )
        answer = await apply_notices(
            unit,
            notices=[notice],
            origin=origin,
            forwarding=settlement.forwarding,
            now=now,
            follow=settlement.follow,
        )
        _require_applied(answer)
        await settle_held_notices(unit, notices=[held], state="applied", settled_by=settlement.operator_id, now=now)
        await append(unit, [_event(settlement, notice, corrections)])


async def dismiss_notice(*, settlement: Settlement, database: Database) -> None:
    """Take a quarantined notice out of quarantine without applying it: its sender will send a right one.

    Raises:
        QuarantinedRecordNotFoundError: nothing with this arrival number is in quarantine.
    """
    async with database.transaction() as unit:
        held = await find_quarantined_notice(unit, arrival=settlement.arrival)
        await settle_held_notices(
            unit, notices=[held], state="superseded", settled_by=settlement.operator_id, now=settlement.now
        )
        detail = {"arrival": held.arrival, "update_sequence": held.update_sequence}
        event = Entry(
            event=AuditEvent.QUARANTINE_DISMISSED,
            occurred_at=settlement.now,
            actor=settlement.operator_id,
            resident_record_code=held.resident_record_code or None,
            detail=detail,
        )
        await append(unit, [event])


def _corrected(held: HeldNotice, corrections: Mapping[str, str | int | None]) -> IdentificationNotice:
    items = msgspec.structs.asdict(_decoder.decode(held.notice)) | dict(corrections)
    try:
        return msgspec.convert(items, IdentificationNotice)
    except msgspec.ValidationError:
        message = "A correction names no item of a notice, or its value is of the wrong type."
        raise MalformedRequestError(message, field="corrections") from None


def _require_applied(answer: IdentificationAnswer) -> None:
    for refused in answer.quarantined:
        raise error_of(Refusal(code=refused.code, detail="The notice is still not right.", field=refused.field))
    if not answer.applied:
        message = "An earlier change of this resident is missing or held: settle that one first."
        raise ConflictError(message, field="update_sequence")


def _event(settlement: Settlement, notice: IdentificationNotice, corrections: Mapping[str, str | int | None]) -> Entry:
    detail: dict[str, object] = {"arrival": settlement.arrival, "update_sequence": notice.update_sequence}
    if corrections:
        detail["items"] = sorted(corrections)
    return Entry(
        event=AuditEvent.QUARANTINE_CORRECTED if corrections else AuditEvent.QUARANTINE_RELEASED,
        occurred_at=settlement.now,
        actor=settlement.operator_id,
        resident_record_code=notice.resident_record_code,
        detail=detail,
    )
