"""Every statement of the agency node on the change feed: whom it follows, what it was told, how far it has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.errors import FeedPositionGoneError
from jukinet.postgres.database import Unit

_KEEP_SUBSCRIPTION: Final = """
    INSERT INTO feed.subscription AS known
           (subscription_id, asked_at, official, office, affair, matter_number, purpose, items, expires_on, people,
            batch_id, is_complete)
    VALUES (%(subscription_id)s, %(asked_at)s, %(official)s, %(office)s, %(affair)s, %(matter_number)s, %(purpose)s,
            %(items)s, %(expires_on)s, %(people)s, %(batch_id)s, %(is_complete)s)
        ON CONFLICT (subscription_id) DO UPDATE
           SET expires_on = excluded.expires_on,
               is_complete = excluded.is_complete,
               people = CASE WHEN excluded.batch_id IS NULL THEN known.people + excluded.people
                             ELSE excluded.people END
"""
_NOTE_UNFOLLOWED: Final = """
    UPDATE feed.subscription
       SET people = greatest(0, people - %(people)s), ended_at = CASE WHEN %(is_ended)s THEN %(now)s ELSE ended_at END
     WHERE subscription_id = %(subscription_id)s
"""
_LIST_SUBSCRIPTIONS: Final = """
    SELECT subscription_id, asked_at, official, office, affair, matter_number, purpose, items, expires_on, people,
           batch_id, is_complete, ended_at
      FROM feed.subscription
     ORDER BY asked_at DESC, subscription_id
     LIMIT %(limit)s
"""
_IS_FOLLOWING: Final = """
    SELECT EXISTS (SELECT FROM feed.subscription WHERE ended_at IS NULL AND expires_on >= %(today)s)
"""
_FIND_POSITION: Final = """
    SELECT scanned, newest, deleted, missed_after, missed_until, read_at FROM feed.position
"""
_KEEP_EVENTS: Final = """
    INSERT INTO feed.event (sequence, event_id, subscription_id, content, fetched_at)
    SELECT sequence, event_id, subscription_id, content, %(now)s
      FROM unnest(%(sequences)s::bigint[], %(event_ids)s::text[], %(subscription_ids)s::text[], %(contents)s::text[])
        AS told (sequence, event_id, subscription_id, content)
        ON CONFLICT (sequence) DO NOTHING
"""
_MOVE_ON: Final = """
    UPDATE feed.position
       SET scanned = greatest(scanned, %(scanned)s), newest = greatest(newest, %(newest)s), read_at = %(now)s
"""
_NOTE_MISSED: Final = """
    UPDATE feed.position SET missed_after = coalesce(missed_after, scanned), missed_until = %(until)s
"""
_LIST_EVENTS: Final = """
    SELECT content FROM feed.event WHERE sequence > %(after)s ORDER BY sequence LIMIT %(limit)s
"""
_LIST_NEWEST: Final = """
    SELECT event.content, event.fetched_at, subscription.matter_number, subscription.affair
      FROM feed.event AS event
      LEFT JOIN feed.subscription AS subscription USING (subscription_id)
     ORDER BY event.sequence DESC
     LIMIT %(limit)s
"""
_DELETE: Final = """
    WITH gone AS (
        DELETE FROM feed.event WHERE fetched_at < %(before)s RETURNING sequence
    )
    UPDATE feed.position
       SET deleted = greatest(deleted, (SELECT max(sequence) FROM gone))
     WHERE EXISTS (SELECT FROM gone)
 RETURNING (SELECT count(*) FROM gone)
"""


@dataclass(frozen=True, slots=True)
class KeptSubscription:
    """A subscription of this organ as this node knows it."""

    subscription_id: str
    asked_at: datetime
    official: str
    office: str
    affair: str
    matter_number: str
    purpose: str = field(repr=False)
    items: list[str]
    expires_on: date
    people: int
    batch_id: str | None = None
    #: Of a batch file: whether all its lines are followed.
    is_complete: bool = True
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far this node has read."""

    #: Everything up to this number is here, or was deleted or missed.
    scanned: int
    #: The greatest number the national node told of.
    newest: int
    #: Up to this number the events are deleted here.
    deleted: int
    #: What the national node had deleted before this node read it, where there is such.
    missed_after: int | None
    missed_until: int | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event as it came, in JSON, with what it belongs to here."""

    content: str = field(repr=False)
    fetched_at: datetime
    matter_number: str | None
    affair: str | None


async def keep_subscription(unit: Unit, subscription: KeptSubscription) -> None:
    """Keep a subscription, or that it follows more people or lasts longer."""
    await unit.execute(_KEEP_SUBSCRIPTION, {name: getattr(subscription, name) for name in KeptSubscription.__slots__})


async def note_unfollowed(unit: Unit, subscription_id: str, *, people: int, is_ended: bool, now: datetime) -> None:
    """Note that so many people are not followed any more, or that the subscription ended."""
    parameters = {"subscription_id": subscription_id, "people": people, "is_ended": is_ended, "now": now}
    await unit.execute(_NOTE_UNFOLLOWED, parameters)


async def list_subscriptions(unit: Unit, *, limit: int) -> list[KeptSubscription]:
    """Return the newest subscriptions."""
    cursor = await unit.execute(_LIST_SUBSCRIPTIONS, {"limit": limit})
    return [KeptSubscription(*row) for row in await cursor.fetchall()]


async def is_following(unit: Unit, *, today: date) -> bool:
    """Return whether the organ follows anybody today."""
    row = await (await unit.execute(_IS_FOLLOWING, {"today": today})).fetchone()
    return row is not None and bool(row[0])


async def find_position(unit: Unit) -> FeedPosition:
    """Return how far this node has read."""
    row = await (await unit.execute(_FIND_POSITION)).fetchone()
    return FeedPosition(0, 0, 0, None, None, None) if row is None else FeedPosition(*row)


async def keep_events(
    unit: Unit, events: Sequence[tuple[int, str, str, str]], *, scanned: int, newest: int, now: datetime
) -> int:
    """Keep events (number, id, subscription, content) that are not here yet, and move on; return how many were new."""
    parameters: dict[str, Any] = {
        "sequences": [event[0] for event in events],
        "event_ids": [event[1] for event in events],
        "subscription_ids": [event[2] for event in events],
        "contents": [event[3] for event in events],
        "now": now,
    }
    new = (await unit.execute(_KEEP_EVENTS, parameters)).rowcount if events else 0
    await unit.execute(_MOVE_ON, {"scanned": scanned, "newest": newest, "now": now})
    return new


async def note_missed(unit: Unit, *, until: int) -> None:
    """Note that the events up to a number were deleted before they were read."""
    await unit.execute(_NOTE_MISSED, {"until": until})


async def list_events(unit: Unit, *, after: int, limit: int) -> list[str]:
    """Return the next events as they came, in order.

    Raises:
        FeedPositionGoneError: some of them are deleted already.
    """
    position = await find_position(unit)
    if after < max(position.deleted, position.missed_until or 0):
        raise FeedPositionGoneError(field="after")
    cursor = await unit.execute(_LIST_EVENTS, {"after": after, "limit": limit})
    return [content for (content,) in await cursor.fetchall()]


async def list_newest(unit: Unit, *, limit: int) -> list[KeptEvent]:
    """Return the newest events."""
    return [KeptEvent(*row) for row in await (await unit.execute(_LIST_NEWEST, {"limit": limit})).fetchall()]


async def delete_events(unit: Unit, *, before: datetime) -> int:
    """Delete the events that came before an instant; return how many."""
    row = await (await unit.execute(_DELETE, {"before": before})).fetchone()
    return 0 if row is None else int(row[0])
