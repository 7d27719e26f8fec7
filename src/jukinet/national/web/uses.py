"""The uses of one person's information (提供状況の照会): who asked, for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.appended_tables import find_affair
from jukinet.domain.errors import AffairNotListedError
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.identification.web.desk import ServerDesk
from jukinet.national.store import list_uses
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Visit

_MOST_USES: Final = 200
_TEMPLATE: Final = "national/uses.html"


@dataclass(frozen=True, slots=True)
class Use:
    """One provision of a person's identification information."""

    used_at: datetime
    agency: str
    affair: str
    affair_text: str
    purpose: str
    matter_number: str
    official: str
    result: str


async def show_uses_form(desk: ServerDesk, visit: Visit) -> Answer:
    """Show the form."""
    del desk, visit
    return Page(_TEMPLATE, {"form": Form({}), "uses": None, "limit": _MOST_USES})


async def show_uses(desk: ServerDesk, visit: Visit) -> Answer:
    """Show the uses of one person; the look is on the audit log before they are shown."""
    form = Form({"resident_record_code": visit.form.get("resident_record_code", "")})
    code = form.read("resident_record_code", ResidentRecordCode.parse)
    if code is None:
        return Page(_TEMPLATE, {"form": form, "uses": None, "limit": _MOST_USES}, status=422)
    async with desk.database.transaction() as unit:
        rows = await list_uses(unit, code.value, limit=_MOST_USES)
        event = Entry(
            event=AuditEvent.USES_VIEWED,
            occurred_at=visit.now,
            actor=visit.operator_id,
            resident_record_code=code.value,
            detail={"uses": len(rows)},
        )
        await append(unit, [event])
    return Page(_TEMPLATE, {"form": form, "uses": [_use(row) for row in rows], "limit": _MOST_USES})


def _use(row: tuple[Any, ...]) -> Use:
    _, agency, used_at, _, affair, purpose, matter_number, official, _, result, _ = row
    return Use(used_at, agency, affair, _affair_text(affair), purpose, matter_number, official, result)


def _affair_text(affair: str) -> str:
    try:
        return find_affair(affair).text
    except AffairNotListedError:
        return ""
