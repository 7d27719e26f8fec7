"""Every statement that counts what a clerk has to do today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, LiteralString

from psycopg import sql

from jukinet.postgres.database import Unit

_COUNT_MOVE_OUTS_DUE: Final = """
    SELECT count(*)
      FROM register.resident_record AS record
      JOIN register.resident USING (resident_number, version)
     WHERE record.planned_move_out_on IS NOT NULL
       AND record.planned_move_out_on <= %(today)s
       AND NOT record.is_removed
"""

# Whoever moves inside Japan has fourteen days to notify the new municipality, which tells this one at once.
_COUNT_NOTICES_MISSING: Final = """
    SELECT count(*)
      FROM register.current_record
     WHERE planned_move_out_on < %(before)s
       AND is_removed
       AND NOT is_moving_abroad
       AND change_reason = 'move_out'
       AND confirmed_move_out_on IS NULL
       AND move_in_noticed_on IS NULL
"""

_LIST_OVERDUE: Final = """
    SELECT resident_number, name, is_protected, planned_move_out_on, planned_move_out_to
      FROM register.current_record
     WHERE planned_move_out_on < %(before)s
       AND is_removed
       AND NOT is_moving_abroad
       AND change_reason = 'move_out'
       AND confirmed_move_out_on IS NULL
       AND move_in_noticed_on IS NULL
     ORDER BY planned_move_out_on, resident_number
     LIMIT %(limit)s
"""

_COUNT_UNMATCHED: Final = "SELECT count(*) FROM register.move_in_notice WHERE state = 'unmatched'"

_LIST_CANDIDATES: Final = """
    SELECT resident_number
      FROM register.current_record
     WHERE resident_record_code = %(resident_record_code)s OR (birth_date = %(birth_date)s AND name = %(name)s)
     ORDER BY resident_number
     LIMIT 5
"""

#: A later notice of the same resident is the correction: what was said before is settled. Notices with a number of
#: their own (転入通知, 転出確定通知, 附票通知) have no such later one: a clerk settles them.
_IS_SETTLED: Final = sql.SQL("""
    CASE WHEN report.reference <> ''
         THEN EXISTS (
              SELECT FROM register.settled_notice_report AS settled
               WHERE settled.receiver = report.receiver AND settled.reference = report.reference
              )
         ELSE EXISTS (
              SELECT FROM register.notified_identification AS notified
               WHERE notified.resident_record_code = report.resident_record_code
                 AND notified.update_sequence > report.update_sequence
              )
              OR EXISTS (
              SELECT FROM register.settled_report AS settled
               WHERE settled.receiver = report.receiver
                 AND settled.resident_record_code = report.resident_record_code
                 AND settled.update_sequence = report.update_sequence
              )
     END
""")

_COUNT_OPEN_REPORTS: Final = sql.SQL("""
    SELECT count(*) FROM delivery.reported_quarantine AS report WHERE NOT ({is_settled})
""").format(is_settled=_IS_SETTLED)

_LIST_SETTLED: Final = sql.SQL("""
    SELECT report.receiver, report.resident_record_code, report.update_sequence, report.reference
      FROM delivery.reported_quarantine AS report
     WHERE {is_settled}
""").format(is_settled=_IS_SETTLED)

_SETTLE: Final = """
    INSERT INTO register.settled_report (receiver, resident_record_code, update_sequence, settled_at, settled_by)
    SELECT report.receiver, report.resident_record_code, report.update_sequence, %(now)s, %(operator_id)s
      FROM delivery.reported_quarantine AS report
      JOIN register.resident USING (resident_record_code)
     WHERE report.receiver = %(receiver)s
       AND resident.resident_number = %(resident_number)s
       AND NOT resident.is_former
       AND report.update_sequence = %(update_sequence)s
        ON CONFLICT (receiver, resident_record_code, update_sequence) DO NOTHING
"""

_SETTLE_NOTICE: Final = """
    INSERT INTO register.settled_notice_report (receiver, reference, settled_at, settled_by)
    SELECT DISTINCT report.receiver, report.reference, %(now)s::timestamptz, %(operator_id)s
      FROM delivery.reported_quarantine AS report
     WHERE report.receiver = %(receiver)s
       AND report.reference = %(reference)s
       AND report.reference <> ''
        ON CONFLICT (receiver, reference) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class OverdueMoveIn:
    """Somebody who left, and of whom nothing has come."""

    resident_number: int
    name: str = field(repr=False)
    is_protected: bool = field(repr=False)
    moved_on: str = field(repr=False)
    destination: str | None = field(repr=False)


async def count_move_outs_due(unit: Unit, *, today: date) -> int:
    """Return how many live records have a planned move-out that is due."""
    return await _count(unit, _COUNT_MOVE_OUTS_DUE, {"today": today.isoformat()})


async def count_notices_missing(unit: Unit, *, before: date) -> int:
    """Return how many left before a day for another municipality, which has not said that they arrived."""
    return await _count(unit, _COUNT_NOTICES_MISSING, {"before": before.isoformat()})


async def count_open_reports(unit: Unit) -> int:
    """Return how many notices are held elsewhere and were neither corrected nor settled."""
    return await _count(unit, _COUNT_OPEN_REPORTS, {})


async def list_overdue(unit: Unit, *, before: date, limit: int) -> list[OverdueMoveIn]:
    """Return those who left before a day for another municipality, which has not said that they arrived."""
    cursor = await unit.execute(_LIST_OVERDUE, {"before": before.isoformat(), "limit": limit})
    return [OverdueMoveIn(*row) for row in await cursor.fetchall()]


async def count_unmatched_notices(unit: Unit) -> int:
    """Return how many move-in notices confirm nothing."""
    return await _count(unit, _COUNT_UNMATCHED, {})


async def list_candidates(unit: Unit, *, resident_record_code: str, name: str, birth_date: str) -> list[int]:
    """Return the numbers of those a notice may be about: by the code, or by name and birth date."""
    parameters = {"resident_record_code": resident_record_code, "name": name, "birth_date": birth_date}
    return [int(number) for (number,) in await (await unit.execute(_LIST_CANDIDATES, parameters)).fetchall()]


async def list_settled(unit: Unit) -> set[tuple[str, str, int, str]]:
    """Return the reports that are settled: receiver, code, update sequence and reference."""
    return {(row[0], row[1], row[2], row[3]) for row in await (await unit.execute(_LIST_SETTLED)).fetchall()}


async def settle_notice_report(unit: Unit, *, receiver: str, reference: str, operator_id: str, now: datetime) -> bool:
    """Note that a clerk has seen to a report on a notice with a number; return False when there is none to see to."""
    parameters = {"receiver": receiver, "reference": reference, "operator_id": operator_id, "now": now}
    return (await unit.execute(_SETTLE_NOTICE, parameters)).rowcount == 1


async def settle_report(
    unit: Unit, *, receiver: str, resident_number: int, update_sequence: int, operator_id: str, now: datetime
) -> bool:
    """Note that a clerk has seen to a report; return False when there is none to see to."""
    parameters = {
        "receiver": receiver,
        "resident_number": resident_number,
        "update_sequence": update_sequence,
        "operator_id": operator_id,
        "now": now,
    }
    return (await unit.execute(_SETTLE, parameters)).rowcount == 1


async def _count(unit: Unit, statement: LiteralString | sql.Composed, parameters: dict[str, object]) -> int:
    row = await (await unit.execute(statement, parameters)).fetchone()
    return int(row[0]) if row else 0
