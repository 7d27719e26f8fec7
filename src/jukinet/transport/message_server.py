"""The message server: an ASGI application that answers `POST /messages/{type}` and nothing else.

Every check stands here once, in this order, for every message: who is on the line, whether the certificate still
counts, whether the catalogue lists this direction (all before the body is read), the length, the signature, the
envelope, the body's form (I1, I5). What passes reaches its endpoint; what does not is recorded, then refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec
import structlog

from jukinet.domain.clock import Clock
from jukinet.domain.errors import (
    ConfigurationError,
    InternalError,
    InvalidValueError,
    JukinetError,
    MalformedRequestError,
    MessageTooLargeError,
    NotFoundError,
    NotPermittedError,
    OperationError,
    PeerUnreachableError,
    UnknownMessageTypeError,
)
from jukinet.protocol.catalogue import find_message_type, require_listed
from jukinet.protocol.envelope import (
    SIGNATURE_HEADER,
    Envelope,
    open_envelope,
    read_body,
    require_addressed,
    require_signature,
)
from jukinet.protocol.errors import refusal_of
from jukinet.protocol.message_types import Assurance, MessageType
from jukinet.protocol.node_names import NodeName
from jukinet.transport.peer_protocol import PEER
from jukinet.transport.peers import Peer
from jukinet.transport.revocation import RevocationList

PATH: Final = "/messages/"
_SIGNATURE: Final = SIGNATURE_HEADER.encode("ascii")
_JSON: Final = (b"content-type", b"application/json")
_CLOSE: Final = (b"connection", b"close")
#: What is left of a refused request is read and dropped up to this length; beyond it, the connection ends.
_DROPPED_BYTES: Final = 64 * 1024

_Body = TypeVar("_Body")
_Scope: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received(Generic[_Body]):
    """A message that passed every check of the line. Whether it was seen before, the store decides."""

    peer: Peer
    envelope: Envelope
    body: _Body = field(repr=False)
    #: The exact bytes, and the signature over them where the catalogue asks for one: evidence to keep together.
    content: bytes = field(repr=False)
    signature: str | None = field(repr=False)


#: What answers one type of message: the catalogue's answer, or the same already encoded as JSON.
Endpoint: TypeAlias = Callable[[Received[Any]], Awaitable[msgspec.Struct | bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What is recorded of a refusal: who, what, why, from where; nothing of the content."""

    at: datetime
    peer_name: NodeName | None
    #: None if the address names no type of the catalogue.
    message_type: str | None
    code: str
    remote_address: str


RecordRefusal: TypeAlias = Callable[[Refused], Awaitable[None]]


class _Route:
    """One type of message this node answers, with everything that can be prepared."""

    __slots__ = ("decoder", "endpoint", "is_signed", "maximum_bytes", "message", "permitted")

    def __init__(self, message: MessageType, endpoint: Endpoint) -> None:
        self.message: Final = message
        self.endpoint: Final = endpoint
        self.decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(message.body)
        self.is_signed: Final = message.assurance is Assurance.SIGNED
        self.maximum_bytes: Final = message.maximum_bytes
        #: Senders the catalogue was already found to list. It holds names of certified nodes alone.
        self.permitted: Final[set[NodeName]] = set()


class MessageServer:
    """The application. One per node."""

    def __init__(
        self,
        *,
        name: NodeName,
        endpoints: Mapping[str, Endpoint],
        revocations: RevocationList,
        clock: Clock,
        record_refusal: RecordRefusal,
    ) -> None:
        """Prepare a route per endpoint.

        Raises:
            ConfigurationError: an endpoint answers what the catalogue does not send to this kind of node.
        """
        self._name: Final = name
        self._revocations: Final = revocations
        self._clock: Final = clock
        self._record_refusal: Final = record_refusal
        self._encode: Final = msgspec.json.Encoder().encode
        self._log: Final = structlog.stdlib.get_logger("jukinet.transport")
        self._routes: Final = {PATH + key: _Route(find_message_type(key), each) for key, each in endpoints.items()}
        for route in self._routes.values():
            if name.kind not in route.message.receivers:
                raise ConfigurationError(f"A {name.kind.value} node does not answer {route.message.name}.")

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        now = self._clock()
        try:
            content = await self._answer(scope, receive, now)
        except PeerUnreachableError:
            return  # whoever asked is gone
        except Exception as error:  # noqa: BLE001 - whatever it was, it is answered as a refusal
            await self._refuse(error, scope, send, now)
            return
        length = (b"content-length", b"%d" % len(content))
        await send({"type": "http.response.start", "status": 200, "headers": (_JSON, length)})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: _Scope, receive: _Receive, now: datetime) -> bytes:
        peer = scope["extensions"][PEER]
        if not isinstance(peer, Peer):
            raise peer
        self._revocations.require_standing(peer, now)
        route = self._find_route(scope, peer.name)
        declared, signature = _read_headers(scope)
        if declared > route.maximum_bytes:
            raise MessageTooLargeError(field="content-length")
        content = await _read(receive, route.maximum_bytes)
        if route.is_signed:
            require_signature(content, signature, peer.public_key)
        envelope = open_envelope(content)
        require_addressed(envelope, message=route.message.name, sender=peer.name, receiver=self._name, now=now)
        body = read_body(envelope.body, route.decoder)
        received = Received(peer, envelope, body, content, signature if route.is_signed else None)
        answer = await self._ask(route, received)
        return answer if type(answer) is bytes else self._encode(answer)

    async def _ask(self, route: _Route, received: Received[Any]) -> msgspec.Struct | bytes:
        try:
            return await route.endpoint(received)
        except OperationError as error:
            # Ours, so neither code nor detail says who it was about; nobody else would tell the operator.
            message_id = received.envelope.message_id
            self._log.warning(
                "message_not_answered",
                message_type=route.message.name,
                message_id=message_id,
                sender=received.peer.name.text,
                error_code=error.code,
                detail=error.detail,
            )
            raise
        except JukinetError:
            raise
        except Exception as error:  # noqa: BLE001 - its text may hold personal data, so it ends here
            self._log_unknown(error, message_type=route.message.name, message_id=received.envelope.message_id)
            raise InternalError from None

    def _find_route(self, scope: _Scope, sender: NodeName) -> _Route:
        path = scope["path"]
        route = self._routes.get(path)
        if route is not None and scope["method"] == "POST":
            if sender not in route.permitted:
                require_listed(route.message, sender=sender, receiver=self._name)
                route.permitted.add(sender)
            return route
        if not path.startswith(PATH):
            raise NotFoundError("Messages are sent to /messages/ and the type.", field="path")
        if scope["method"] != "POST":
            raise MalformedRequestError("Messages are sent with POST.", field="method")
        require_listed(find_message_type(path.removeprefix(PATH)), sender=sender, receiver=self._name)
        raise UnknownMessageTypeError("This node does not answer this message.", field="type")

    async def _refuse(self, error: Exception, scope: _Scope, send: _Send, now: datetime) -> None:
        if not isinstance(error, JukinetError):
            self._log_unknown(error, message_type=_message_type(scope), message_id=None)
        if isinstance(error, (NotPermittedError, InvalidValueError, NotFoundError)):
            error = await self._record(error, scope, now)
        status, refusal = refusal_of(error)
        content = self._encode(refusal)
        headers = [_JSON, (b"content-length", b"%d" % len(content))]
        if _leaves_much_unread(scope):
            headers.append(_CLOSE)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _record(self, error: JukinetError, scope: _Scope, now: datetime) -> JukinetError:
        peer = scope["extensions"][PEER]
        client = scope["client"]
        refused = Refused(
            at=now,
            peer_name=peer.name if isinstance(peer, Peer) else None,
            message_type=_message_type(scope),
            code=error.code,
            remote_address=client[0] if client else "",
        )
        try:
            await self._record_refusal(refused)
        except Exception as problem:  # noqa: BLE001 - still no 200: what could not be recorded is answered as a fault
            self._log_unknown(problem, message_type=refused.message_type, message_id=None)
            return InternalError()
        return error

    def _log_unknown(self, error: Exception, *, message_type: str | None, message_id: str | None) -> None:
        kind = type(error)
        name = f"{kind.__module__}.{kind.__qualname__}"
        self._log.error("message_failed", message_type=message_type, message_id=message_id, exception_class=name)


async def _read(receive: _Receive, maximum: int) -> bytes:
    event = await receive()
    if event["type"] != "http.request":
        raise PeerUnreachableError
    content: bytes = event["body"]
    if not event["more_body"]:
        if len(content) > maximum:
            raise MessageTooLargeError(field="body")
        return content
    return await _read_on(receive, maximum, content)


async def _read_on(receive: _Receive, maximum: int, beginning: bytes) -> bytes:
    parts, length, is_more = [beginning], len(beginning), True
    while length <= maximum and is_more:
        event = await receive()
        if event["type"] != "http.request":
            raise PeerUnreachableError
        parts.append(event["body"])
        length += len(event["body"])
        is_more = event["more_body"]
    if length > maximum:
        raise MessageTooLargeError(field="body")
    return b"".join(parts)


def _read_headers(scope: _Scope) -> tuple[int, str | None]:
    declared, signature = 0, None
    for name, value in scope["headers"]:
        if name == b"content-length":
            declared = int(value)
        elif name == _SIGNATURE:
            signature = value.decode("latin-1")
    return declared, signature


def _leaves_much_unread(scope: _Scope) -> bool:
    return any(name == b"content-length" and int(value) > _DROPPED_BYTES for name, value in scope["headers"])


def _message_type(scope: _Scope) -> str | None:
    try:
        return find_message_type(scope["path"].removeprefix(PATH)).name
    except UnknownMessageTypeError:
        return None
