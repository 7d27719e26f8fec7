"""Keep resident record codes in the pool (住民票コードの空きコードの補充): ask the prefecture before they run out.

The prefecture asks the nation. The operators see that the pool is low, since when, and why nothing came.
Source: Act (–2015) art. 30-7(2); Regulation (–2015) art. 14(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import Clock
from jukinet.domain.errors import PeerError, PeerRefusedError
from jukinet.municipal.code_pool_store import LOW, close_request, note_request_failure, open_request
from jukinet.municipal.store import add_codes, count_free_codes
from jukinet.postgres.database import Database
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentRequest
from jukinet.protocol.node_names import NodeName, prefecture_of
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLevel:
    """Below `low` codes, ask for `quantity`."""

    low: int = LOW
    quantity: int = 500


async def fill_code_pool(
    *, client: MessageClient, database: Database, clock: Clock, node: NodeName, level: PoolLevel
) -> int:
    """Ask for codes if the pool is low; return how many came.

    Codes whose answer was lost on the way stay allotted here and unused: a code is never given twice.

    Raises:
        PeerError: the prefecture or the nation cannot be reached or refuses.
    """
    async with database.connection() as connection:
        free = await count_free_codes(connection)
    if free >= level.low:
        return 0
    await _tell_low(free, database=database, clock=clock, node=node, level=level)
    request = CodeAllotmentRequest(quantity=level.quantity)
    try:
        allotment: CodeAllotment = await client.send(
            prefecture_of(node), "code_allotment_request", request, deadline=_DEADLINE_SECONDS
        )
    except PeerError as error:
        code = error.peer_code if isinstance(error, PeerRefusedError) else error.code
        async with database.transaction() as unit:
            await note_request_failure(unit, code)
        raise
    now = clock()
    codes = allotment.resident_record_codes
    event = Entry(event=AuditEvent.CODES_REQUESTED, occurred_at=now, actor=node.text, detail={"quantity": len(codes)})
    async with database.transaction() as unit:
        await add_codes(unit, codes, now=now)
        await close_request(unit, came=len(codes), now=now)
        await append(unit, [event])
    return len(codes)


async def _tell_low(free: int, *, database: Database, clock: Clock, node: NodeName, level: PoolLevel) -> None:
    """Put the alert on the log once, however often the request is repeated."""
    now = clock()
    alert = Entry(
        event=AuditEvent.CODE_POOL_LOW,
        occurred_at=now,
        actor=node.text,
        detail={"free": free, "low": level.low},
    )
    async with database.transaction() as unit:
        if await open_request(unit, free=free, quantity=level.quantity, now=now):
            await append(unit, [alert])
