"""The contract as an OpenAPI document: the paths, parameters and fields of the Estonian data tracker, version 2.1.0.

A portal that speaks to registers in Estonia speaks to this node unchanged. Names and types are the contract's; the
texts are our own. docs/data-tracker.md says what each field holds here.
"""

from __future__ import annotations

from typing import Any, Final

FIND_USAGE: Final = "/v2/findUsage"
USAGE_PERIOD: Final = "/v2/usagePeriod"
HEARTBEAT: Final = "/v2/heartbeat"
USER_HEADER: Final = "X-Road-UserId"
USER_CODE: Final = "userCode"
PERIOD_START: Final = "periodStart"
PERIOD_END: Final = "periodEnd"
OFFSET: Final = "offset"
LIMIT: Final = "limit"
DEFAULT_LIMIT: Final = 1_000
_VERSION: Final = "2.1.0"
_MOST: Final = 2**31 - 1
_REFUSED: Final = {
    "400": {"description": "The request is not of the contract."},
    "403": {"description": "The certificate is not of a listed portal, or the portal may not represent anybody."},
    "500": {"description": "The request could not be answered; that it was made is on the log, if it can be."},
}


def contract() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Uses of a person's identification information",
            "description": (
                "The contract of the Estonian data tracker (Andmejälgija), served over the use log of the national "
                "node. Mutual TLS: the certificate is of a portal that the node's configuration lists."
            ),
            "version": _VERSION,
            "license": {"name": "MIT"},
        },
        "paths": {
            FIND_USAGE: _operation("findUsage", "Who used a person's information", "FindUsageResponse", _parameters()),
            USAGE_PERIOD: _operation("usagePeriod", "From when on uses are kept", "UsagePeriodResponse"),
            HEARTBEAT: _operation("heartbeat", "Whether the log can be read", "HeartbeatResponse"),
        },
        "components": {"schemas": _schemas()},
    }


def _operation(name: str, summary: str, answer: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": {"description": "The answer.", "content": content}, **_REFUSED},
    }
    if parameters:
        operation["parameters"] = parameters
    return {"get": operation}


def _parameters() -> list[dict[str, Any]]:
    whole = {"type": "integer", "format": "int32"}
    instant = {"type": "string", "format": "date-time"}
    return [
        _parameter(USER_HEADER, "header", "Who asks.", {"type": "string", "example": "JP90000000018"}, is_needed=True),
        _parameter(USER_CODE, "query", "Whose uses.", {"type": "string", "example": "JP90000000018"}, is_needed=True),
        _parameter(PERIOD_START, "query", "Uses from this instant on.", instant),
        _parameter(PERIOD_END, "query", "Uses until this instant.", instant),
        _parameter(OFFSET, "query", "How many of the newest are passed over.", {**whole, "default": 0}),
        _parameter(LIMIT, "query", "The most that are returned.", {**whole, "default": DEFAULT_LIMIT}),
    ]


def _parameter(
    name: str, place: str, description: str, schema: dict[str, Any], *, is_needed: bool = False
) -> dict[str, Any]:
    return {"name": name, "in": place, "description": description, "required": is_needed, "schema": schema}


def _schemas() -> dict[str, Any]:
    text, instant = {"type": "string"}, {"type": "string", "format": "date-time"}
    return {
        "FindUsageResponse": {
            "type": "object",
            "properties": {
                "totalUsages": {"type": "integer", "format": "int32", "minimum": 0, "maximum": _MOST},
                "usages": {"type": "array", "items": {"$ref": "#/components/schemas/Usage"}},
            },
        },
        "Usage": {
            "type": "object",
            "required": ["logtime", "action", "receiverCode", "receiverSystem"],
            "properties": {
                "logtime": instant,
                "action": text,
                "receiverCode": text,
                "receiverName": text,
                "receiverSystem": text,
            },
        },
        "UsagePeriodResponse": {
            "type": "object",
            "required": ["periodStart"],
            "properties": {"periodStart": instant, "periodEnd": instant},
        },
        "HeartbeatResponse": {
            "type": "object",
            "required": ["status"],
            "properties": {"status": {"type": "string", "enum": ["OK", "FAIL"]}, "message": text},
        },
    }
