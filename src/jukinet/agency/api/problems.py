"""Refusals as problem details (RFC 9457): stable code, field, rule, an English and a Japanese sentence."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import (
    AffairNotListedError,
    IdempotencyKeyError,
    ItemNotGrantedError,
    JukinetError,
    NotInForceError,
    OfficeNotPermittedError,
    PeerError,
    PeerRefusedError,
    RateLimitError,
    UnknownCodeListValueError,
)
from jukinet.domain.rules import Rule
from jukinet.operator_web.problems import make_problem
from jukinet.protocol.agency_api import Problem
from jukinet.protocol.errors import Refusal, error_of, refusal_of

_RULES: Final[tuple[tuple[type[JukinetError], Rule], ...]] = (
    (AffairNotListedError, Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR),
    (NotInForceError, Rule.PROVISION_WITHIN_ITS_DATES),
    (ItemNotGrantedError, Rule.PROVISION_ONLY_OF_GRANTED_ITEMS),
    (OfficeNotPermittedError, Rule.PROVISION_BY_A_REGISTERED_OFFICE),
)
#: Seconds after which a request that met a fault on the way may be repeated.
_AFTER_FAULT: Final = 1
_UNPROCESSABLE: Final = 422
_BAD_GATEWAY: Final = 502
_FAULT: Final = 500
#: Where the messages between nodes and this API call a field by another name.
_FIELDS: Final = {"idempotency_key": "Idempotency-Key", "sender": "certificate"} | {
    name: f"ground.{name}" for name in ("affair", "purpose", "matter_number", "official", "office")
}
_STATED: Final = frozenset({"name", "kana", "birth_date", "sex", "address"})


def problem_of(error: BaseException, *, request_id: str, status: int | None = None, rule: str | None = None) -> Problem:
    """Return what to answer; `status` and `rule` where the place of the refusal decides them, else the error does."""
    known, is_of_peer = _unwrapped(error)
    usual, refusal = refusal_of(known)
    status = status or _status_of(known, usual, is_of_peer=is_of_peer)
    return make_problem(
        refusal.code,
        detail=refusal.detail,
        field=_field_of(refusal.field),
        rule=rule or rule_of(known),
        status=status,
        request_id=request_id,
        retry_after_seconds=refusal.retry_after_seconds or (_AFTER_FAULT if status >= _FAULT else None),
    )


def rule_of(error: BaseException) -> str:
    """Return the rule that is in the way: of the law where it is one, else the code itself says the rule."""
    for family, rule in _RULES:
        if isinstance(error, family):
            return rule.name
    return error.code if isinstance(error, JukinetError) else JukinetError.code


def _unwrapped(error: BaseException) -> tuple[BaseException, bool]:
    if not isinstance(error, PeerRefusedError):
        return error, isinstance(error, PeerError)
    refusal = Refusal(
        code=error.peer_code,
        detail=error.detail,
        field=error.field,
        retry_after_seconds=error.retry_after_seconds,
    )
    return error_of(refusal), True


def _status_of(error: BaseException, usual: int, *, is_of_peer: bool) -> int:
    if isinstance(error, (IdempotencyKeyError, UnknownCodeListValueError)):
        return _UNPROCESSABLE
    if usual == _FAULT and is_of_peer:
        return _BAD_GATEWAY
    return usual


def _field_of(field: str | None) -> str | None:
    if field is None:
        return None
    return f"stated.{field}" if field in _STATED else _FIELDS.get(field, field)


def headers_of(problem: Problem) -> dict[str, str]:
    """Return the headers that go with a problem."""
    return {} if problem.retry_after_seconds is None else {"Retry-After": str(problem.retry_after_seconds)}


#: For documents: a problem as it may come.
EXAMPLE: Final = problem_of(ItemNotGrantedError(field="items"), request_id="5f1d7c0c9a3b4d7e8f1a2b3c4d5e6f70")
EXAMPLE_OF_LIMIT: Final = problem_of(
    RateLimitError(field="sender", retry_after_seconds=2), request_id="5f1d7c0c9a3b4d7e8f1a2b3c4d5e6f70"
)
