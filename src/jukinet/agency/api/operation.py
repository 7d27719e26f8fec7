"""What one operation of the API is: a row of which the server and the OpenAPI document are both made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import msgspec

from jukinet.node_process.process import Node
from jukinet.protocol.node_names import NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that was read: by whom, what, under which key."""

    node: Node
    system: NodeName
    body: Any = field(default=None, repr=False)
    parameters: Any = None
    idempotency_key: str | None = None


Perform: TypeAlias = Callable[[Asked], Awaitable[msgspec.Struct]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    id: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    description: str
    perform: Perform
    answer: type[msgspec.Struct]
    body: type[msgspec.Struct] | None = None
    #: What may stand in the address: never anything of a person.
    parameters: type[msgspec.Struct] | None = None
    #: Whether the answer has an ETag, and is not sent again to who has it (`If-None-Match`).
    has_tag: bool = False
    #: Whether it counts against the rate limit.
    is_limited: bool = True
