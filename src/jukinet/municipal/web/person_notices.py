"""The page of the letters about ex officio acts (本人への通知): those to send, those sent, those that came back."""

from __future__ import annotations

from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MalformedRequestError, PersonNoticeStateError
from jukinet.domain.person_notices import PersonNoticeEvent, PersonNoticeState, possible_events
from jukinet.domain.procedures import find_procedure
from jukinet.municipal.person_notice_store import PersonNotice, count_person_notices, list_person_notices
from jukinet.municipal.usecases.print_person_notice import print_person_notice
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.settle_person_notice import settle_person_notice
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit
from jukinet.operator_web.typed_dates import read_day_or_today

_MOST_ROWS: Final = 100
_LISTED: Final = (
    PersonNoticeState.WAITING,
    PersonNoticeState.RETURNED,
    PersonNoticeState.SENT,
    PersonNoticeState.POSTED,
)


async def show_person_notices(desk: Desk, visit: Visit) -> Answer:
    """Show the letters, by where they are. Where they go is on the letter, not here."""
    async with desk.database.connection() as connection:
        counts = await count_person_notices(connection)
        lists = {
            state: [_row(notice, visit) for notice in await list_person_notices(connection, state, limit=_MOST_ROWS)]
            for state in _LISTED
        }
    today = CivilDate.of(civil_day(visit.now)).wareki()
    values = {"counts": counts, "lists": lists, "today": today, "limit": _MOST_ROWS}
    return Page("municipal/person_notices.html", values)


def _row(notice: PersonNotice, visit: Visit) -> dict[str, object]:
    return {
        "notice": notice,
        "procedure": find_procedure(notice.procedure),
        "items": "、".join(visit.words(f"item.{item.name}") for item in notice.items),
        "events": possible_events(notice.state, is_reachable=notice.is_reachable),
    }


async def take_person_notice(desk: Desk, visit: Visit) -> Answer:
    """Record what became of a letter."""
    form = visit.form
    number = form.get("notice_number", "")
    if not (number.isascii() and number.isdigit()):
        raise MalformedRequestError(field="notice_number")
    event = _event(form.get("event", ""))
    await settle_person_notice(
        notice_number=int(number),
        event=event,
        happened_on=read_day_or_today(form.get("happened_on", ""), civil_day(visit.now)),
        act=Act(operator_id=visit.operator_id, node=desk.name, now=visit.now),
        database=desk.database,
    )
    return Redirect("/person-notices", f"done.person_notice.{event.value}")


async def print_letter(desk: Desk, visit: Visit) -> Answer:
    """Give a letter to the browser; that it left is on the log before."""
    number = visit.numbers["notice_number"]
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    content = await print_person_notice(
        notice_number=number, act=act, office=desk.require_office(), database=desk.database
    )
    return Pdf(content, f"person-notice-{number}")


def _event(text: str) -> PersonNoticeEvent:
    try:
        return PersonNoticeEvent(text)
    except ValueError:
        raise PersonNoticeStateError(field="event") from None
