"""Nodes as an operator sets them up: certificates, databases and configuration files, and a terminal to type at."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS
from jukinet.cli.main import app
from jukinet.postgres.database import DatabaseConfig
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import NodeKind, NodeName
from jukinet.transport.enrolment import enrol_node
from jukinet.transport.pki import NetworkAuthority, create_network_authority, create_root
from tests.builders import ORGANS
from tests.fixtures_postgres import MakeDatabase


def type_command(*words: str) -> Result:
    """Type a command and return what came of it."""
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "400"})


@dataclass
class Terminal:
    """Types commands beside the test's event loop."""

    async def result(self, *words: str) -> Result:
        return await asyncio.to_thread(type_command, *words)

    async def rows(self, *words: str) -> list[dict[str, Any]]:
        result = await self.result(*words, "--json")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    async def refusal(self, *words: str) -> str:
        """Return the one line a refused command says; fail for anything else, a stack trace above all."""
        return refusal_of(await self.result(*words))


def refusal_of(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("jukinet: ")]
    assert line.endswith("]")
    return line


@dataclass
class Network:
    """One authority, and nodes with everything but a running process."""

    directory: Path
    make_database: MakeDatabase
    port: int = 9
    databases: dict[str, NodeDatabase] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    authority: NetworkAuthority = field(init=False)

    def __post_init__(self) -> None:
        root = create_root(self.directory / "pki" / "root", clock=machine_clock)
        self.authority = create_network_authority(self.directory / "pki" / "network", root, clock=machine_clock)
        self.say_where("national", self.port)

    def say_where(self, name: str, port: int) -> None:
        self.ports[name] = port
        entries = [f'[nodes."{each}"]\nhost = "127.0.0.1"\nport = {at}\n' for each, at in self.ports.items()]
        (self.directory / "directory.toml").write_text("\n".join(entries))

    async def add(self, text: str, *, migrated: bool = True, **items: object) -> Path:
        """Enrol a node, make its database, and return its configuration file."""
        name = NodeName.parse(text)
        database = await self.make_database(KINDS[name.kind].migrations if migrated else ())
        self.databases[text] = database
        identity = self.directory / "nodes" / text.replace("/", "-")
        enrol_node(self.authority, name, identity)
        config = identity / "node.toml"
        config.write_text("\n".join(self._lines(name, database, identity, items)) + "\n", encoding="utf-8")
        return config

    def _lines(self, name: NodeName, database: NodeDatabase, identity: Path, items: dict[str, object]) -> Sequence[str]:
        organs = {code: organ for code, organ in ORGANS.items() if name.kind in {NodeKind.NATIONAL, NodeKind.AGENCY}}
        return [
            f'name = "{name}"',
            *[f"{item} = {json.dumps(value)}" for item, value in items.items()],
            "[database]",
            *_sign_in(database.app),
            "[owner]",
            *_sign_in(database.owner),
            "[line]",
            f"port = {self.port}",
            f'identity = "{identity}"',
            f'revocation_list = "{self.authority.revocation_list_path}"',
            f'directory = "{self.directory / "directory.toml"}"',
            "[organs]",
            *[f'{code} = "{organ}"' for code, organ in organs.items()],
        ]


def _sign_in(database: DatabaseConfig) -> list[str]:
    return [f'url = "{database.url}"', f'password_file = "{database.password_file}"']
