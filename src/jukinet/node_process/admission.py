"""Who may use an API beside the line: listed programs, by a certificate that still counts; nobody else (I5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

import structlog

from jukinet.domain.errors import InternalError, JukinetError
from jukinet.node_process.process import Node, record_refusal
from jukinet.transport.message_server import Refused
from jukinet.transport.peer_protocol import PEER
from jukinet.transport.peers import Peer

_log: Final = structlog.get_logger()
#: Where the program that asks stands in the scope.
SYSTEM: Final = "jukinet.organ_system"
#: Where the id of the request stands in the scope.
REQUEST_ID: Final = "jukinet.request_id"

Scope: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Answered(NamedTuple):
    """How a refusal is written."""

    status: int
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What one API asks of who comes."""

    #: How refusals stand on the audit log, beside the types of messages.
    log_type: str
    #: Raises NotPermittedError for whoever may not use the API.
    require: Callable[[Peer], None] = field(repr=False)
    #: Writes a refusal with the id of its request.
    write: Callable[[JukinetError, str], Answered] = field(repr=False)


class Admission:
    """The ASGI application in front of an API: nothing of a request is read before its certificate was found good."""

    def __init__(
        self, node: Node, app: Callable[..., Awaitable[None]], door: Door, new_request_id: Callable[[], str]
    ) -> None:
        self._node: Final = node
        self._app: Final = app
        self._door: Final = door
        self._new_request_id: Final = new_request_id

    async def __call__(self, scope: Scope, receive: _Receive, send: _Send) -> None:
        """Pass a request on, or refuse it and leave word of it."""
        if scope["type"] != "http":
            return
        scope[REQUEST_ID] = request_id = self._new_request_id()
        try:
            peer = scope["extensions"][PEER]
            if not isinstance(peer, Peer):
                raise peer
            self._node.revocations.require_standing(peer, self._node.clock())
            self._door.require(peer)
            scope[SYSTEM] = peer.name
        except JukinetError as error:
            await self._refuse(await self._record(error, scope), send, request_id)
            return
        await self._app(scope, receive, send)

    async def _record(self, error: JukinetError, scope: Scope) -> JukinetError:
        peer, client = scope["extensions"][PEER], scope["client"]
        refused = Refused(
            at=self._node.clock(),
            peer_name=peer.name if isinstance(peer, Peer) else None,
            message_type=self._door.log_type,
            code=error.code,
            remote_address=client[0] if client else "",
        )
        try:
            await record_refusal(self._node, refused)
        except Exception as problem:  # noqa: BLE001 - what could not be recorded is answered as a fault, without its text
            _log.error("refusal not recorded", exception_class=type(problem).__name__)
            return InternalError()
        return error

    async def _refuse(self, error: JukinetError, send: _Send, request_id: str) -> None:
        answer = self._door.write(error, request_id)
        headers = [
            (b"content-type", answer.media_type.encode()),
            (b"content-length", b"%d" % len(answer.content)),
            (b"x-request-id", request_id.encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})
