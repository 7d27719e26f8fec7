"""The statements of the search by the four basic items: who may be meant, and the use log of what was answered (I4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.errors import ReplayedMessageError
from jukinet.domain.person_search import Candidate, list_birth_dates, town_of
from jukinet.domain.stated_items import FormerKeys, StatedPerson
from jukinet.identification.provided_person import FoundRecord
from jukinet.postgres.database import Database
from jukinet.postgres.failures import violations_as

#: People read for one pair of items. Whoever states a birth date means one of a few dozen.
_MOST_BY_BIRTH_DATE: Final = 200
#: Without a birth date, a beginning of a reading is looked through so far before the town is compared.
_MOST_BY_PLACE: Final = 1_000
#: After every character that a key may have.
_LAST: Final = "\U0010ffff"

# To plan the statement takes longer than to run it, and one plan serves all: a branch whose items were not stated is
# not entered. Left to itself the server would plan anew for every search.
_PLAN_ONCE: Final = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"

# One branch for each pair of items, each an index of its own; a branch whose items were not stated is not entered.
_FIND: Final = """
    WITH candidate AS MATERIALIZED (
        (SELECT 1 AS way, key.resident_record_code, true AS is_meant
           FROM identification.search_key AS key
          WHERE %(has_birth_date)s AND %(has_kana)s
            AND key.birth_date = ANY(%(birth_dates)s)
            AND key.kana_key >= %(kana_from)s AND key.kana_key < %(kana_until)s
          LIMIT %(most_by_birth_date)s)
         UNION ALL
        (SELECT 2, key.resident_record_code, true
           FROM identification.search_key AS key
          WHERE %(has_birth_date)s AND %(has_name)s
            AND key.birth_date = ANY(%(birth_dates)s)
            AND key.name_key = %(name_key)s
          LIMIT %(most_by_birth_date)s)
         UNION ALL
        (SELECT 3, key.resident_record_code, true
           FROM identification.search_key AS key
          WHERE %(has_birth_date)s AND %(has_place)s
            AND key.birth_date = ANY(%(birth_dates)s)
            AND key.municipality = ANY(%(municipalities)s)
          LIMIT %(most_by_birth_date)s)
         UNION ALL
        (SELECT 4, key.resident_record_code,
                starts_with(key.address_key,
                            (%(towns)s::text[])[array_position(%(municipalities)s::text[], key.municipality)])
           FROM identification.search_key AS key
          WHERE %(has_place)s AND %(has_kana)s
            AND key.municipality = ANY(%(municipalities)s)
            AND key.kana_key >= %(kana_from)s AND key.kana_key < %(kana_until)s
          LIMIT %(most_by_place)s)
         UNION ALL
        (SELECT 5, key.resident_record_code,
                starts_with(key.address_key,
                            (%(towns)s::text[])[array_position(%(municipalities)s::text[], key.municipality)])
           FROM identification.search_key AS key
          WHERE %(has_place)s AND %(has_name)s
            AND key.municipality = ANY(%(municipalities)s)
            AND key.name_key = %(name_key)s
          LIMIT %(most_by_place)s)
    ), way AS (
        SELECT way, count(*) >= CASE WHEN way <= 3 THEN %(most_by_birth_date)s ELSE %(most_by_place)s END AS is_cut_off
          FROM candidate
         GROUP BY way
    ), person AS (
        SELECT DISTINCT resident_record_code FROM candidate WHERE is_meant
    )
    SELECT (SELECT coalesce(array_agg(way), '{}') FROM way WHERE is_cut_off),
           record.resident_record_code, record.name, record.kana, record.former_surname, record.alias,
           record.birth_date, record.sex, record.municipality, record.address, record.change_reason,
           record.changed_on, record.is_removed, record.individual_number,
           EXISTS (
               SELECT
                 FROM delivery.held_notice AS held
                WHERE held.resident_record_code = record.resident_record_code
                  AND held.state IN ('quarantined', 'waiting')
           ),
           (SELECT array_agg(ARRAY[key.kana_key, key.name_key, key.municipality, key.address_key, key.birth_date])
              FROM identification.search_key AS key
             WHERE key.resident_record_code = record.resident_record_code)
      FROM (SELECT) AS question
      LEFT JOIN (person JOIN identification.record AS record USING (resident_record_code)) ON true
"""

_LOG: Final = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items, office, ground, withheld_reason, withheld_until)
    SELECT message_id, agency, %(used_at)s, resident_record_code, 'search', affair, purpose, matter_number, official,
           'four_items', result, items, office, ground, withheld_reason, withheld_until
      FROM unnest(%(message_ids)s::text[], %(agencies)s::text[], %(resident_record_codes)s::text[],
                  %(affairs)s::text[], %(purposes)s::text[], %(matter_numbers)s::text[], %(officials)s::text[],
                  %(results)s::text[], %(items)s::text[], %(offices)s::text[], %(grounds)s::text[],
                  %(withheld_reasons)s::text[], %(withheld_untils)s::date[])
        AS entry (message_id, agency, resident_record_code, affair, purpose, matter_number, official, result, items,
                  office, ground, withheld_reason, withheld_until)
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Who may be meant, and whether that is everybody."""

    candidates: list[Candidate] = field(repr=False)
    records: list[FoundRecord] = field(repr=False)
    #: Whether everybody is here with whom two of the items agree.
    is_complete: bool
    #: Whether everybody is here with whom all of the items agree.
    is_strictly_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchUse:
    """One entry of the use log."""

    message_id: str
    agency: str
    resident_record_code: str | None = field(repr=False)
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    result: str
    items: str
    office: str | None
    ground: str
    withheld_reason: str | None = None
    withheld_until: date | None = None


async def gather_candidates(database: Database, stated: StatedPerson) -> Gathered:
    """Return everybody with whom two of name, birth date and address may agree, as far as they can be read.

    Raises:
        DatabaseUnavailableError: the database is away.
    """
    birth_dates = [] if stated.birth_date is None else list_birth_dates(stated.birth_date)
    kana = stated.kana_key or ""
    parameters = {
        "has_birth_date": bool(birth_dates),
        "has_kana": stated.kana_key is not None,
        "has_name": stated.name_key is not None,
        "has_place": bool(stated.places),
        "birth_dates": birth_dates,
        "kana_from": kana,
        # The key itself and nothing after it, or everything that begins with it.
        "kana_until": kana + (_LAST if stated.is_kana_prefix else "\x01"),
        "name_key": stated.name_key or "",
        "municipalities": [place.municipality for place in stated.places],
        "towns": [town_of(place.key) for place in stated.places],
        "most_by_birth_date": _MOST_BY_BIRTH_DATE,
        "most_by_place": _MOST_BY_PLACE,
    }
    async with database.connection() as connection:
        # One pipeline is one transaction, and one round trip.
        async with connection.pipeline():
            await connection.execute(_PLAN_ONCE, prepare=True)
            cursor = await connection.execute(_FIND, parameters, prepare=True)
        rows = await cursor.fetchall()
    cut_off = frozenset(rows[0][0])
    records = [FoundRecord(*row[1:15]) for row in rows if row[1] is not None]
    ever = [[FormerKeys(*keys) for keys in row[15] or ()] for row in rows if row[1] is not None]
    return Gathered(
        [Candidate(record, keys) for record, keys in zip(records, ever, strict=True)],
        records,
        is_complete=not cut_off,
        is_strictly_complete=not _list_ways(parameters) <= cut_off,
    )


def _list_ways(given: dict[str, Any]) -> frozenset[int]:
    needed = {
        1: ("has_birth_date", "has_kana"),
        2: ("has_birth_date", "has_name"),
        3: ("has_birth_date", "has_place"),
        4: ("has_place", "has_kana"),
        5: ("has_place", "has_name"),
    }
    return frozenset(way for way, names in needed.items() if all(given[name] for name in names))


async def record_searches(database: Database, uses: Sequence[SearchUse], *, now: datetime) -> None:
    """Write what was found to the use log, durably, before any of it leaves.

    Raises:
        ReplayedMessageError: a message id of the batch was used before; nothing was logged.
        DatabaseUnavailableError: the log could not be written.
    """
    parameters = {
        "used_at": now,
        "message_ids": [use.message_id for use in uses],
        "agencies": [use.agency for use in uses],
        "resident_record_codes": [use.resident_record_code for use in uses],
        "affairs": [use.affair for use in uses],
        "purposes": [use.purpose for use in uses],
        "matter_numbers": [use.matter_number for use in uses],
        "officials": [use.official for use in uses],
        "results": [use.result for use in uses],
        "items": [use.items for use in uses],
        "offices": [use.office for use in uses],
        "grounds": [use.ground for use in uses],
        "withheld_reasons": [use.withheld_reason for use in uses],
        "withheld_untils": [use.withheld_until for use in uses],
    }
    async with database.connection() as connection:
        with violations_as({"use_log_pkey": ReplayedMessageError}):
            await connection.execute(_LOG, parameters, prepare=True)
