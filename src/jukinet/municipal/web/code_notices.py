"""The page of the written notices of codes (住民票コード通知票): those to issue, those on their way, those returned."""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.code_notices import (
    NoticeDelivery,
    NoticeEvent,
    NoticeState,
    destroyable_from,
    possible_events,
)
from jukinet.domain.errors import CodeNoticeStateError, MalformedRequestError
from jukinet.domain.notifications import IdentityCheck
from jukinet.municipal.code_notice_store import CodeNotice, count_notices, list_notices
from jukinet.municipal.usecases.issue_code_notice import NoticeIssue, issue_code_notice
from jukinet.municipal.usecases.print_code_notice import print_code_notice
from jukinet.municipal.usecases.record_returned_notice import ReturnedNotice, record_returned_notice
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit
from jukinet.operator_web.typed_dates import read_day_or_today

_MOST_ROWS: Final = 100
_LISTED: Final = (NoticeState.WAITING, NoticeState.RETURNED, NoticeState.SENT)
_CHECKS: Final = tuple(check for check in IdentityCheck if check is not IdentityCheck.NOT_REQUIRED)


async def show_notices(desk: Desk, visit: Visit) -> Answer:
    """Show the sheets somebody has to do something about."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        counts = await count_notices(connection)
        lists = {
            state: [_row(notice, today) for notice in await list_notices(connection, state, limit=_MOST_ROWS)]
            for state in _LISTED
        }
    values = {
        "counts": counts,
        "lists": lists,
        "deliveries": tuple(NoticeDelivery),
        "checks": _CHECKS,
        "today": CivilDate.of(today).wareki(),
        "limit": _MOST_ROWS,
    }
    return Page("municipal/code_notices.html", values)


def _row(notice: CodeNotice, today: date) -> dict[str, object]:
    events = possible_events(notice.state)
    kept_until = None
    if notice.state is NoticeState.RETURNED and notice.happened_on is not None:
        kept_until = destroyable_from(notice.happened_on)
        if today < kept_until:
            events = tuple(event for event in events if event is not NoticeEvent.DESTROYED)
    return {"notice": notice, "events": events, "kept_until": kept_until and kept_until.isoformat()}


async def take_notice(desk: Desk, visit: Visit) -> Answer:
    """Record what was done with a sheet."""
    form = visit.form
    if form.get("step") != "record":
        return Redirect("/code-notices")
    number = form.get("notice_number", "")
    if not (number.isascii() and number.isdigit()):
        raise MalformedRequestError(field="notice_number")
    event = _event(form.get("event", ""))
    delivery = next((one for one in NoticeDelivery if one.tag == form.get("delivery")), None)
    check = next((one for one in _CHECKS if one.tag == form.get("identity_check")), None)
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    if form.get("state") == NoticeState.WAITING.value:
        issue = NoticeIssue(
            notice_number=int(number),
            delivery=delivery if event is NoticeEvent.ISSUED else None,
            identity_check=check if event is NoticeEvent.HANDED_OVER else None,
        )
        await issue_code_notice(issue=issue, act=act, database=desk.database)
        return Redirect("/code-notices", f"done.code_notice.{event.value}")
    returned = ReturnedNotice(
        notice_number=int(number),
        event=event,
        happened_on=read_day_or_today(form.get("happened_on", ""), civil_day(visit.now)),
        delivery=delivery if event is NoticeEvent.SENT_AGAIN else None,
        identity_check=check if event is NoticeEvent.HANDED_OVER else None,
    )
    await record_returned_notice(returned=returned, act=act, database=desk.database)
    return Redirect("/code-notices", f"done.code_notice.{event.value}")


async def print_notice(desk: Desk, visit: Visit) -> Answer:
    """Give a sheet to the browser; that it left is on the log before."""
    number = visit.numbers["notice_number"]
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    content = await print_code_notice(
        notice_number=number, act=act, office=desk.require_office(), database=desk.database
    )
    return Pdf(content, f"code-notice-{number}")


def _event(text: str) -> NoticeEvent:
    try:
        return NoticeEvent(text)
    except ValueError:
        raise CodeNoticeStateError(field="event") from None
