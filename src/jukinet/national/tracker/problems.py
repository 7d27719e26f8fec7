"""Refusals of our own questions as problem details (RFC 9457)."""

from __future__ import annotations

from typing import Final

import msgspec

from jukinet.domain.errors import (
    InvalidValueError,
    JukinetError,
    NotFoundError,
    NotPermittedError,
    OperationError,
    RateLimitError,
)
from jukinet.node_process.admission import Answered
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages import message_of_code
from jukinet.protocol.agency_api import Problem

_MEDIA_TYPE: Final = "application/problem+json"
#: The first that fits decides.
_STATUSES: Final[tuple[tuple[type[JukinetError], int], ...]] = (
    (RateLimitError, 429),
    (NotPermittedError, 403),
    (NotFoundError, 404),
    (InvalidValueError, 400),
    (OperationError, 503),
)
_FAULT: Final = 500


def write_problem(error: JukinetError, request_id: str, status: int | None = None) -> Answered:
    """Return the refusal; `status` where the place of it decides, else the error does."""
    found = status or next((code for family, code in _STATUSES if isinstance(error, family)), _FAULT)
    message = message_of_code(error.code, Language.JAPANESE)
    problem = Problem(
        type=f"urn:jukinet:problem:{error.code}",
        title=error.code,
        status=found,
        detail=error.detail,
        code=error.code,
        rule=error.code,
        sentence_ja=message.says,
        advice_ja=message.advice,
        request_id=request_id,
        field=error.field,
        retry_after_seconds=error.retry_after_seconds if isinstance(error, RateLimitError) else None,
    )
    return Answered(found, _MEDIA_TYPE, msgspec.json.encode(problem))
