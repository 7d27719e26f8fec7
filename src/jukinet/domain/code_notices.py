"""Written notices of a resident record code (住民票コード通知票): one sheet per person, what becomes of it, and when.

A person who is given a code, or another one, is told in writing without delay. What the post returns is kept for a
year, handed over at the counter or sent again meanwhile, and then destroyed.

Source: Act (–2015) art. 30-2(3), 30-3(4), (2015–) art. 30-3(3), 30-4(4); Order art. 30-2(2), 30-4.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.errors import CodeNoticeStateError, IdentityNotCheckedError, RetentionNotOverError
from jukinet.domain.notifications import IdentityCheck
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces


class NoticeKind(Enum):
    """Why the person is told a code."""

    NEW = ("new", "住民票コード通知票")
    CHANGED = ("changed", "住民票コード変更通知票")
    CORRECTED = ("corrected", "住民票コード修正通知票")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The title of the sheet.
        self.label = label


class NoticeDelivery(Enum):
    """How a sheet is sent (送付の方法)."""

    REGISTERED_MAIL = ("registered_mail", "簡易書留（転送不要）")
    ORDINARY_MAIL = ("ordinary_mail", "普通郵便（転送不要）")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


class NoticeState(Enum):
    """Where a sheet is."""

    WAITING = "waiting"
    SENT = "sent"
    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    DESTROYED = "destroyed"


class NoticeEvent(Enum):
    """What happens to a sheet."""

    ISSUED = "issued"
    RETURNED = "returned"
    SENT_AGAIN = "sent_again"
    HANDED_OVER = "handed_over"
    DESTROYED = "destroyed"


_NEXT: Final = {
    (NoticeState.WAITING, NoticeEvent.ISSUED): NoticeState.SENT,
    (NoticeState.WAITING, NoticeEvent.HANDED_OVER): NoticeState.HANDED_OVER,
    (NoticeState.SENT, NoticeEvent.RETURNED): NoticeState.RETURNED,
    (NoticeState.RETURNED, NoticeEvent.SENT_AGAIN): NoticeState.SENT,
    (NoticeState.RETURNED, NoticeEvent.HANDED_OVER): NoticeState.HANDED_OVER,
    (NoticeState.RETURNED, NoticeEvent.DESTROYED): NoticeState.DESTROYED,
}


def next_state(state: NoticeState, event: NoticeEvent) -> NoticeState:
    """Return where the sheet is after the event; raise CodeNoticeStateError where that cannot happen now."""
    following = _NEXT.get((state, event))
    if following is None:
        raise CodeNoticeStateError(field="event")
    return following


def possible_events(state: NoticeState) -> tuple[NoticeEvent, ...]:
    """Return what can happen to the sheet now, in the order of the code list."""
    return tuple(event for event in NoticeEvent if (state, event) in _NEXT)


def destroyable_from(returned_on: date) -> date:
    """Return the first day a sheet the post returned may be destroyed: one year later."""
    try:
        return returned_on.replace(year=returned_on.year + 1)
    except ValueError:  # 29 February
        return date(returned_on.year + 1, 3, 1)


def require_kept_a_year(returned_on: date, today: date) -> None:
    """Raise RetentionNotOverError while a returned sheet must be kept."""
    if today < destroyable_from(returned_on):
        raise RetentionNotOverError(field="happened_on")


def require_identity_for_handing_over(check: IdentityCheck) -> None:
    """Raise IdentityNotCheckedError unless the clerk made sure who takes the sheet."""
    if check is IdentityCheck.NOT_REQUIRED:
        raise IdentityNotCheckedError(field="identity_check")


@enforces(Rule.CODE_NOTIFIED_IN_WRITING)
def notice_kind_of(record: ResidentRecord, *, is_code_given_here: bool) -> NoticeKind | None:
    """Return which sheet a version calls for; None where the person is told nothing.

    A code that was carried over from another municipality is known to the person. `is_code_given_here` says that the
    code came out of this municipality's pool and stands on a record for the first time.
    """
    if record.act_reason == ActReason.CODE_CHANGE.value:
        return NoticeKind.CHANGED
    if record.act_reason == ActReason.CODE_CORRECTION.value:
        return NoticeKind.CORRECTED
    return NoticeKind.NEW if is_code_given_here else None


def find_notice_kind(tag: str) -> NoticeKind:
    """Return the kind with this stable value."""
    return next(kind for kind in NoticeKind if kind.tag == tag)
