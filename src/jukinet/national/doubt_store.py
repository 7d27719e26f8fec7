"""Every statement on reports of doubt (疑義の通報) at the national node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.postgres.database import Unit

# The pages of a file are looked through once, however many of its lines are doubted.
_LIST_USES: Final = """
    WITH doubted AS MATERIALIZED (
        SELECT DISTINCT message_id, place
          FROM unnest(%(use_log_ids)s::text[], %(places)s::integer[]) AS doubted (message_id, place)
    ), member AS MATERIALIZED (
        SELECT page.message_id, page.portion, listed.place, listed.code, listed.kind
          FROM (SELECT DISTINCT message_id FROM doubted) AS file
          JOIN audit.file_use_page AS page ON page.message_id = file.message_id AND page.agency = %(agency)s
         CROSS JOIN unnest(page.codes, page.places, page.kinds) AS listed (code, place, kind)
         WHERE listed.place = ANY(%(places)s::integer[])
    )
    SELECT use.message_id, use.place, use.resident_record_code, use.items, use.used_at,
           use.withheld_reason IS NOT NULL
           AND NOT EXISTS (SELECT FROM audit.leaf AS revealed
                            WHERE revealed.message_id = use.message_id AND revealed.agency = use.agency
                              AND revealed.place = use.place AND revealed.kind = 'reveal')
      FROM doubted
      JOIN audit.use_log AS use
        ON use.message_id = doubted.message_id AND use.place = doubted.place AND use.agency = %(agency)s
     WHERE use.result = 'found' AND use.resident_record_code IS NOT NULL
     UNION ALL
    SELECT member.message_id, member.place, member.code, file.items[member.kind + 1], file.used_at, false
      FROM member
      JOIN doubted ON doubted.message_id = member.message_id AND doubted.place = member.place
      JOIN audit.file_use AS file
        ON file.message_id = member.message_id AND file.agency = %(agency)s AND file.portion = member.portion
     WHERE file.results[member.kind + 1] = 'found'
"""

#: Who has another code since is found by the old one.
_LIST_HOLDERS: Final = """
    SELECT asked.code, record.resident_record_code, record.municipality
      FROM unnest(%(resident_record_codes)s::text[]) AS asked (code)
      JOIN identification.record
        ON record.resident_record_code = asked.code OR record.previous_resident_record_code = asked.code
     ORDER BY asked.code, record.resident_record_code = asked.code
"""

_ADD: Final = """
    INSERT INTO doubt.report
           (report_number, agency, use_log_id, place, resident_record_code, municipality, reason, items, received_at,
            due_on, state, error_code)
    VALUES (%(report_number)s, %(agency)s, %(use_log_id)s, %(place)s, %(resident_record_code)s, %(municipality)s,
            %(reason)s, %(items)s, %(received_at)s, %(due_on)s, %(state)s, %(error_code)s)
        ON CONFLICT (report_number) DO NOTHING
"""

_LOCK: Final = """
    SELECT report_number, agency, use_log_id, place, resident_record_code, municipality, reason, items, received_at,
           due_on, state, error_code
      FROM doubt.report
     WHERE report_number = ANY(%(report_numbers)s)
     ORDER BY report_number
       FOR UPDATE
"""

_SETTLE: Final = """
    UPDATE doubt.report
       SET state = %(state)s, answered_on = %(answered_on)s, due_on = %(due_on)s
     WHERE report_number = %(report_number)s
"""

_LIST_STATUSES: Final = """
    SELECT report_number, state, municipality, answered_on, due_on, error_code
      FROM doubt.report
     WHERE report_number = ANY(%(report_numbers)s) AND agency = %(agency)s
     ORDER BY report_number
"""

_LIST: Final = """
    SELECT report_number, agency, use_log_id, place, resident_record_code, municipality, reason, items, received_at,
           due_on, state, error_code
      FROM doubt.report
     WHERE state IN ('referred', 'under_investigation')
     ORDER BY due_on, report_number
     LIMIT %(limit)s
"""

_COUNT: Final = """
    SELECT state, count(*), count(*) FILTER (WHERE state IN ('referred', 'under_investigation') AND due_on < %(today)s)
      FROM doubt.report
     GROUP BY state
"""


@dataclass(frozen=True, slots=True)
class DoubtedUse:
    """An entry of the use log that an organ doubts."""

    resident_record_code: str = field(repr=False)
    items: tuple[str, ...]
    used_at: datetime
    #: Whether the person is not told of the use yet.
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the record of a person now, and under which code."""

    resident_record_code: str = field(repr=False)
    municipality: str


@dataclass(frozen=True, slots=True)
class KeptReport:
    """One report."""

    report_number: str
    agency: str
    use_log_id: str
    place: int
    resident_record_code: str | None = field(repr=False)
    municipality: str | None
    reason: str
    items: str
    received_at: datetime
    due_on: date | None
    state: str
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """How far a report is, as its organ is told."""

    report_number: str
    state: str
    municipality: str | None
    answered_on: date | None
    due_on: date | None
    error_code: str | None


async def list_doubted_uses(
    unit: Unit, *, agency: str, uses: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], DoubtedUse]:
    """Return those of an agency's uses that were about a person."""
    parameters = {
        "agency": agency,
        "use_log_ids": [message_id for message_id, _ in uses],
        "places": [place for _, place in uses],
    }
    cursor = await unit.execute(_LIST_USES, parameters)
    return {
        (message_id, place): DoubtedUse(code, tuple(one for one in items.split(",") if one), used_at, is_withheld)
        for message_id, place, code, items, used_at, is_withheld in await cursor.fetchall()
    }


async def list_holders(unit: Unit, resident_record_codes: Sequence[str]) -> dict[str, Holder]:
    """Return who holds the records of persons now, by the code they had."""
    cursor = await unit.execute(_LIST_HOLDERS, {"resident_record_codes": list(resident_record_codes)})
    return {asked: Holder(code, municipality) for asked, code, municipality in await cursor.fetchall()}


async def add_report(unit: Unit, report: KeptReport) -> bool:
    """Keep a report; return False where its number is taken."""
    return (await unit.execute(_ADD, asdict(report))).rowcount == 1


async def lock_reports(unit: Unit, report_numbers: Sequence[str]) -> dict[str, KeptReport]:
    """Return reports by number, locked until the transaction ends."""
    cursor = await unit.execute(_LOCK, {"report_numbers": list(report_numbers)})
    return {row[0]: KeptReport(*row) for row in await cursor.fetchall()}


async def settle_report(unit: Unit, *, report_number: str, state: str, answered_on: date, due_on: date | None) -> None:
    """Note what the municipality answered; `due_on` is when more is to come, if it is."""
    parameters = {"report_number": report_number, "state": state, "answered_on": answered_on, "due_on": due_on}
    await unit.execute(_SETTLE, parameters)


async def list_statuses(unit: Unit, *, agency: str, report_numbers: Sequence[str]) -> list[ReportStatus]:
    """Return how far these reports of an agency are."""
    parameters = {"agency": agency, "report_numbers": list(report_numbers)}
    cursor = await unit.execute(_LIST_STATUSES, parameters)
    return [ReportStatus(*row) for row in await cursor.fetchall()]


async def list_open_reports(unit: Unit, *, limit: int) -> list[KeptReport]:
    """Return what municipalities have not answered for good, the first due first."""
    return [KeptReport(*row) for row in await (await unit.execute(_LIST, {"limit": limit})).fetchall()]


async def count_reports(unit: Unit, *, today: date) -> tuple[dict[str, int], int]:
    """Return how many reports are in each state, and how many are overdue."""
    rows = await (await unit.execute(_COUNT, {"today": today})).fetchall()
    return {state: int(count) for state, count, _ in rows}, sum(int(overdue) for _, _, overdue in rows)
