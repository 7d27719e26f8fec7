"""Give an organ the next events of its change feed: the law is asked as of today, the use log is durable first (I4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from jukinet.domain.certification_linkage import CERTIFICATION_LINKAGE, LINKAGE_ITEMS, linkage_ground
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import NotPermittedError, ReplayedMessageError
from jukinet.domain.feed_changes import FeedKind, told_kind
from jukinet.domain.feed_terms import is_in_term
from jukinet.domain.provision_items import ProvisionItem, items_text, parse_items
from jukinet.domain.provision_withholding import require_shown_at_once
from jukinet.domain.rules import Rule, enforces
from jukinet.identification.provided_person import provide_items
from jukinet.national.feed_event_store import FeedUse, StoredEvent, UseGround, find_reader, list_events, log_uses
from jukinet.national.feed_store import Subscription, list_subscriptions
from jukinet.national.node import NationalNode
from jukinet.postgres.failures import violations_as
from jukinet.protocol.feed import FeedEvent, FeedPage, FeedRead
from jukinet.protocol.node_names import NodeName

#: What the person reads on the log of an event that makes certificates void.
_LINKAGE_PURPOSE: Final = "電子証明書の失効"
_FEED: Final = "feed"


@dataclass(slots=True)
class _Ground:
    """What of a subscription's events may be given today, and what the log says of it."""

    logged: UseGround
    items: frozenset[ProvisionItem]
    #: What of events of a kind that changed the same items is told: most of a page are alike.
    _tellings: dict[tuple[str, tuple[str, ...]], _Telling] = field(
        default_factory=dict[tuple[str, tuple[str, ...]], "_Telling"]
    )

    def telling_of(self, event: StoredEvent) -> _Telling:
        """Return what of such an event is told."""
        key = (event.kind, tuple(event.items))
        found = self._tellings.get(key)
        if found is None:
            items, kind = parse_items(event.items) & self.items, FeedKind(event.kind)
            told = kind if kind is FeedKind.CERTIFICATES_VOID else told_kind(kind, self.items)
            names = tuple(item.value for item in ProvisionItem if item in items)
            found = self._tellings[key] = _Telling(told.value, items, names, items_text(items))
        return found


@dataclass(frozen=True, slots=True)
class _Telling:
    """The kind as it is told, and the items: as a set, by name, and as the use log has them."""

    kind: str
    items: frozenset[ProvisionItem]
    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Told:
    """An event as it is given, and its entry on the use log."""

    event: FeedEvent
    use: FeedUse


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def provide_feed(*, read: FeedRead, agency: NodeName, message_id: str, node: NationalNode) -> FeedPage:
    """Return the next events after their use-log entries are durable.

    What a subscription that ended, expired or is not lawful any more would have been told is passed over.

    Raises:
        ReplayedMessageError: this message id was answered before.
        OperationError: the log could not be written: nothing is given.
    """
    now = node.clock()
    async with node.database.connection() as connection:
        newest, deleted = await find_reader(connection, agency.text)
        after = max(read.after, deleted)
        events, scanned = await list_events(connection, agency.text, after=after, limit=read.limit)
        ids = {event.subscription_id for event in events if event.is_followed} - {""}
        subscriptions = await list_subscriptions(connection, agency.text, [*ids]) if ids else {}
    grounds = await _list_grounds(subscriptions.values(), agency, message_id, node, now)
    if agency.code == node.config.certification_linkage:
        grounds[""] = _linkage_ground(now)
    told = [one for event in events if (one := _tell(event, grounds)) is not None]
    if told:
        method = CERTIFICATION_LINKAGE if "" in grounds else _FEED
        async with node.database.transaction() as unit:
            with violations_as({"use_log_pkey": ReplayedMessageError}):
                uses = [one.use for one in told]
                await log_uses(unit, uses, message_id=message_id, agency=agency.text, method=method, now=now)
    newest = max(newest, scanned)
    return FeedPage(
        events=tuple(one.event for one in told),
        use_log_id=message_id,
        scanned=scanned,
        newest=newest,
        deleted=deleted,
    )


async def _list_grounds(
    subscriptions: Iterable[Subscription], agency: NodeName, message_id: str, node: NationalNode, now: datetime
) -> dict[str, _Ground]:
    found: dict[str, _Ground] = {}
    for one in subscriptions:
        if one.ended_at is not None or not is_in_term(one.expires_on, today=civil_day(now)):
            continue
        try:
            allowed = await node.gate.authorise(agency, one, None, message_id=message_id, now=now)
            require_shown_at_once(allowed.grant.withholding)
        except NotPermittedError:
            continue  # and recorded by the gate, with the reason
        logged = UseGround(one.affair, one.purpose, one.matter_number, one.official, one.office, allowed.grant.ground)
        found[one.subscription_id] = _Ground(logged, parse_items(one.items) & allowed.grant.items)
    return found


def _linkage_ground(now: datetime) -> _Ground:
    ground = linkage_ground(civil_day(now))
    return _Ground(UseGround(CERTIFICATION_LINKAGE, _LINKAGE_PURPOSE, "-", "-", "", ground), LINKAGE_ITEMS)


def _tell(event: StoredEvent, grounds: Mapping[str, _Ground]) -> _Told | None:
    """Return the event with the items that changed, are asked for and allowed; None where there is none to tell."""
    ground = grounds.get(event.subscription_id)
    if ground is None or not event.is_followed:
        return None
    telling = ground.telling_of(event)
    if not telling.items:
        return None
    has_number = ProvisionItem.INDIVIDUAL_NUMBER in telling.items
    has_code = ProvisionItem.RESIDENT_RECORD_CODE in telling.items
    told = FeedEvent(
        sequence=event.sequence,
        event_id=event.event_id,
        subscription_id=event.subscription_id,
        reference=event.reference,
        kind=telling.kind,
        recorded_at=event.recorded_at.astimezone(UTC).isoformat(),
        items=telling.names,
        person=provide_items(event.record, telling.items),
        previous_individual_number=event.previous_number if has_number else None,
        previous_resident_record_code=event.previous_resident_record_code if has_code else None,
    )
    return _Told(told, FeedUse(event.record.resident_record_code, event.followed_by, telling.text, ground.logged))
