"""Every statement on what organs doubt of our residents' records (誤りの通報)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import msgspec
from psycopg.types.json import Jsonb

from jukinet.domain.errors import DoubtReportNotFoundError
from jukinet.postgres.database import Unit
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.doubts import DoubtReferral

_ADD: Final = """
    INSERT INTO register.doubt_report
           (report_number, resident_record_code, resident_number, organ, office, contact, reason, evidence, items,
            stated, provided_at, reported_on, received_at, due_on, state)
    VALUES (%(report_number)s, %(resident_record_code)s,
            (SELECT resident_number
               FROM register.resident
              WHERE resident_record_code = %(resident_record_code)s AND NOT is_former),
            %(organ)s, %(office)s, %(contact)s, %(reason)s, %(evidence)s, %(items)s, %(stated)s, %(provided_at)s,
            %(reported_on)s, %(received_at)s, %(due_on)s, 'referred')
        ON CONFLICT (report_number) DO NOTHING
 RETURNING resident_number
"""

_LIST_OPEN: Final = """
    SELECT doubt_number, report_number, resident_record_code, resident_number, organ, office, contact, reason, evidence,
           items, stated, provided_at, reported_on, received_at, due_on, state, answered_at, answered_by
      FROM register.doubt_report
     WHERE state IN ('referred', 'under_investigation')
     ORDER BY due_on, doubt_number
     LIMIT %(limit)s
"""

_LIST_ANSWERED: Final = """
    SELECT doubt_number, report_number, resident_record_code, resident_number, organ, office, contact, reason, evidence,
           items, stated, provided_at, reported_on, received_at, due_on, state, answered_at, answered_by
      FROM register.doubt_report
     WHERE state NOT IN ('referred', 'under_investigation')
     ORDER BY answered_at DESC
     LIMIT %(limit)s
"""

_FIND: Final = """
    SELECT doubt_number, report_number, resident_record_code, resident_number, organ, office, contact, reason, evidence,
           items, stated, provided_at, reported_on, received_at, due_on, state, answered_at, answered_by
      FROM register.doubt_report
     WHERE doubt_number = %(doubt_number)s
"""

_LOCK: Final = """
    SELECT doubt_number, report_number, resident_record_code, resident_number, organ, office, contact, reason, evidence,
           items, stated, provided_at, reported_on, received_at, due_on, state, answered_at, answered_by
      FROM register.doubt_report
     WHERE doubt_number = %(doubt_number)s
       FOR UPDATE
"""

#: A code that is nobody's any more was changed meanwhile: that is a change too.
_IS_CHANGED: Final = """
    SELECT EXISTS (
               SELECT
                 FROM register.notified_identification
                WHERE resident_record_code = %(resident_record_code)s AND queued_at > %(provided_at)s
           )
        OR (%(resident_number)s::bigint IS NOT NULL AND NOT EXISTS (
               SELECT
                 FROM register.resident
                WHERE resident_record_code = %(resident_record_code)s AND NOT is_former
           ))
"""

_ANSWER: Final = """
    UPDATE register.doubt_report
       SET state = %(state)s, due_on = %(due_on)s, answered_at = %(answered_at)s, answered_by = %(answered_by)s,
           stated = CASE WHEN %(state)s = 'under_investigation' THEN stated END
     WHERE doubt_number = %(doubt_number)s
"""

_COUNT_OPEN: Final = "SELECT count(*) FROM register.doubt_report WHERE state IN ('referred', 'under_investigation')"


@dataclass(frozen=True, slots=True)
class ReceivedDoubt:
    """One report as the municipality keeps it."""

    doubt_number: int
    report_number: str
    resident_record_code: str = field(repr=False)
    resident_number: int | None
    organ: str
    office: str
    contact: str
    reason: str
    evidence: str
    items: str
    stated: StatedItems | None = field(repr=False)
    provided_at: datetime
    reported_on: date
    received_at: datetime
    due_on: date
    state: str
    answered_at: datetime | None
    answered_by: str | None


async def add_doubt(unit: Unit, referral: DoubtReferral, *, now: datetime) -> int | None:
    """Keep a report; return the number of the resident it is about, if one has the code."""
    parameters = {
        "report_number": referral.report_number,
        "resident_record_code": referral.resident_record_code,
        "organ": referral.organ,
        "office": referral.office,
        "contact": referral.contact,
        "reason": referral.reason,
        "evidence": referral.evidence,
        "items": ",".join(referral.items),
        "stated": None if referral.stated is None else Jsonb(msgspec.to_builtins(referral.stated)),
        "provided_at": referral.provided_at,
        "reported_on": date.fromisoformat(referral.reported_on),
        "received_at": now,
        "due_on": date.fromisoformat(referral.due_on),
    }
    row = await (await unit.execute(_ADD, parameters)).fetchone()
    return None if row is None else row[0]


async def list_open_doubts(unit: Unit, *, limit: int) -> list[ReceivedDoubt]:
    """Return what is not answered for good, the first due first."""
    return _doubts(await (await unit.execute(_LIST_OPEN, {"limit": limit})).fetchall())


async def list_answered_doubts(unit: Unit, *, limit: int) -> list[ReceivedDoubt]:
    """Return what was answered for good, the last first."""
    return _doubts(await (await unit.execute(_LIST_ANSWERED, {"limit": limit})).fetchall())


async def find_doubt(unit: Unit, doubt_number: int) -> ReceivedDoubt:
    """Return a report; raise DoubtReportNotFoundError."""
    return _one(await (await unit.execute(_FIND, {"doubt_number": doubt_number})).fetchall())


async def lock_doubt(unit: Unit, doubt_number: int) -> ReceivedDoubt:
    """Return a report, locked until the transaction ends; raise DoubtReportNotFoundError."""
    return _one(await (await unit.execute(_LOCK, {"doubt_number": doubt_number})).fetchall())


async def is_changed_since(unit: Unit, doubt: ReceivedDoubt) -> bool:
    """Return whether the record was changed after the organ was given what it doubts."""
    parameters = {
        "resident_record_code": doubt.resident_record_code,
        "provided_at": doubt.provided_at,
        "resident_number": doubt.resident_number,
    }
    return (await (await unit.execute(_IS_CHANGED, parameters)).fetchone()) == (True,)


async def keep_answer(
    unit: Unit, *, doubt_number: int, state: str, due_on: date, operator_id: str, now: datetime
) -> None:
    """Note what was answered; what the organ holds is deleted with the last answer."""
    parameters = {
        "doubt_number": doubt_number,
        "state": state,
        "due_on": due_on,
        "answered_at": now,
        "answered_by": operator_id,
    }
    await unit.execute(_ANSWER, parameters)


async def count_open_doubts(unit: Unit) -> int:
    """Return how many reports wait for an answer."""
    row = await (await unit.execute(_COUNT_OPEN)).fetchone()
    return int(row[0]) if row else 0


def _doubts(rows: Sequence[tuple[Any, ...]]) -> list[ReceivedDoubt]:
    return [replace(found, stated=_stated(found.stated)) for found in (ReceivedDoubt(*row) for row in rows)]


def _one(rows: Sequence[tuple[Any, ...]]) -> ReceivedDoubt:
    if not rows:
        raise DoubtReportNotFoundError(field="doubt_number")
    return _doubts(rows)[0]


def _stated(content: object) -> StatedItems | None:
    return None if content is None else msgspec.convert(content, StatedItems)
