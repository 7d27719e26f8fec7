"""Every statement on the written notices of resident record codes (住民票コード通知票)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from psycopg import sql

from jukinet.domain.code_notices import NoticeDelivery, NoticeEvent, NoticeKind, NoticeState
from jukinet.domain.errors import CodeNoticeNotFoundError, CodeNoticeStateError
from jukinet.domain.notifications import IdentityCheck
from jukinet.domain.resident_record import ResidentRecord
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

#: Codes that came out of this municipality's pool and stood on no record before these versions.
_LIST_GIVEN_HERE: Final = """
    SELECT pool.resident_record_code
      FROM unnest(%(resident_record_codes)s::text[], %(act_numbers)s::bigint[])
        AS written (resident_record_code, act_number)
      JOIN register.code_pool AS pool ON pool.resident_record_code = written.resident_record_code
     WHERE NOT EXISTS (
               SELECT FROM register.resident_record AS earlier
                WHERE earlier.resident_record_code = written.resident_record_code
                  AND earlier.act_number IS DISTINCT FROM written.act_number
           )
"""

_ADD: Final = """
    INSERT INTO register.code_notice (resident_number, version, kind, resident_record_code, made_at)
    VALUES (%(resident_number)s, %(version)s, %(kind)s, %(resident_record_code)s, %(made_at)s)
"""

_COLUMNS: Final = sql.SQL(
    "notice_number, resident_number, version, kind, resident_record_code, made_at, event_number, event, happened_on,"
    " delivery, recorded_by"
)

_FIND: Final = sql.SQL("""
    SELECT {columns} FROM register.present_code_notice WHERE notice_number = %(notice_number)s
""").format(columns=_COLUMNS)

_LIST: Final = sql.SQL("""
    SELECT {columns}
      FROM register.present_code_notice
     WHERE event = ANY(%(events)s::text[]) OR (%(is_waiting)s AND event IS NULL)
     ORDER BY notice_number
     LIMIT %(limit)s
""").format(columns=_COLUMNS)

_LIST_OF_RESIDENT: Final = sql.SQL("""
    SELECT {columns}
      FROM register.present_code_notice
     WHERE resident_number = %(resident_number)s
     ORDER BY notice_number DESC
""").format(columns=_COLUMNS)

_COUNT: Final = "SELECT coalesce(event, ''), count(*) FROM register.present_code_notice GROUP BY 1"

_ADD_EVENT: Final = """
    INSERT INTO register.code_notice_event
           (notice_number, event_number, event, happened_on, delivery, identity_check, recorded_at, recorded_by)
    VALUES (%(notice_number)s, %(event_number)s, %(event)s, %(happened_on)s, %(delivery)s, %(identity_check)s,
            %(recorded_at)s, %(recorded_by)s)
"""

_STATES: Final = {
    None: NoticeState.WAITING,
    NoticeEvent.ISSUED.value: NoticeState.SENT,
    NoticeEvent.SENT_AGAIN.value: NoticeState.SENT,
    NoticeEvent.RETURNED.value: NoticeState.RETURNED,
    NoticeEvent.HANDED_OVER.value: NoticeState.HANDED_OVER,
    NoticeEvent.DESTROYED.value: NoticeState.DESTROYED,
}


@dataclass(frozen=True, slots=True)
class CodeNotice:
    """One sheet: for whom, why, and where it is."""

    notice_number: int
    resident_number: int
    version: int
    kind: str
    resident_record_code: str = field(repr=False)
    made_at: datetime
    event_number: int
    event: str | None
    happened_on: date | None
    delivery: str | None
    recorded_by: str | None

    @property
    def state(self) -> NoticeState:
        """Return where the sheet is."""
        return _STATES[self.event]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStep:
    """What happened to a sheet, and who recorded it."""

    event: NoticeEvent
    happened_on: date
    delivery: NoticeDelivery | None = None
    identity_check: IdentityCheck | None = None
    recorded_at: datetime
    recorded_by: str


async def list_codes_given_here(unit: Unit, written: Sequence[ResidentRecord]) -> set[str]:
    """Return the codes of these new versions that are this municipality's and that nobody was told of before."""
    parameters = {
        "resident_record_codes": [record.resident_record_code for record in written],
        "act_numbers": [record.act_number for record in written],
    }
    cursor = await unit.execute(_LIST_GIVEN_HERE, parameters)
    return {code for (code,) in await cursor.fetchall()}


async def add_notice(unit: Unit, record: ResidentRecord, kind: NoticeKind, *, now: datetime) -> None:
    """Put a sheet on the list of those to be issued."""
    parameters = {
        "resident_number": record.resident_number,
        "version": record.version,
        "kind": kind.tag,
        "resident_record_code": record.resident_record_code,
        "made_at": now,
    }
    await unit.execute(_ADD, parameters)


async def find_notice(unit: Unit, notice_number: int) -> CodeNotice:
    """Return a sheet; raise CodeNoticeNotFoundError."""
    row = await (await unit.execute(_FIND, {"notice_number": notice_number})).fetchone()
    if row is None:
        raise CodeNoticeNotFoundError(field="notice_number")
    return CodeNotice(*row)


async def list_notices(unit: Unit, state: NoticeState, *, limit: int) -> list[CodeNotice]:
    """Return sheets that are there, oldest first."""
    parameters = {
        "events": [event for event, its in _STATES.items() if its is state and event is not None],
        "is_waiting": state is NoticeState.WAITING,
        "limit": limit,
    }
    cursor = await unit.execute(_LIST, parameters)
    return [CodeNotice(*row) for row in await cursor.fetchall()]


async def list_notices_of(unit: Unit, resident_number: int) -> list[CodeNotice]:
    """Return the sheets of one resident, newest first."""
    cursor = await unit.execute(_LIST_OF_RESIDENT, {"resident_number": resident_number})
    return [CodeNotice(*row) for row in await cursor.fetchall()]


async def count_notices(unit: Unit) -> dict[NoticeState, int]:
    """Return how many sheets are where."""
    counts = dict.fromkeys(NoticeState, 0)
    cursor = await unit.execute(_COUNT)
    for event, count in await cursor.fetchall():
        counts[_STATES[event or None]] += int(count)
    return counts


async def add_notice_event(unit: Unit, notice: CodeNotice, step: NoticeStep) -> None:
    """Note what happened to a sheet; raise CodeNoticeStateError if somebody else was first."""
    parameters: dict[str, Any] = {
        "notice_number": notice.notice_number,
        "event_number": notice.event_number + 1,
        "event": step.event.value,
        "happened_on": step.happened_on,
        "delivery": None if step.delivery is None else step.delivery.tag,
        "identity_check": None if step.identity_check is None else step.identity_check.tag,
        "recorded_at": step.recorded_at,
        "recorded_by": step.recorded_by,
    }
    with violations_as({"code_notice_event_pkey": CodeNoticeStateError}):
        await unit.execute(_ADD_EVENT, parameters)
