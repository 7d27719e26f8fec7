"""Statements on corrections put to the municipality that holds the record (市町村への照会)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jukinet.postgres.database import Unit
from jukinet.protocol.doubts import DoubtAnswer

_ADD: Final = """
    INSERT INTO disclosure.referral
           (report_number, request_number, municipality, items, due_on, referred_at, referred_by)
    VALUES (%(report_number)s, %(request_number)s, %(municipality)s, %(items)s, %(due_on)s, %(referred_at)s,
            %(referred_by)s)
"""
_LIST: Final = """
    SELECT report_number, municipality, items, due_on, outcome, answered_on, expected_on
      FROM disclosure.referral
     WHERE request_number = %(request_number)s
     ORDER BY report_number
"""
_KEEP_ANSWER: Final = """
    UPDATE disclosure.referral
       SET outcome = %(outcome)s, answered_on = %(answered_on)s, expected_on = %(expected_on)s
     WHERE report_number = %(report_number)s AND municipality = %(municipality)s
"""


@dataclass(frozen=True, slots=True)
class Referral:
    """A correction put to a municipality, and its answer so far."""

    report_number: str
    municipality: str
    #: Items that are said to be wrong, with commas between.
    items: str
    due_on: date
    outcome: str | None
    answered_on: date | None
    expected_on: date | None

    @property
    def is_open(self) -> bool:
        """Return whether the municipality has still to say how it ends."""
        return self.outcome in {None, "under_investigation"}


async def add_referral(unit: Unit, referral: Referral, *, request_number: int, referred_by: str, now: datetime) -> None:
    """Keep that a correction was put to a municipality."""
    parameters = {
        "report_number": referral.report_number,
        "request_number": request_number,
        "municipality": referral.municipality,
        "items": referral.items,
        "due_on": referral.due_on,
        "referred_at": now,
        "referred_by": referred_by,
    }
    await unit.execute(_ADD, parameters)


async def list_referrals(unit: Unit, request_number: int) -> list[Referral]:
    """Return what of a request was put to a municipality, the first one first."""
    cursor = await unit.execute(_LIST, {"request_number": request_number})
    return [Referral(*row) for row in await cursor.fetchall()]


async def take_own_answers(unit: Unit, answers: Sequence[DoubtAnswer]) -> list[DoubtAnswer]:
    """Keep those answers that are to corrections of this node's; return the others."""
    others: list[DoubtAnswer] = []
    for answer in answers:
        parameters = {
            "report_number": answer.report_number,
            "municipality": answer.municipality,
            "outcome": answer.outcome,
            "answered_on": date.fromisoformat(answer.answered_on),
            "expected_on": None if answer.expected_on is None else date.fromisoformat(answer.expected_on),
        }
        if (await unit.execute(_KEEP_ANSWER, parameters)).rowcount == 0:
            others.append(answer)
    return others
