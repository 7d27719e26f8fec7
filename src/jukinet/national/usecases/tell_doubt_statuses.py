"""Tell an organ how far its own reports of doubt are; nobody else's are known to it."""

from __future__ import annotations

from datetime import date

from jukinet.national.doubt_store import list_statuses
from jukinet.postgres.database import Database
from jukinet.protocol.doubts import DoubtStatus, DoubtStatusAnswer, DoubtStatusQuery
from jukinet.protocol.node_names import NodeName


async def tell_doubt_statuses(*, query: DoubtStatusQuery, agency: NodeName, database: Database) -> DoubtStatusAnswer:
    """Return the reports of this organ among those asked for."""
    async with database.connection() as connection:
        found = await list_statuses(connection, agency=agency.text, report_numbers=query.report_numbers)
    statuses = [
        DoubtStatus(
            report_number=one.report_number,
            state=one.state,
            answered_on=_wire(one.answered_on),
            due_on=_wire(one.due_on),
            error_code=one.error_code,
        )
        for one in found
    ]
    return DoubtStatusAnswer(reports=tuple(statuses))


def _wire(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
