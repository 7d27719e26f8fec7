"""The organ's own queries: that they were made, by whom and for what; never what was answered."""

from __future__ import annotations

from typing import Final

from jukinet.agency.store import list_confirmations
from jukinet.agency.web.desk import AgencyDesk
from jukinet.operator_web.screens import Answer, Page, Visit

_MOST_QUERIES: Final = 200
_LONGEST_TEXT: Final = 200


async def show_queries(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the newest queries of this organ, all or those of one matter."""
    matter_number = visit.query.get("matter_number", "").strip()[:_LONGEST_TEXT]
    async with desk.database.connection() as connection:
        asked = await list_confirmations(connection, limit=_MOST_QUERIES, matter_number=matter_number or None)
    values = {"asked": asked, "limit": _MOST_QUERIES, "matter_number": matter_number, "kept_days": desk.kept_days}
    return Page("agency/queries.html", values)
