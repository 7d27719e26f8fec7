"""Every statement that counts what a clerk has to do today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, LiteralString

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
      FROM register.resident_record AS record
      JOIN register.resident USING (resident_number, version)
     WHERE record.planned_move_out_on IS NOT NULL
       AND record.planned_move_out_on < %(before)s
       AND record.is_removed
       AND NOT record.is_moving_abroad
       AND record.change_reason = 'move_out'
       AND record.confirmed_move_out_on IS NULL
       AND record.move_in_noticed_on IS NULL
"""

#: A later notice of the same resident is the correction: what was said before is settled.
_COUNT_OPEN_REPORTS: Final = """
    SELECT count(*)
      FROM delivery.reported_quarantine AS report
     WHERE NOT EXISTS (
           SELECT 1
             FROM register.notified_identification AS notified
            WHERE notified.resident_record_code = report.resident_record_code
              AND notified.update_sequence > report.update_sequence
     )
       AND NOT EXISTS (
           SELECT 1
             FROM register.settled_report AS settled
            WHERE settled.receiver = report.receiver
              AND settled.resident_record_code = report.resident_record_code
              AND settled.update_sequence = report.update_sequence
     )
"""

_LIST_SETTLED: Final = """
    SELECT report.receiver, report.resident_record_code, report.update_sequence
      FROM delivery.reported_quarantine AS report
     WHERE EXISTS (
           SELECT 1
             FROM register.notified_identification AS notified
            WHERE notified.resident_record_code = report.resident_record_code
              AND notified.update_sequence > report.update_sequence
     )
        OR EXISTS (
           SELECT 1
             FROM register.settled_report AS settled
            WHERE settled.receiver = report.receiver
              AND settled.resident_record_code = report.resident_record_code
              AND settled.update_sequence = report.update_sequence
     )
"""

_SETTLE: Final = """
    INSERT INTO register.settled_report (receiver, resident_record_code, update_sequence, settled_at, settled_by)
    SELECT report.receiver, report.resident_record_code, report.update_sequence, %(now)s, %(operator_id)s
      FROM delivery.reported_quarantine AS report
      JOIN register.resident USING (resident_record_code)
     WHERE report.receiver = %(receiver)s
       AND resident.resident_number = %(resident_number)s
       AND report.update_sequence = %(update_sequence)s
        ON CONFLICT (receiver, resident_record_code, update_sequence) DO NOTHING
"""


async def count_move_outs_due(unit: Unit, *, today: date) -> int:
    """Return how many live records have a planned move-out that is due."""
    return await _count(unit, _COUNT_MOVE_OUTS_DUE, {"today": today.isoformat()})


async def count_notices_missing(unit: Unit, *, before: date) -> int:
    """Return how many left before a day for another municipality, which has not said that they arrived."""
    return await _count(unit, _COUNT_NOTICES_MISSING, {"before": before.isoformat()})


async def count_open_reports(unit: Unit) -> int:
    """Return how many notices are held elsewhere and were neither corrected nor settled."""
    return await _count(unit, _COUNT_OPEN_REPORTS, {})


async def list_settled(unit: Unit) -> set[tuple[str, str, int]]:
    """Return the reports that are settled: receiver, code and update sequence."""
    return {(row[0], row[1], row[2]) for row in await (await unit.execute(_LIST_SETTLED)).fetchall()}


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


async def _count(unit: Unit, statement: LiteralString, parameters: dict[str, object]) -> int:
    row = await (await unit.execute(statement, parameters)).fetchone()
    return int(row[0]) if row else 0
