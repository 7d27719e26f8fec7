"""Setagaya, Tokyo and the nation, who knows a resident of Tokyo and one of Nagano; lines that can be cut.

The lines hand messages to the same use cases the endpoints call. Signatures and TLS are tested elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.domain.provision_changes import NewAffair
from jukinet.identification.receive import Origin, apply_notices
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL_MIGRATIONS
from jukinet.municipal.usecases.ask_prefecture import ask_prefecture
from jukinet.national.app import MIGRATIONS as NATIONAL_MIGRATIONS
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.provision_gate import ProvisionGate
from jukinet.national.usecases.answer_local_government import answer_local_government, asker_of
from jukinet.national.usecases.decide_law_change import approve_law_change
from jukinet.national.usecases.list_grants import list_grants
from jukinet.national.usecases.propose_law_change import propose_law_change
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.postgres.database import Database, open_database
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL_MIGRATIONS
from jukinet.prefectural.local_grants import LocalGrants
from jukinet.prefectural.usecases.answer_local_query import LocalDesk, answer_local_query
from jukinet.protocol.catalogue import find_message_type, require_listed
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.local_provision import LocalConfirmation, LocalGrantsQuery
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient
from tests.builders import NOW, SETAGAYA, TOKYO, code, notice
from tests.fixtures_postgres import MakeDatabase

NAGANO: Final = NodeName.parse("prefectural/200000")
#: The code of a resident of Setagaya, and of one of Matsumoto in Nagano.
OF_TOKYO: Final = code(1)
OF_NAGANO: Final = code(2)
_HOME: Final = "長野県松本市丸の内3番7号"
_USES: Final = (
    "SELECT agency, result, items, resident_record_code, ground FROM audit.use_log ORDER BY used_at, message_id"
)


@dataclass
class LocalParties:
    """The three nodes, and the nation's law."""

    databases: dict[NodeName, Database]
    keeper: LawKeeper
    now: datetime = NOW
    is_cut: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.gate = ProvisionGate(
            organs={},
            law=self.keeper,
            limits=RateLimits(RateLimit(1_000.0, 1_000), {}),
            database=self.databases[NATIONAL],
            clock=lambda: self.now,
        )
        self.grants = LocalGrants(self._client(TOKYO), lambda: self.now)

    @property
    def desk(self) -> LocalDesk:
        return LocalDesk(database=self.databases[TOKYO], grants=self.grants, client=self._client(TOKYO))

    async def ask_as_prefecture(self, affair: str, **items: Any) -> ConfirmationAnswer:  # noqa: ANN401 - any item of it
        self.now += timedelta(seconds=1)
        return await self.ask_with(TOKYO, question(affair, **items))

    async def ask_as_municipality(self, affair: str, **items: Any) -> ConfirmationAnswer:  # noqa: ANN401 - likewise
        self.now += timedelta(seconds=1)
        return await self.ask_with(SETAGAYA, question(affair, **items))

    async def ask_with(self, asker: NodeName, query: ConfirmationQuery) -> ConfirmationAnswer:
        """Ask as a screen does."""
        if asker == TOKYO:
            return await answer_local_query(query=query, asker=TOKYO, desk=self.desk, now=self.now)
        client = self._client(asker)
        return await ask_prefecture(
            query=query, node=asker, client=client, database=self.databases[asker], now=self.now
        )

    async def enact(self, act: NewAffair) -> None:
        """Let two people of the nation add an affair, and wait until its day."""
        number = await propose_law_change(
            act=act,
            effective_on=(self.now + timedelta(days=1)).date(),
            source="条例",
            operator_id="akagi",
            keeper=self.keeper,
            database=self.databases[NATIONAL],
            now=self.now,
        )
        await approve_law_change(
            proposal_number=number,
            operator_id="kuroki",
            keeper=self.keeper,
            database=self.databases[NATIONAL],
            now=self.now,
        )
        self.now += timedelta(days=2)

    async def uses(self, name: NodeName) -> list[tuple[Any, ...]]:
        return await self.rows(name, _USES)

    async def rows(self, name: NodeName, statement: str) -> list[tuple[Any, ...]]:
        async with self.databases[name].connection() as connection:
            return await (await connection.execute(statement.encode())).fetchall()

    def _client(self, name: NodeName) -> MessageClient:
        return cast("MessageClient", _Line(self, name))


def question(affair: str, **items: Any) -> ConfirmationQuery:  # noqa: ANN401 - any item of it
    what: dict[str, Any] = {
        "resident_record_code": OF_TOKYO,
        "items": ("name", "address"),
        "purpose": "申請の審査",
        "matter_number": "都-1",
        "official": "係員",
        **items,
    }
    return ConfirmationQuery(affair=affair, **what)


@dataclass
class _Line:
    """What a node says arrives at once, or is refused; the line to the nation can be cut."""

    parties: LocalParties
    sender: NodeName

    async def send(self, receiver: NodeName, message_type: str, body: Any, **_: object) -> Any:  # noqa: ANN401 - of any message
        parties = self.parties
        if parties.is_cut:
            raise PeerUnreachableError
        try:
            require_listed(find_message_type(message_type), sender=self.sender, receiver=receiver)
            return await self._answer(body, f"message-{next(parties.numbers):04}")
        except JukinetError as error:
            raise PeerRefusedError(error.detail, field=error.field, peer_code=error.code) from None

    async def _answer(self, body: Any, message_id: str) -> Any:  # noqa: ANN401 - of any message
        parties = self.parties
        if isinstance(body, LocalGrantsQuery):
            asker = asker_of(body.municipality, self.sender)
            return await list_grants(sender=asker, organs={}, keeper=parties.keeper, now=parties.now)
        if isinstance(body, LocalConfirmation):
            return await answer_local_government(
                asked=body,
                sender=self.sender,
                message_id=message_id,
                gate=parties.gate,
                database=parties.databases[NATIONAL],
                now=parties.now,
            )
        return await answer_local_query(
            query=body, asker=self.sender, desk=parties.desk, now=parties.now, message_id=message_id
        )


@asynccontextmanager
async def opened_local_parties(make_database: MakeDatabase) -> AsyncGenerator[LocalParties]:
    """Give the three nodes; the prefecture knows its own resident, the nation both."""
    kinds = {SETAGAYA: MUNICIPAL_MIGRATIONS, TOKYO: PREFECTURAL_MIGRATIONS, NATIONAL: NATIONAL_MIGRATIONS}
    databases = {name: await open_database((await make_database(each)).app) for name, each in kinds.items()}
    try:
        own = notice(1)
        other = notice(2, municipality="202029", address=_HOME, name="信濃\u3000太郎", kana="しなの\u3000たろう")
        for name, known in ((TOKYO, [own]), (NATIONAL, [own, other])):
            origin = Origin(sender=SETAGAYA, message_id="m", require_competent=lambda _: None)
            async with databases[name].transaction() as unit:
                await apply_notices(unit, notices=known, origin=origin, forwarding=None, now=NOW)
        yield LocalParties(databases, LawKeeper(databases[NATIONAL]))
    finally:
        for database in databases.values():
            await database.close()
