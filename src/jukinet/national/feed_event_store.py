"""The statements that write and read events of the change feed.

Whoever writes events has taken the turn of those who apply changes (`identification.store.take_turn`), and keeps it
until the commit: so the numbers of an organ are committed in their order, and no reader can pass one that comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.feed_changes import JudgedChange, RecordVersion
from jukinet.domain.provision_items import ProvisionItem
from jukinet.identification.provided_person import FoundRecord
from jukinet.postgres.database import Unit

_LIST_FOLLOWED: Final = """
    SELECT DISTINCT resident_record_code
      FROM feed.followed_person
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
"""

#: What a person was before a change: every earlier version is superseded once the change is applied.
_LIST_EARLIER: Final = """
    SELECT asked.place, earlier.resident_record_code, earlier.individual_number, earlier.name, earlier.kana,
           earlier.former_surname, earlier.alias, earlier.birth_date, earlier.sex, earlier.address,
           earlier.change_reason
      FROM unnest(%(places)s::integer[], %(resident_record_codes)s::text[], %(update_sequences)s::integer[])
        AS asked (place, resident_record_code, update_sequence)
     CROSS JOIN LATERAL (
            SELECT past.resident_record_code, past.individual_number, past.name, past.kana, past.former_surname,
                   past.alias, past.birth_date, past.sex, past.address, past.change_reason, past.update_sequence
              FROM identification.superseded_record AS past
             WHERE past.resident_record_code = asked.resident_record_code
               AND past.update_sequence < asked.update_sequence
             ORDER BY past.update_sequence DESC
             LIMIT 2
     ) AS earlier
     ORDER BY asked.place, earlier.update_sequence DESC
"""

#: Whoever gets another code is followed under it.
_MOVE: Final = """
    WITH changed AS (
        SELECT *
          FROM unnest(%(previous)s::text[], %(present)s::text[]) AS changed (previous, present)
    ), moved AS (
        DELETE FROM feed.followed_person AS person
         USING changed
         WHERE person.resident_record_code = changed.previous
     RETURNING changed.present, person.agency, person.subscription_id, person.reference, person.followed_by,
               person.followed_after
    )
    INSERT INTO feed.followed_person
           (resident_record_code, agency, subscription_id, reference, followed_by, followed_after)
    SELECT present, agency, subscription_id, reference, followed_by, followed_after
      FROM moved
        ON CONFLICT ON CONSTRAINT followed_person_pkey DO NOTHING
"""

#: `followed` is the code somebody is followed under when the event is written; the version has the code of its time.
_WRITE: Final = """
    WITH change AS (
        SELECT *
          FROM unnest(%(places)s::integer[], %(followed)s::text[], %(resident_record_codes)s::text[],
                      %(update_sequences)s::integer[], %(previous_numbers)s::text[], %(kinds)s::text[],
                      %(items)s::text[], %(telling)s::text[])
            AS change (place, followed, resident_record_code, update_sequence, previous_number, kind, items, telling)
    ), due AS (
        SELECT subscription.agency, subscription.subscription_id, person.reference, person.followed_by,
               change.resident_record_code, change.update_sequence, change.previous_number,
               CASE WHEN subscription.items && string_to_array(change.telling, ',') THEN change.kind
                    ELSE 'record_changed' END AS kind,
               subscription.kinds, string_to_array(change.items, ',') AS items, change.place
          FROM change
          JOIN feed.followed_person AS person ON person.resident_record_code = change.followed
          JOIN feed.subscription AS subscription
            ON subscription.agency = person.agency AND subscription.subscription_id = person.subscription_id
         WHERE subscription.ended_at IS NULL
           AND subscription.expires_on >= %(today)s
           AND subscription.items && string_to_array(change.items, ',')
           AND (%(only)s::text IS NULL OR subscription.subscription_id = %(only)s)
    ), numbered AS (
        SELECT due.*, row_number() OVER (PARTITION BY agency ORDER BY place, subscription_id) AS rank
          FROM due
         WHERE kind = ANY(kinds)
    ), counted AS (
        UPDATE feed.reader AS reader
           SET last_sequence = reader.last_sequence + own.events
          FROM (SELECT agency, count(*) AS events FROM numbered GROUP BY agency) AS own
         WHERE reader.agency = own.agency
     RETURNING reader.agency, reader.last_sequence - own.events AS before
    )
    INSERT INTO feed.event
           (agency, sequence, subscription_id, reference, followed_by, resident_record_code, update_sequence,
            previous_number, kind, items, recorded_at)
    SELECT numbered.agency, counted.before + numbered.rank, subscription_id, reference, followed_by,
           resident_record_code, update_sequence, previous_number, kind, items, %(now)s
      FROM numbered
      JOIN counted ON counted.agency = numbered.agency
"""

_WRITE_LINKAGE: Final = """
    WITH change AS (
        SELECT resident_record_code, update_sequence, row_number() OVER (ORDER BY place) AS rank
          FROM unnest(%(places)s::integer[], %(resident_record_codes)s::text[], %(update_sequences)s::integer[])
            AS change (place, resident_record_code, update_sequence)
    ), counted AS (
        INSERT INTO feed.reader AS reader (agency, last_sequence)
        SELECT %(agency)s, count(*) FROM change
            ON CONFLICT (agency) DO UPDATE SET last_sequence = reader.last_sequence + excluded.last_sequence
     RETURNING last_sequence - (SELECT count(*) FROM change) AS before
    )
    INSERT INTO feed.event
           (agency, sequence, subscription_id, reference, followed_by, resident_record_code, update_sequence, kind,
            items, recorded_at)
    SELECT %(agency)s, counted.before + change.rank, '', '', 'resident_record_code', change.resident_record_code,
           change.update_sequence, 'certificates_void', ARRAY['resident_record_code', 'change'], %(now)s
      FROM change, counted
"""

_FIND_READER: Final = "SELECT last_sequence, deleted FROM feed.reader WHERE agency = %(agency)s"

# The version an event is of is the present record, or was superseded since.
_LIST_EVENTS: Final = """
    WITH page AS MATERIALIZED (
        SELECT sequence, event_id, subscription_id, reference, followed_by, resident_record_code, update_sequence,
               previous_number, kind, items, recorded_at,
               subscription_id = '' OR EXISTS (
                   SELECT
                     FROM feed.followed_person AS person
                    WHERE person.agency = event.agency
                      AND person.subscription_id = event.subscription_id
                      AND person.reference = event.reference
                      AND person.followed_after < event.sequence
               ) AS is_followed
          FROM feed.event AS event
         WHERE agency = %(agency)s AND sequence > %(after)s
         ORDER BY sequence
         LIMIT %(limit)s
    )
    SELECT page.sequence, page.event_id::text, page.subscription_id, page.reference, page.followed_by, page.kind,
           page.items, page.recorded_at, page.is_followed, page.previous_number,
           version.previous_resident_record_code, version.resident_record_code, version.name, version.kana,
           version.former_surname, version.alias, version.birth_date, version.sex, version.municipality,
           version.address, version.change_reason, version.changed_on, version.is_removed, version.individual_number,
           false
      FROM page
      LEFT JOIN LATERAL (
            SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
                   municipality, address, change_reason, changed_on, is_removed, previous_resident_record_code
              FROM identification.record
             WHERE resident_record_code = page.resident_record_code AND update_sequence = page.update_sequence
             UNION ALL
            SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
                   municipality, address, change_reason, changed_on, is_removed, previous_resident_record_code
              FROM identification.superseded_record
             WHERE resident_record_code = page.resident_record_code AND update_sequence = page.update_sequence
             LIMIT 1
     ) AS version ON true
     ORDER BY page.sequence
"""

_LOG: Final = """
    INSERT INTO audit.use_log
           (message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items, office, ground)
    SELECT %(message_id)s, %(agency)s, used.place, %(used_at)s, used.resident_record_code, %(method)s, ground.affair,
           ground.purpose, ground.matter_number, ground.official, used.asked_by, 'found', used.items,
           nullif(ground.office, ''), ground.ground
      FROM unnest(%(places)s::integer[], %(resident_record_codes)s::text[], %(asked_by)s::text[], %(items)s::text[],
                  %(numbers)s::integer[])
        AS used (place, resident_record_code, asked_by, items, number)
      JOIN unnest(%(affairs)s::text[], %(purposes)s::text[], %(matter_numbers)s::text[], %(officials)s::text[],
                  %(offices)s::text[], %(grounds)s::text[])
           WITH ORDINALITY AS ground (affair, purpose, matter_number, official, office, ground, number)
        ON ground.number = used.number
"""

_DELETE: Final = """
    WITH oldest AS (
        SELECT sequence, recorded_at
          FROM feed.event
         WHERE agency = %(agency)s
         ORDER BY sequence
         LIMIT %(limit)s
    ), gone AS (
        DELETE FROM feed.event AS event
         USING oldest
         WHERE event.agency = %(agency)s AND event.sequence = oldest.sequence AND oldest.recorded_at < %(before)s
     RETURNING event.sequence
    )
    UPDATE feed.reader
       SET deleted = greatest(deleted, (SELECT max(sequence) FROM gone))
     WHERE agency = %(agency)s AND EXISTS (SELECT FROM gone)
 RETURNING (SELECT count(*) FROM gone)
"""
_LIST_READERS: Final = "SELECT agency FROM feed.reader WHERE last_sequence > deleted ORDER BY agency"


#: The first column of an event's version of the record.
_VERSION: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedChange:
    """A change that was applied, and what it is to followers."""

    #: The code somebody is followed under after the message.
    followed: str = field(repr=False)
    resident_record_code: str = field(repr=False)
    update_sequence: int
    previous_number: str | None = field(repr=False)
    judged: JudgedChange


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with the version of the record it is of."""

    #: The record after the change.
    record: FoundRecord = field(repr=False)
    sequence: int
    event_id: str
    subscription_id: str
    reference: str = field(repr=False)
    followed_by: str
    kind: str
    items: tuple[str, ...]
    recorded_at: datetime
    #: Whether the organ still follows somebody under this reference.
    is_followed: bool
    previous_number: str | None = field(repr=False)
    previous_resident_record_code: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UseGround:
    """On which ground something is given, as the use log has it."""

    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    office: str
    ground: str


@dataclass(frozen=True, slots=True)
class FeedUse:
    """One entry of the use log: what of one event is given, and on which ground."""

    resident_record_code: str = field(repr=False)
    asked_by: str
    items: str
    ground: UseGround


async def list_followed(unit: Unit, resident_record_codes: Sequence[str]) -> set[str]:
    """Return which of these codes somebody follows."""
    cursor = await unit.execute(_LIST_FOLLOWED, {"resident_record_codes": list(resident_record_codes)})
    return {code for (code,) in await cursor.fetchall()}


async def list_earlier(unit: Unit, changes: Sequence[tuple[str, int]]) -> list[list[RecordVersion]]:
    """Return up to two versions before each change, the newest first; a change is a code and an update sequence."""
    parameters = {
        "places": list(range(len(changes))),
        "resident_record_codes": [code for code, _ in changes],
        "update_sequences": [sequence for _, sequence in changes],
    }
    found: list[list[RecordVersion]] = [[] for _ in changes]
    for place, *columns in await (await unit.execute(_LIST_EARLIER, parameters)).fetchall():
        found[place].append(RecordVersion(*columns))
    return found


async def follow_new_codes(unit: Unit, changed: Sequence[tuple[str, str]]) -> None:
    """Follow everybody whose code changed under the new one: pairs of the previous and the present code."""
    parameters = {"previous": [previous for previous, _ in changed], "present": [present for _, present in changed]}
    await unit.execute(_MOVE, parameters)


async def write_events(
    unit: Unit, changes: Sequence[AppliedChange], *, today: date, now: datetime, only: str | None = None
) -> int:
    """Write an event of each change for everybody who follows the person, or for one subscription; return how many."""
    parameters = {
        **_changes(changes),
        "followed": [change.followed for change in changes],
        "previous_numbers": [change.previous_number for change in changes],
        "kinds": [change.judged.kind.value for change in changes],
        "items": [_joined(change.judged.items) for change in changes],
        "telling": [_joined(change.judged.telling) for change in changes],
        "today": today,
        "now": now,
        "only": only,
    }
    return (await unit.execute(_WRITE, parameters)).rowcount


async def write_linkage_events(unit: Unit, changes: Sequence[AppliedChange], *, agency: str, now: datetime) -> None:
    """Write an event of each change for the certification linkage server (異動等情報)."""
    await unit.execute(_WRITE_LINKAGE, {**_changes(changes), "agency": agency, "now": now})


async def find_reader(unit: Unit, agency: str) -> tuple[int, int]:
    """Return the greatest number of an organ's sequence, and up to which its events are deleted."""
    row = await (await unit.execute(_FIND_READER, {"agency": agency})).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


async def list_events(unit: Unit, agency: str, *, after: int, limit: int) -> tuple[list[StoredEvent], int]:
    """Return the next events, each with its version of the record, and the number up to which that is all."""
    cursor = await unit.execute(_LIST_EVENTS, {"agency": agency, "after": after, "limit": limit})
    rows = await cursor.fetchall()
    # Of a version whose own retention is over there is nothing left to tell.
    events = [StoredEvent(FoundRecord(*row[_VERSION:]), *row[:_VERSION]) for row in rows if row[_VERSION] is not None]
    return events, rows[-1][0] if rows else after


async def log_uses(
    unit: Unit, uses: Sequence[FeedUse], *, message_id: str, agency: str, method: str, now: datetime
) -> None:
    """Write the use log of one answer; the place of an entry is its place in the answer."""
    # Many events of a page are given on one ground: it is said once.
    numbers = {ground: number for number, ground in enumerate({use.ground for use in uses}, start=1)}
    parameters: dict[str, Any] = {
        "message_id": message_id,
        "agency": agency,
        "method": method,
        "used_at": now,
        "places": list(range(len(uses))),
        "resident_record_codes": [use.resident_record_code for use in uses],
        "asked_by": [use.asked_by for use in uses],
        "items": [use.items for use in uses],
        "numbers": [numbers[use.ground] for use in uses],
        "affairs": [ground.affair for ground in numbers],
        "purposes": [ground.purpose for ground in numbers],
        "matter_numbers": [ground.matter_number for ground in numbers],
        "officials": [ground.official for ground in numbers],
        "offices": [ground.office for ground in numbers],
        "grounds": [ground.ground for ground in numbers],
    }
    await unit.execute(_LOG, parameters)


async def list_readers(unit: Unit) -> list[str]:
    """Return the organs that have events."""
    return [agency for (agency,) in await (await unit.execute(_LIST_READERS)).fetchall()]


async def delete_events(unit: Unit, agency: str, *, before: datetime, limit: int) -> int:
    """Delete an organ's oldest events recorded before an instant, at most so many; return how many."""
    row = await (await unit.execute(_DELETE, {"agency": agency, "before": before, "limit": limit})).fetchone()
    return 0 if row is None else int(row[0])


def _changes(changes: Sequence[AppliedChange]) -> dict[str, Any]:
    return {
        "places": list(range(len(changes))),
        "resident_record_codes": [change.resident_record_code for change in changes],
        "update_sequences": [change.update_sequence for change in changes],
    }


def _joined(items: frozenset[ProvisionItem]) -> str:
    return ",".join(sorted(item.value for item in items))
