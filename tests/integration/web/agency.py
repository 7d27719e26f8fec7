"""An agency whose line to the national server is a function call, refusals included."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from jukinet.agency import app as agency_app
from jukinet.agency.doubt_store import Reporter
from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.agency.usecases.list_affairs import list_affairs
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.agency.usecases.search_person import search_person
from jukinet.agency.web.desk import AgencyDesk
from jukinet.agency.web.screens import make_screens
from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.provision_gate import ProvisionGate
from jukinet.national.usecases.confirm_person import ConfirmationDesk
from jukinet.national.usecases.list_grants import list_grants
from jukinet.national.usecases.search_person import PersonSearchDesk
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery
from jukinet.transport.message_client import MessageClient
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import MovableClock
from tests.integration.web.servers import Node, opened_node

PENSION = NodeName.parse("agency/nenkin")
ORGAN = "日本年金機構"


@dataclass
class AgencyNode(Node):
    """An agency's node, and the line it speaks on."""

    line: NationLine


class NationLine:
    """What the agency says reaches the national server's own code at once; the line can be cut."""

    def __init__(self, national: Database, clock: MovableClock, burst: int) -> None:
        self._clock = clock
        self._organs = {"nenkin": ORGAN}
        self._law = LawKeeper(national)
        gate = ProvisionGate(
            organs=self._organs,
            law=self._law,
            limits=RateLimits(RateLimit(0.01, burst), {}),
            database=national,
            clock=clock,
        )
        self._confirmation = ConfirmationDesk(database=national, clock=clock, gate=gate)
        self._search = PersonSearchDesk(database=national, clock=clock, gate=gate)
        self.is_cut = False

    async def send(self, _receiver: NodeName, message_type: str, body: Any, *, deadline: float) -> Any:  # noqa: ANN401 - of any message
        assert deadline > 0
        if self.is_cut:
            raise PeerUnreachableError
        message_id = new_message_id(self._clock(), bytes(10))
        try:
            if message_type == "provision_grants":
                return await list_grants(sender=PENSION, organs=self._organs, keeper=self._law, now=self._clock())
            self._clock.advance(seconds=1)
            if message_type == "person_search":
                return await self._search.search_person(body, agency=PENSION, message_id=message_id)
            return await self._confirmation.confirm_person(body, agency=PENSION, message_id=message_id)
        except JukinetError as error:
            raise PeerRefusedError(error.detail, field=error.field, peer_code=error.code) from None


@asynccontextmanager
async def agency_of(
    make_database: MakeDatabase, national: Database, *, organ: str | None = ORGAN, burst: int = 1_000
) -> AsyncGenerator[AgencyNode]:
    """Give an agency that the national server lets ask so often at once."""
    async with opened_node(make_database, agency_app.MIGRATIONS, "年金機構　職員") as (database, clock):
        line = NationLine(national, clock, burst)
        client = cast("MessageClient", line)

        async def ask(query: ConfirmationQuery) -> ConfirmationAnswer:
            return await ask_confirmation(query=query, client=client, database=database, now=clock())

        async def search(query: PersonSearchQuery) -> PersonSearchAnswer:
            return await search_person(query=query, client=client, database=database, now=clock())

        async def report(doubt: Doubt, reporter: Reporter) -> str:
            return await report_doubt(doubt=doubt, reporter=reporter, database=database, now=clock())

        async def list_own() -> GrantsAnswer:
            return await list_affairs(client=client)

        desk = AgencyDesk(
            name=PENSION,
            database=database,
            clock=clock,
            asking=AskingDesk(organ=organ, ask=ask, search=search, list_affairs=list_own, has_own_pages=True),
            report=report,
        )
        yield AgencyNode(database, clock, make_screens(desk), line)
