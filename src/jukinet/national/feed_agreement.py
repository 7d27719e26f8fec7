"""What every subscription of the change feed is agreed on: who asks, on which ground, with which terms (登録の条件)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import InvalidValueError, SubscriptionStateError
from jukinet.domain.feed_changes import FOLLOWED_KINDS, parse_kinds
from jukinet.domain.feed_terms import is_in_term, require_term
from jukinet.domain.provision_items import ProvisionItem, parse_items
from jukinet.domain.provision_withholding import require_shown_at_once
from jukinet.national.feed_store import Subscription, Terms, add_subscription, lock_subscription, renew_subscription
from jukinet.national.node import NationalNode
from jukinet.national.provision_gate import Grounded
from jukinet.national.usecases.authorise_provision import Authorisation
from jukinet.postgres.database import Unit
from jukinet.protocol.feed import FeedFollowBatch, FeedSubscribe
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, in which message, and the exact bytes with the signature over them."""

    agency: NodeName
    message_id: str
    content: bytes = field(repr=False)
    signature: str = field(repr=False)

    @classmethod
    def of(cls, received: Received[Any]) -> Asking:
        """Return it of a message that was received."""
        return cls(received.peer.name, received.envelope.message_id, bytes(received.content), received.signature or "")


async def agree_terms(
    asked: FeedSubscribe | FeedFollowBatch, ground: Grounded, *, asking: Asking, node: NationalNode
) -> tuple[Terms, Authorisation]:
    """Return the terms of a subscription as the law of today allows them, and the grant.

    Raises:
        NotPermittedError: the law does not allow it, by one of its leaves.
        InvalidValueError: an item, a kind or the last day cannot be.
    """
    now = node.clock()
    last = _read_day(asked.expires_on)
    require_term(last, today=civil_day(now))
    kinds = parse_kinds(asked.kinds)
    wanted = None if asked.items is None else parse_items(asked.items)
    allowed = await node.gate.authorise(asking.agency, ground, wanted, message_id=asking.message_id, now=now)
    require_shown_at_once(allowed.grant.withholding)
    terms = Terms(
        affair=ground.affair,
        purpose=ground.purpose,
        matter_number=ground.matter_number,
        official=ground.official,
        office=ground.office,
        ground=allowed.grant.ground,
        items=[item.value for item in ProvisionItem if item in allowed.items],
        kinds=[kind.value for kind in FOLLOWED_KINDS if kind in kinds],
        expires_on=last,
        batch_id=asked.batch_id if isinstance(asked, FeedFollowBatch) else None,
        request=asking.content,
        signature=asking.signature,
    )
    return terms, allowed


def _read_day(text: str) -> date:
    try:
        return CivilDate.from_wire(text).require_exact()
    except InvalidValueError as error:
        raise type(error)(field="expires_on") from None


async def begin_or_renew(
    unit: Unit, subscription_id: str, terms: Terms, *, asking: Asking, now: datetime
) -> tuple[Subscription, bool]:
    """Return the subscription with these terms, and whether it is new; an earlier last day changes nothing.

    Raises:
        SubscriptionStateError: it has ended, or was begun on other terms.
    """
    is_new = await add_subscription(unit, asking.agency.text, subscription_id, terms, now=now)
    found = await lock_subscription(unit, asking.agency.text, subscription_id)
    if is_new:
        return found, True
    if found.ended_at is not None or not is_in_term(found.expires_on, today=civil_day(now)):
        raise SubscriptionStateError(field="subscription_id")
    stated = (terms.affair, terms.purpose, terms.matter_number, terms.items, terms.kinds, terms.batch_id)
    if stated != (found.affair, found.purpose, found.matter_number, found.items, found.kinds, found.batch_id):
        raise SubscriptionStateError("It was begun on other terms: choose a new id.", field="subscription_id")
    # Whoever asks now is who the log names for it; what is told later stands on what it was begun with.
    found = replace(found, official=terms.official, office=terms.office)
    if terms.expires_on > found.expires_on:
        await renew_subscription(unit, found, expires_on=terms.expires_on, ground=terms.ground)
        return replace(found, expires_on=terms.expires_on, ground=terms.ground), False
    return found, False


def subscribed_event(subscription: Subscription, people: int, now: datetime, message_id: str) -> Entry:
    """Return the event of the log that an organ follows (more) people, or longer."""
    return Entry(
        event=AuditEvent.FEED_SUBSCRIBED,
        occurred_at=now,
        actor=subscription.agency,
        message_id=message_id,
        detail={
            "subscription_id": subscription.subscription_id,
            "affair": subscription.affair,
            "official": subscription.official,
            "matter_number": subscription.matter_number,
            "expires_on": subscription.expires_on.isoformat(),
            "batch_id": subscription.batch_id,
            "people": people,
        },
    )
