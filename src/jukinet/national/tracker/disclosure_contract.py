"""The OpenAPI 3.1 document of our own questions, made of the bodies' own types."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from jukinet.operator_web.problems import MEDIA_TYPE
from jukinet.protocol.agency_api import Problem
from jukinet.protocol.disclosure_api import ProofQuestion, RecordAnswer, RecordQuestion, UsesAnswer, UsesQuestion

USES: Final = "/v1/uses"
PROOFS: Final = "/v1/proofs"
RECORDS: Final = "/v1/records"
DOCUMENT: Final = "/v1/openapi.json"
_REFERENCE: Final = "#/components/schemas/{name}"
_VERSION: Final = "1.0.0"
_REFUSALS: Final = {
    "400": "The request is not of the documented form, or a value cannot be, such as a wrong check digit.",
    "403": "The certificate is not of a listed portal, the portal asks for another, or the person did not consent.",
    "404": "Nobody is recorded under this code.",
    "405": "This address has another method.",
    "429": "The portal asks more often than is agreed: `Retry-After` says when to ask again.",
    "500": "An internal error. It has been recorded.",
    "503": "The node cannot work at the moment, or nothing was sealed on it yet: repeat after a pause.",
}


def disclosure_contract() -> dict[str, Any]:
    """Return the document."""
    kinds = (UsesQuestion, UsesAnswer, ProofQuestion, RecordQuestion, RecordAnswer, Problem)
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jukinet disclosure API",
            "version": _VERSION,
            "summary": "本人用の窓口（ポータル）から、提供の記録と自己の本人確認情報を求めるAPI",
            "description": (
                "For portals that the national node lists, over mutual TLS. The portal has made sure who is signed in. "
                "Unknown fields and parameters are refused. Guide: docs/data-tracker.md."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            USES: _posted("listUses", "Who used a person's information", UsesQuestion, _reference(UsesAnswer)),
            PROOFS: _posted("provideProof", "The file that proves it is all", ProofQuestion, {"type": "object"}),
            RECORDS: _posted("discloseRecord", "A person's own record", RecordQuestion, _reference(RecordAnswer)),
            DOCUMENT: {"get": _operation("openapi", "This document", {"type": "object"}, ("400", "403", "405"))},
        },
        "components": {"schemas": schemas},
    }


def _posted(name: str, summary: str, body: type[msgspec.Struct], answer: dict[str, Any]) -> dict[str, Any]:
    operation = _operation(name, summary, answer, tuple(_REFUSALS))
    example: dict[str, Any] = {"resident_record_code": "90000000018"}
    if body is RecordQuestion:
        example["consents"] = True
    content = {"application/json": {"schema": _reference(body), "examples": {"usual": {"value": example}}}}
    return {"post": {**operation, "requestBody": {"required": True, "content": content}}}


def _operation(name: str, summary: str, answer: dict[str, Any], refusals: tuple[str, ...]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": _reference(Problem)}}
    refused = {status: {"description": _REFUSALS[status], "content": problem} for status in refusals}
    answered = {"description": "The answer.", "content": {"application/json": {"schema": answer}}}
    return {"operationId": name, "summary": summary, "responses": {"200": answered, **refused}}


def _reference(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}
