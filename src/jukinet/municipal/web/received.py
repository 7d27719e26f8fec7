"""The page of what other municipalities have told, or should have: move-in notices (転入通知) and annex notices."""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.moving_notice_store import (
    ReceivedMoveIn,
    list_annex_notices,
    list_unmatched_move_in_notices,
)
from jukinet.municipal.store import list_residents
from jukinet.municipal.usecases.dismiss_move_in_notice import dismiss_move_in_notice
from jukinet.municipal.usecases.list_overdue_move_in_notices import NOTICE_EXPECTED, list_overdue_move_in_notices
from jukinet.municipal.usecases.retry_move_in_notice import retry_move_in_notice
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.worklist_store import list_candidates
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.postgres.database import Unit

_MOST_ROWS: Final = 100


async def show_received(desk: Desk, visit: Visit) -> Answer:
    """Show the notices a clerk looks into, those that have not come, and those for the family register desk."""
    today = civil_day(visit.now)
    overdue = await list_overdue_move_in_notices(act=desk.act_of(visit, ""), database=desk.database)
    async with desk.database.transaction() as unit:
        notices = await list_unmatched_move_in_notices(unit, limit=_MOST_ROWS)
        unmatched = [(notice, await _candidates(unit, notice)) for notice in notices]
        annexes = await list_annex_notices(unit, limit=_MOST_ROWS)
        shown = sorted({one.resident_number for _, candidates in unmatched for one in candidates})
        if shown:
            detail = {"hits": len(shown), "resident_numbers": shown}
            event = Entry(
                event=AuditEvent.RESIDENTS_SEARCHED, occurred_at=visit.now, actor=visit.operator_id, detail=detail
            )
            await append(unit, [event])
    values = {
        "unmatched": unmatched,
        "overdue": [(one, _days_over(one.moved_on, today)) for one in overdue],
        "annexes": annexes,
        "expected_days": NOTICE_EXPECTED.days,
        "limit": _MOST_ROWS,
    }
    return Page("municipal/received.html", values)


async def take_received(desk: Desk, visit: Visit) -> Answer:
    """Match a notice again, or dismiss it."""
    number, sender = visit.form.get("notice_number", ""), visit.form.get("sender", "")
    if visit.form.get("step") == "apply":
        await retry_move_in_notice(
            notice_number=number,
            sender=sender,
            operator_id=visit.operator_id,
            node=desk.name,
            database=desk.database,
            now=visit.now,
        )
        return Redirect("/received", "done.notice_tried")
    if visit.form.get("step") == "dismiss":
        await dismiss_move_in_notice(
            notice_number=number, sender=sender, operator_id=visit.operator_id, database=desk.database, now=visit.now
        )
        return Redirect("/received", "done.notice_dismissed")
    return Redirect("/received")


async def _candidates(unit: Unit, notice: ReceivedMoveIn) -> list[ResidentRecord]:
    numbers = await list_candidates(
        unit, resident_record_code=notice.resident_record_code, name=notice.name, birth_date=notice.birth_date
    )
    return await list_residents(unit, numbers)


def _days_over(moved_on: str, today: date) -> int:
    return (today - CivilDate.from_wire(moved_on, may_be_irregular=True).sort_key - NOTICE_EXPECTED).days
