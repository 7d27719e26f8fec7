"""Every statement on provisional entries (仮登録): forms that wait for another operator's review."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from psycopg import sql
from psycopg.types.json import Jsonb

from jukinet.domain.errors import AlreadyExistsError, ProvisionalEntryNotFoundError, ProvisionalEntryStateError
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_ADD: Final = """
    INSERT INTO register.provisional_entry
           (form_number, procedure, resident_number, resident_numbers, fields, submitted_at, submitted_by, state)
    VALUES (%(form_number)s, %(procedure)s, %(resident_number)s, %(resident_numbers)s, %(fields)s, %(submitted_at)s,
            %(submitted_by)s, 'waiting')
    RETURNING entry_number
"""

_COLUMNS: Final = sql.SQL(
    "entry.entry_number, entry.form_number, entry.procedure, entry.resident_number, entry.resident_numbers,"
    " entry.fields, entry.submitted_at, entry.submitted_by, entry.state, entry.decided_at, entry.decided_by,"
    " entry.reason, owner.display_name, record.name"
)

_FROM: Final = sql.SQL("""
      FROM register.provisional_entry AS entry
      LEFT JOIN operators.operator AS owner ON owner.operator_id = entry.submitted_by
      LEFT JOIN register.current_record AS record ON record.resident_number = entry.resident_number
""")

_FIND: Final = sql.SQL("SELECT {columns} {tables} WHERE entry.entry_number = %(entry_number)s").format(
    columns=_COLUMNS, tables=_FROM
)

_LIST_WAITING: Final = sql.SQL("""
    SELECT {columns} {tables}
     WHERE entry.state = 'waiting'
     ORDER BY entry.submitted_at, entry.entry_number
     LIMIT %(limit)s
""").format(columns=_COLUMNS, tables=_FROM)

_LIST_WAITING_OF: Final = sql.SQL("""
    SELECT {columns} {tables}
     WHERE entry.state = 'waiting'
       AND entry.resident_numbers && %(resident_numbers)s::bigint[]
     ORDER BY entry.submitted_at, entry.entry_number
""").format(columns=_COLUMNS, tables=_FROM)

#: Of a form that was mended and submitted again, or recorded, nothing is returned any more.
_LIST_RETURNED: Final = sql.SQL("""
    SELECT {columns} {tables}
     WHERE entry.state = 'returned'
       AND entry.submitted_by = %(operator_id)s
       AND NOT EXISTS (SELECT FROM register.provisional_entry AS later
                        WHERE later.submitted_by = entry.submitted_by
                          AND later.form_number = entry.form_number
                          AND later.entry_number > entry.entry_number)
       AND NOT EXISTS (SELECT FROM register.recorded_form WHERE recorded_form.form_number = entry.form_number)
     ORDER BY entry.decided_at, entry.entry_number
""").format(columns=_COLUMNS, tables=_FROM)

_COUNT_WAITING: Final = "SELECT count(*) FROM register.provisional_entry WHERE state = 'waiting'"

_DECIDE: Final = """
    UPDATE register.provisional_entry
       SET state = %(state)s, decided_at = %(decided_at)s, decided_by = %(decided_by)s, reason = %(reason)s
     WHERE entry_number = %(entry_number)s
       AND state = ANY(%(from_states)s)
"""

_DECIDE_FORM: Final = """
    UPDATE register.provisional_entry
       SET state = %(state)s, decided_at = %(decided_at)s, decided_by = %(decided_by)s
     WHERE form_number = %(form_number)s
       AND state = 'waiting'
"""

_FIND_NUMBER: Final = """
    SELECT entry_number FROM register.provisional_entry WHERE form_number = %(form_number)s AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class ProvisionalEntry:
    """A submitted form, and what became of it."""

    entry_number: int
    form_number: str
    #: The kind of its screen.
    procedure: str
    resident_number: int | None
    resident_numbers: list[int]
    fields: Mapping[str, str] = field(repr=False)
    submitted_at: datetime
    submitted_by: str
    #: waiting, approved, returned or withdrawn.
    state: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None = field(repr=False)
    #: What the submitter is called.
    display_name: str | None
    #: The resident from whose page it was submitted.
    name: str | None = field(repr=False)

    @property
    def is_waiting(self) -> bool:
        """Return whether it waits for review."""
        return self.state == "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form to be reviewed."""

    form_number: str
    procedure: str
    resident_number: int | None
    resident_numbers: Collection[int]
    fields: Mapping[str, str] = field(repr=False)


async def add_entry(unit: Unit, submission: Submission, *, operator_id: str, now: datetime) -> int:
    """Keep a submitted form and return its number; raise AlreadyExistsError where the form waits already."""
    parameters = {
        "form_number": submission.form_number,
        "procedure": submission.procedure,
        "resident_number": submission.resident_number,
        "resident_numbers": sorted(submission.resident_numbers),
        "fields": Jsonb(dict(submission.fields)),
        "submitted_at": now,
        "submitted_by": operator_id,
    }
    with violations_as({"provisional_entry_form": AlreadyExistsError}):
        row = await (await unit.execute(_ADD, parameters)).fetchone()
    return int(row[0]) if row else 0


async def find_entry(unit: Unit, entry_number: int) -> ProvisionalEntry:
    """Return an entry; raise ProvisionalEntryNotFoundError."""
    row = await (await unit.execute(_FIND, {"entry_number": entry_number})).fetchone()
    if row is None:
        raise ProvisionalEntryNotFoundError(field="entry_number")
    return ProvisionalEntry(*row)


async def find_waiting_number(unit: Unit, form_number: str) -> int | None:
    """Return the number under which a form waits; None where it does not."""
    row = await (await unit.execute(_FIND_NUMBER, {"form_number": form_number})).fetchone()
    return None if row is None else int(row[0])


async def list_waiting_entries(unit: Unit, *, limit: int) -> list[ProvisionalEntry]:
    """Return what waits for review, the oldest first."""
    return [ProvisionalEntry(*row) for row in await (await unit.execute(_LIST_WAITING, {"limit": limit})).fetchall()]


async def list_waiting_entries_of(unit: Unit, resident_numbers: Collection[int]) -> list[ProvisionalEntry]:
    """Return what waits for review and concerns one of these residents."""
    cursor = await unit.execute(_LIST_WAITING_OF, {"resident_numbers": list(resident_numbers)})
    return [ProvisionalEntry(*row) for row in await cursor.fetchall()]


async def list_returned_entries(unit: Unit, *, operator_id: str) -> list[ProvisionalEntry]:
    """Return what this operator submitted and has to mend."""
    cursor = await unit.execute(_LIST_RETURNED, {"operator_id": operator_id})
    return [ProvisionalEntry(*row) for row in await cursor.fetchall()]


async def count_waiting_entries(unit: Unit) -> int:
    """Return how many wait for review."""
    row = await (await unit.execute(_COUNT_WAITING)).fetchone()
    return int(row[0]) if row else 0


async def decide_entry(
    unit: Unit,
    entry: ProvisionalEntry,
    *,
    state: str,
    decided_by: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Note what became of an entry; raise ProvisionalEntryStateError where it does not wait any more."""
    from_states = ["waiting", "returned"] if state == "withdrawn" else ["waiting"]
    parameters = {
        "entry_number": entry.entry_number,
        "state": state,
        "decided_by": decided_by,
        "decided_at": now,
        "reason": reason,
        "from_states": from_states,
    }
    if (await unit.execute(_DECIDE, parameters)).rowcount != 1:
        raise ProvisionalEntryStateError(field="entry_number")


async def decide_entry_of_form(unit: Unit, form_number: str, *, state: str, decided_by: str, now: datetime) -> bool:
    """Note that a form was recorded, approved or without review; return False where it did not wait."""
    parameters = {"form_number": form_number, "state": state, "decided_by": decided_by, "decided_at": now}
    return (await unit.execute(_DECIDE_FORM, parameters)).rowcount == 1
