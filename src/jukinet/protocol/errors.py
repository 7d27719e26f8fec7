"""How a refusal crosses the wire: its stable code, the field, the sentence. Never a value, never a trace."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from jukinet.domain.errors import (
    BusyError,
    ConflictError,
    InternalError,
    InvalidValueError,
    JukinetError,
    MessageTooLargeError,
    NotFoundError,
    NotPermittedError,
    OperationError,
    PeerError,
    RateLimitError,
    error_classes,
)

#: Details are sentences. A peer that sends more is not to fill this node's logs.
_DETAIL_LENGTH: Final = 500


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The body of every answer that is not 200."""

    code: Annotated[str, msgspec.Meta(max_length=_DETAIL_LENGTH)]
    detail: Annotated[str, msgspec.Meta(max_length=_DETAIL_LENGTH)]
    field: Annotated[str, msgspec.Meta(max_length=_DETAIL_LENGTH)] | None = None
    #: Of a rate limit: how long to wait, as in the header `Retry-After`.
    retry_after_seconds: Annotated[int, msgspec.Meta(ge=1)] | None = None


_STATUS: Final[tuple[tuple[type[JukinetError], int], ...]] = (
    (MessageTooLargeError, 413),
    (RateLimitError, 429),
    (BusyError, 503),
    (InvalidValueError, 422),
    (NotPermittedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (PeerError, 502),
    (OperationError, 503),
)


def refusal_of(error: BaseException) -> tuple[int, Refusal]:
    """Return the HTTP status and the body for `error`; what is not ours becomes an internal error without its text."""
    if not isinstance(error, JukinetError):
        error = InternalError()
    if isinstance(error, InternalError):
        return 500, Refusal(code=error.code, detail=error.detail[:_DETAIL_LENGTH])
    status = next((status for family, status in _STATUS if isinstance(error, family)), 500)
    field = None if error.field is None else error.field[:_DETAIL_LENGTH]
    wait = error.retry_after_seconds if isinstance(error, RateLimitError) else None
    return status, Refusal(code=error.code, detail=error.detail[:_DETAIL_LENGTH], field=field, retry_after_seconds=wait)


def error_of(refusal: Refusal) -> JukinetError:
    """Return the error a peer raised; an unknown code becomes the root of the tree with its code kept in the detail."""
    for known in error_classes():
        if known is RateLimitError and known.code == refusal.code:
            wait = refusal.retry_after_seconds
            return RateLimitError(refusal.detail, field=refusal.field, retry_after_seconds=wait)
        if known.code == refusal.code:
            return known(refusal.detail, field=refusal.field)
    return JukinetError(f"{refusal.code}: {refusal.detail}", field=refusal.field)
