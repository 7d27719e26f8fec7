"""The courier carries parcels from the outbox to their receivers, in order, until they are answered for.

One task per receiver, one message under way per line: order needs no more, and a receiver that is down delays
nobody else. A message that was lost, or whose answer was lost, is simply said again under a new message id: the
receiver knows each change by resident and update sequence (docs/adr/0004).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from jukinet.delivery.lines import record_failure, record_success
from jukinet.delivery.outbox import (
    CHANNEL,
    Parcel,
    discard_parcels,
    list_next_parcels,
    list_receivers,
    set_parcel_aside,
)
from jukinet.delivery.reports import record_reports
from jukinet.domain.clock import Clock
from jukinet.domain.errors import InvalidValueError, JukinetError, MessageTooLargeError, PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.identification import IdentificationAnswer
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_client import MessageClient

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierSettings:
    """How much at once, and how patiently. Times in seconds."""

    notices_per_message: int = 4000
    bytes_per_message: int = 4 * 1024 * 1024
    deadline: float = 60.0
    #: How often the outbox is looked at even when nobody woke the courier.
    poll: float = 1.0
    first_back_off: float = 0.2
    longest_back_off: float = 10.0


@dataclass(frozen=True, slots=True)
class _Answered:
    """Parcels of one message, and what their receiver answered: to be settled in the outbox."""

    parcels: Sequence[Parcel] = field(repr=False)
    body: bytes = field(repr=False)
    answer: IdentificationAnswer | NoticesAnswer


@dataclass(frozen=True, slots=True)
class Courier:
    """Carries what one node owes to others. `jitter` gives a number from 0 to 1, to spread the retries."""

    database: Database
    client: MessageClient
    clock: Clock
    jitter: Callable[[], float]
    settings: CourierSettings = CourierSettings()

    async def run(self) -> None:
        """Carry parcels until cancelled."""
        lines: dict[NodeName, asyncio.Task[None]] = {}
        wake: dict[NodeName, asyncio.Event] = {}
        async with asyncio.TaskGroup() as group, self.database.listen(CHANNEL) as listener:
            while True:
                for receiver in await self._list_receivers():
                    if receiver not in lines:
                        wake[receiver] = asyncio.Event()
                        lines[receiver] = group.create_task(self._serve_line(receiver, wake[receiver]))
                    wake[receiver].set()
                await listener.wait(self.settings.poll)

    async def carry_next(self, receiver: NodeName) -> int:
        """Carry one message's worth of parcels; return how many notices were answered for, 0 when none waits.

        Raises:
            PeerError: the receiver is down or refuses; everything stays queued.
        """
        parcels = await self._read_message(receiver, [])
        if parcels:
            await self._settle(receiver, await self._say(receiver, parcels))
        return sum(parcel.notice_count for parcel in parcels)

    async def carry_all(self, receiver: NodeName) -> None:
        """Carry until nothing waits. Beside each message under way, the one before it is settled, the next one read.

        Raises:
            PeerError: the receiver is down or refuses; what it has not answered for stays queued.
        """
        answered: list[_Answered] = []
        parcels = await self._read_message(receiver, [])
        while parcels:
            beside = asyncio.create_task(self._settle_and_read(receiver, answered, parcels))
            try:
                answered = await self._say(receiver, parcels)
            finally:
                parcels = await beside
        await self._settle(receiver, answered)

    async def _list_receivers(self) -> list[NodeName]:
        try:
            async with self.database.connection() as connection:
                return await list_receivers(connection)
        except JukinetError as error:
            _log.warning("outbox cannot be read", error_code=error.code)
            return []

    async def _serve_line(self, receiver: NodeName, wake: asyncio.Event) -> None:
        back_off = self.settings.first_back_off
        while True:
            await wake.wait()
            wake.clear()
            try:
                await self.carry_all(receiver)
                back_off = self.settings.first_back_off
            except JukinetError as error:
                _log.warning("parcels not delivered", receiver=receiver.text, error_code=_code_of(error))
                await self._note_failure(receiver, error)
                await asyncio.sleep(back_off * (0.5 + self.jitter()))
                back_off = min(back_off * 2, self.settings.longest_back_off)
                wake.set()

    async def _settle_and_read(
        self, receiver: NodeName, answered: Sequence[_Answered], under_way: Sequence[Parcel]
    ) -> list[Parcel]:
        await self._settle(receiver, answered)
        return await self._read_message(receiver, under_way)

    async def _read_message(self, receiver: NodeName, under_way: Sequence[Parcel]) -> list[Parcel]:
        async with self.database.connection() as connection:
            waiting = await list_next_parcels(
                connection,
                receiver=receiver,
                beside=[parcel.position for parcel in under_way],
                limit=self.settings.notices_per_message,
            )
        return self._first_message(waiting)

    def _first_message(self, waiting: Sequence[Parcel]) -> list[Parcel]:
        chosen: list[Parcel] = []
        notices = length = 0
        for parcel in waiting:
            notices += parcel.notice_count
            length += len(parcel.notices) + 1
            full = notices > self.settings.notices_per_message or length > self.settings.bytes_per_message
            if chosen and (full or parcel.message_type != chosen[0].message_type):
                break
            chosen.append(parcel)
        return chosen

    async def _say(self, receiver: NodeName, parcels: Sequence[Parcel]) -> list[_Answered]:
        body = b"[" + b",".join([parcel.notices for parcel in parcels]) + b"]"
        try:
            answer = await self.client.send(
                receiver,
                parcels[0].message_type,
                body,
                deadline=self.settings.deadline,
                stream_sequence=parcels[-1].position,
            )
        except (PeerRefusedError, MessageTooLargeError) as refusal:
            if not _is_about_content(_code_of(refusal)):
                raise
            return await self._isolate(receiver, parcels, refusal)
        return [_Answered(parcels, body, answer)]

    async def _isolate(
        self, receiver: NodeName, parcels: Sequence[Parcel], refusal: PeerRefusedError | MessageTooLargeError
    ) -> list[_Answered]:
        # One parcel makes the whole message unreadable to the receiver: halve until it stands alone (I2).
        if len(parcels) > 1:
            middle = len(parcels) // 2
            first = await self._say(receiver, parcels[:middle])
            return [*first, *await self._say(receiver, parcels[middle:])]
        async with self.database.transaction() as unit:
            await set_parcel_aside(
                unit,
                receiver=receiver,
                position=parcels[0].position,
                error_code=_code_of(refusal),
                error_field=refusal.field,
                now=self.clock(),
            )
        _log.error(
            "parcel set aside", receiver=receiver.text, position=parcels[0].position, error_code=_code_of(refusal)
        )
        return []

    async def _settle(self, receiver: NodeName, answered: Sequence[_Answered]) -> None:
        if not answered:
            return
        now = self.clock()
        async with self.database.transaction() as unit:
            for one in answered:
                positions = [parcel.position for parcel in one.parcels]
                await discard_parcels(unit, receiver=receiver, positions=positions)
                if one.answer.quarantined:
                    await record_reports(
                        unit, receiver=receiver, notices=one.body, quarantined=one.answer.quarantined, now=now
                    )
            await record_success(unit, receiver=receiver, now=now)

    async def _note_failure(self, receiver: NodeName, error: JukinetError) -> None:
        try:
            async with self.database.transaction() as unit:
                await record_failure(unit, receiver=receiver, error_code=_code_of(error), now=self.clock())
        except JukinetError as failure:
            _log.warning("line state not recorded", receiver=receiver.text, error_code=failure.code)


def _code_of(error: JukinetError) -> str:
    return error.peer_code if isinstance(error, PeerRefusedError) else error.code


def _is_about_content(code: str) -> bool:
    return code == MessageTooLargeError.code or code.startswith(f"{InvalidValueError.code}.")
