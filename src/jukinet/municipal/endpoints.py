"""Messages the municipal node answers: none yet. Notices between municipalities come with the procedures of moving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jukinet.node_process.process import Node
from jukinet.transport.message_server import Endpoint

ENDPOINTS: Final[Mapping[str, Callable[[Node], Endpoint]]] = {}
