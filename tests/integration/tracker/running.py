"""A national node with two people's uses, the data tracker in front of its log, and portals with certificates."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from jukinet.cli.console import machine_clock
from jukinet.client import Connection
from jukinet.national.app import MIGRATIONS, assemble
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, open_node, serve_node
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.enrolment import enrol_node
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import free_port
from tests.integration.cli.offices import Network

PORTAL: Final = NodeName.parse("organ_system/portal")
#: A portal that has seen to it that its users may act for others.
FAMILY_PORTAL: Final = NodeName.parse("organ_system/family-portal")
STRANGER: Final = NodeName.parse("organ_system/stranger")
_CONFIG: Final = """
[usage_portals."organ_system/portal"]
[usage_portals."organ_system/family-portal"]
may_represent = true
[api]
port = {port}
per_second = 100000.0
burst = 1000000
"""


@dataclass(frozen=True)
class Reply:
    """What the tracker answered."""

    status: int
    content: Any
    headers: dict[str, str]


@dataclass
class Tracker:
    """The node, and how to reach its tracker."""

    network: Network
    node: Node
    port: int

    def identity(self, portal: NodeName) -> Path:
        directory = self.network.directory / "nodes" / portal.text.replace("/", "-")
        if not directory.exists():
            enrol_node(self.network.authority, portal, directory)
        return directory

    async def ask(
        self, path: str, user: str | None = None, *, portal: NodeName = PORTAL, method: str = "GET", **query: str
    ) -> Reply:
        headers = {} if user is None else {"X-Road-UserId": user}
        return await self._send(method, path, portal, params=query, headers=headers)

    async def post(self, path: str, content: object, *, portal: NodeName = PORTAL) -> Reply:
        return await self._send("POST", path, portal, json=content)

    async def fuzz(self, directory: Path, document: dict[str, Any], examples: int) -> tuple[int | None, str]:
        """Let schemathesis make up requests from the document; return its status and what it printed."""
        place = directory / "document.json"
        place.write_text(json.dumps(document), encoding="utf-8")
        identity = self.identity(PORTAL)
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={Path(__file__).with_name('fuzz.toml')}",
            "run",
            str(place),
            f"--url=https://127.0.0.1:{self.port}",
            f"--request-cert={identity / 'certificate.pem'}",
            f"--request-cert-key={identity / 'key.pem'}",
            "--tls-verify=false",
            "--phases=examples,coverage,fuzzing",
            f"--max-examples={examples}",
            "--seed=1",
            "--no-color",
            cwd=directory,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode, output.decode()

    async def _send(self, method: str, path: str, portal: NodeName, **content: Any) -> Reply:  # noqa: ANN401 - whatever a request takes
        connection = Connection(agency="agency/x1", host="127.0.0.1", port=self.port, identity=self.identity(portal))
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method,
                connection.address + path,
                **content,
                ssl=connection.tls(),
                server_hostname=NATIONAL.host,
            ) as response,
        ):
            octets = await response.read()
            known = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, json.loads(octets) if octets else None, known)


@asynccontextmanager
async def running_tracker(directory: Path, make_database: MakeDatabase) -> AsyncGenerator[Tracker]:
    """Run the node while the block runs."""
    network = Network(directory, make_database)
    network.port, port = free_port(), free_port()
    network.say_where("national", network.port)
    config = await network.add("national")
    with config.open("a", encoding="utf-8") as file:
        file.write(_CONFIG.format(port=port))
    async with (
        open_node(load_config(config), clock=machine_clock, migrations=MIGRATIONS) as node,
        serve_node(node, assemble(node)),
    ):
        yield Tracker(network, node, port)
