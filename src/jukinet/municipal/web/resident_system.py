"""The page of the connected resident system (既存住基システムとの連携): mode, records that wait, and what came last."""

from __future__ import annotations

from typing import Final, Literal

from jukinet.domain.errors import MalformedRequestError
from jukinet.municipal.resident_system.results import reason_of
from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.resident_system.store import count_states, find_mode, list_open
from jukinet.municipal.resident_system.submission_store import list_submissions
from jukinet.municipal.usecases.dismiss_change import dismiss_change
from jukinet.municipal.usecases.release_changes import release_changes
from jukinet.municipal.usecases.supplement_change import SUPPLEMENTED, supplement_change
from jukinet.municipal.usecases.switch_linkage import switch_linkage
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.lines import list_line_states
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

_MOST_ROWS: Final = 200
_MOST_SUBMISSIONS: Final = 20
_MODES: Final[dict[str, Literal["automatic", "manual"]]] = {"automatic": "automatic", "manual": "manual"}


async def show_linkage(desk: Desk, visit: Visit) -> Answer:
    """Show the mode, what waits for an operator, and what came last."""
    del visit
    async with desk.database.connection() as connection:
        counts, last = await count_states(connection)
        values = {
            "lines": await list_line_states(connection, desk.name),
            "mode": await find_mode(connection),
            "counts": counts,
            "last_order_number": last,
            "records": await list_open(connection, limit=_MOST_ROWS),
            "limit": _MOST_ROWS,
            "submissions": await list_submissions(connection, limit=_MOST_SUBMISSIONS),
            "reason_of": reason_of,
            "supplemented": SUPPLEMENTED,
        }
    return Page("municipal/resident_system.html", values)


async def switch_mode(desk: Desk, visit: Visit) -> Answer:
    """Switch between automatic and manual linkage."""
    mode = _MODES.get(visit.form.get("mode", ""))
    if mode is None:
        raise MalformedRequestError(field="mode")
    async with desk.database.transaction() as unit:
        await switch_linkage(unit, mode=mode, linking=_linking(desk, visit))
    return Redirect("/", f"done.linkage.{mode}")


async def settle_record(desk: Desk, visit: Visit) -> Answer:
    """Release a kept record, or supplement or dismiss a refused one."""
    record_id, linking, step = visit.form.get("record_id", ""), _linking(desk, visit), visit.form.get("step", "")
    async with desk.database.transaction() as unit:
        if step == "release":
            await release_changes(unit, record_ids=[record_id], linking=linking)
        elif step == "dismiss":
            await dismiss_change(unit, record_id=record_id, linking=linking)
        elif step == "supplement":
            items = {visit.form.get("item", ""): visit.form.get("value", "").strip() or None}
            await supplement_change(unit, record_id=record_id, items=items, linking=linking)
        else:
            raise MalformedRequestError(field="step")
    return Redirect("/", f"done.linkage.{step}")


def _linking(desk: Desk, visit: Visit) -> Linking:
    return Linking(node=desk.name, now=visit.now, actor=visit.operator_id)
