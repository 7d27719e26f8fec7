"""A national node that knows two people, an agency node with its API in front of it, and the organ's own system."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS
from jukinet.client import Connection, Ground
from jukinet.identification.receive import receive_notices
from jukinet.national.endpoints import require_competent
from jukinet.national.search_key_store import keep_search_keys
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, open_node, serve_node
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.enrolment import enrol_node
from tests.builders import NOW, PENSION, PENSION_AFFAIR, TOKYO, individual_number, list_rows, notice, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.cli.offices import Network

SYSTEM = NodeName.parse("organ_system/nenkin")
OTHER_SYSTEM = NodeName.parse("organ_system/gaimu")
GROUND = Ground(affair=PENSION_AFFAIR, purpose="年金の支給", matter_number="年金-1", official="a1234", office="支給課")
HANAKO: dict[str, Any] = {
    "name": "渡邉\u3000花子",
    "kana": "わたなべ\u3000はなこ",
    "birth_date": "1990-05-06",
    "address": "東京都世田谷区太子堂一丁目2番3号",
    "individual_number": individual_number(1),
}
TARO: dict[str, Any] = {
    "name": "渡邉\u3000太郎",
    "kana": "わたなべ\u3000たろう",
    "birth_date": "1940-01-02",
    "changed_on": "1940-01-02",
    "sex": "1",
    "individual_number": individual_number(2),
}
USES = "SELECT method, result, items, official, office, matter_number FROM audit.use_log ORDER BY message_id"
EVENTS = "SELECT event, outcome, actor, detail FROM audit.event ORDER BY event_id"


@dataclass(frozen=True)
class Reply:
    """What the API answered."""

    status: int
    headers: dict[str, str]
    content: Any

    @property
    def code(self) -> str:
        return str(self.content["code"])


@dataclass
class Offices:
    """Both nodes, and how to reach the API."""

    network: Network
    national: Node
    agency: Node
    port: int

    def identity(self, system: NodeName = SYSTEM) -> Path:
        directory = self.network.directory / "nodes" / system.text.replace("/", "-")
        if not directory.exists():
            enrol_node(self.network.authority, system, directory)
        return directory

    def connection(self, system: NodeName = SYSTEM, **items: Any) -> Connection:  # noqa: ANN401 - any of a connection
        return Connection(
            agency=PENSION.text, host="127.0.0.1", port=self.port, identity=self.identity(system), **items
        )

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        system: NodeName = SYSTEM,
        content: bytes | None = None,
        tls: ssl.SSLContext | None = None,
        **headers: str,
    ) -> Reply:
        """Say anything at all to the API, well-formed or not."""
        connection = self.connection(system)
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            headers = {"content_type": "application/json", **headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method,
                connection.address + path,
                data=content,
                headers={name.replace("_", "-"): text for name, text in headers.items()},
                ssl=tls or connection.tls(),
                server_hostname=connection.server_name,
            ) as response,
        ):
            octets = await response.read()
            known = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, known, json.loads(octets) if octets else None)

    async def uses(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.network.databases["national"], USES)

    async def events(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.network.databases[PENSION.text], EVENTS)


@asynccontextmanager
async def running_offices(
    directory: Path, make_database: MakeDatabase, *, api: str = "", national_limit: str = ""
) -> AsyncGenerator[Offices]:
    """Run both nodes while the block runs; `api` and `national_limit` are more of their configuration."""
    network = Network(directory, make_database)
    network.port = free_port()
    network.say_where("national", network.port)
    national_config = await network.add("national")
    _append(national_config, f"[usual_rate_limit]\n{national_limit}")
    network.port, port = free_port(), free_port()
    agency_config = await network.add(PENSION.text)
    _append(agency_config, f"[api]\nport = {port}\n{api}")
    async with _serving(national_config) as nation, _serving(agency_config) as agency:
        await know(nation, notice(1, **HANAKO), notice(2, **TARO))
        await know(nation, notice(2, 2, **{**TARO, "reason": "death", "changed_on": "2026-03-01"}), number=2)
        yield Offices(network, nation, agency, port)


async def know(nation: Node, *people: IdentificationNotice, number: int = 1) -> None:
    """Let the national node apply notices of Tokyo; `number` decides the id of the message."""
    message = received(people, sender=TOKYO, receiver=NATIONAL, message_type="identification_forwarding", number=number)
    await receive_notices(
        received=message,
        require_competent=lambda one: require_competent(TOKYO, one),
        forwarding=None,
        database=nation.database,
        now=NOW,
        follow=keep_search_keys,
    )


@asynccontextmanager
async def _serving(config: Path) -> AsyncGenerator[Node]:
    settings = load_config(config)
    kind = KINDS[settings.kind]
    async with open_node(settings, clock=machine_clock, migrations=kind.migrations) as node:
        parts = kind.assemble(node)
        async with serve_node(node, parts):
            yield node


def _append(config: Path, text: str) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(text)


def free_port() -> int:
    """Return a port nobody uses at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
