"""The data tracker as an application: three questions, each read whole, answered by the contract or refused by name."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import msgspec
import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from jukinet.audit.usage_store import find_first_use
from jukinet.audit.use_store import LoggedUse
from jukinet.audit.wording import Describer
from jukinet.domain.errors import (
    InternalError,
    InvalidValueError,
    JukinetError,
    MalformedRequestError,
    MethodNotOfferedError,
    NotFoundError,
    NotPermittedError,
    PeerNotPermittedError,
    RateLimitError,
    UnknownParameterError,
)
from jukinet.national.tracker.contract import FIND_USAGE, HEARTBEAT, USAGE_PERIOD, USER_HEADER
from jukinet.national.tracker.disclosure import DisclosureDesk
from jukinet.national.tracker.disclosure_contract import DOCUMENT, PROOFS, RECORDS, USES
from jukinet.national.tracker.problems import write_problem
from jukinet.national.tracker.reading import read_question
from jukinet.national.usecases.tell_usages import tell_usages
from jukinet.node_process.admission import REQUEST_ID, SYSTEM, Admission, Answered, Door
from jukinet.node_process.process import Node
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages import message_of_code
from jukinet.protocol.node_names import NodeName
from jukinet.transport.peers import Peer
from jukinet.transport.serving import Application

_log: Final = structlog.get_logger()
_JSON: Final = "application/json"
_HEALTH_SECONDS: Final = 2.0
_MOST_BODY: Final = 1024
_BAD_REQUEST: Final = 400
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_METHOD: Final = 405
_TOO_MANY: Final = 429
_FAULT: Final = 500

_Request = Request[Any, Any, Any]
_Answering = Callable[[_Request, NodeName], Awaitable[Any]]
#: Our own questions begin so; the others are the foreign contract's.
_OWN: Final = "/v1/"


def make_tracker(node: Node, describer: Describer) -> Application:
    """Return the ASGI application that portals ask."""
    config = node.config.api
    per_second, burst = (1.0, 1) if config is None else (config.per_second, config.burst)
    tracker = _Tracker(node, describer, RateLimits(RateLimit(per_second, burst), {}))
    desk = DisclosureDesk(node, describer)
    answers: tuple[tuple[Literal["GET", "POST"], str, _Answering], ...] = (
        ("GET", FIND_USAGE, tracker.find_usage),
        ("GET", USAGE_PERIOD, tracker.tell_period),
        ("GET", HEARTBEAT, tracker.tell_heartbeat),
        ("GET", DOCUMENT, desk.tell_contract),
        ("POST", USES, desk.tell_uses),
        ("POST", PROOFS, desk.give_proof),
        ("POST", RECORDS, desk.tell_record),
    )
    app = Litestar(
        route_handlers=[_handler(method, path, tracker.answering(answer)) for method, path, answer in answers],
        exception_handlers={HTTPException: tracker.refuse_request, Exception: tracker.refuse_request},
        request_max_body_size=_MOST_BODY,
        openapi_config=None,
        debug=False,
    )
    listed = frozenset(node.config.usage_portals)

    def require_listed(peer: Peer) -> None:
        if peer.name.text not in listed:
            raise PeerNotPermittedError("This certificate is not of a listed portal.", field="certificate")

    door = Door(log_type="usage_portal", require=require_listed, write=_write_refusal)
    return Admission(node, app, door, lambda: secrets.token_hex(16))


def _handler(
    method: Literal["GET", "POST"], path: str, answer: Callable[[_Request], Awaitable[Response[bytes]]]
) -> HTTPRouteHandler:
    async def respond(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer(request)

    respond.__name__ = path.strip("/").replace("/", "_").replace(".", "_")
    return HTTPRouteHandler(path, http_method=method, status_code=200)(respond)


class _Tracker:
    """What stands between portals and the use log."""

    def __init__(self, node: Node, describer: Describer, limits: RateLimits) -> None:
        self._node: Final = node
        self._describer: Final = describer
        self._limits: Final = limits

    def answering(self, answer: _Answering) -> Callable[[_Request], Awaitable[Response[bytes]]]:
        """Return the handler of one question: counted, answered, or refused without a word of what was asked."""

        async def respond(request: _Request) -> Response[bytes]:
            portal: NodeName = request.scope[SYSTEM]  # type: ignore[typeddict-item]  # put there by Admission
            try:
                self._limits.take(portal.text, now=self._node.clock())
                content = msgspec.json.encode(await answer(request, portal))
            except JukinetError as error:
                return _refused(request, error)
            except Exception as error:  # noqa: BLE001 - its text may hold personal data, so it ends here
                _log.error("usage question failed", exception_class=type(error).__name__)
                return _refused(request, InternalError())
            return Response(content, status_code=200, media_type=_JSON, headers=_headers(request))

        return respond

    async def find_usage(self, request: _Request, portal: NodeName) -> dict[str, Any]:
        """Return the uses of a person."""
        listed = self._node.config.usage_portals[portal.text]
        question = read_question(
            _parameters(request), request.headers.get(USER_HEADER), may_represent=listed.may_represent
        )
        total, uses = await tell_usages(
            question=question, portal=portal, database=self._node.database, now=self._node.clock()
        )
        return {"totalUsages": total, "usages": [self._usage(use) for use in uses]}

    async def tell_period(self, request: _Request, portal: NodeName) -> dict[str, Any]:
        """Return from when on uses are kept: nothing is ever taken off the log."""
        del portal
        _require_no_parameters(request)
        async with self._node.database.connection() as connection:
            first = await find_first_use(connection)
        return {"periodStart": _instant(first or self._node.clock())}

    async def tell_heartbeat(self, request: _Request, portal: NodeName) -> dict[str, Any]:
        """Return whether the log can be read."""
        del portal
        _require_no_parameters(request)
        try:
            async with asyncio.timeout(_HEALTH_SECONDS), self._node.database.connection() as connection:
                await find_first_use(connection)
        except (JukinetError, TimeoutError):
            return {"status": "FAIL", "message": "The use log cannot be read."}
        return {"status": "OK", "message": "The use log can be read."}

    def refuse_request(self, request: _Request, error: Exception) -> Response[bytes]:
        """Answer a request that fits no question, or that broke before one was reached."""
        status = error.status_code if isinstance(error, HTTPException) else _FAULT
        if status == _NOT_FOUND:
            return _refused(request, NotFoundError("There is no such address.", field="path"), status)
        if status == _METHOD:
            response = _refused(request, MethodNotOfferedError(field="method"), status)
            response.headers["Allow"] = f"{'POST' if request.url.path in {USES, PROOFS, RECORDS} else 'GET'}, OPTIONS"
            return response
        if status < _FAULT:
            return _refused(request, MalformedRequestError(field="body"))
        _log.error("usage question failed", exception_class=type(error).__name__)
        return _refused(request, InternalError())

    def _usage(self, use: LoggedUse) -> dict[str, Any]:
        wording = self._describer.describe(use)
        return {
            "logtime": _instant(use.used_at),
            "action": f"{wording.affair}（{use.purpose}）提供した項目：{wording.items}。根拠：{wording.ground}",
            "receiverCode": use.agency.partition("/")[2] or use.agency,
            "receiverName": wording.organ,
            "receiverSystem": wording.method,
        }


def _parameters(request: _Request) -> list[tuple[str, str]]:
    text = request.scope["query_string"].decode("ascii", errors="replace")
    try:
        return parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=20)
    except ValueError:
        raise MalformedRequestError("The parameters cannot be read.", field="query") from None


def _require_no_parameters(request: _Request) -> None:
    if request.scope["query_string"]:
        raise UnknownParameterError(field="query")


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _refused(request: _Request, error: JukinetError, status: int | None = None) -> Response[bytes]:
    request_id: str = request.scope[REQUEST_ID]  # type: ignore[typeddict-item]  # put there by Admission
    write = write_problem if request.url.path.startswith(_OWN) else _write_refusal
    answer = write(error, request_id, status)
    _log.info("usage question refused", status=answer.status, error_code=error.code, request_id=request_id)
    headers = _headers(request)
    if isinstance(error, RateLimitError):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return Response(answer.content, status_code=answer.status, media_type=answer.media_type, headers=headers)


def _write_refusal(error: JukinetError, request_id: str, status: int | None = None) -> Answered:
    message = message_of_code(error.code, Language.JAPANESE)
    content = {
        "code": error.code,
        "detail": error.detail,
        "field": error.field,
        "sentence_ja": message.says,
        "advice_ja": message.advice,
        "request_id": request_id,
    }
    return Answered(status or _status_of(error), _JSON, msgspec.json.encode(content))


def _status_of(error: JukinetError) -> int:
    if isinstance(error, RateLimitError):
        return _TOO_MANY
    if isinstance(error, NotPermittedError):
        return _FORBIDDEN
    return _BAD_REQUEST if isinstance(error, InvalidValueError) else _FAULT


def _headers(request: _Request) -> dict[str, str]:
    request_id: str = request.scope[REQUEST_ID]  # type: ignore[typeddict-item]  # put there by Admission
    return {"X-Request-Id": request_id, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
