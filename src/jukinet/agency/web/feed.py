"""The change feed as officials see it (変更の継続提供): whom this organ follows, and what changed lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from jukinet.agency.feed_store import KeptEvent, find_position, list_newest, list_subscriptions
from jukinet.agency.web.desk import AgencyDesk
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.feed_terms import is_in_term
from jukinet.operator_web.screens import Answer, Page, Visit
from jukinet.protocol.feed import FeedEvent

_MOST_SUBSCRIPTIONS: Final = 100
_MOST_EVENTS: Final = 100
#: What of an event is shown, in this order, where it was given. The change information has a column of its own.
_SHOWN: Final = (
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "address",
    "individual_number",
    "resident_record_code",
)
_events: Final = msgspec.json.Decoder(FeedEvent)


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One row of the newest changes."""

    event: FeedEvent = field(repr=False)
    #: When the national node applied the change.
    recorded_at: datetime
    matter_number: str
    values: tuple[tuple[str, str], ...] = field(repr=False)


async def show_feed(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the subscriptions and the newest changes. That somebody looked at them is on the log."""
    async with desk.database.transaction() as unit:
        subscriptions = await list_subscriptions(unit, limit=_MOST_SUBSCRIPTIONS)
        events = [_shown(one) for one in await list_newest(unit, limit=_MOST_EVENTS)]
        position = await find_position(unit)
        if events:
            viewed = Entry(
                event=AuditEvent.FEED_VIEWED,
                occurred_at=visit.now,
                actor=visit.operator_id,
                detail={"count": len(events)},
            )
            await append(unit, [viewed])
    today = civil_day(visit.now)
    values = {
        "subscriptions": [
            (one, "ended" if one.ended_at else "following" if is_in_term(one.expires_on, today=today) else "expired")
            for one in subscriptions
        ],
        "events": events,
        "position": position,
        "limit": _MOST_EVENTS,
        "kept_days": desk.feed_kept_days,
    }
    return Page("agency/feed.html", values)


def _shown(kept: KeptEvent) -> ShownEvent:
    event = _events.decode(kept.content)
    given: dict[str, Any] = msgspec.to_builtins(event.person)
    values = tuple((name, str(given[name])) for name in _SHOWN if name in given)
    return ShownEvent(event, datetime.fromisoformat(event.recorded_at), kept.matter_number or "", values)
