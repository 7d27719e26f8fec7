"""Record what becomes of a letter to a person (本人への通知): sent, returned, or told by public notice (公示).

Source: Order art. 12(4).
"""

from __future__ import annotations

from datetime import date

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DateOutOfOrderError
from jukinet.domain.person_notices import PersonNoticeEvent, require_possible
from jukinet.municipal.person_notice_store import add_person_notice_event, find_person_notice
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database


async def settle_person_notice(
    *, notice_number: int, event: PersonNoticeEvent, happened_on: date, act: Act, database: Database
) -> None:
    """Record the event.

    Raises:
        PersonNoticeNotFoundError: there is no such letter.
        PersonNoticeStateError: this cannot happen to it where it is; public notice where it can be sent.
        DateOutOfOrderError: the day lies before what happened last, or in the future.
    """
    async with database.transaction() as unit:
        notice = await find_person_notice(unit, notice_number)
        require_possible(notice.state, event, is_reachable=notice.is_reachable)
        last = notice.happened_on or civil_day(notice.made_at)
        if not last <= happened_on <= civil_day(act.now):
            raise DateOutOfOrderError(field="happened_on")
        await add_person_notice_event(
            unit, notice, event=event, happened_on=happened_on, operator_id=act.operator_id, now=act.now
        )
        entry = Entry(
            event=AuditEvent.PERSON_NOTICE_RECORDED,
            occurred_at=act.now,
            actor=act.operator_id,
            detail={
                "notice_number": notice.notice_number,
                "resident_number": notice.resident_number,
                "event": event.value,
            },
        )
        await append(unit, [entry])
