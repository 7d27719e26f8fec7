"""Receive notices of identification information: apply, hold, or put in quarantine, and hand on what was applied.

All of a message is one transaction: its memory against replay, its effect, what is handed on, and the audit
events. A bad notice blocks its own resident and nobody else (I2); its answer says what became of each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.delivery.outbox import queue_parcel
from jukinet.delivery.quarantine import (
    HeldNotice,
    Holding,
    hold_notices,
    list_held_notices_of,
    settle_held_notices,
)
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, SequenceConflictError
from jukinet.domain.identification import validate_identification
from jukinet.domain.resident_record_code import is_resident_record_code
from jukinet.identification.merger_store import list_successors
from jukinet.identification.merging import merge_arrivals
from jukinet.identification.plain_message import apply_plain_message
from jukinet.identification.sorting import Arrival, Sorted, sort_arrivals
from jukinet.identification.standing import (
    Register,
    Standing,
    list_new_numbers,
    list_past_residences,
    resident_key,
)
from jukinet.identification.store import (
    list_number_owners,
    list_past,
    list_standings,
    list_versions,
    take_turn,
)
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice, Quarantined
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received

#: Notices that are examined in one go.
_BREATH: Final = 500
_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(IdentificationNotice)


#: What else a tier keeps of notices that were applied, in the same transaction and in their order.
Follow: TypeAlias = Callable[[Unit, Sequence[IdentificationNotice]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Where applied notices go next, and as which message."""

    receiver: NodeName
    message_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where notices came from, and what they may speak of: `require_competent` raises for what is not theirs."""

    sender: NodeName
    message_id: str
    require_competent: Callable[[IdentificationNotice], None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A notice that cannot be applied as it is, and why."""

    arrival: Arrival = field(repr=False)
    error: JukinetError


async def receive_notices(
    *,
    received: Received[tuple[IdentificationNotice, ...]],
    require_competent: Callable[[IdentificationNotice], None],
    forwarding: Forwarding | None,
    database: Database,
    now: datetime,
    follow: Follow | None = None,
) -> IdentificationAnswer:
    """Take in one message of notices and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
        OperationError: the database could not do it; nothing changed.
    """
    sender = received.peer.name
    origin = Origin(sender=sender, message_id=received.envelope.message_id, require_competent=require_competent)
    async with database.transaction() as unit:
        digest = await accept(unit, received, now=now)
        await take_turn(unit)
        answer = await apply_notices(
            unit,
            notices=received.body,
            origin=origin,
            forwarding=forwarding,
            now=now,
            encoded=bytes(received.envelope.body),
            follow=follow,
        )
        await append(unit, [_receipt(origin, digest, answer, now)])
    return answer


def _receipt(origin: Origin, digest: bytes, answer: IdentificationAnswer, now: datetime) -> Entry:
    detail = {
        "sender": origin.sender.text,
        "sha256": digest.hex(),
        "applied": answer.applied,
        "already_applied": answer.already_applied,
        "held": answer.held,
        "quarantined": len(answer.quarantined),
    }
    return Entry(
        event=AuditEvent.NOTICES_RECEIVED,
        occurred_at=now,
        actor=origin.sender.text,
        message_id=origin.message_id,
        detail=detail,
    )


async def apply_notices(
    unit: Unit,
    *,
    notices: Sequence[IdentificationNotice],
    origin: Origin,
    forwarding: Forwarding | None,
    now: datetime,
    encoded: bytes | None = None,
    follow: Follow | None = None,
) -> IdentificationAnswer:
    """Apply what can be applied, hold the rest, in the transaction of `unit`. The caller has taken its turn.

    `encoded` is the array the notices were read from, to hand it on as it came where all of it is applied.
    """
    errors = await _list_errors(notices, origin, civil_day(now))
    if not errors and await apply_plain_message(unit, notices, now=now):
        if follow is not None:
            await follow(unit, notices)
        if forwarding is not None and notices:
            parcel = encoded.strip() if encoded is not None else _encoder.encode(notices)
            await _forward(unit, parcel, len(notices), forwarding, now)
        return IdentificationAnswer(applied=len(notices), already_applied=0, held=0)
    return await _apply_one_by_one(unit, notices, errors, origin, forwarding, follow, now)


async def _apply_one_by_one(  # noqa: PLR0917 - all of it is what apply_notices was given
    unit: Unit,
    notices: Sequence[IdentificationNotice],
    errors: Mapping[int, JukinetError],
    origin: Origin,
    forwarding: Forwarding | None,
    follow: Follow | None,
    now: datetime,
) -> IdentificationAnswer:
    arrivals = [Arrival(notice, place) for place, notice in enumerate(notices) if place not in errors]
    refused = [Refused(Arrival(notices[place], place), error) for place, error in errors.items()]
    codes = {code for arrival in arrivals for code in _codes(arrival.notice)}
    held, waiting_before = await _list_held(unit, codes, refused)
    candidates = [*waiting_before, *arrivals]
    standings = await list_standings(unit, [*codes])
    # Whoever hands on to nobody is the nation, and holds everyone.
    register = await _open_register(unit, candidates, standings, now, holds_everyone=forwarding is None)
    placed = sort_arrivals(candidates, register)
    if placed.applicable:
        await merge_arrivals(unit, placed.applicable, standings, now)
        if follow is not None:
            await follow(unit, [arrival.notice for arrival in placed.applicable])
        if forwarding is not None:
            parcel = _encoder.encode([arrival.notice for arrival in placed.applicable])
            await _forward(unit, parcel, len(placed.applicable), forwarding, now)
    # After the merge: what is repeated may have come first in this very message.
    contradictions = await _list_contradictions(unit, placed.repeated)
    contradictions += [Refused(arrival, error) for arrival, error in placed.contradicting]
    refused.extend(contradictions)
    await _hold(unit, [*_list_holdings(placed.waiting, refused, origin, now)], held)
    await _record_refusals(unit, refused, origin, now)
    if held:
        await _settle(unit, held, placed, contradictions, now)
    return _answer(placed, refused)


async def _list_errors(notices: Sequence[IdentificationNotice], origin: Origin, today: date) -> dict[int, JukinetError]:
    """Return what is wrong with each notice that is wrong in itself, by its place in the message."""
    errors: dict[int, JukinetError] = {}
    for position, notice in enumerate(notices):
        if not position % _BREATH:
            # A long message keeps nobody else's waiting while it is read.
            await asyncio.sleep(0)
        try:
            validate_identification(notice, day=today)
            origin.require_competent(notice)
        except JukinetError as error:
            errors[position] = error
    return errors


def _known_code(notice: IdentificationNotice) -> str:
    """Return the resident record code, empty where what stands in its place is none: it could be anything."""
    code = notice.resident_record_code
    return code if is_resident_record_code(code) else ""


def _codes(notice: IdentificationNotice) -> tuple[str, ...]:
    previous = notice.previous_resident_record_code
    return (notice.resident_record_code,) if previous is None else (notice.resident_record_code, previous)


async def _list_held(unit: Unit, codes: set[str], refused: Sequence[Refused]) -> tuple[list[HeldNotice], list[Arrival]]:
    """Return what is held of these residents, and the waiting ones among it; `codes` grows by those they lead to."""
    held: list[HeldNotice] = []
    waiting: list[Arrival] = []
    asked: set[str] = set()
    while wanted := (codes | {_known_code(one.arrival.notice) for one in refused}) - asked:
        asked |= wanted
        for notice in await list_held_notices_of(unit, resident_record_codes=[*wanted]):
            held.append(notice)
            if notice.state == "waiting":
                arrival = Arrival(_decoder.decode(notice.notice), held=notice)
                waiting.append(arrival)
                codes.update(_codes(arrival.notice))
    return held, waiting


async def _open_register(
    unit: Unit, candidates: Sequence[Arrival], standings: Mapping[str, Standing], now: datetime, *, holds_everyone: bool
) -> Register:
    notices = [arrival.notice for arrival in candidates]
    # Most changes bring no new number and speak of the present: then there is nothing to ask.
    numbers = list_new_numbers(notices, standings)
    residences = [] if holds_everyone else list_past_residences(notices, standings)
    return Register(
        standings,
        await list_number_owners(unit, numbers) if numbers else {},
        past=await list_past(unit, residences) if residences else {},
        successors=await list_successors(unit, today=civil_day(now)),
        holds_everyone=holds_everyone,
    )


async def _list_contradictions(unit: Unit, repeated: Sequence[Arrival]) -> list[Refused]:
    # A repetition is harmless only if it says the same again.
    if not repeated:
        return []
    recorded = await list_versions(unit, [_change(arrival.notice) for arrival in repeated])
    return [
        Refused(arrival, SequenceConflictError(field="update_sequence"))
        for arrival in repeated
        if recorded.get(_change(arrival.notice)) != _items(arrival.notice)
    ]


def _change(notice: IdentificationNotice) -> tuple[str, int]:
    return notice.resident_record_code, notice.update_sequence


def _items(notice: IdentificationNotice) -> tuple[str | None, ...]:
    return (
        notice.individual_number,
        notice.name,
        notice.kana,
        notice.former_surname,
        notice.alias,
        notice.birth_date,
        notice.sex,
        notice.municipality,
        notice.address,
        notice.postal_code,
        notice.reason,
        notice.changed_on,
        notice.previous_resident_record_code,
    )


async def _forward(unit: Unit, array: bytes, count: int, forwarding: Forwarding, now: datetime) -> None:
    await queue_parcel(
        unit,
        receiver=forwarding.receiver,
        message_type=forwarding.message_type,
        notices=array[1:-1],
        notice_count=count,
        now=now,
    )


async def _hold(unit: Unit, holdings: Sequence[Holding], held: Sequence[HeldNotice]) -> None:
    # What is said again is held once.
    known = {(notice.state, notice.notice) for notice in held}
    fresh = {(holding.state, holding.notice): holding for holding in holdings}
    new = [holding for key, holding in fresh.items() if key not in known]
    if new:
        await hold_notices(unit, new)


def _list_holdings(
    waiting: Sequence[Arrival], refused: Sequence[Refused], origin: Origin, now: datetime
) -> Iterator[Holding]:
    for arrival in waiting:
        if arrival.held is None:
            yield _holding(arrival, origin, now)
    for one in refused:
        yield _holding(one.arrival, origin, now, one.error)


async def _record_refusals(unit: Unit, refused: Sequence[Refused], origin: Origin, now: datetime) -> None:
    if refused:
        await append(unit, [_quarantine_event(one, origin, now) for one in refused])


def _holding(arrival: Arrival, origin: Origin, now: datetime, error: JukinetError | None = None) -> Holding:
    notice = arrival.notice
    return Holding(
        # What waits is found by the code its resident is known by; what is bad, by its own, where that is one.
        resident_record_code=resident_key(notice) if error is None else _known_code(notice),
        update_sequence=notice.update_sequence,
        state="waiting" if error is None else "quarantined",
        notice=_encoder.encode(notice),
        # Whoever's message brings a waiting one to its turn, it is its own sender who spoke.
        sender=origin.sender.text if arrival.held is None else arrival.held.sender,
        message_id=origin.message_id if arrival.held is None else arrival.held.message_id,
        error_code=None if error is None else error.code,
        error_field=None if error is None else error.field,
        held_at=now,
    )


def _quarantine_event(refused: Refused, origin: Origin, now: datetime) -> Entry:
    notice = refused.arrival.notice
    detail = {
        "sender": origin.sender.text,
        "error_code": refused.error.code,
        "field": refused.error.field,
        "update_sequence": notice.update_sequence,
    }
    return Entry(
        event=AuditEvent.NOTICE_QUARANTINED,
        occurred_at=now,
        actor=origin.sender.text,
        outcome="refused",
        resident_record_code=_known_code(notice) or None,
        message_id=origin.message_id,
        detail=detail,
    )


async def _settle(
    unit: Unit, held: Sequence[HeldNotice], placed: Sorted, contradictions: Sequence[Refused], now: datetime
) -> None:
    applied = [arrival.held for arrival in placed.applicable if arrival.held is not None]
    # A waiting one that turned out a repetition is over; one that contradicts is in quarantine from here on.
    ended = [*placed.repeated, *(arrival for arrival, _ in placed.contradicting)]
    over = [arrival.held for arrival in ended if arrival.held is not None]
    contradicting = {id(one.arrival) for one in contradictions}
    said = {
        _change(arrival.notice)
        for arrival in [*placed.applicable, *placed.repeated]
        if id(arrival) not in contradicting
    }
    over += [
        notice
        for notice in held
        if notice.state == "quarantined" and (notice.resident_record_code, notice.update_sequence) in said
    ]
    await settle_held_notices(unit, notices=applied, state="applied", settled_by="order", now=now)
    await settle_held_notices(unit, notices=over, state="superseded", settled_by="order", now=now)


def _answer(placed: Sorted, refused: Sequence[Refused]) -> IdentificationAnswer:
    contradicting = {id(one.arrival) for one in refused}
    return IdentificationAnswer(
        applied=sum(1 for arrival in placed.applicable if arrival.held is None),
        already_applied=sum(
            1 for arrival in placed.repeated if arrival.held is None and id(arrival) not in contradicting
        ),
        held=sum(1 for arrival in placed.waiting if arrival.held is None),
        quarantined=tuple(
            Quarantined(position=one.arrival.position, code=one.error.code, field=one.error.field)
            for one in refused
            if one.arrival.position is not None
        ),
    )
