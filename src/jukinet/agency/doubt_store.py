"""Every statement on what the organ doubts (疑義の通報): that it was reported, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.postgres.database import Unit
from jukinet.protocol.doubts import DoubtReport, DoubtStatus

_ADD: Final = """
    INSERT INTO request.doubt_report
           (report_number, reported_at, official, office, matter_number, through, use_log_id, place, reason, evidence,
            items, idempotency_key, digest)
    VALUES (%(report_number)s, %(reported_at)s, %(official)s, %(office)s, %(matter_number)s, %(through)s,
            %(use_log_id)s, %(place)s, %(reason)s, %(evidence)s, %(items)s, %(idempotency_key)s, %(digest)s)
        ON CONFLICT (idempotency_key) DO NOTHING
"""

_FIND_OF_KEY: Final = """
    SELECT report_number, digest FROM request.doubt_report WHERE idempotency_key = %(idempotency_key)s
"""

_LIST: Final = """
    SELECT report_number, reported_at, official, office, matter_number, use_log_id, place, reason, evidence, items,
           state, answered_on, due_on, error_code
      FROM request.doubt_report
     ORDER BY report_number DESC
     LIMIT %(limit)s
"""

#: What the national node set apart when the message came will not be answered any more.
_REFUSE: Final = """
    UPDATE request.doubt_report AS report
       SET state = 'refused', error_code = reported.error_code
      FROM delivery.reported_quarantine AS reported
     WHERE reported.reference = report.report_number AND report.state = 'reported'
"""

_LIST_OPEN: Final = """
    SELECT report_number
      FROM request.doubt_report
     WHERE state IN ('reported', 'referred', 'under_investigation')
     ORDER BY report_number
     LIMIT %(limit)s
"""

_UPDATE: Final = """
    UPDATE request.doubt_report
       SET state = %(state)s, answered_on = %(answered_on)s, due_on = %(due_on)s, error_code = %(error_code)s
     WHERE report_number = %(report_number)s
       AND (state, due_on) IS DISTINCT FROM (%(state)s, %(due_on)s::date)
"""

_DELETE: Final = """
    DELETE FROM request.doubt_report
     WHERE reported_at < %(before)s AND state NOT IN ('reported', 'referred', 'under_investigation')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports, for which matter, through what."""

    official: str
    matter_number: str
    through: str = "screen"
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class KeptDoubt:
    """One report as the organ sees it."""

    report_number: str
    reported_at: datetime
    official: str
    office: str
    matter_number: str
    use_log_id: str
    place: int
    reason: str
    evidence: str
    items: str
    state: str
    answered_on: date | None
    due_on: date | None
    error_code: str | None = field(default=None)


async def add_doubt(unit: Unit, report: DoubtReport, reporter: Reporter, *, digest: bytes, now: datetime) -> bool:
    """Keep a report; return False where its idempotency key was used already."""
    parameters = {
        "report_number": report.notice_number,
        "reported_at": now,
        "official": reporter.official,
        "office": report.office,
        "matter_number": reporter.matter_number,
        "through": reporter.through,
        "use_log_id": report.use_log_id,
        "place": report.place,
        "reason": report.reason,
        "evidence": report.evidence,
        "items": ",".join(report.items),
        "idempotency_key": reporter.idempotency_key,
        "digest": digest,
    }
    return (await unit.execute(_ADD, parameters)).rowcount == 1


async def find_doubt_of_key(unit: Unit, idempotency_key: str) -> tuple[str, bytes]:
    """Return the number of the report made under a key, and the digest of what it said."""
    row = await (await unit.execute(_FIND_OF_KEY, {"idempotency_key": idempotency_key})).fetchone()
    return ("", b"") if row is None else (row[0], bytes(row[1]))


async def list_doubts(unit: Unit, *, limit: int) -> list[KeptDoubt]:
    """Return the newest reports."""
    return [KeptDoubt(*row) for row in await (await unit.execute(_LIST, {"limit": limit})).fetchall()]


async def list_open_doubts(unit: Unit, *, limit: int) -> list[str]:
    """Return the numbers of the reports of which more is to come."""
    return [number for (number,) in await (await unit.execute(_LIST_OPEN, {"limit": limit})).fetchall()]


async def note_refused(unit: Unit) -> int:
    """Note which reports the national node could not take; return how many."""
    return (await unit.execute(_REFUSE)).rowcount


async def note_statuses(unit: Unit, statuses: Sequence[DoubtStatus]) -> list[DoubtStatus]:
    """Keep how far reports are; return those that went further."""
    moved: list[DoubtStatus] = []
    for one in statuses:
        parameters = {
            "report_number": one.report_number,
            "state": one.state,
            "answered_on": None if one.answered_on is None else date.fromisoformat(one.answered_on),
            "due_on": None if one.due_on is None else date.fromisoformat(one.due_on),
            "error_code": one.error_code,
        }
        if (await unit.execute(_UPDATE, parameters)).rowcount:
            moved.append(one)
    return moved


async def delete_doubts(unit: Unit, *, before: datetime) -> int:
    """Delete answered reports made before an instant; return how many."""
    return (await unit.execute(_DELETE, {"before": before})).rowcount
