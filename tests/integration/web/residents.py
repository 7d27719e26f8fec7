"""The nation's pages for residents, and Chiyoda's counter with a line to that nation, without TLS."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from litestar import Litestar

from jukinet.audit.wording import Describer
from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.national.resident_web.screens import make_resident_screens
from jukinet.national.usecases.enrol_resident import enrol_resident
from jukinet.national.usecases.provide_use_log import provide_use_log
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient
from tests.builders import received
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import CHIYODA, Municipality, municipality_of
from tests.integration.web.servers import Node, nation_of

DESCRIBER = Describer({"nenkin": "日本年金機構", "gaimu": "外務省"})
OWN_PASSWORD = "a quiet long password"


@dataclass
class CounterLine:
    """What a municipality's counter asks of the nation; it can be cut, and speak for another municipality."""

    nation: Node
    municipality: NodeName = CHIYODA
    is_cut: bool = False
    sent: list[Any] = field(default_factory=list)

    @property
    def client(self) -> MessageClient:
        return cast("MessageClient", self)

    async def send(self, receiver: object, message_type: str, body: Any, **_: object) -> Any:  # noqa: ANN401 - of any message
        assert receiver == NATIONAL
        if self.is_cut:
            raise PeerUnreachableError
        self.sent.append(body)
        number = 1_000 + len(self.sent)
        try:
            if message_type == "resident_enrolment":
                message = received(
                    body, sender=self.municipality, receiver=NATIONAL, message_type=message_type, number=number
                )
                return await enrol_resident(received=message, database=self.nation.database, now=self.nation.clock())
            assert message_type == "use_log_request"
            return await provide_use_log(
                request=body,
                municipality=self.municipality,
                message_id=new_message_id(self.nation.clock(), number.to_bytes(10, "big")),
                log=NATIONAL.text,
                describer=DESCRIBER,
                database=self.nation.database,
                now=self.nation.clock(),
            )
        except JukinetError as error:
            raise PeerRefusedError(peer_code=error.code) from None


@dataclass
class Counter:
    """Chiyoda's counter, the nation at the other end of its line, and the nation's pages for residents."""

    municipality: Municipality
    nation: Node
    line: CounterLine
    pages: Litestar


@asynccontextmanager
async def counter_of(make_database: MakeDatabase, directory: Path) -> AsyncGenerator[Counter]:
    """Give a counter that can print."""
    async with nation_of(make_database) as nation:
        line = CounterLine(nation)
        office = office_under(directory, CHIYODA, resident_page="https://pages.example/")
        async with municipality_of(make_database, client=line.client, office=office) as municipality:
            pages = make_resident_screens(
                name=NATIONAL, database=nation.database, clock=nation.clock, describer=DESCRIBER
            )
            yield Counter(municipality, nation, line, pages)


def read_letter(text: str) -> tuple[str, str]:
    """Return the account number and the code that a printed enrolment letter says."""
    number = re.search(r"\d{4}-\d{4}-\d{4}", text)
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){4}", text)
    assert number
    assert code
    return number[0], code[0]
