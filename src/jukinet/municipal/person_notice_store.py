"""Every statement on what people are told of acts done ex officio (本人への通知)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from psycopg import sql

from jukinet.domain.errors import PersonNoticeNotFoundError, PersonNoticeStateError
from jukinet.domain.person_notices import (
    PersonNoticeEvent,
    PersonNoticeState,
    ToldItem,
    read_told_items,
    write_told_items,
)
from jukinet.domain.resident_record import ResidentRecord
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD: Final = """
    INSERT INTO register.person_notice
           (act_number, resident_number, version, procedure, told_items, destination, made_at)
    VALUES (%(act_number)s, %(resident_number)s, %(version)s, %(procedure)s, %(told_items)s, %(destination)s,
            %(made_at)s)
"""

_COLUMNS: Final = sql.SQL(
    "notice_number, act_number, resident_number, version, procedure, told_items, destination, made_at, event_number,"
    " state, happened_on, recorded_by"
)

_FIND: Final = sql.SQL("""
    SELECT {columns} FROM register.present_person_notice WHERE notice_number = %(notice_number)s
""").format(columns=_COLUMNS)

_LIST: Final = sql.SQL("""
    SELECT {columns}
      FROM register.present_person_notice
     WHERE state = %(state)s
     ORDER BY notice_number
     LIMIT %(limit)s
""").format(columns=_COLUMNS)

_LIST_OF_ACT: Final = sql.SQL("""
    SELECT {columns}
      FROM register.present_person_notice
     WHERE act_number = %(act_number)s
     ORDER BY notice_number
""").format(columns=_COLUMNS)

_COUNT: Final = "SELECT state, count(*) FROM register.present_person_notice GROUP BY state"

_ADD_EVENT: Final = """
    INSERT INTO register.person_notice_event
           (notice_number, event_number, event, happened_on, recorded_at, recorded_by)
    VALUES (%(notice_number)s, %(event_number)s, %(event)s, %(happened_on)s, %(recorded_at)s, %(recorded_by)s)
"""


@dataclass(frozen=True, slots=True)
class PersonNotice:
    """One letter: to whom, what it says, and where it is."""

    notice_number: int
    act_number: int
    resident_number: int
    version: int
    procedure: str
    written_items: str = field(repr=False)
    #: None where nobody knows where the person can be reached.
    destination: str | None = field(repr=False)
    made_at: datetime
    event_number: int
    present_state: str
    happened_on: date | None
    recorded_by: str | None

    @property
    def state(self) -> PersonNoticeState:
        """Return where the letter is."""
        return PersonNoticeState(self.present_state)

    @property
    def items(self) -> tuple[ToldItem, ...]:
        """Return what it says changed."""
        return read_told_items(self.written_items)

    @property
    def is_reachable(self) -> bool:
        """Return whether there is somewhere to send it to."""
        return self.destination is not None


async def add_person_notice(
    unit: Unit,
    record: ResidentRecord,
    *,
    procedure: str,
    items: tuple[ToldItem, ...],
    destination: str | None,
    now: datetime,
) -> None:
    """Put a letter on the list of those to be sent."""
    parameters = {
        "act_number": record.act_number,
        "resident_number": record.resident_number,
        "version": record.version,
        "procedure": procedure,
        "told_items": write_told_items(items),
        "destination": destination,
        "made_at": now,
    }
    await unit.execute(_ADD, parameters)


async def find_person_notice(unit: Unit, notice_number: int) -> PersonNotice:
    """Return a letter; raise PersonNoticeNotFoundError."""
    row = await (await unit.execute(_FIND, {"notice_number": notice_number})).fetchone()
    if row is None:
        raise PersonNoticeNotFoundError(field="notice_number")
    return PersonNotice(*row)


async def list_person_notices(unit: Unit, state: PersonNoticeState, *, limit: int) -> list[PersonNotice]:
    """Return letters that are there, oldest first."""
    cursor = await unit.execute(_LIST, {"state": state.value, "limit": limit})
    return [PersonNotice(*row) for row in await cursor.fetchall()]


async def list_person_notices_of_act(unit: Unit, act_number: int) -> list[PersonNotice]:
    """Return the letters of one act."""
    cursor = await unit.execute(_LIST_OF_ACT, {"act_number": act_number})
    return [PersonNotice(*row) for row in await cursor.fetchall()]


async def count_person_notices(unit: Unit) -> dict[PersonNoticeState, int]:
    """Return how many letters are where."""
    counts = dict.fromkeys(PersonNoticeState, 0)
    cursor = await unit.execute(_COUNT)
    for state, count in await cursor.fetchall():
        counts[PersonNoticeState(state)] = int(count)
    return counts


async def add_person_notice_event(
    unit: Unit,
    notice: PersonNotice,
    *,
    event: PersonNoticeEvent,
    happened_on: date,
    operator_id: str,
    now: datetime,
) -> None:
    """Note what happened to a letter; raise PersonNoticeStateError if somebody else was first."""
    parameters = {
        "notice_number": notice.notice_number,
        "event_number": notice.event_number + 1,
        "event": event.value,
        "happened_on": happened_on,
        "recorded_at": now,
        "recorded_by": operator_id,
    }
    with violations_as({"person_notice_event_pkey": PersonNoticeStateError}):
        await unit.execute(_ADD_EVENT, parameters)
