"""Statements of the bench of the change feed: organs that follow people, and the bare statements beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from jukinet.postgres.database import Unit

# Of the measured municipality nobody: what the nation alone hears of them would stand in the way of other benches.
_LIST_PEOPLE: Final = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           update_sequence, municipality
      FROM identification.record
     WHERE municipality <> %(apart_from)s AND NOT is_removed
       AND left(municipality, 2) = (SELECT left(municipality, 2)
                                      FROM identification.record
                                     WHERE municipality <> %(apart_from)s
                                     GROUP BY 1
                                     ORDER BY count(*) DESC
                                     LIMIT 1)
     ORDER BY hashtext(resident_record_code)
     LIMIT %(limit)s
"""
_EMPTY: Final = "TRUNCATE feed.reader, feed.subscription, feed.followed_person, feed.event"
_ADD_READERS: Final = "INSERT INTO feed.reader (agency) SELECT unnest(%(agencies)s::text[])"
_SUBSCRIBE: Final = """
    INSERT INTO feed.subscription
           (agency, subscription_id, affair, purpose, matter_number, official, office, ground, items, kinds, begun_at,
            expires_on, request, signature)
    SELECT agency, 'bench', %(affair)s, '性能測定', 'bench-1', 'bench', '', '', %(items)s, %(kinds)s, %(now)s,
           %(expires_on)s, '', ''
      FROM unnest(%(agencies)s::text[]) AS agency
"""
#: The first so many organs after a person's own, by the number of the person.
_FOLLOW: Final = """
    INSERT INTO feed.followed_person (resident_record_code, agency, subscription_id, reference, followed_by)
    SELECT code, (%(agencies)s::text[])[1 + (place + further) %% cardinality(%(agencies)s::text[])], 'bench',
           place::text, 'individual_number'
      FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS person (code, place),
           generate_series(0, %(followers)s - 1) AS further
"""
_TIDY: Final = "VACUUM ANALYZE feed.followed_person, feed.subscription, feed.reader, feed.event"
_COUNT_EVENTS: Final = "SELECT coalesce(sum(last_sequence), 0) FROM feed.reader"
_COUNT_USES: Final = "SELECT count(*) FROM audit.use_log WHERE method = 'feed'"

_PREPARE_BASELINE: Final = """
    DROP SCHEMA IF EXISTS feed_baseline CASCADE;
    CREATE SCHEMA feed_baseline;
    CREATE TABLE feed_baseline.use_log (LIKE audit.use_log INCLUDING ALL)
"""
_DROP_BASELINE: Final = "DROP SCHEMA IF EXISTS feed_baseline CASCADE"
#: One page of events with the present records, and the same entries of the use log, in one statement.
_READ_BARE: Final = """
    WITH page AS (
        SELECT event.sequence, event.event_id, event.reference, event.kind, record.resident_record_code, record.address,
               record.change_reason, record.changed_on, record.is_removed
          FROM feed.event AS event
          JOIN identification.record ON record.resident_record_code = event.resident_record_code
         WHERE event.agency = %(agency)s AND event.sequence > %(after)s
         ORDER BY event.sequence
         LIMIT %(limit)s
    ), logged AS (
        INSERT INTO feed_baseline.use_log
               (message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number,
                official, asked_by, result, items, ground)
        SELECT %(message_id)s, %(agency)s, row_number() OVER (ORDER BY sequence), %(now)s, resident_record_code, 'feed',
               %(affair)s, '性能測定', 'bench-1', 'bench', 'individual_number', 'found', 'address,change',
               '住民基本台帳法第30条の9、別表第1の74の項（厚生年金保険法）'
          FROM page
    )
    SELECT sequence, event_id, reference, kind, address, change_reason, changed_on, is_removed
      FROM page
     ORDER BY sequence
"""


async def list_people(unit: Unit, *, apart_from: str, limit: int) -> list[tuple[Any, ...]]:
    """Return live residents of other municipalities of one prefecture: the one that has most."""
    parameters = {"apart_from": apart_from, "limit": limit}
    return await (await unit.execute(_LIST_PEOPLE, parameters)).fetchall()


async def empty_feed(owner: Unit) -> None:
    """Let nobody follow anybody, and forget every event."""
    await owner.execute(_EMPTY)


async def follow(
    owner: Unit,
    agencies: Sequence[str],
    codes: Sequence[str],
    *,
    followers: int,
    affair: str,
    kinds: Sequence[str],
    now: datetime,
    expires_on: date,
) -> None:
    """Let every person be followed by so many of the organs; the reference is the place of the person, from 1."""
    await empty_feed(owner)
    parameters: dict[str, Any] = {
        "agencies": list(agencies),
        "codes": list(codes),
        "followers": followers,
        "affair": affair,
        "items": ["address", "change"],
        "kinds": list(kinds),
        "now": now,
        "expires_on": expires_on,
    }
    await owner.execute(_ADD_READERS, parameters)
    await owner.execute(_SUBSCRIBE, parameters)
    await owner.execute(_FOLLOW, parameters)
    await owner.execute(_TIDY)


async def count_events(unit: Unit) -> int:
    """Return how many events were written."""
    return await _count(unit, _COUNT_EVENTS)


async def count_feed_uses(unit: Unit) -> int:
    """Return how many events stand on the use log as given."""
    return await _count(unit, _COUNT_USES)


async def prepare_baseline(owner: Unit) -> None:
    """Make a use log beside the real one."""
    await owner.execute(_PREPARE_BASELINE)


async def drop_baseline(owner: Unit) -> None:
    """Remove it."""
    await owner.execute(_DROP_BASELINE)


async def read_bare(
    unit: Unit, agency: str, *, after: int, limit: int, message_id: str, affair: str, now: datetime
) -> int:
    """Read a page and log it by one bare statement; return the last number of it, 0 at the end."""
    parameters = {
        "agency": agency,
        "after": after,
        "limit": limit,
        "message_id": message_id,
        "affair": affair,
        "now": now,
    }
    rows = await (await unit.execute(_READ_BARE, parameters, prepare=True)).fetchall()
    return int(rows[-1][0]) if rows else 0


async def _count(unit: Unit, statement: Any) -> int:  # noqa: ANN401 - a constant of this module
    row = await (await unit.execute(statement)).fetchone()
    return int(row[0]) if row else 0
