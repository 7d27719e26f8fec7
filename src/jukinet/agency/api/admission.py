"""Who may use the API: the organ's own systems, by a certificate of the network that still counts; nobody else (I5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

import msgspec
import structlog

from jukinet.agency.api.problems import problem_of
from jukinet.domain.errors import InternalError, JukinetError, PeerNotPermittedError
from jukinet.node_process.process import Node, record_refusal
from jukinet.protocol.node_names import NodeName, organ_system_of
from jukinet.transport.message_server import Refused
from jukinet.transport.peer_protocol import PEER
from jukinet.transport.peers import Peer

_log: Final = structlog.get_logger()
#: Where the system that asks stands in the scope.
SYSTEM: Final = "jukinet.organ_system"
#: Where the id of the request stands in the scope.
REQUEST_ID: Final = "jukinet.request_id"
#: How refusals of this door stand on the audit log, beside the types of messages.
_LOG_TYPE: Final = "agency_api"
_FORBIDDEN: Final = 403
_FAULT: Final = 500

Scope: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Admission:
    """The ASGI application in front of the API: nothing of a request is read before its certificate was found good."""

    def __init__(self, node: Node, app: Callable[..., Awaitable[None]], new_request_id: Callable[[], str]) -> None:
        self._node: Final = node
        self._app: Final = app
        self._new_request_id: Final = new_request_id
        self._system: Final = organ_system_of(node.name)

    async def __call__(self, scope: Scope, receive: _Receive, send: _Send) -> None:
        """Pass a request on, or refuse it and leave word of it."""
        if scope["type"] != "http":
            return
        scope[REQUEST_ID] = request_id = self._new_request_id()
        try:
            scope[SYSTEM] = self._require_own(scope)
        except JukinetError as error:
            await self._refuse(await self._record(error, scope), send, request_id)
            return
        await self._app(scope, receive, send)

    def _require_own(self, scope: Scope) -> NodeName:
        peer = scope["extensions"][PEER]
        if not isinstance(peer, Peer):
            raise peer
        self._node.revocations.require_standing(peer, self._node.clock())
        if peer.name != self._system:
            raise PeerNotPermittedError("Only this organ's own systems use this API.", field="certificate")
        return peer.name

    async def _record(self, error: JukinetError, scope: Scope) -> JukinetError:
        peer, client = scope["extensions"][PEER], scope["client"]
        refused = Refused(
            at=self._node.clock(),
            peer_name=peer.name if isinstance(peer, Peer) else None,
            message_type=_LOG_TYPE,
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
        status = _FAULT if isinstance(error, InternalError) else _FORBIDDEN
        problem = problem_of(error, request_id=request_id, status=status)
        content = msgspec.json.encode(problem)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(content)),
            (b"x-request-id", request_id.encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})
