"""Node names: who a node is, as its certificate, its messages and its configuration say it.

A name is a kind and, for all but the one national node, a code: `municipal/131121`, `prefectural/130001`,
`national`, `agency/nenkin`. The certificate carries it twice: as the URI `jukinet://municipal/131121`, which
decides what its owner may do, and as the host name `131121.municipal.jukinet.internal`, which TLS checks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from jukinet.domain.errors import MalformedNodeNameError
from jukinet.domain.local_government_code import LocalGovernmentCode, is_local_government_code

_AGENCY_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,29}[a-z0-9]")
_SCHEME: Final = "jukinet://"
_DOMAIN: Final = "jukinet.internal"


class NodeKind(Enum):
    """The four kinds of node, and the systems of municipalities and organs, which speak to their own node only."""

    MUNICIPAL = "municipal"
    PREFECTURAL = "prefectural"
    NATIONAL = "national"
    AGENCY = "agency"
    RESIDENT_SYSTEM = "resident_system"
    ORGAN_SYSTEM = "organ_system"

    @property
    def is_node(self) -> bool:
        """Return whether it is one of our nodes: resident systems and systems of organs are others' programs."""
        return self not in {NodeKind.RESIDENT_SYSTEM, NodeKind.ORGAN_SYSTEM}


#: The kinds that run as nodes of the network.
NODE_KINDS: Final = frozenset(kind for kind in NodeKind if kind.is_node)


@dataclass(frozen=True, slots=True, order=True)
class NodeName:
    """The name of one node. `code` is a local government code, an agency's short name, or empty for `national`."""

    text: str

    @classmethod
    def parse(cls, text: str) -> NodeName:
        """Return the name; raise MalformedNodeNameError unless kind and code are possible."""
        kind_text, _, code = text.partition("/")
        try:
            kind = NodeKind(kind_text)
        except ValueError:
            raise MalformedNodeNameError(field="node_name") from None
        if not _is_possible(kind, code) or (kind is NodeKind.NATIONAL and text != kind_text):
            raise MalformedNodeNameError(field="node_name")
        return cls(text)

    @classmethod
    def from_uri(cls, uri: str) -> NodeName:
        """Return the name a certificate's URI carries; raise MalformedNodeNameError."""
        if not uri.startswith(_SCHEME):
            raise MalformedNodeNameError(field="node_name")
        return cls.parse(uri.removeprefix(_SCHEME))

    @property
    def kind(self) -> NodeKind:
        """Return the kind of the node."""
        return NodeKind(self.text.partition("/")[0])

    @property
    def code(self) -> str:
        """Return the local government code or the agency's short name; empty for the national node."""
        return self.text.partition("/")[2]

    @property
    def uri(self) -> str:
        """Return the name as a certificate carries it."""
        return _SCHEME + self.text

    @property
    def host(self) -> str:
        """Return the name as TLS checks it."""
        code = f"{self.code}." if self.code else ""
        return f"{code}{self.kind.value.replace('_', '-')}.{_DOMAIN}"

    def __str__(self) -> str:
        return self.text


#: The one national node.
NATIONAL: Final = NodeName("national")


def prefecture_of(name: NodeName) -> NodeName:
    """Return the prefectural node above a municipal one."""
    code = LocalGovernmentCode(name.code).prefecture_code
    return NodeName(f"{NodeKind.PREFECTURAL.value}/{code.value}")


def resident_system_of(name: NodeName) -> NodeName:
    """Return the name of the resident system that a municipal node may be connected to."""
    return NodeName(f"{NodeKind.RESIDENT_SYSTEM.value}/{name.code}")


def organ_system_of(name: NodeName) -> NodeName:
    """Return the name of the organ's own system (利用機関の業務システム) that may use an agency node's API."""
    return NodeName(f"{NodeKind.ORGAN_SYSTEM.value}/{name.code}")


def _is_possible(kind: NodeKind, code: str) -> bool:
    if kind is NodeKind.NATIONAL:
        return code == ""
    if kind in {NodeKind.AGENCY, NodeKind.ORGAN_SYSTEM}:
        return _AGENCY_CODE.fullmatch(code) is not None
    # Exactly as the code is written: another spelling of it would be another name for the same node.
    return is_local_government_code(code) and LocalGovernmentCode(code).is_prefecture is (kind is NodeKind.PREFECTURAL)
