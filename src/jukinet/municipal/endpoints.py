"""Messages the municipal node answers: those of the connected resident system, where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jukinet.municipal.resident_system.endpoints import ENDPOINTS as RESIDENT_SYSTEM
from jukinet.node_process.process import Node
from jukinet.transport.message_server import Endpoint

ENDPOINTS: Final[Mapping[str, Callable[[Node], Endpoint]]] = {**RESIDENT_SYSTEM}
