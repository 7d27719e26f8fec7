"""Reading what a portal asks: closed in form; what is not of the contract is refused by the parameter's name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from jukinet.domain.errors import (
    InvalidValueError,
    MalformedRequestError,
    MissingItemError,
    PeerNotPermittedError,
    UnknownParameterError,
)
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.national.tracker.contract import (
    DEFAULT_LIMIT,
    LIMIT,
    OFFSET,
    PERIOD_END,
    PERIOD_START,
    USER_CODE,
    USER_HEADER,
)

_KNOWN: Final = frozenset({USER_CODE, PERIOD_START, PERIOD_END, OFFSET, LIMIT})
_COUNTRY: Final = "JP"
_WHOLE: Final = re.compile(r"-?[0-9]{1,10}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]{5,20}([Zz]|[+-][0-9]{2}:[0-9]{2})?")
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuestion:
    """What a portal asks for."""

    person: ResidentRecordCode = field(repr=False)
    #: Whether somebody else asks than the person.
    is_represented: bool
    begin: datetime | None
    until: datetime | None
    offset: int
    limit: int


def read_question(parameters: Iterable[tuple[str, str]], user: str | None, *, may_represent: bool) -> UsageQuestion:
    """Return the question.

    Raises:
        MissingItemError, MalformedRequestError, UnknownParameterError: naming the parameter.
        PeerNotPermittedError: the portal asks for another person, and may not.
    """
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in _KNOWN:
            raise UnknownParameterError(field="query")
        if name in given:
            raise MalformedRequestError("This parameter stands twice.", field=name)
        given[name] = value
    if not user:
        raise MissingItemError("The header says who asks.", field=USER_HEADER)
    person = _code(given.get(USER_CODE), USER_CODE)
    is_represented = _code(user, USER_HEADER) != person
    if is_represented and not may_represent:
        raise PeerNotPermittedError("This portal asks only for who is signed in to it.", field=USER_CODE)
    return UsageQuestion(
        person=person,
        is_represented=is_represented,
        begin=_instant(given.get(PERIOD_START), PERIOD_START),
        until=_instant(given.get(PERIOD_END), PERIOD_END),
        offset=max(0, _whole(given.get(OFFSET), OFFSET, 0)),
        limit=max(0, min(DEFAULT_LIMIT, _whole(given.get(LIMIT), LIMIT, DEFAULT_LIMIT))),
    )


def _code(text: str | None, name: str) -> ResidentRecordCode:
    if not text:
        raise MissingItemError("This parameter is needed.", field=name)
    try:
        return ResidentRecordCode.parse(text.removeprefix(_COUNTRY))
    except InvalidValueError as error:
        raise type(error)(field=name) from None


def _instant(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    if _INSTANT.fullmatch(text) is None:
        raise MalformedRequestError("This is no date and time of RFC 3339.", field=name)
    try:
        instant = datetime.fromisoformat(text.upper())
        # What has no zone is in UTC, as the contract's examples are.
        return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedRequestError("This date and time does not exist.", field=name) from None


def _whole(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    if _WHOLE.fullmatch(text) is None or not _SMALLEST <= int(text) <= _LARGEST:
        raise MalformedRequestError("This is no integer of 32 bits.", field=name)
    return int(text)
