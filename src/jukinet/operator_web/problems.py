"""A refusal as problem details (RFC 9457), the same on every API: stable code, an English and a Japanese sentence."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import error_classes
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages import message_of_code
from jukinet.protocol.agency_api import Problem

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:jukinet:problem:"


def make_problem(
    code: str,
    *,
    detail: str,
    field: str | None,
    rule: str,
    status: int,
    request_id: str,
    retry_after_seconds: int | None,
) -> Problem:
    """Return the problem; what kind it is and what to do about it follow from the code."""
    message = message_of_code(code, Language.JAPANESE)
    return Problem(
        type=_TYPE + code,
        title=_title_of(code),
        status=status,
        detail=detail,
        code=code,
        rule=rule,
        sentence_ja=message.says,
        advice_ja=message.advice,
        request_id=request_id,
        field=field,
        retry_after_seconds=retry_after_seconds,
    )


def _title_of(code: str) -> str:
    for known in error_classes():
        if known.code == code:
            return (known.__doc__ or "").strip().splitlines()[0]
    return "The request was refused."
