"""The nation at the other end of a municipality's line: the real search for earlier records, without TLS."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.identification.receive import Origin, apply_notices
from jukinet.national import app as national_app
from jukinet.national.usecases.list_former_records import list_former_records
from jukinet.postgres.database import Database, open_database
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.identification import IdentificationNotice
from jukinet.transport.message_client import MessageClient
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import CHIYODA, TODAY


@dataclass
class Line:
    """What Chiyoda asks of the nation; it can be cut."""

    database: Database
    is_cut: bool = False
    asked: list[Any] = field(default_factory=list)

    @property
    def client(self) -> MessageClient:
        return cast("MessageClient", self)

    async def send(self, receiver: object, message_type: str, body: Any, **_: object) -> Any:  # noqa: ANN401 - of any message
        del receiver
        if self.is_cut or message_type != "former_record_query":
            raise PeerUnreachableError
        self.asked.append(body)
        try:
            return await list_former_records(
                query=body,
                municipality=CHIYODA,
                message_id=new_message_id(TODAY, len(self.asked).to_bytes(10, "big")),
                database=self.database,
                now=TODAY,
            )
        except JukinetError as error:
            raise PeerRefusedError(peer_code=error.code) from None

    async def learn(self, *notices: IdentificationNotice) -> None:
        """Let the nation record residents of anywhere."""
        origin = Origin(sender=CHIYODA, message_id="m", require_competent=lambda _: None)
        async with self.database.transaction() as unit:
            await apply_notices(unit, notices=list(notices), origin=origin, forwarding=None, now=TODAY)


@asynccontextmanager
async def line_of(make_database: MakeDatabase) -> AsyncGenerator[Line]:
    """Give a line to a nation that knows nobody yet."""
    database = await open_database((await make_database(national_app.MIGRATIONS)).app)
    try:
        yield Line(database)
    finally:
        await database.close()
