"""The API as an application: read a request whole and closed, count it, perform it, answer it or say why not."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from jukinet.agency.api.openapi import DOCUMENT_PATH, openapi_document
from jukinet.agency.api.operation import Asked, Operation
from jukinet.agency.api.operations import OPERATIONS
from jukinet.agency.api.problems import headers_of, problem_of
from jukinet.agency.api.reading import UnreadableRequest, read_content, read_key, read_parameters, require_no_parameters
from jukinet.domain.errors import (
    InternalError,
    JukinetError,
    MalformedRequestError,
    MessageTooLargeError,
    MethodNotOfferedError,
    NotFoundError,
    PeerNotPermittedError,
)
from jukinet.node_process.admission import REQUEST_ID, SYSTEM, Admission, Answered, Door
from jukinet.node_process.process import Node
from jukinet.node_process.rate_limits import Allowance, RateLimit, RateLimits
from jukinet.operator_web.problems import MEDIA_TYPE
from jukinet.protocol.agency_api import Problem
from jukinet.protocol.node_names import organ_system_of
from jukinet.transport.peers import Peer
from jukinet.transport.serving import Application

_log: Final = structlog.get_logger()
#: No request of the API is nearly as long.
MOST_BODY: Final = 16 * 1024
_JSON: Final = "application/json"
_NOT_MODIFIED: Final = 304
_BAD_REQUEST: Final = 400
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_METHOD: Final = 405
_TOO_LARGE: Final = 413
_FAULT: Final = 500

_Request = Request[Any, Any, Any]


def make_api(node: Node) -> Application:
    """Return the ASGI application with the API of an agency node."""
    config = node.config.api
    per_second, burst = (1.0, 1) if config is None else (config.per_second, config.burst)
    desk = _ApiDesk(node, RateLimits(RateLimit(per_second, burst), {}))
    handlers = [_handler(operation.method, operation.path, _performing(desk, operation)) for operation in OPERATIONS]
    handlers.append(_handler("GET", DOCUMENT_PATH, desk.show_document))
    app = Litestar(
        route_handlers=handlers,
        exception_handlers={HTTPException: desk.refuse_request, Exception: desk.refuse_request},
        request_max_body_size=MOST_BODY,
        openapi_config=None,
        debug=False,
    )
    own = organ_system_of(node.name)

    def require_own(peer: Peer) -> None:
        if peer.name != own:
            raise PeerNotPermittedError("Only this organ's own systems use this API.", field="certificate")

    door = Door(log_type="agency_api", require=require_own, write=_write_refusal)
    return Admission(node, app, door, lambda: secrets.token_hex(16))


def _write_refusal(error: JukinetError, request_id: str) -> Answered:
    status = _FAULT if isinstance(error, InternalError) else _FORBIDDEN
    problem = problem_of(error, request_id=request_id, status=status)
    return Answered(problem.status, MEDIA_TYPE, msgspec.json.encode(problem))


def _handler(method: str, path: str, answer: Callable[[_Request], Awaitable[Response[bytes]]]) -> HTTPRouteHandler:
    async def respond(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer(request)

    respond.__name__ = f"{method.lower()}_{path.strip('/').replace('/', '_').replace('.', '_')}"
    return HTTPRouteHandler(path, http_method=method, status_code=200)(respond)  # type: ignore[arg-type]  # a literal


def _performing(desk: _ApiDesk, operation: Operation) -> Callable[[_Request], Awaitable[Response[bytes]]]:
    decoder = None if operation.body is None else msgspec.json.Decoder(operation.body)

    async def perform(request: _Request) -> Response[bytes]:
        return await desk.perform(request, operation, decoder)

    return perform


class _ApiDesk:
    """What stands between the organ's systems and every operation."""

    def __init__(self, node: Node, limits: RateLimits) -> None:
        self._node: Final = node
        self._limits: Final = limits
        self._encode: Final = msgspec.json.Encoder().encode
        self._document: Final = msgspec.json.encode(openapi_document())

    async def perform(
        self, request: _Request, operation: Operation, decoder: msgspec.json.Decoder[Any] | None
    ) -> Response[bytes]:
        """Answer one request, or say which rule is in the way."""
        allowance: Allowance | None = None
        system = request.scope[SYSTEM]  # type: ignore[typeddict-item]  # put there by Admission
        try:
            if operation.is_limited:
                allowance = self._limits.find_allowance(system.code, now=self._node.clock())
                allowance = self._limits.take(system.code, now=self._node.clock())
            asked = await self._read(request, operation, decoder)
            answer = await operation.perform(asked)
        except UnreadableRequest as unreadable:
            return self._refuse(request, unreadable.error, unreadable.status, allowance, unreadable.rule)
        except JukinetError as error:
            return self._refuse(request, error, None, allowance)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - its text may hold personal data, so it ends here
            _log.error("api request failed", operation=operation.id, exception_class=type(error).__name__)
            return self._refuse(request, InternalError(), None, allowance)
        content = self._encode(answer)
        headers = {**_headers(request), **_limit_headers(allowance)}
        if operation.has_tag:
            headers["ETag"] = tag = _tag_of(content)
            if request.headers.get("if-none-match") == tag:
                return Response(b"", status_code=_NOT_MODIFIED, headers=headers)
        return Response(content, status_code=200, media_type=_JSON, headers=headers)

    async def show_document(self, request: _Request) -> Response[bytes]:
        """Show the OpenAPI document."""
        try:
            require_no_parameters(request)
        except UnreadableRequest as unreadable:
            return self._refuse(request, unreadable.error, unreadable.status, None, unreadable.rule)
        return Response(self._document, status_code=200, media_type=_JSON, headers=_headers(request))

    def refuse_request(self, request: _Request, error: Exception) -> Response[bytes]:
        """Answer a request that fits no operation, or that broke before one was reached."""
        status = error.status_code if isinstance(error, HTTPException) else _FAULT
        if status == _NOT_FOUND:
            return self._refuse(request, NotFoundError("The API has no such address.", field="path"), status, None)
        if status == _METHOD:
            response = self._refuse(request, MethodNotOfferedError(field="method"), status, None)
            response.headers["Allow"] = _allowed(request.url.path)
            return response
        if status == _TOO_LARGE:
            return self._refuse(request, MessageTooLargeError(field="body"), status, None)
        if status < _FAULT:
            return self._refuse(request, MalformedRequestError(field="body"), _BAD_REQUEST, None)
        _log.error("api request failed", exception_class=type(error).__name__)
        return self._refuse(request, InternalError(), _FAULT, None)

    async def _read(self, request: _Request, operation: Operation, decoder: msgspec.json.Decoder[Any] | None) -> Asked:
        system = request.scope[SYSTEM]  # type: ignore[typeddict-item]  # put there by Admission
        if operation.parameters is not None:
            parameters = read_parameters(request, operation.parameters)
            return Asked(node=self._node, system=system, parameters=parameters)
        require_no_parameters(request)
        if decoder is None:
            return Asked(node=self._node, system=system)
        key = read_key(request)
        return Asked(node=self._node, system=system, body=await read_content(request, decoder), idempotency_key=key)

    def _refuse(
        self,
        request: _Request,
        error: JukinetError,
        status: int | None,
        allowance: Allowance | None,
        rule: str | None = None,
    ) -> Response[bytes]:
        problem = problem_of(error, request_id=_request_id(request), status=status, rule=rule)
        _log.info("api request refused", status=problem.status, error_code=problem.code, request_id=problem.request_id)
        headers = {**_headers(request), **headers_of(problem), **_limit_headers(allowance)}
        return _problem_response(problem, headers)


def _problem_response(problem: Problem, headers: Mapping[str, str]) -> Response[bytes]:
    content = msgspec.json.encode(problem)
    return Response(content, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers))


def _request_id(request: _Request) -> str:
    found: str = request.scope[REQUEST_ID]  # type: ignore[typeddict-item]  # put there by Admission
    return found


def _headers(request: _Request) -> dict[str, str]:
    return {"X-Request-Id": _request_id(request), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _tag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _limit_headers(allowance: Allowance | None) -> dict[str, str]:
    if allowance is None:
        return {}
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(allowance.remaining),
        "RateLimit-Reset": str(allowance.reset_seconds),
    }


def _allowed(path: str) -> str:
    found = [operation.method for operation in OPERATIONS if operation.path == path.rstrip("/")]
    return ", ".join(found or ["GET"])
