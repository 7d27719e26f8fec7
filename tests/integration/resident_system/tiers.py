"""Three running tiers that a resident system feeds, and a line to speak on."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, open_node, serve_node
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import NATIONAL, NodeName, prefecture_of
from jukinet.protocol.resident_changes import ChangesStatusRequest
from jukinet.transport.directory import Address, Directory
from jukinet.transport.enrolment import enrol_node
from jukinet.transport.identity import IdentityPaths, NodeIdentity
from jukinet.transport.message_client import MessageClient
from jukinet.transport.pki import NetworkAuthority, create_network_authority, create_root
from jukinet.transport.revocation import load_revocation_list
from tests.builders import SETAGAYA, list_rows
from tests.builders_resident_system import HERE, SYSTEM, THERE
from tests.fixtures_postgres import MakeDatabase


@dataclass
class Tiers:
    """A municipality with a connected resident system, its prefecture and the nation, all running."""

    directory: Path
    make_database: MakeDatabase
    authority: NetworkAuthority = field(init=False)
    databases: dict[NodeName, NodeDatabase] = field(default_factory=dict)
    nodes: dict[NodeName, Node] = field(default_factory=dict)
    ports: dict[NodeName, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = create_root(self.directory / "pki" / "root", clock=machine_clock)
        self.authority = create_network_authority(self.directory / "pki" / "network", root, clock=machine_clock)
        self.ports = {name: _free_port() for name in (NATIONAL, prefecture_of(SETAGAYA), SETAGAYA)}
        text = "".join(f'[nodes."{name}"]\nhost = "127.0.0.1"\nport = {port}\n' for name, port in self.ports.items())
        (self.directory / "directory.toml").write_text(text)

    @property
    def files(self) -> Path:
        return self.directory / "drop"

    def config(self, name: NodeName) -> Path:
        return self.directory / name.text.replace("/", "-") / "node.toml"

    def enrol(self, name: NodeName) -> IdentityPaths:
        paths = IdentityPaths.under(self.config(name).parent)
        if not paths.certificate.exists():
            enrol_node(self.authority, name, paths.key.parent)
        return paths

    async def add(self, name: NodeName, *, connected: bool = True) -> Path:
        """Enrol a node, make its database, and return its configuration file."""
        self.enrol(name)
        database = self.databases[name] = await self.make_database(KINDS[name.kind].migrations)
        lines = [
            f'name = "{name}"',
            "[database]",
            f'url = "{database.app.url}"',
            f'password_file = "{database.app.password_file}"',
            "[line]",
            f"port = {self.ports[name]}",
            f'identity = "{self.config(name).parent}"',
            f'revocation_list = "{self.authority.revocation_list_path}"',
            f'directory = "{self.directory / "directory.toml"}"',
        ]
        if name == SETAGAYA and connected:
            lines += ["[resident_system]", f'files = "{self.files}"']
        self.config(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self.config(name)

    async def start(self, stack: AsyncExitStack, name: NodeName, *, connected: bool = True) -> None:
        config = load_config(await self.add(name, connected=connected))
        node = await stack.enter_async_context(open_node(config, clock=machine_clock))
        await stack.enter_async_context(serve_node(node, KINDS[name.kind].assemble(node)))
        self.nodes[name] = node

    @asynccontextmanager
    async def client(self, name: NodeName = SYSTEM) -> AsyncGenerator[MessageClient]:
        """Speak on the line as the resident system, or as anybody else."""
        identity = NodeIdentity.load(self.enrol(name), now=machine_clock())
        client = MessageClient(
            identity=identity,
            directory=Directory({peer: Address("127.0.0.1", port) for peer, port in self.ports.items()}),
            revocations=load_revocation_list(
                self.authority.revocation_list_path, identity.authority, clock=machine_clock
            ),
            clock=machine_clock,
            random_bytes=secrets.token_bytes,
        )
        async with client:
            yield client

    async def rows(self, name: NodeName) -> list[tuple[Any, ...]]:
        return await list_rows(self.databases[name], HERE if name == SETAGAYA else THERE)

    async def are_equal(self) -> bool:
        here = await self.rows(SETAGAYA)
        return all([await self.rows(name) == here for name in (prefecture_of(SETAGAYA), NATIONAL)])

    async def until_equal(self, residents: int, seconds: float = 30.0) -> bool:
        """Wait until all three hold this many residents, and the same of each."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while len(await self.rows(NATIONAL)) != residents or not await self.are_equal():
            if loop.time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True


@asynccontextmanager
async def running_tiers(directory: Path, make_database: MakeDatabase) -> AsyncGenerator[Tiers]:
    """Run the three tiers while the block runs."""
    tiers = Tiers(directory, make_database)
    async with AsyncExitStack() as stack:
        for name in (NATIONAL, prefecture_of(SETAGAYA), SETAGAYA):
            await tiers.start(stack, name)
        async with tiers.client() as client:
            await client.send(SETAGAYA, "resident_changes_status", ChangesStatusRequest(), deadline=30)
        yield tiers


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
