"""Allot resident record codes to a municipality (住民票コードの指定): drawn at random, never twice nationwide (I7).

Source: Act (–2015) art. 30-7(1)(2), 30-10; Act (2015–) art. 30-2; Regulation (–2015) art. 14, 15.
"""

from __future__ import annotations

import random
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.domain.clock import civil_day
from jukinet.domain.code_allotment import require_municipality_of, require_possible_quantity, require_within_quota
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.national.store import add_to_daily_total, allot_codes
from jukinet.postgres.database import Database
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentForwarding
from jukinet.protocol.node_names import NodeKind, NodeName
from jukinet.transport.message_server import Received


async def allot_resident_record_codes(
    *,
    received: Received[CodeAllotmentForwarding],
    prefix: str,
    quota: int,
    database: Database,
    choice: random.Random,
    now: datetime,
) -> CodeAllotment:
    """Draw codes nobody ever had and give them to the municipality the prefecture names, for ever.

    `prefix` keeps a node that is not in production inside the reserved range; `quota` is for one municipality and day.

    Raises:
        PeerNotPermittedError: the sending prefecture has no such municipality.
        UnknownCodeListValueError: the quantity is not 1 to 10,000.
        AllotmentQuotaError: the municipality would be given more today than the quota allows.
        ReplayedMessageError: this request was received before.
    """
    request = received.body
    require_municipality_of(received.peer.name.code, request.municipality)
    require_possible_quantity(request.quantity)
    municipality = NodeName(f"{NodeKind.MUNICIPAL.value}/{request.municipality}")
    codes: list[str] = []
    async with database.transaction() as unit:
        await accept(unit, received, now=now)
        total = await add_to_daily_total(unit, municipality.code, day=civil_day(now), quantity=request.quantity)
        require_within_quota(quantity=request.quantity, allotted_today=total - request.quantity, quota=quota)
        while len(codes) < request.quantity:
            drawn = {ResidentRecordCode.generate(choice, prefix).value for _ in range(request.quantity - len(codes))}
            codes += await allot_codes(
                unit,
                sorted(drawn),
                municipality=municipality.code,
                message_id=received.envelope.message_id,
                now=now,
            )
        await append(unit, [_entry(received, municipality, now)])
    choice.shuffle(codes)
    return CodeAllotment(resident_record_codes=tuple(codes))


def _entry(received: Received[CodeAllotmentForwarding], municipality: NodeName, now: datetime) -> Entry:
    sender = received.peer.name.text
    return Entry(
        event=AuditEvent.CODES_ALLOTTED,
        occurred_at=now,
        actor=sender,
        message_id=received.envelope.message_id,
        detail={"receiver": municipality.text, "quantity": received.body.quantity, "prefecture": sender},
    )
