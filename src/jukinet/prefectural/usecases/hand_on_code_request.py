"""Hand on a municipality's request for resident record codes to the nation, and the codes back to it.

The prefecture keeps none of the codes. If the nation's answer or its own is lost, the codes stay unused for ever: the
municipality asks again and is given others (I7).

Source: Act (–2015) art. 30-7(1)(2), 30-10(1)(i); Regulation (–2015) art. 14(2).
"""

from __future__ import annotations

from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.domain.clock import Clock
from jukinet.domain.code_allotment import require_possible_quantity
from jukinet.domain.errors import PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentForwarding, CodeAllotmentRequest
from jukinet.protocol.errors import Refusal, error_of
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Received

#: Shorter than the municipality waits, so that it hears what happened.
_DEADLINE_SECONDS: Final = 20.0


async def hand_on_code_request(
    *, received: Received[CodeAllotmentRequest], client: MessageClient, database: Database, clock: Clock
) -> CodeAllotment:
    """Ask the nation for codes in the name of the municipality that asks, and return them.

    Raises:
        UnknownCodeListValueError: the quantity is not 1 to 10,000.
        ReplayedMessageError: this request was received before.
        PeerError: the nation cannot be reached, or cannot do it now.
        JukinetError: the nation refused; the refusal is handed back as the nation said it.
    """
    municipality, quantity = received.peer.name, received.body.quantity
    require_possible_quantity(quantity)
    now = clock()
    event = Entry(
        event=AuditEvent.CODES_FORWARDED,
        occurred_at=now,
        actor=municipality.text,
        message_id=received.envelope.message_id,
        detail={"municipality": municipality.text, "quantity": quantity},
    )
    async with database.transaction() as unit:
        await accept(unit, received, now=now)
        await append(unit, [event])
    request = CodeAllotmentForwarding(municipality=municipality.code, quantity=quantity)
    try:
        allotment: CodeAllotment = await client.send(
            NATIONAL, "code_allotment_forwarding", request, deadline=_DEADLINE_SECONDS
        )
    except PeerRefusedError as refusal:
        if refusal.is_temporary:
            raise
        raise error_of(Refusal(code=refusal.peer_code, detail=refusal.detail, field=refusal.field)) from None
    return allotment
