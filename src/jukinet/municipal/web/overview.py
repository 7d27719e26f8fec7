"""The top page and the page of what was sent (送受信の状況)."""

from __future__ import annotations

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.outbox import list_refused_parcels, requeue_refused_parcel
from jukinet.delivery.reports import list_reports
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MalformedRequestError, NotFoundError
from jukinet.municipal.desk_store import list_drafts
from jukinet.municipal.review_store import list_returned_entries
from jukinet.municipal.screens_store import list_notified, list_resident_numbers
from jukinet.municipal.store import count_free_codes, count_residents
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.drafts import kind_of
from jukinet.municipal.web.lines import list_line_states
from jukinet.municipal.web.procedures import PROCEDURES
from jukinet.municipal.web.worklist import list_waiting
from jukinet.municipal.worklist_store import list_settled, settle_notice_report, settle_report
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.protocol.node_names import NodeName

_MOST_ROWS = 100
#: Below this the pool is asked to be filled; a clerk should know.
_FEW_CODES = 100


async def show_top(desk: Desk, visit: Visit) -> Answer:
    """Show what waits for this operator and for the office, and how the lines do."""
    async with desk.database.connection() as connection:
        free_codes = await count_free_codes(connection)
        returned = await list_returned_entries(connection, operator_id=visit.operator_id)
        drafts = await list_drafts(connection, operator_id=visit.operator_id, now=visit.now)
        values = {
            "lines": await list_line_states(connection, desk.name),
            "residents": await count_residents(connection),
            "free_codes": free_codes,
            "has_few_codes": free_codes < _FEW_CODES,
            "waiting": await list_waiting(connection, today=civil_day(visit.now)),
            "drafts": [(draft, f"{kind_of(draft.path)}.title") for draft in drafts],
            "returned": [(entry, f"{entry.procedure}.title") for entry in returned],
            "procedures": [one for one in PROCEDURES if not one.begins_with_resident],
        }
    return Page("municipal/top.html", values)


async def show_deliveries(desk: Desk, visit: Visit) -> Answer:
    """Show the notices that were sent, and what receivers said about them."""
    del visit
    async with desk.database.connection() as connection:
        reports = await list_reports(connection, limit=_MOST_ROWS)
        settled = await list_settled(connection)
        numbers = await list_resident_numbers(connection, [report.resident_record_code for report in reports])
        values = {
            "lines": await list_line_states(connection, desk.name),
            "notices": await list_notified(connection, limit=_MOST_ROWS),
            "refused": await list_refused_parcels(connection, limit=_MOST_ROWS),
            "reports": [
                (report, numbers.get(report.resident_record_code))
                for report in reports
                if (report.receiver, report.resident_record_code, report.update_sequence, report.reference)
                not in settled
            ],
            "limit": _MOST_ROWS,
            "has_received": not desk.is_connected,
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


async def settle_quarantine(desk: Desk, visit: Visit) -> Answer:
    """Note that a notice held elsewhere was seen to: it is counted no more, and stays on the log."""
    reference = visit.form.get("reference", "")
    if reference:
        async with desk.database.transaction() as unit:
            await settle_notice_report(
                unit,
                receiver=visit.form.get("receiver", ""),
                reference=reference,
                operator_id=visit.operator_id,
                now=visit.now,
            )
        return Redirect("/deliveries", "done.settled")
    numbers = [visit.form.get(name, "") for name in ("resident_number", "update_sequence")]
    if not all(number.isdecimal() for number in numbers):
        raise MalformedRequestError(field="update_sequence")
    async with desk.database.transaction() as unit:
        await settle_report(
            unit,
            receiver=visit.form.get("receiver", ""),
            resident_number=int(numbers[0]),
            update_sequence=int(numbers[1]),
            operator_id=visit.operator_id,
            now=visit.now,
        )
    return Redirect("/deliveries", "done.settled")
