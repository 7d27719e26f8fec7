"""Record what becomes of a notice the post returned (返戻された住民票コード通知票).

It is kept for a year; meanwhile it is handed over at the counter, after an identity check, or sent again. Then it is
destroyed.
Source: Act (–2015) art. 30-2(3), (2015–) art. 30-3(3); the year is that of the municipalities' own rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.code_notices import (
    NoticeDelivery,
    NoticeEvent,
    next_state,
    require_identity_for_handing_over,
    require_kept_a_year,
)
from jukinet.domain.errors import CodeNoticeStateError, DateOutOfOrderError, MissingItemError
from jukinet.domain.notifications import IdentityCheck
from jukinet.municipal.code_notice_store import CodeNotice, NoticeStep, add_notice_event, find_notice
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedNotice:
    """What happened to a sheet after it was sent, and on which day."""

    notice_number: int
    event: NoticeEvent
    happened_on: date
    #: Needed where it is sent again.
    delivery: NoticeDelivery | None = None
    #: Needed where it is handed over.
    identity_check: IdentityCheck | None = None

    def __post_init__(self) -> None:
        """Refuse an event without what it needs."""
        if self.event is NoticeEvent.ISSUED:
            raise CodeNoticeStateError(field="event")
        if self.event is NoticeEvent.SENT_AGAIN and self.delivery is None:
            raise MissingItemError("Say how the sheet is sent.", field="delivery")
        if self.event is NoticeEvent.HANDED_OVER:
            require_identity_for_handing_over(self.identity_check or IdentityCheck.NOT_REQUIRED)


async def record_returned_notice(*, returned: ReturnedNotice, act: Act, database: Database) -> None:
    """Record the event.

    Raises:
        CodeNoticeNotFoundError: there is no such sheet.
        CodeNoticeStateError: this cannot happen to the sheet where it is.
        DateOutOfOrderError: the day lies before what happened last, or in the future.
        RetentionNotOverError: the sheet must be kept longer before it is destroyed.
    """
    async with database.transaction() as unit:
        notice = await find_notice(unit, returned.notice_number)
        next_state(notice.state, returned.event)
        last = notice.happened_on or returned.happened_on
        if not last <= returned.happened_on <= civil_day(act.now):
            raise DateOutOfOrderError(field="happened_on")
        if returned.event is NoticeEvent.DESTROYED:
            require_kept_a_year(last, returned.happened_on)
        step = NoticeStep(
            event=returned.event,
            happened_on=returned.happened_on,
            delivery=returned.delivery,
            identity_check=returned.identity_check,
            recorded_at=act.now,
            recorded_by=act.operator_id,
        )
        await write_notice_step(unit, notice=notice, step=step)


async def write_notice_step(unit: Unit, *, notice: CodeNotice, step: NoticeStep) -> None:
    """Write what happened to a sheet, and the audit event."""
    await add_notice_event(unit, notice, step)
    entry = Entry(
        event=AuditEvent.CODE_NOTICE_RECORDED,
        occurred_at=step.recorded_at,
        actor=step.recorded_by,
        resident_record_code=notice.resident_record_code,
        detail={
            "notice_number": notice.notice_number,
            "resident_number": notice.resident_number,
            "event": step.event.value,
            "delivery": None if step.delivery is None else step.delivery.tag,
        },
    )
    await append(unit, [entry])
