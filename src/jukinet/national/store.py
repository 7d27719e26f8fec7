"""Every statement of the national node's own: answered look-ups with their use log, and allotted codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from psycopg import sql

from jukinet.domain.errors import ReplayedMessageError
from jukinet.postgres.database import Database, Unit
from jukinet.postgres.failures import violations_as

# One statement is one transaction: the log entry and the read commit together, and the rows reach this program
# only after the commit is durable (I4). Answering a whole batch costs one round trip and one flush.
_ASKED: Final = """
    WITH asked AS (
        SELECT *
          FROM unnest(%(message_ids)s::text[], %(agencies)s::text[], %(keys)s::text[], %(affairs)s::text[],
                      %(purposes)s::text[], %(matter_numbers)s::text[], %(officials)s::text[], %(offices)s::text[],
                      %(grounds)s::text[], %(methods)s::text[], %(items)s::text[],
                      %(withheld_reasons)s::text[], %(withheld_untils)s::date[])
            AS asked (message_id, agency, key, affair, purpose, matter_number, official, office, ground, method, items,
                      withheld_reason, withheld_until)
    ),
"""
_BY_CODE: Final = """
    answered AS (
        SELECT asked.*, asked.key AS resident_record_code, record.name, record.kana, record.former_surname,
               record.alias, record.birth_date, record.sex, record.municipality, record.address,
               record.change_reason, record.changed_on, record.is_removed, record.individual_number,
               false AS is_ambiguous
          FROM asked
          LEFT JOIN identification.record ON record.resident_record_code = asked.key
    ),
"""
# A number answers for its live resident, else for the one who last had it, and never for one of two.
_BY_NUMBER: Final = """
    answered AS (
        SELECT asked.*, record.resident_record_code, record.name, record.kana, record.former_surname,
               record.alias, record.birth_date, record.sex, record.municipality, record.address,
               record.change_reason, record.changed_on, record.is_removed, record.individual_number,
               record.name IS NULL AND EXISTS (
                   SELECT FROM identification.record AS owner WHERE owner.individual_number = asked.key
               ) AS is_ambiguous
          FROM asked
          LEFT JOIN identification.record
            ON record.individual_number = asked.key
           AND NOT EXISTS (
                   SELECT FROM identification.record AS other
                    WHERE other.individual_number = asked.key
                      AND other.resident_record_code <> record.resident_record_code
                      AND other.is_removed <= record.is_removed
               )
    ),
"""
_LOG: Final = """
    logged AS (
        INSERT INTO audit.use_log
               (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
                asked_by, result, items, office, ground, withheld_reason, withheld_until)
        SELECT message_id, agency, %(used_at)s, resident_record_code, method, affair, purpose, matter_number,
               official, %(asked_by)s,
               CASE WHEN name IS NULL THEN 'not_found' ELSE 'found' END,
               CASE WHEN name IS NULL THEN '' ELSE items END, office, ground, withheld_reason, withheld_until
          FROM answered
    )
    SELECT message_id, is_ambiguous, CASE WHEN name IS NULL THEN NULL ELSE resident_record_code END, name, kana,
           former_surname, alias, birth_date, sex, municipality, address, change_reason, changed_on, is_removed,
           individual_number,
           EXISTS (
               SELECT
                 FROM delivery.held_notice AS held
                WHERE held.resident_record_code = answered.resident_record_code
                  AND held.state IN ('quarantined', 'waiting')
           )
      FROM answered
"""
_CONFIRM_BY_CODE: Final = sql.SQL(_ASKED) + sql.SQL(_BY_CODE) + sql.SQL(_LOG)
_CONFIRM_BY_NUMBER: Final = sql.SQL(_ASKED) + sql.SQL(_BY_NUMBER) + sql.SQL(_LOG)

_ALLOT: Final = """
    INSERT INTO allotment.code (resident_record_code, municipality, allotted_at, message_id)
    SELECT drawn.code, %(municipality)s, %(allotted_at)s, %(message_id)s
      FROM unnest(%(resident_record_codes)s::text[]) AS drawn (code)
     WHERE NOT EXISTS (SELECT FROM identification.record WHERE resident_record_code = drawn.code)
       AND NOT EXISTS (SELECT FROM identification.superseded_record WHERE resident_record_code = drawn.code)
        ON CONFLICT (resident_record_code) DO NOTHING
 RETURNING resident_record_code
"""

# The row stays locked until the transaction ends: two requests at once cannot both fit under the quota.
_ADD_TO_DAILY_TOTAL: Final = """
    INSERT INTO allotment.daily_total (municipality, day, quantity)
    VALUES (%(municipality)s, %(day)s, %(quantity)s)
        ON CONFLICT (municipality, day) DO UPDATE SET quantity = daily_total.quantity + excluded.quantity
 RETURNING quantity
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One query that the law allows, ready to be answered. `key` is a code or an Individual Number."""

    message_id: str
    agency: str
    key: str = field(repr=False)
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    office: str | None
    #: 提供の法的根拠, in the words of the day.
    ground: str
    #: `real_time` or `verification`.
    method: str
    #: What leaves, or is compared, if the person is found.
    items: str
    #: Why the person is not told yet, and until when; None where the use is shown at once.
    withheld_reason: str | None = None
    withheld_until: date | None = None


async def confirm_persons(
    database: Database, questions: Sequence[Question], *, is_by_number: bool, now: datetime
) -> dict[str, tuple[Any, ...]]:
    """Write the use log of a batch of questions, durably, and return the answers by message id.

    An answer is whether the number has more than one owner, then the columns of `FoundRecord`, those of the record
    None for a person who is not recorded.

    Raises:
        ReplayedMessageError: a message id of the batch was used before; nothing was logged or answered.
        DatabaseUnavailableError: the log could not be written; nothing is answered.
    """
    parameters = {
        "message_ids": [question.message_id for question in questions],
        "agencies": [question.agency for question in questions],
        "keys": [question.key for question in questions],
        "affairs": [question.affair for question in questions],
        "purposes": [question.purpose for question in questions],
        "matter_numbers": [question.matter_number for question in questions],
        "officials": [question.official for question in questions],
        "offices": [question.office for question in questions],
        "grounds": [question.ground for question in questions],
        "methods": [question.method for question in questions],
        "items": [question.items for question in questions],
        "withheld_reasons": [question.withheld_reason for question in questions],
        "withheld_untils": [question.withheld_until for question in questions],
        "used_at": now,
        "asked_by": "individual_number" if is_by_number else "resident_record_code",
    }
    statement = _CONFIRM_BY_NUMBER if is_by_number else _CONFIRM_BY_CODE
    async with database.connection() as connection:
        with violations_as({"use_log_pkey": ReplayedMessageError}):
            cursor = await connection.execute(statement, parameters, prepare=True)
            rows = await cursor.fetchall()
    return {row[0]: row[1:] for row in rows}


async def allot_codes(
    unit: Unit, resident_record_codes: Sequence[str], *, municipality: str, message_id: str, now: datetime
) -> list[str]:
    """Give those of the drawn codes that nobody ever had to the municipality, and return them."""
    parameters = {
        "resident_record_codes": list(resident_record_codes),
        "municipality": municipality,
        "message_id": message_id,
        "allotted_at": now,
    }
    cursor = await unit.execute(_ALLOT, parameters)
    return [code for (code,) in await cursor.fetchall()]


async def add_to_daily_total(unit: Unit, municipality: str, *, day: date, quantity: int) -> int:
    """Add to what the municipality was given that day; return the new total. A refused act takes it back."""
    parameters = {"municipality": municipality, "day": day, "quantity": quantity}
    row = await (await unit.execute(_ADD_TO_DAILY_TOTAL, parameters)).fetchone()
    return int(row[0]) if row else quantity
