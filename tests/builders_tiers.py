"""Three tiers in one test: a municipality's database, its prefecture's and the nation's, and lines between them.

The lines hand messages to the same use cases the endpoints call. Signatures and TLS are tested elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import msgspec

from jukinet.delivery.courier import Courier
from jukinet.delivery.outbox import list_receivers
from jukinet.devnet.store import digest_records, digest_register
from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.domain.individual_number import TRIAL_ALLOTMENT_PREFIX
from jukinet.domain.individual_number_derivation import KEY_BYTES, NumberDerivation
from jukinet.identification.receive import receive_notices
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL
from jukinet.municipal.usecases.receive_annex_notice import receive_annex_notices
from jukinet.municipal.usecases.receive_move_in_notice import receive_move_in_notices
from jukinet.municipal.usecases.take_over_register import take_over_register
from jukinet.national.app import MIGRATIONS as NATIONAL_MIGRATIONS
from jukinet.national.endpoints import require_competent as require_national
from jukinet.national.usecases.allot_individual_numbers import allot_individual_numbers
from jukinet.national.usecases.list_former_records import list_former_records
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL
from jukinet.prefectural.endpoints import FORWARDING
from jukinet.prefectural.endpoints import require_competent as require_prefectural
from jukinet.prefectural.usecases.receive_move_out_confirmation import receive_move_out_confirmations
from jukinet.protocol.catalogue import find_message_type
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Received
from tests.builders import NOW, SETAGAYA, TOKYO, opened, received
from tests.fixtures_postgres import MakeDatabase

DERIVATION = NumberDerivation(key=bytes(range(KEY_BYTES)), prefix=TRIAL_ALLOTMENT_PREFIX)


@dataclass
class Tier:
    """One node: its name and its database."""

    name: NodeName
    node: NodeDatabase
    database: Database


@dataclass
class Tiers:
    """Setagaya, Tokyo and the nation."""

    municipal: Tier
    prefectural: Tier
    national: Tier
    #: What the nodes take for the present instant.
    now: datetime = NOW
    #: Decides whether the answer to a message of this type is lost on its way back.
    lose: Callable[[str], bool] = field(default=lambda _message_type: False)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    sent: list[str] = field(default_factory=list)
    #: Further municipalities of Tokyo.
    neighbours: list[Tier] = field(default_factory=list)

    @property
    def client(self) -> MessageClient:
        """Return the line of the municipality."""
        return cast("MessageClient", _Line(self, SETAGAYA))

    async def carry(self) -> None:
        """Carry everything that waits, between municipalities and up to the nation."""
        for tier in (self.municipal, *self.neighbours, self.prefectural):
            client = cast("MessageClient", _Line(self, tier.name))
            async with tier.database.connection() as connection:
                receivers = await list_receivers(connection)
            for receiver in receivers:
                await Courier(tier.database, client, lambda: self.now, lambda: 0.5).carry_all(receiver)

    def find_municipal(self, name: NodeName) -> Tier:
        """Return the municipality with this name."""
        return next(tier for tier in (self.municipal, *self.neighbours) if tier.name == name)

    async def are_equal(self) -> bool:
        """Return whether all three hold the same of Setagaya's residents."""
        async with self.municipal.database.connection() as connection:
            digests = {await digest_register(connection)}
        for tier in (self.prefectural, self.national):
            async with tier.database.connection() as connection:
                digests.add(await digest_records(connection, SETAGAYA.code))
        return len(digests) == 1


@dataclass
class _Line:
    """What a node says arrives at once, or is refused, or its answer is lost."""

    tiers: Tiers
    sender: NodeName

    async def send(self, receiver: NodeName, message_type: str, body: Any, **_: object) -> Any:  # noqa: ANN401 - of any message
        self.tiers.sent.append(message_type)
        try:
            answer = await self._answer(receiver, message_type, body)
        except JukinetError as error:
            raise PeerRefusedError(error.detail, field=error.field, peer_code=error.code) from None
        if self.tiers.lose(message_type):
            raise PeerUnreachableError
        return answer

    async def _answer(self, receiver: NodeName, message_type: str, body: Any) -> Any:  # noqa: ANN401 - likewise
        tiers = self.tiers
        if isinstance(body, bytes):
            body = msgspec.json.decode(body, type=cast("Any", find_message_type(message_type).body))
        message = received(
            body, sender=self.sender, receiver=receiver, message_type=message_type, number=next(tiers.numbers)
        )
        if message_type == "individual_number_request":
            return await allot_individual_numbers(
                received=message, derivation=DERIVATION, database=tiers.national.database, now=tiers.now
            )
        if message_type == "former_record_query":
            return await list_former_records(
                query=body,
                municipality=self.sender,
                message_id=message.envelope.message_id,
                database=tiers.national.database,
                now=tiers.now,
            )
        if receiver.kind is NodeKind.MUNICIPAL:
            return await _tell_municipality(tiers.find_municipal(receiver), message, tiers.now)
        if message_type == "move_out_confirmation":
            return await receive_move_out_confirmations(
                received=message, database=tiers.prefectural.database, now=tiers.now
            )
        is_national = receiver == NATIONAL
        return await receive_notices(
            received=message,
            require_competent=lambda each: (require_national if is_national else require_prefectural)(
                self.sender, each
            ),
            forwarding=None if is_national else FORWARDING,
            database=(tiers.national if is_national else tiers.prefectural).database,
            now=tiers.now,
        )


async def _tell_municipality(tier: Tier, message: Received[Any], now: datetime) -> NoticesAnswer:
    """Hand a message of another municipality to the use case that answers it."""
    if message.envelope.type == "register_hand_over":
        return await take_over_register(received=message, node=tier.name, database=tier.database, now=now)
    if message.envelope.type == "annex_notice":
        return await receive_annex_notices(received=message, node=tier.name, database=tier.database, now=now)
    return await receive_move_in_notices(received=message, node=tier.name, database=tier.database, now=now)


@asynccontextmanager
async def open_tiers(make_database: MakeDatabase) -> AsyncGenerator[Tiers]:
    """Make three empty tiers, and close them."""
    nodes = [await make_database(each) for each in (MUNICIPAL, PREFECTURAL, NATIONAL_MIGRATIONS)]
    async with opened(nodes[0]) as municipal, opened(nodes[1]) as prefectural, opened(nodes[2]) as national:
        yield Tiers(
            Tier(SETAGAYA, nodes[0], municipal),
            Tier(TOKYO, nodes[1], prefectural),
            Tier(NATIONAL, nodes[2], national),
        )
