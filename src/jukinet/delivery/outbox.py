"""The outbox: what this node owes to others, written in the transaction of the act (送信待ち).

A parcel is the JSON of one or more notices, comma-separated, in the order of the changes. The courier puts
consecutive parcels of one receiver between brackets: no notice is encoded twice on its way up the tiers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName

#: The channel that wakes the courier at the commit of a transaction that queued something.
CHANNEL: Final = "outbox"

_QUEUE: Final = """
    INSERT INTO delivery.outbox (receiver, message_type, notices, notice_count, queued_at)
    VALUES (%(receiver)s, %(message_type)s, %(notices)b, %(notice_count)s, %(queued_at)s)
"""
_WAKE: Final = "NOTIFY outbox"

_LIST_RECEIVERS: Final = "SELECT DISTINCT receiver FROM delivery.outbox"

_LIST_NEXT: Final = """
    SELECT position, message_type, notices, notice_count, queued_at
      FROM delivery.outbox
     WHERE receiver = %(receiver)s
       AND NOT position = ANY(%(beside)s)
     ORDER BY position
     LIMIT %(limit)s
"""

_DISCARD: Final = "DELETE FROM delivery.outbox WHERE receiver = %(receiver)s AND position = ANY(%(positions)s)"

_REFUSE: Final = """
    INSERT INTO delivery.refused_parcel
           (receiver, position, message_type, notices, notice_count, queued_at, refused_at, error_code, error_field)
    SELECT receiver, position, message_type, notices, notice_count, queued_at,
           %(refused_at)s, %(error_code)s, %(error_field)s
      FROM delivery.outbox
     WHERE receiver = %(receiver)s AND position = %(position)s
"""

_REQUEUE: Final = """
    WITH returned AS (
        DELETE FROM delivery.refused_parcel
         WHERE receiver = %(receiver)s AND position = %(position)s
     RETURNING receiver, message_type, notices, notice_count, queued_at
    )
    INSERT INTO delivery.outbox (receiver, message_type, notices, notice_count, queued_at)
    SELECT receiver, message_type, notices, notice_count, queued_at FROM returned
"""

_LIST_REFUSED: Final = """
    SELECT receiver, position, notice_count, error_code, error_field, refused_at
      FROM delivery.refused_parcel
     ORDER BY refused_at
     LIMIT %(limit)s
"""

_COUNT: Final = """
    SELECT receiver, coalesce(sum(notice_count), 0)::bigint, min(queued_at)
      FROM delivery.outbox
     GROUP BY receiver
     ORDER BY receiver
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One queued parcel."""

    position: int
    message_type: str
    notices: bytes = field(repr=False)
    notice_count: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedParcel:
    """One parcel its receiver refuses as it stands."""

    receiver: str
    position: int
    notice_count: int
    error_code: str
    error_field: str | None
    refused_at: datetime


async def queue_parcel(
    unit: Unit, *, receiver: NodeName, message_type: str, notices: bytes, notice_count: int, now: datetime
) -> None:
    """Queue a parcel: it leaves if, and only if, the transaction of `unit` commits."""
    parameters = {
        "receiver": receiver.text,
        "message_type": message_type,
        "notices": notices,
        "notice_count": notice_count,
        "queued_at": now,
    }
    await unit.execute(_QUEUE, parameters)
    await unit.execute(_WAKE)


async def list_receivers(unit: Unit) -> list[NodeName]:
    """Return the nodes something is queued for."""
    cursor = await unit.execute(_LIST_RECEIVERS)
    return [NodeName.parse(receiver) for (receiver,) in await cursor.fetchall()]


async def list_next_parcels(unit: Unit, *, receiver: NodeName, limit: int, beside: Sequence[int] = ()) -> list[Parcel]:
    """Return the oldest parcels for `receiver`, in order, beside those at the positions that are under way."""
    parameters = {"receiver": receiver.text, "beside": list(beside), "limit": limit}
    cursor = await unit.execute(_LIST_NEXT, parameters, binary=True)
    return [Parcel(*row) for row in await cursor.fetchall()]


async def discard_parcels(unit: Unit, *, receiver: NodeName, positions: Sequence[int]) -> None:
    """Take parcels out of the outbox: the receiver has answered for them."""
    await unit.execute(_DISCARD, {"receiver": receiver.text, "positions": list(positions)})


async def set_parcel_aside(
    unit: Unit, *, receiver: NodeName, position: int, error_code: str, error_field: str | None, now: datetime
) -> None:
    """Move a parcel the receiver refuses as it stands to where an operator finds it."""
    parameters = {
        "receiver": receiver.text,
        "position": position,
        "refused_at": now,
        "error_code": error_code,
        "error_field": error_field,
    }
    await unit.execute(_REFUSE, parameters)
    await discard_parcels(unit, receiver=receiver, positions=[position])


async def requeue_refused_parcel(unit: Unit, *, receiver: NodeName, position: int) -> bool:
    """Queue a refused parcel again, at the end; return whether there was one."""
    cursor = await unit.execute(_REQUEUE, {"receiver": receiver.text, "position": position})
    if cursor.rowcount:
        await unit.execute(_WAKE)
    return bool(cursor.rowcount)


async def list_refused_parcels(unit: Unit, *, limit: int) -> list[RefusedParcel]:
    """Return what receivers refuse, oldest first."""
    cursor = await unit.execute(_LIST_REFUSED, {"limit": limit})
    return [RefusedParcel(*row) for row in await cursor.fetchall()]


async def count_queued(unit: Unit) -> list[tuple[str, int, datetime]]:
    """Return for each receiver how many notices wait, and since when."""
    cursor = await unit.execute(_COUNT)
    return [(receiver, int(count), since) for receiver, count, since in await cursor.fetchall()]
