"""The top page and the page of what was sent (送受信の状況)."""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.lines import Line, list_lines
from jukinet.delivery.outbox import count_queued, list_refused_parcels, requeue_refused_parcel
from jukinet.delivery.reports import list_reports
from jukinet.domain.errors import MalformedRequestError, NotFoundError
from jukinet.municipal.screens_store import list_notified, list_resident_numbers
from jukinet.municipal.store import count_free_codes, count_residents
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName, prefecture_of

_MOST_ROWS = 100
#: Below this the pool is asked to be filled; a clerk should know.
_FEW_CODES = 100


async def show_top(desk: Desk, visit: Visit) -> Answer:
    """Show what waits, and how the lines do."""
    del visit
    async with desk.database.connection() as connection:
        free_codes = await count_free_codes(connection)
        values = {
            "lines": await list_line_states(connection, desk.name),
            "residents": await count_residents(connection),
            "free_codes": free_codes,
            "has_few_codes": free_codes < _FEW_CODES,
            "refused": len(await list_refused_parcels(connection, limit=_MOST_ROWS)),
            "reports": len(await list_reports(connection, limit=_MOST_ROWS)),
        }
    return Page("municipal/top.html", values)


async def show_deliveries(desk: Desk, visit: Visit) -> Answer:
    """Show the notices that were sent, and what receivers said about them."""
    del visit
    async with desk.database.connection() as connection:
        reports = await list_reports(connection, limit=_MOST_ROWS)
        numbers = await list_resident_numbers(connection, [report.resident_record_code for report in reports])
        values = {
            "lines": await list_line_states(connection, desk.name),
            "notices": await list_notified(connection, limit=_MOST_ROWS),
            "refused": await list_refused_parcels(connection, limit=_MOST_ROWS),
            "reports": [(report, numbers.get(report.resident_record_code)) for report in reports],
            "limit": _MOST_ROWS,
        }
    return Page("municipal/deliveries.html", values)


async def requeue_parcel(desk: Desk, visit: Visit) -> Answer:
    """Send a refused parcel again, on the audit log."""
    if visit.form.get("step") != "record":
        return Redirect("/deliveries")
    receiver = NodeName.parse(visit.form.get("receiver", ""))
    position = visit.form.get("position", "")
    if not (position.isascii() and position.isdigit()):
        raise MalformedRequestError(field="position")
    async with desk.database.transaction() as unit:
        if not await requeue_refused_parcel(unit, receiver=receiver, position=int(position)):
            raise NotFoundError("This parcel was sent again already.", field="position")
        event = Entry(
            event=AuditEvent.PARCEL_REQUEUED,
            occurred_at=visit.now,
            actor=visit.operator_id,
            detail={"receiver": receiver.text, "position": int(position)},
        )
        await append(unit, [event])
    return Redirect("/deliveries", "done.requeued")


async def list_line_states(unit: Unit, name: NodeName) -> list[dict[str, object]]:
    """Return the line to the prefecture and every other line there is, with what waits for it."""
    queued = {receiver: (count, since) for receiver, count, since in await count_queued(unit)}
    lines = {line.receiver: line for line in await list_lines(unit)}
    unused = Line(prefecture_of(name).text, None, 0, None, None)
    lines.setdefault(unused.receiver, unused)
    return [
        {
            "line": lines.get(receiver, Line(receiver, None, 0, None, None)),
            "waiting": queued.get(receiver, (0, None))[0],
            "since": queued.get(receiver, (0, None))[1],
        }
        for receiver in sorted({*lines, *queued})
    ]
