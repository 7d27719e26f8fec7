"""How the reports of doubt stand (疑義の通報の状況): how many, and which are due or overdue where. No names on it."""

from __future__ import annotations

from typing import Final

from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtState
from jukinet.domain.local_governments import find_local_government
from jukinet.identification.web.desk import ServerDesk
from jukinet.national.doubt_store import count_reports, list_open_reports
from jukinet.operator_web.screens import Answer, Page, Visit

_MOST_ROWS: Final = 200


async def show_doubts(desk: ServerDesk, visit: Visit) -> Answer:
    """Show what municipalities have still to answer, the first due first."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        counts, overdue = await count_reports(connection, today=today)
        reports = await list_open_reports(connection, limit=_MOST_ROWS)
    rows = [
        (one, find_local_government(one.municipality).full_name, (one.due_on - today).days)
        for one in reports
        if one.municipality is not None and one.due_on is not None
    ]
    states = [state.value for state in DoubtState if state is not DoubtState.REPORTED]
    values = {"counts": [(state, counts.get(state, 0)) for state in states], "overdue": overdue, "rows": rows}
    return Page("national/doubts.html", {**values, "limit": _MOST_ROWS})
