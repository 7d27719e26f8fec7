"""What the federation on this machine consists of, and where each part of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName

#: Message ports count up from here, screen ports from 100 further on, ports of the agencies' APIs from 150.
FIRST_PORT: Final = 21_000
_SCREENS_AFTER: Final = 100
_APIS_AFTER: Final = 150
#: Where the national node shows residents what concerns them, so much further on than its messages.
_RESIDENTS_AFTER: Final = 200

#: Share of the residents each municipality has.
MUNICIPALITIES: Final[Mapping[str, float]] = {
    "municipal/131121": 0.50,  # 世田谷区
    "municipal/132039": 0.20,  # 武蔵野市
    "municipal/202029": 0.25,  # 松本市
    "municipal/203211": 0.05,  # 軽井沢町
}
#: The organ of the Appended Tables each agency stands for.
ORGANS: Final[Mapping[str, str]] = {"agency/nenkin": "日本年金機構", "agency/gaimu": "外務省"}

_NAMES: Final = (
    NATIONAL.text,
    "prefectural/130001",
    "prefectural/200000",
    *MUNICIPALITIES,
    *ORGANS,
)


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """One node of the federation: its name, its ports, its files."""

    name: NodeName
    message_port: int
    screen_port: int
    directory: Path
    #: Where an agency answers its organ's own system; None for every other node.
    api_port: int | None = None

    @property
    def ports(self) -> tuple[int, ...]:
        """Return every port it listens at."""
        return tuple(port for port in (self.message_port, self.screen_port, self.api_port) if port is not None)

    @property
    def organ_system_identity(self) -> Path:
        """Return the directory of key and certificate of its organ's own system."""
        return self.directory / "organ-system"

    @property
    def config(self) -> Path:
        """Return its configuration file."""
        return self.directory / "node.toml"

    @property
    def identity(self) -> Path:
        """Return the directory of its key and certificate."""
        return self.directory / "identity"

    @property
    def log(self) -> Path:
        """Return the file its log goes to."""
        return self.directory / "log.jsonl"

    @property
    def resident_port(self) -> int:
        """Return the port of the residents' pages, which only the national node has."""
        return self.message_port + _RESIDENTS_AFTER

    @property
    def screen_address(self) -> str:
        """Return the address of its screens."""
        return f"https://127.0.0.1:{self.screen_port}/"


@dataclass(frozen=True, slots=True)
class FederationPlan:
    """The federation under one directory."""

    directory: Path
    residents: int
    first_port: int = FIRST_PORT
    names: tuple[str, ...] = field(default=_NAMES)

    @property
    def nodes(self) -> tuple[PlannedNode, ...]:
        """Return every node, upper tiers first."""
        return tuple(
            PlannedNode(
                NodeName.parse(name),
                self.first_port + index,
                self.first_port + _SCREENS_AFTER + index,
                self.directory / "nodes" / name.replace("/", "-"),
                self.first_port + _APIS_AFTER + index if name in ORGANS else None,
            )
            for index, name in enumerate(self.names)
        )

    def find_node(self, name: str) -> PlannedNode:
        """Return the node of this name."""
        return next(node for node in self.nodes if node.name.text == name)

    def list_nodes(self, kind: NodeKind) -> tuple[PlannedNode, ...]:
        """Return the nodes of one kind."""
        return tuple(node for node in self.nodes if node.name.kind is kind)

    def residents_of(self, name: str) -> int:
        """Return how many residents a municipality begins with."""
        return max(100, round(self.residents * MUNICIPALITIES[name]))

    @property
    def postgres(self) -> Path:
        """Return where the embedded PostgreSQL keeps its files."""
        return self.directory / "postgres"

    @property
    def authority(self) -> Path:
        """Return where the certification authorities are."""
        return self.directory / "pki"

    @property
    def sign_ins(self) -> Path:
        """Return the file with the operators' initial passwords."""
        return self.directory / "sign-ins.json"

    @property
    def individual_number_key(self) -> Path:
        """Return the file with the secret key that Individual Numbers are made with."""
        return self.directory / "secrets" / "individual-number.key"

    @property
    def resident_address(self) -> str:
        """Return the address of the residents' pages."""
        return f"https://127.0.0.1:{self.find_node(NATIONAL.text).resident_port}/"

    @property
    def marker(self) -> Path:
        """Return the file that says the federation was built, and with how many residents."""
        return self.directory / "built.json"
