"""Issue a written notice of a resident record code (住民票コード通知票の発行): by post, or over the counter.

One sheet per person, even in one household. What is printed is the record as it is when the sheet is issued.
Source: Act (–2015) art. 30-2(3), 30-3(4), (2015–) art. 30-3(3), 30-4(4); Order art. 30-4(2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from jukinet.domain.clock import civil_day
from jukinet.domain.code_notices import (
    NoticeDelivery,
    NoticeEvent,
    NoticeKind,
    find_notice_kind,
    next_state,
    require_identity_for_handing_over,
)
from jukinet.domain.errors import CodeNoticeStateError, MissingItemError
from jukinet.domain.notifications import IdentityCheck
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.code_notice_store import CodeNotice, NoticeStep, find_notice
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.record_returned_notice import write_notice_step
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.require_open_register import require_open_register
from jukinet.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeIssue:
    """How a sheet leaves the office: sent, or handed over to somebody whose identity was checked."""

    notice_number: int
    delivery: NoticeDelivery | None = None
    identity_check: IdentityCheck | None = None

    def __post_init__(self) -> None:
        """Refuse a sheet that is neither sent nor handed over to somebody known, and one that is both."""
        if (self.delivery is None) == (self.identity_check is None):
            raise MissingItemError("A sheet is either sent or handed over.", field="delivery")
        if self.identity_check is not None:
            require_identity_for_handing_over(self.identity_check)

    @property
    def event(self) -> NoticeEvent:
        """Return what happens to the sheet."""
        return NoticeEvent.HANDED_OVER if self.delivery is None else NoticeEvent.ISSUED


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """What stands on a sheet."""

    notice: CodeNotice
    kind: NoticeKind
    resident: ResidentRecord = field(repr=False)
    issued_on: date


async def issue_code_notice(*, issue: NoticeIssue, act: Act, database: Database) -> NoticeSheet:
    """Record that the sheet is issued and return what to print on it.

    Raises:
        CodeNoticeNotFoundError: there is no such sheet.
        CodeNoticeStateError: it was issued before, or the person has another code meanwhile.
    """
    today = civil_day(act.now)
    async with database.transaction() as unit:
        await require_open_register(unit, node=act.node, now=act.now)
        notice = await find_notice(unit, issue.notice_number)
        next_state(notice.state, issue.event)
        resident = await find_resident(unit, notice.resident_number)
        if resident.resident_record_code != notice.resident_record_code:
            raise CodeNoticeStateError("The person has another code now: issue the newer sheet.", field="notice_number")
        step = NoticeStep(
            event=issue.event,
            happened_on=today,
            delivery=issue.delivery,
            identity_check=issue.identity_check,
            recorded_at=act.now,
            recorded_by=act.operator_id,
        )
        await write_notice_step(unit, notice=notice, step=step)
    return NoticeSheet(notice=notice, kind=find_notice_kind(notice.kind), resident=resident, issued_on=today)
