"""Between the API's bodies and the messages to the national node: the one is public, the other is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from jukinet.agency.doubt_store import KeptDoubt
from jukinet.agency.usecases.report_doubt import Doubt
from jukinet.domain.errors import InvalidValueError, MissingItemError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.protocol.agency_api import (
    AffairList,
    ConfirmationRequest,
    DoubtEntry,
    DoubtList,
    DoubtRequest,
    Ground,
    PersonAnswer,
    SearchRequest,
    VerificationRequest,
)
from jukinet.protocol.agency_feed_api import PersonToFollow
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery

_CODE: Final = "resident_record_code"
_NUMBER: Final = "individual_number"


def query_of_confirmation(body: ConfirmationRequest, key: str | None) -> ConfirmationQuery:
    """Return the query to send; raise InvalidValueError unless it names one person in one way."""
    return ConfirmationQuery(
        **one_of_two(body),
        items=body.items,
        idempotency_key=key,
        **_ground(body.ground),
    )


def query_of_verification(body: VerificationRequest, key: str | None) -> ConfirmationQuery:
    """Return the query to send; raise InvalidValueError unless it names one person in one way."""
    return ConfirmationQuery(
        **one_of_two(body),
        stated=body.stated,
        idempotency_key=key,
        **_ground(body.ground),
    )


def query_of_search(body: SearchRequest, key: str | None) -> PersonSearchQuery:
    """Return the search to send."""
    return PersonSearchQuery(
        stated=body.stated,
        is_kana_prefix=body.is_kana_prefix,
        items=body.items,
        is_verification=body.items is None,
        idempotency_key=key,
        **_ground(body.ground),
    )


def answer_of(answer: ConfirmationAnswer | PersonSearchAnswer) -> PersonAnswer:
    """Return an answer of the national node as the API gives it."""
    return msgspec.convert(msgspec.to_builtins(answer), PersonAnswer)


def affair_list_of(answer: GrantsAnswer) -> AffairList:
    """Return what may be asked for as the API gives it."""
    affairs = [{"offices": (), **msgspec.to_builtins(one)} for one in answer.affairs]
    return msgspec.convert({"organ": answer.organ, "day": answer.day, "affairs": affairs}, AffairList)


def doubt_of(body: DoubtRequest) -> Doubt:
    """Return what is doubted."""
    return Doubt(
        use_log_id=body.use_log_id,
        place=body.line,
        reason=body.reason,
        evidence=body.evidence,
        items=body.items,
        stated=body.stated,
        office=body.office,
        contact=body.contact,
    )


def doubt_list_of(doubts: Sequence[KeptDoubt]) -> DoubtList:
    """Return reports of doubt as the API gives them."""
    return DoubtList(reports=tuple(_doubt_entry(one) for one in doubts))


def _doubt_entry(one: KeptDoubt) -> DoubtEntry:
    entry = {
        "report_number": one.report_number,
        "reported_at": one.reported_at.isoformat(),
        "use_log_id": one.use_log_id,
        "line": one.place,
        "reason": one.reason,
        "items": [item for item in one.items.split(",") if item],
        "matter_number": one.matter_number,
        "state": one.state,
        "answered_on": None if one.answered_on is None else one.answered_on.isoformat(),
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "code": one.error_code,
    }
    return msgspec.convert(entry, DoubtEntry)


def one_of_two(body: ConfirmationRequest | VerificationRequest | PersonToFollow, place: str = "") -> dict[str, Any]:
    """Return the one number that was stated. One that is mistyped is not even sent.

    Raises:
        InvalidValueError: neither or both are stated, or the one is mistyped.
    """
    code, number = body.resident_record_code, body.individual_number
    path = f"{place}." if place else ""
    if code is not None and number is None:
        return {_CODE: _checked(lambda: ResidentRecordCode.parse(code).value, path + _CODE)}
    if number is not None and code is None:
        return {_NUMBER: _checked(lambda: IndividualNumber.parse(number).value, path + _NUMBER)}
    raise MissingItemError("State exactly one of resident_record_code and individual_number.", field=path + _CODE)


def _checked(parse: Callable[[], str], field: str) -> str:
    try:
        return parse()
    except InvalidValueError as error:
        raise type(error)(field=field) from None


def _ground(ground: Ground) -> dict[str, Any]:
    return msgspec.structs.asdict(ground)
