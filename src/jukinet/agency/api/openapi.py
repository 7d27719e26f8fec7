"""The OpenAPI 3.1 document of the API, made of its operations and of the bodies' own types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from jukinet.agency.api.openapi_examples import ANSWERS, BODIES
from jukinet.agency.api.operation import Operation
from jukinet.agency.api.operations import OPERATIONS
from jukinet.agency.api.problems import EXAMPLE, EXAMPLE_OF_LIMIT
from jukinet.operator_web.problems import MEDIA_TYPE
from jukinet.protocol.agency_api import Problem

#: Where it is served.
DOCUMENT_PATH: Final = "/v1/openapi.json"
_VERSION: Final = "1.0.0"
_REFERENCE: Final = "#/components/schemas/{name}"
_LIMIT_HEADERS: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "X-Request-Id": {
        "description": "The id of this request.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "RateLimit-Limit": {"description": "Requests at once, after a pause.", "schema": {"type": "integer", "minimum": 1}},
    "RateLimit-Remaining": {"description": "Of those, so many are left.", "schema": {"type": "integer", "minimum": 0}},
    "RateLimit-Reset": {
        "description": "Seconds until all are left again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "ETag": {
        "description": "Sent back as `If-None-Match`, the same answer is not sent again.",
        "schema": {"type": "string"},
    },
    "Allow": {"description": "The method this address has.", "schema": {"type": "string"}},
}
_REFUSALS: Final[Mapping[str, str]] = {
    "400": "The request is not of the documented form: `field` and `rule` say where.",
    "403": "The certificate, or the law, does not allow it: `rule` names the rule of law.",
    "404": "There is no such thing: `code` says what.",
    "405": "This address has another method.",
    "409": "It contradicts what is recorded.",
    "413": "The body is longer than any request is.",
    "415": "The body is not said to be `application/json`.",
    "422": "A value cannot be, such as a wrong check digit; or the idempotency key was used for another body.",
    "429": "The organ asks more often than is agreed.",
    "500": "An internal error. It has been recorded.",
    "502": "The national node cannot be reached. Repeat under the same idempotency key.",
    "503": "This node or the national node cannot work at the moment. Repeat under the same idempotency key.",
}
_OF_FORM: Final = frozenset({"409", "413", "415", "422"})
_OF_NATION: Final = frozenset({"502", "503"})


def openapi_document() -> dict[str, Any]:
    """Return the document."""
    types = [*{each for one in OPERATIONS for each in (one.body, one.answer) if each is not None}, Problem]
    _, schemas = msgspec.json.schema_components(sorted(types, key=lambda each: each.__name__), ref_template=_REFERENCE)
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    paths[DOCUMENT_PATH] = {"get": _document_operation()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jukinet agency API",
            "version": _VERSION,
            "summary": "利用機関の業務システムから本人確認情報を照会するAPI",
            "description": (
                "For the organ's own systems, over mutual TLS: the certificate is of the kind `organ_system/<code>` of "
                "this very organ. Every request states its ground, and stands on a log that the person can read. "
                "Unknown fields and parameters are refused. The same request under the same `Idempotency-Key` has the "
                "same answer for five minutes and is logged once. Guide: docs/client.md."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "headers": dict(_HEADERS),
            "parameters": {"IdempotencyKey": _KEY, "IfNoneMatch": _TAG},
            "securitySchemes": {"certificate": {"type": "mutualTLS", "description": "`organ_system/<code>`"}},
        },
        "security": [{"certificate": []}],
    }


_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Chosen afresh for every matter, such as a UUID; never made of a person's data.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}


_TAG: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the answer that is there already.",
    "schema": {"type": "string"},
}


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "responses": _responses(operation),
    }
    if operation.body is not None:
        found["parameters"] = [{"$ref": "#/components/parameters/IdempotencyKey"}]
        found["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _schema_of(operation.body),
                    "examples": {name: {"value": value} for name, value in BODIES[operation.id].items()},
                }
            },
        }
    if operation.parameters is not None:
        found["parameters"] = _parameters(operation.parameters)
    if operation.has_tag:
        found["parameters"] = [*found.get("parameters", ()), {"$ref": "#/components/parameters/IfNoneMatch"}]
    return found


def _parameters(kind: type[msgspec.Struct]) -> list[dict[str, Any]]:
    properties: dict[str, Any] = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in properties.items()]


def _responses(operation: Operation) -> dict[str, Any]:
    names = ["X-Request-Id", *(_LIMIT_HEADERS if operation.is_limited else ())]
    if operation.has_tag:
        names.append("ETag")
    found: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": _headers(names),
            "content": {
                "application/json": {
                    "schema": _schema_of(operation.answer),
                    "examples": {name: {"value": value} for name, value in ANSWERS[operation.id].items()},
                }
            },
        }
    }
    if operation.has_tag:
        found["304"] = {"description": "The answer is as it was.", "headers": _headers(names)}
    for status, description in _REFUSALS.items():
        has_status = (operation.body is not None or status not in _OF_FORM) and (
            operation.is_limited or status not in _OF_NATION | {"429"}
        )
        if has_status:
            found[status] = _refusal(status, description)
    return found


def _refusal(status: str, description: str) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if status in {"429", "500", "502", "503"}:
        names.append("Retry-After")
    if status == "405":
        names.append("Allow")
    example = {"403": EXAMPLE, "429": EXAMPLE_OF_LIMIT}.get(status)
    content: dict[str, Any] = {"schema": _schema_of(Problem)}
    if example is not None:
        content["example"] = msgspec.to_builtins(example)
    return {"description": description, "headers": _headers(names), "content": {MEDIA_TYPE: content}}


def _document_operation() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "openapi",
        "summary": "このAPIの定義",
        "description": "This document.",
        "responses": {
            "200": {"description": "The document.", "headers": _headers(["X-Request-Id"]), "content": content},
            **{status: _refusal(status, _REFUSALS[status]) for status in ("400", "403", "405", "500")},
        },
    }


def _headers(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _schema_of(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}
