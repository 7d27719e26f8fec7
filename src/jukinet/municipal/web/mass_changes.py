"""Mass changes of addresses (一括住所変更): the list, and one with its preview, its approval and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jukinet.domain.acts.mass_address_change import RefusedRow
from jukinet.municipal.address_table import write_row
from jukinet.municipal.mass_change_store import MassChange, NotApplied, list_mass_changes
from jukinet.municipal.usecases.follow_address_change import Followed, follow_address_change
from jukinet.municipal.usecases.prepare_address_change import (
    approve_address_change,
    discard_address_change,
    preview_address_change,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.language import Words
from jukinet.operator_web.messages import message_of_code
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.protocol.node_names import prefecture_of

PATH: Final = "/mass-changes"
_MOST_ROWS: Final = 100
_REFRESH_SECONDS: Final = 5
_MINUTE: Final = 60
#: Which column of the table an error's field is; of any other the whole line is meant.
_COLUMNS: Final = {"old_place": 1, "new_place": 2, "postal_code": 3}
#: Nobody reads more lines of one table on a page.
MOST_REFUSED: Final = 200


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of the table that is not used, as it is shown."""

    number: int
    column: str
    reason: str
    text: str = field(repr=False)


async def show_mass_changes(desk: Desk, visit: Visit) -> Answer:
    """Show the mass changes, the newest first."""
    del visit
    async with desk.database.connection() as connection:
        changes = await list_mass_changes(connection, limit=_MOST_ROWS)
    values = {"changes": [(one, _percent(one)) for one in changes], "limit": _MOST_ROWS}
    return Page("municipal/mass_changes.html", values)


async def show_mass_change(desk: Desk, visit: Visit) -> Answer:
    """Show one: before it is carried out whom it concerns, then how far it is, then what was left out."""
    number = visit.numbers["mass_change_number"]
    followed = await follow_address_change(mass_change_number=number, now=visit.now, database=desk.database)
    change = followed.change
    preview = None
    if change.state in {"made", "approved"}:
        act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
        preview = await preview_address_change(mass_change_number=number, act=act, database=desk.database)
    is_still = visit.query.get("refresh") == "off"
    values = {
        "change": change,
        "preview": preview,
        "followed": followed,
        "remaining": _length_text(followed, visit.words),
        "refused_lines": refused_lines(followed.refused_rows, visit.words)[:MOST_REFUSED],
        "is_own": change.made_by == visit.operator_id,
        "prefecture": prefecture_of(desk.name).text,
        "own_node": desk.name.text,
        "reason_of": reason_text,
        "is_still": is_still,
        "refresh_seconds": _REFRESH_SECONDS,
    }
    refreshes = change.state == "running" and not is_still
    return Page("municipal/mass_change.html", values, refresh_seconds=_REFRESH_SECONDS if refreshes else None)


async def take_mass_change(desk: Desk, visit: Visit) -> Answer:
    """Approve it, or give it up."""
    number, step = visit.numbers["mass_change_number"], visit.form.get("step", "")
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    if step == "approve":
        await approve_address_change(mass_change_number=number, act=act, database=desk.database)
        return Redirect(f"{PATH}/{number}", "done.mass_change.approved")
    if step == "discard":
        await discard_address_change(mass_change_number=number, act=act, database=desk.database)
        return Redirect(f"{PATH}/{number}", "done.mass_change.discarded")
    return Redirect(f"{PATH}/{number}")


def refused_lines(refused: Iterable[NotApplied | RefusedRow], words: Words) -> list[RefusedLine]:
    """Return lines that are not used: which line and column, why and what to do, and the line itself."""
    return [_refused_line(_as_kept(one) if isinstance(one, RefusedRow) else one, words) for one in refused]


def _as_kept(refused: RefusedRow) -> NotApplied:
    return NotApplied(refused.row.row_number, refused.error.code, refused.error.field, refused.row)


def _refused_line(one: NotApplied, words: Words) -> RefusedLine:
    column = _COLUMNS.get(one.error_field or "")
    return RefusedLine(
        one.number,
        words("mass_change.line") if column is None else words(f"mass_change.column.{column}"),
        reason_text(one, words),
        "" if one.row is None else write_row(one.row, one.error_field),
    )


def reason_text(one: NotApplied, words: Words) -> str:
    """Return why a row or a household is left out, and what to do."""
    for key in (f"mass_change.reason.{one.error_code}.{one.error_field}", f"mass_change.reason.{one.error_code}"):
        if words.has(key):
            return words(key)
    message = message_of_code(one.error_code, words.language)
    return f"{message.says}{message.advice}"


def _percent(change: MassChange) -> int:
    return 100 * change.settled // change.households if change.households else 0


def _length_text(followed: Followed, words: Words) -> str:
    """Return about how long it takes, in the words of somebody who waits."""
    length: timedelta | None = followed.remaining
    if length is None:
        return ""
    seconds = max(1, round(length.total_seconds()))
    if seconds < _MINUTE:
        return words("mass_change.seconds", count=seconds)
    minutes = round(seconds / _MINUTE)
    if minutes < _MINUTE:
        return words("mass_change.minutes", count=minutes)
    return words("mass_change.hours", hours=minutes // _MINUTE, minutes=minutes % _MINUTE)
