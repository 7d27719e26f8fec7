"""What a clerk finds in the morning (きょうの仕事): every count with the page that leads on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jukinet.delivery.outbox import list_refused_parcels
from jukinet.domain.code_notices import NoticeState
from jukinet.domain.person_notices import PersonNoticeState
from jukinet.municipal.code_notice_store import count_notices
from jukinet.municipal.doubt_store import count_open_doubts
from jukinet.municipal.foreign_store import count_expiring
from jukinet.municipal.mass_change_pace_store import count_made
from jukinet.municipal.person_notice_store import count_person_notices
from jukinet.municipal.review_store import count_waiting_entries
from jukinet.municipal.support_review_store import count_waiting_reviews
from jukinet.municipal.usecases.list_overdue_move_in_notices import NOTICE_EXPECTED
from jukinet.municipal.web.expiring import NOTICED_DAYS
from jukinet.municipal.worklist_store import (
    count_move_outs_due,
    count_notices_missing,
    count_open_reports,
    count_unmatched_notices,
)
from jukinet.postgres.database import Unit

_MOST_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that may wait: its text is `worklist.<name>`."""

    name: str
    path: str
    count: Callable[[Unit, date], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of it waits."""

    name: str
    path: str
    count: int


async def _refused(unit: Unit, today: date) -> int:
    del today
    return len(await list_refused_parcels(unit, limit=_MOST_ROWS))


async def _reports(unit: Unit, today: date) -> int:
    del today
    return await count_open_reports(unit)


async def _move_outs(unit: Unit, today: date) -> int:
    return await count_move_outs_due(unit, today=today)


async def _move_in_notices(unit: Unit, today: date) -> int:
    return await count_notices_missing(unit, before=today - NOTICE_EXPECTED)


async def _unmatched(unit: Unit, today: date) -> int:
    del today
    return await count_unmatched_notices(unit)


async def _provisional(unit: Unit, today: date) -> int:
    del today
    return await count_waiting_entries(unit)


async def _document_reviews(unit: Unit, today: date) -> int:
    del today
    return await count_waiting_reviews(unit)


async def _code_notices_to_issue(unit: Unit, today: date) -> int:
    del today
    return (await count_notices(unit)).get(NoticeState.WAITING, 0)


async def _code_notices_returned(unit: Unit, today: date) -> int:
    del today
    return (await count_notices(unit)).get(NoticeState.RETURNED, 0)


async def _person_notices_to_send(unit: Unit, today: date) -> int:
    del today
    return (await count_person_notices(unit))[PersonNoticeState.WAITING]


async def _person_notices_returned(unit: Unit, today: date) -> int:
    del today
    return (await count_person_notices(unit))[PersonNoticeState.RETURNED]


async def _residence_expiring(unit: Unit, today: date) -> int:
    return await count_expiring(unit, until=today + timedelta(days=NOTICED_DAYS))


async def _mass_changes(unit: Unit, today: date) -> int:
    del today
    return await count_made(unit)


async def _doubts(unit: Unit, today: date) -> int:
    del today
    return await count_open_doubts(unit)


#: A new kind of work is one line here, with its two texts.
DUTIES: Final = (
    Duty("refused", "/deliveries#refused", _refused),
    Duty("reports", "/deliveries#reports", _reports),
    Duty("doubts", "/doubts", _doubts),
    Duty("move_outs_due", "/residents", _move_outs),
    Duty("provisional_entries", "/reviews", _provisional),
    Duty("document_reviews", "/reviews", _document_reviews),
    Duty("mass_changes_to_approve", "/mass-changes", _mass_changes),
    Duty("unmatched_notices", "/received#unmatched", _unmatched),
    Duty("notices_missing", "/received#overdue", _move_in_notices),
    Duty("code_notices_to_issue", "/code-notices", _code_notices_to_issue),
    Duty("residence_expiring", "/expiring-stays", _residence_expiring),
    Duty("code_notices_returned", "/code-notices", _code_notices_returned),
    Duty("person_notices_to_send", "/person-notices", _person_notices_to_send),
    Duty("person_notices_returned", "/person-notices", _person_notices_returned),
)


async def list_waiting(unit: Unit, *, today: date) -> list[Waiting]:
    """Return what waits today, in the order of the list; what does not wait has the count 0."""
    return [Waiting(duty.name, duty.path, await duty.count(unit, today)) for duty in DUTIES]
