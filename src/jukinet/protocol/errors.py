"""How a refusal crosses the wire: its stable code, the field, the sentence. Never a value, never a trace."""

from __future__ import annotations

from typing import Final

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
    error_classes,
)


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of every answer that is not 200."""

    code: str
    detail: str
    field: str | None = None


_STATUS: Final[tuple[tuple[type[JukinetError], int], ...]] = (
    (MessageTooLargeError, 413),
    (BusyError, 503),
    (InvalidValueError, 422),
    (NotPermittedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (OperationError, 503),
)


def refusal_of(error: BaseException) -> tuple[int, Refusal]:
    """Return the HTTP status and the body for `error`; what is not ours becomes an internal error without its text."""
    if not isinstance(error, JukinetError):
        error = InternalError()
    if isinstance(error, InternalError):
        return 500, Refusal(code=error.code, detail=error.detail)
    status = next((status for family, status in _STATUS if isinstance(error, family)), 500)
    return status, Refusal(code=error.code, detail=error.detail, field=error.field)


def error_of(refusal: Refusal) -> JukinetError:
    """Return the error a peer raised; an unknown code becomes the root of the tree with its code kept in the detail."""
    for known in error_classes():
        if known.code == refusal.code:
            return known(refusal.detail, field=refusal.field)
    return JukinetError(f"{refusal.code}: {refusal.detail}", field=refusal.field)
