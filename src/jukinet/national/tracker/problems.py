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
from jukinet.operator_web.problems import MEDIA_TYPE, make_problem

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
    problem = make_problem(
        error.code,
        detail=error.detail,
        field=error.field,
        rule=error.code,
        status=found,
        request_id=request_id,
        retry_after_seconds=error.retry_after_seconds if isinstance(error, RateLimitError) else None,
    )
    return Answered(found, MEDIA_TYPE, msgspec.json.encode(problem))
