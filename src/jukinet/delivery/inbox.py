"""The inbox: the memory of which messages came (受信). A message id that was seen before is refused."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from jukinet.domain.errors import ReplayedMessageError
from jukinet.postgres.database import Unit
from jukinet.transport.message_server import Received

_ACCEPT: Final = """
    INSERT INTO delivery.received_message (message_id, sender, received_at, type, sha256, signature)
    VALUES (%(message_id)s, %(sender)s, %(received_at)s, %(type)s, %(sha256)s, %(signature)s)
    ON CONFLICT (message_id, sender) DO NOTHING
"""

_LIST_SENDERS: Final = """
    SELECT sender, count(*), max(received_at)
      FROM delivery.received_message
     GROUP BY sender
     ORDER BY max(received_at) DESC
"""


async def list_senders(unit: Unit) -> list[tuple[str, int, datetime]]:
    """Return for each node that ever sent something: its name, how many messages came, and when the last one did."""
    cursor = await unit.execute(_LIST_SENDERS)
    return [(sender, int(count), last) for sender, count, last in await cursor.fetchall()]


async def accept(unit: Unit, received: Received[Any], *, now: datetime) -> bytes:
    """Note that the message came, and return the SHA-256 of its bytes; raise ReplayedMessageError if it came before."""
    digest = hashlib.sha256(received.content).digest()
    parameters = {
        "message_id": received.envelope.message_id,
        "sender": received.peer.name.text,
        "received_at": now,
        "type": received.envelope.type,
        "sha256": digest,
        "signature": received.signature,
    }
    cursor = await unit.execute(_ACCEPT, parameters)
    if cursor.rowcount == 0:
        raise ReplayedMessageError(field="message_id")
    return digest
