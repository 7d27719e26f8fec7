"""Let an organ follow people it lawfully serves (変更の継続提供の登録)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jukinet.audit.store import append
from jukinet.domain.errors import InvalidValueError, MissingItemError
from jukinet.domain.feed_terms import FollowedBy, require_number
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.identification.store import take_turn
from jukinet.national.feed_agreement import Asking, agree_terms, begin_or_renew, subscribed_event
from jukinet.national.feed_event_store import FeedUse, UseGround, find_reader, log_uses
from jukinet.national.feed_store import MatchedPerson, Subscription, follow_people
from jukinet.national.node import NationalNode
from jukinet.protocol.feed import FeedSubscribe, FeedSubscribed, FollowedPerson, FollowResult

_FOLLOWING: Final = "following"
_NOT_FOUND: Final = "not_found"


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def subscribe_feed(*, asked: FeedSubscribe, asking: Asking, node: NationalNode) -> FeedSubscribed:
    """Follow these people, and return what became of each, after it is durable and on the use log.

    Nobody applies a change meanwhile: of what is applied after this there is an event, and what was applied before is
    what the organ finds when it asks.

    Raises:
        NotPermittedError: the law does not allow it, by one of its leaves.
        InvalidValueError: an item, a number, a kind or the last day cannot be.
        SubscriptionStateError: the subscription has ended, or was begun on other terms.
    """
    now = node.clock()
    codes, numbers = _read_people(asked.people)
    terms, allowed = await agree_terms(asked, asked, asking=asking, node=node)
    require_number(allowed.grant, _numbers_of(codes, numbers))
    async with node.database.transaction() as unit:
        await take_turn(unit)
        subscription, _ = await begin_or_renew(unit, asked.subscription_id, terms, asking=asking, now=now)
        references = [person.reference for person in asked.people]
        found = await follow_people(unit, subscription, codes=codes, numbers=numbers, references=references)
        uses = [_use(subscription, person) for person in found if person.is_new]
        await log_uses(unit, uses, message_id=asking.message_id, agency=asking.agency.text, method="feed", now=now)
        await append(unit, [subscribed_event(subscription, len(uses), now, asking.message_id)])
        newest, _ = await find_reader(unit, asking.agency.text)
    return FeedSubscribed(
        subscription_id=subscription.subscription_id,
        items=tuple(subscription.items),
        expires_on=subscription.expires_on.isoformat(),
        newest=newest,
        people=tuple(
            FollowResult(reference=reference, result=_NOT_FOUND if one.resident_record_code is None else _FOLLOWING)
            for reference, one in zip(references, found, strict=True)
        ),
    )


def _read_people(people: Sequence[FollowedPerson]) -> tuple[list[str | None], list[str | None]]:
    if len({person.reference for person in people}) < len(people):
        raise MissingItemError("Every person needs a reference of his or her own.", field="people.reference")
    codes: list[str | None] = []
    numbers: list[str | None] = []
    for person in people:
        code, number = person.resident_record_code, person.individual_number
        if (code is None) == (number is None):
            message = "Exactly one of resident_record_code and individual_number is needed."
            raise MissingItemError(message, field="people.individual_number")
        try:
            codes.append(None if code is None else ResidentRecordCode.parse(code).value)
            numbers.append(None if number is None else IndividualNumber.parse(number).value)
        except InvalidValueError as error:
            field = "people.individual_number" if code is None else "people.resident_record_code"
            raise type(error)(field=field) from None
    return codes, numbers


def _numbers_of(codes: Sequence[str | None], numbers: Sequence[str | None]) -> set[FollowedBy]:
    found: set[FollowedBy] = set()
    if any(code is not None for code in codes):
        found.add(FollowedBy.RESIDENT_RECORD_CODE)
    if any(number is not None for number in numbers):
        found.add(FollowedBy.INDIVIDUAL_NUMBER)
    return found


def _use(subscription: Subscription, person: MatchedPerson) -> FeedUse:
    """Return the entry that somebody is followed from now on: no item is given, but that there is a record."""
    ground = UseGround(
        subscription.affair,
        subscription.purpose,
        subscription.matter_number,
        subscription.official,
        subscription.office,
        subscription.ground,
    )
    return FeedUse(person.resident_record_code or "", person.followed_by or "", "", ground)
