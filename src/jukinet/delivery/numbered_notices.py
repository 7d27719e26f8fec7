"""Notices with a number of their own: queued with the act, received once, and a bad one set apart alone (I2, I3).

Changes of identification information have a better identity, resident and update sequence, and an order
(`identification`). These notices stand each for itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.delivery.outbox import queue_parcel
from jukinet.delivery.received_notice_store import (
    Arrived,
    Unacceptable,
    list_digests,
    note_received,
    set_notices_apart,
)
from jukinet.domain.errors import JukinetError, NoticeNumberConflictError
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.identification import Quarantined
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received

_encoder: Final = msgspec.json.Encoder()


class NumberedNotice(Protocol):
    """What says something once, under a number."""

    @property
    def notice_number(self) -> str:
        """Return the UUIDv7 its sender gave it."""
        ...


Notice = TypeVar("Notice", bound=NumberedNotice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake(Generic[Notice]):
    """What a node does with one type of notices: `require_valid` raises for what it cannot accept."""

    require_valid: Callable[[Notice], None] = field(repr=False)
    record: Callable[[Unit, Sequence[Notice]], Awaitable[None]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Said(Generic[Notice]):
    position: int
    notice: Notice = field(repr=False)
    content: bytes = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Sorted(Generic[Notice]):
    fresh: list[_Said[Notice]]
    repeated: int
    wrong: list[tuple[_Said[Notice], JukinetError]]


def new_notice_number(now: datetime, randomness: bytes) -> str:
    """Return a number nobody else gives: a UUIDv7 of `now` and 10 random bytes."""
    return new_message_id(now, randomness)


async def queue_notices(
    unit: Unit, *, receiver: NodeName, message_type: str, notices: Sequence[msgspec.Struct], now: datetime
) -> None:
    """Queue notices as one parcel: they leave if, and only if, the transaction of `unit` commits."""
    if notices:
        await queue_parcel(
            unit,
            receiver=receiver,
            message_type=message_type,
            notices=_encoder.encode(notices)[1:-1],
            notice_count=len(notices),
            now=now,
        )


async def receive_numbered_notices(
    *, received: Received[tuple[Notice, ...]], intake: Intake[Notice], database: Database, now: datetime
) -> NoticesAnswer:
    """Take in one message of numbered notices and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
        OperationError: the database could not do it; nothing changed.
    """
    async with database.transaction() as unit:
        digest = await accept(unit, received, now=now)
        arrived = Arrived(
            sender=received.peer.name.text,
            message_type=received.envelope.type,
            message_id=received.envelope.message_id,
            received_at=now,
        )
        placed = await _sort(unit, arrived, received.body, intake)
        await _set_apart(unit, arrived, placed.wrong)
        if placed.fresh:
            await intake.record(unit, [said.notice for said in placed.fresh])
        await append(unit, [_receipt(arrived, digest, placed)])
    return NoticesAnswer(
        received=len(placed.fresh),
        already_received=placed.repeated,
        quarantined=tuple(
            Quarantined(position=said.position, code=error.code, field=error.field) for said, error in placed.wrong
        ),
    )


async def _sort(unit: Unit, arrived: Arrived, notices: Sequence[Notice], intake: Intake[Notice]) -> _Sorted[Notice]:
    wrong: list[tuple[_Said[Notice], JukinetError]] = []
    first: dict[str, _Said[Notice]] = {}
    again: list[_Said[Notice]] = []
    for position, notice in enumerate(notices):
        content = _encoder.encode(notice)
        said = _Said(position, notice, content, hashlib.sha256(content).digest())
        try:
            intake.require_valid(notice)
        except JukinetError as error:
            wrong.append((said, error))
        else:
            if first.setdefault(notice.notice_number, said) is not said:
                again.append(said)
    fresh_numbers = await note_received(unit, arrived, [(number, said.digest) for number, said in first.items()])
    fresh = [said for number, said in first.items() if number in fresh_numbers]
    again += [said for number, said in first.items() if number not in fresh_numbers]
    recorded = await list_digests(
        unit, sender=arrived.sender, notice_numbers=[said.notice.notice_number for said in again]
    )
    contradicting = [said for said in again if recorded[said.notice.notice_number] != said.digest]
    wrong += [(said, NoticeNumberConflictError(field="notice_number")) for said in contradicting]
    return _Sorted(fresh, len(again) - len(contradicting), sorted(wrong, key=lambda one: one[0].position))


async def _set_apart(unit: Unit, arrived: Arrived, wrong: Sequence[tuple[_Said[Notice], JukinetError]]) -> None:
    if not wrong:
        return
    unacceptable = [
        Unacceptable(
            notice_number=said.notice.notice_number,
            sha256=said.digest,
            notice=said.content,
            error_code=error.code,
            error_field=error.field,
        )
        for said, error in wrong
    ]
    await set_notices_apart(unit, arrived, unacceptable)
    await append(unit, [_set_apart_event(arrived, one) for one in unacceptable])


def _set_apart_event(arrived: Arrived, one: Unacceptable) -> Entry:
    detail = {
        "sender": arrived.sender,
        "type": arrived.message_type,
        "notice_number": one.notice_number,
        "error_code": one.error_code,
        "field": one.error_field,
    }
    return Entry(
        event=AuditEvent.NUMBERED_NOTICE_SET_APART,
        occurred_at=arrived.received_at,
        actor=arrived.sender,
        outcome="refused",
        message_id=arrived.message_id,
        detail=detail,
    )


def _receipt(arrived: Arrived, digest: bytes, placed: _Sorted[Notice]) -> Entry:
    detail = {
        "sender": arrived.sender,
        "type": arrived.message_type,
        "sha256": digest.hex(),
        "received": len(placed.fresh),
        "already_received": placed.repeated,
        "quarantined": len(placed.wrong),
    }
    return Entry(
        event=AuditEvent.NUMBERED_NOTICES_RECEIVED,
        occurred_at=arrived.received_at,
        actor=arrived.sender,
        message_id=arrived.message_id,
        detail=detail,
    )
