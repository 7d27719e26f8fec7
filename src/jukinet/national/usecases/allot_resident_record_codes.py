"""Allot resident record codes to a municipality (住民票コードの指定): drawn at random, never twice nationwide (I7).

Source: Act (–2015) art. 30-7(1)(2), 30-10; Act (2015–) art. 30-2; Regulation (–2015) art. 14, 15.
"""

from __future__ import annotations

import random
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.national.store import allot_codes
from jukinet.postgres.database import Database
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentRequest
from jukinet.transport.message_server import Received

#: The most codes one request may ask for.
MOST_CODES: Final = 10_000


async def allot_resident_record_codes(
    *,
    received: Received[CodeAllotmentRequest],
    prefix: str,
    database: Database,
    choice: random.Random,
    now: datetime,
) -> CodeAllotment:
    """Draw codes nobody ever had and give them to the municipality for ever.

    `prefix` keeps a node that is not in production inside the reserved synthetic range.

    Raises:
        UnknownCodeListValueError: the quantity is not 1 to 10,000.
        ReplayedMessageError: this request was received before.
    """
    quantity = received.body.quantity
    if not 1 <= quantity <= MOST_CODES:
        raise UnknownCodeListValueError(f"The quantity is 1 to {MOST_CODES}.", field="quantity")
    municipality = received.peer.name
    message_id = received.envelope.message_id
    codes: list[str] = []
    async with database.transaction() as unit:
        await accept(unit, received, now=now)
        while len(codes) < quantity:
            drawn = {ResidentRecordCode.generate(choice, prefix).value for _ in range(quantity - len(codes))}
            codes += await allot_codes(
                unit, sorted(drawn), municipality=municipality.code, message_id=message_id, now=now
            )
        detail = {"receiver": municipality.text, "quantity": quantity}
        event = Entry(
            event=AuditEvent.CODES_ALLOTTED,
            occurred_at=now,
            actor=municipality.text,
            message_id=message_id,
            detail=detail,
        )
        await append(unit, [event])
    choice.shuffle(codes)
    return CodeAllotment(resident_record_codes=tuple(codes))
