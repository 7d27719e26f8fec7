"""The page of foreign residents whose period of stay ends soon or has ended (在留期間の満了): nobody's name on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from jukinet.domain.clock import civil_day
from jukinet.municipal.foreign_store import list_expiring
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Answer, Page, Visit

#: How many days before the last day a stay is listed.
NOTICED_DAYS: Final = 30
_MOST_ROWS: Final = 200


async def show_expiring(desk: Desk, visit: Visit) -> Answer:
    """Show whose period of stay ends within the days, and whose has ended."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        stays = await list_expiring(connection, until=today + timedelta(days=NOTICED_DAYS), limit=_MOST_ROWS)
    rows = [
        (
            stay.resident_number,
            day_text(stay.until.isoformat(), visit.language, western=True),
            (stay.until - today).days,
        )
        for stay in stays
    ]
    return Page("municipal/expiring.html", {"rows": rows, "days": NOTICED_DAYS, "limit": _MOST_ROWS})
