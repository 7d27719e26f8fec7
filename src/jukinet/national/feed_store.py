"""Every statement on subscriptions of the change feed: who is followed by whom, on which ground, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.errors import SubscriptionNotFoundError
from jukinet.postgres.database import Unit

_ADD_READER: Final = """
    INSERT INTO feed.reader (agency) VALUES (%(agency)s) ON CONFLICT ON CONSTRAINT reader_pkey DO NOTHING
"""
_ADD: Final = """
    INSERT INTO feed.subscription
           (agency, subscription_id, affair, purpose, matter_number, official, office, ground, items, kinds, begun_at,
            expires_on, batch_id, is_complete, request, signature)
    VALUES (%(agency)s, %(subscription_id)s, %(affair)s, %(purpose)s, %(matter_number)s, %(official)s, %(office)s,
            %(ground)s, %(items)s, %(kinds)s, %(begun_at)s, %(expires_on)s, %(batch_id)s, %(is_complete)s, %(request)s,
            %(signature)s)
        ON CONFLICT ON CONSTRAINT subscription_pkey DO NOTHING
"""
_LOCK: Final = """
    SELECT agency, subscription_id, affair, purpose, matter_number, official, office, ground, items, kinds, begun_at,
           expires_on, ended_at, batch_id, lines, is_complete
      FROM feed.subscription
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
       FOR UPDATE
"""
_LIST: Final = """
    SELECT agency, subscription_id, affair, purpose, matter_number, official, office, ground, items, kinds, begun_at,
           expires_on, ended_at, batch_id, lines, is_complete
      FROM feed.subscription
     WHERE agency = %(agency)s AND subscription_id = ANY(%(subscription_ids)s)
"""
_RENEW: Final = """
    UPDATE feed.subscription
       SET expires_on = %(expires_on)s, ground = %(ground)s
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""
_END: Final = """
    UPDATE feed.subscription
       SET ended_at = %(now)s, is_complete = true
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s AND ended_at IS NULL
"""
_LIST_EXPIRED: Final = """
    SELECT agency, subscription_id
      FROM feed.subscription
     WHERE ended_at IS NULL AND expires_on < %(today)s
     ORDER BY agency, subscription_id
     LIMIT 100
"""
_REMOVE_ALL: Final = """
    DELETE FROM feed.followed_person WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""
_REMOVE_SOME: Final = """
    DELETE FROM feed.followed_person
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s AND reference = ANY(%(references)s)
"""

# A number is of its live resident, else of the one who last had it, and never of one of two.
_MATCH: Final = """
    WITH asked AS (
        SELECT *
          FROM unnest(%(places)s::integer[], %(codes)s::text[], %(numbers)s::text[], %(references)s::text[])
            AS asked (place, code, number, reference)
    ), matched AS (
        SELECT asked.place, asked.reference, record.resident_record_code, 'resident_record_code' AS followed_by
          FROM asked
          JOIN identification.record ON record.resident_record_code = asked.code
         UNION ALL
        SELECT asked.place, asked.reference, record.resident_record_code, 'individual_number' AS followed_by
          FROM asked
          JOIN identification.record
            ON record.individual_number = asked.number
           AND NOT EXISTS (
                   SELECT FROM identification.record AS other
                    WHERE other.individual_number = asked.number
                      AND other.resident_record_code <> record.resident_record_code
                      AND other.is_removed <= record.is_removed
               )
    ), added AS (
        INSERT INTO feed.followed_person
               (resident_record_code, agency, subscription_id, reference, followed_by, followed_after)
        SELECT DISTINCT ON (resident_record_code)
               resident_record_code, %(agency)s, %(subscription_id)s, reference, followed_by,
               (SELECT last_sequence FROM feed.reader WHERE reader.agency = %(agency)s)
          FROM matched
         ORDER BY resident_record_code, place
            ON CONFLICT ON CONSTRAINT followed_person_pkey DO NOTHING
     RETURNING resident_record_code
    )
    SELECT asked.place, matched.resident_record_code, matched.followed_by,
           matched.resident_record_code IN (SELECT resident_record_code FROM added)
      FROM asked
      LEFT JOIN matched ON matched.place = asked.place
     ORDER BY asked.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a subscription states of itself, and what the law made of it."""

    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    office: str
    ground: str
    items: list[str]
    kinds: list[str]
    expires_on: date
    batch_id: str | None = None
    #: The exact bytes in which the organ asked for it, and the signature over them.
    request: bytes = field(repr=False)
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it stands."""

    agency: str
    subscription_id: str
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    office: str
    ground: str
    items: list[str]
    kinds: list[str]
    begun_at: datetime
    expires_on: date
    ended_at: datetime | None
    batch_id: str | None
    #: Of a batch file: the number of the last line that is followed, and whether that is all.
    lines: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class MatchedPerson:
    """Who was found for one person asked for. `is_new` says that nobody of this subscription was followed so yet."""

    place: int
    resident_record_code: str | None = field(repr=False)
    followed_by: str | None
    is_new: bool | None


async def add_subscription(unit: Unit, agency: str, subscription_id: str, terms: Terms, *, now: datetime) -> bool:
    """Begin a subscription; return False if there is one with this id already."""
    await unit.execute(_ADD_READER, {"agency": agency})
    parameters = {name: getattr(terms, name) for name in Terms.__slots__}
    parameters |= {"agency": agency, "subscription_id": subscription_id, "begun_at": now}
    parameters["is_complete"] = terms.batch_id is None
    return (await unit.execute(_ADD, parameters)).rowcount == 1


async def lock_subscription(unit: Unit, agency: str, subscription_id: str) -> Subscription:
    """Return a subscription and hold it until the transaction ends; raise SubscriptionNotFoundError."""
    cursor = await unit.execute(_LOCK, {"agency": agency, "subscription_id": subscription_id})
    row = await cursor.fetchone()
    if row is None:
        raise SubscriptionNotFoundError(field="subscription_id")
    return Subscription(*row)


async def list_subscriptions(unit: Unit, agency: str, subscription_ids: Sequence[str]) -> dict[str, Subscription]:
    """Return these subscriptions of an organ by their ids."""
    cursor = await unit.execute(_LIST, {"agency": agency, "subscription_ids": list(subscription_ids)})
    return {row[1]: Subscription(*row) for row in await cursor.fetchall()}


async def renew_subscription(unit: Unit, subscription: Subscription, *, expires_on: date, ground: str) -> None:
    """Let it last until another day, on the ground of today."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "expires_on": expires_on,
        "ground": ground,
    }
    await unit.execute(_RENEW, parameters)


async def end_subscription(unit: Unit, subscription: Subscription, *, now: datetime) -> int:
    """End it and forget whom it followed; return how many they were."""
    parameters: dict[str, Any] = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "now": now,
    }
    await unit.execute(_END, parameters)
    return (await unit.execute(_REMOVE_ALL, parameters)).rowcount


async def list_expired(unit: Unit, *, today: date) -> list[tuple[str, str]]:
    """Return agency and id of subscriptions whose last day is over and that still know whom they followed."""
    return [(row[0], row[1]) for row in await (await unit.execute(_LIST_EXPIRED, {"today": today})).fetchall()]


async def remove_people(unit: Unit, subscription: Subscription, references: Sequence[str]) -> int:
    """Follow the people with these references no longer; return how many they were."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "references": list(references),
    }
    return (await unit.execute(_REMOVE_SOME, parameters)).rowcount


async def follow_people(
    unit: Unit,
    subscription: Subscription,
    *,
    codes: Sequence[str | None],
    numbers: Sequence[str | None],
    references: Sequence[str],
) -> list[MatchedPerson]:
    """Follow those who are found by code or number, and return what became of each."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "places": list(range(len(references))),
        "codes": list(codes),
        "numbers": list(numbers),
        "references": list(references),
    }
    return [MatchedPerson(*row) for row in await (await unit.execute(_MATCH, parameters)).fetchall()]
