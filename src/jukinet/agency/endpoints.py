"""Messages an agency node answers: none. It asks, and nobody asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jukinet.node_process.process import Node
from jukinet.transport.message_server import Endpoint

ENDPOINTS: Final[Mapping[str, Callable[[Node], Endpoint]]] = {}
