"""What an agency's page on the change feed shows: a subscription under way, one that is over, and three changes."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from jukinet.agency.feed_store import KeptSubscription, keep_events, keep_subscription, note_unfollowed
from jukinet.domain.clock import civil_day
from jukinet.protocol.confirmation import ConfirmedPerson
from jukinet.protocol.feed import FeedEvent
from tests.builders import PENSION_AFFAIR
from tests.integration.web.agency import AgencyNode

_FIRST = "0193f3a0-0000-7000-8000-000000000001"
_SECOND = "0193f3a0-0000-7000-8000-000000000002"


def _event(sequence: int, kind: str, reason: str, items: tuple[str, ...], **values: str) -> FeedEvent:
    person = ConfirmedPerson(reason=reason, changed_on="2026-03-28", is_removed=kind == "death", **values)
    return FeedEvent(
        sequence=sequence,
        event_id=f"c3a2a1e0-7d0c-4a55-9a52-00000000000{sequence}",
        subscription_id=_FIRST,
        reference=f"受給者-{sequence:04d}",
        kind=kind,
        recorded_at="2026-04-01T00:12:30+00:00",
        items=(*items, "change"),
        person=person,
    )


async def follow_people(agency: AgencyNode) -> None:
    """Let the agency have subscriptions and events."""
    now = agency.clock()
    events = [
        _event(1, "move", "relocation", ("address",), address="東京都千代田区一番町２番地３"),
        _event(2, "death", "death", ()),
        _event(3, "name", "ex_officio_modification", ("name",), name="試験\u3000葵", kana="しけん\u3000あおい"),
    ]
    contents = [(one.sequence, one.event_id, one.subscription_id, msgspec.json.encode(one).decode()) for one in events]
    async with agency.database.transaction() as unit:
        for number, last, people in (
            (_FIRST, civil_day(now) + timedelta(days=300), 5_000),
            (_SECOND, date(2026, 3, 1), 12),
        ):
            subscription = KeptSubscription(
                subscription_id=number,
                asked_at=now,
                official="a1234",
                office="支給課",
                affair=PENSION_AFFAIR,
                matter_number=f"年金-{number[-1]}",
                purpose="年金の受給者の現況を確かめるため",
                items=["name", "address", "change"],
                expires_on=last,
                people=people,
            )
            await keep_subscription(unit, subscription)
        await note_unfollowed(unit, _SECOND, people=12, is_ended=True, now=now)
        await keep_events(unit, contents, scanned=3, newest=3, now=now)
