"""Every statement on what operators have begun: forms not recorded yet, and the records they are at work on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.types.json import Jsonb

from jukinet.domain.errors import DraftNotFoundError, ResidentBeingEditedError
from jukinet.postgres.database import Unit

#: A form that was begun is kept this long.
DRAFT_LIFE: Final = timedelta(days=7)
#: Whoever types nothing for so long is not at work on the record any more.
EDITING_TIME: Final = timedelta(minutes=10)

_SAVE_DRAFT: Final = """
    INSERT INTO register.draft_form AS kept (form_number, operator_id, path, resident_number, fields, saved_at)
    SELECT %(form_number)s, %(operator_id)s, %(path)s, %(resident_number)s, %(fields)s, %(saved_at)s
     WHERE NOT EXISTS (SELECT 1 FROM register.recorded_form WHERE form_number = %(form_number)s)
        ON CONFLICT (form_number) DO UPDATE
       SET fields = excluded.fields, saved_at = excluded.saved_at
     WHERE kept.operator_id = excluded.operator_id
"""

_FIND_DRAFT: Final = """
    SELECT form_number, operator_id, path, resident_number, fields, saved_at
      FROM register.draft_form
     WHERE form_number = %(form_number)s
       AND operator_id = %(operator_id)s
       AND saved_at > %(saved_after)s
"""

_LIST_DRAFTS: Final = """
    SELECT draft.form_number, draft.operator_id, draft.path, draft.resident_number, draft.saved_at, record.name
      FROM register.draft_form AS draft
      LEFT JOIN register.resident AS handle ON handle.resident_number = draft.resident_number
      LEFT JOIN register.resident_record AS record
        ON record.resident_number = handle.resident_number AND record.version = handle.version
     WHERE draft.operator_id = %(operator_id)s
       AND draft.saved_at > %(saved_after)s
     ORDER BY draft.saved_at DESC
"""

_REMOVE_DRAFT: Final = """
    DELETE FROM register.draft_form WHERE form_number = %(form_number)s AND operator_id = %(operator_id)s
"""

_FORGET_DRAFTS: Final = "DELETE FROM register.draft_form WHERE saved_at <= %(saved_after)s"

#: Since when somebody is at work stays, as long as it goes on without a pause.
_BEGIN_EDITING: Final = """
    INSERT INTO register.editing AS held (resident_number, operator_id, since, until)
    SELECT wanted.resident_number, %(operator_id)s, %(now)s, %(until)s
      FROM unnest(%(resident_numbers)s::bigint[]) AS wanted(resident_number)
     ORDER BY wanted.resident_number
        ON CONFLICT (resident_number) DO UPDATE
       SET operator_id = excluded.operator_id, until = excluded.until,
           since = CASE WHEN held.operator_id = excluded.operator_id AND held.until > excluded.since
                        THEN held.since ELSE excluded.since END
     WHERE held.operator_id = excluded.operator_id OR held.until <= excluded.since
"""

_LIST_OTHERS: Final = """
    SELECT held.resident_number, held.operator_id, owner.display_name, held.since
      FROM register.editing AS held
      LEFT JOIN operators.operator AS owner USING (operator_id)
     WHERE held.resident_number = ANY(%(resident_numbers)s)
       AND held.operator_id <> %(operator_id)s
       AND held.until > %(now)s
     ORDER BY held.since, held.resident_number
"""

_LEAVE: Final = """
    DELETE FROM register.editing
     WHERE resident_number = ANY(%(resident_numbers)s)
       AND (operator_id = %(operator_id)s OR until <= %(now)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """A form as it was typed so far."""

    form_number: str
    operator_id: str
    path: str
    resident_number: int | None
    fields: Mapping[str, str] = field(repr=False)
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class BegunForm:
    """One form in the list of those an operator has begun."""

    form_number: str
    operator_id: str
    path: str
    resident_number: int | None
    saved_at: datetime
    name: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holder:
    """Another operator who is at work on a record."""

    resident_number: int
    operator_id: str
    display_name: str | None
    since: datetime


async def save_draft(unit: Unit, draft: DraftForm) -> None:
    """Keep what was typed so far; nothing of a form that is recorded, or that another operator began."""
    parameters = {
        "form_number": draft.form_number,
        "operator_id": draft.operator_id,
        "path": draft.path,
        "resident_number": draft.resident_number,
        "fields": Jsonb(dict(draft.fields)),
        "saved_at": draft.saved_at,
    }
    await unit.execute(_SAVE_DRAFT, parameters)


async def find_draft(unit: Unit, form_number: str, *, operator_id: str, now: datetime) -> DraftForm:
    """Return an operator's own form; raise DraftNotFoundError."""
    parameters = {"form_number": form_number, "operator_id": operator_id, "saved_after": now - DRAFT_LIFE}
    row = await (await unit.execute(_FIND_DRAFT, parameters)).fetchone()
    if row is None:
        raise DraftNotFoundError(field="form_number")
    return DraftForm(
        form_number=row[0], operator_id=row[1], path=row[2], resident_number=row[3], fields=row[4], saved_at=row[5]
    )


async def list_drafts(unit: Unit, *, operator_id: str, now: datetime) -> list[BegunForm]:
    """Return the forms an operator has begun, the last one first."""
    parameters: dict[str, Any] = {"operator_id": operator_id, "saved_after": now - DRAFT_LIFE}
    return [BegunForm(*row) for row in await (await unit.execute(_LIST_DRAFTS, parameters)).fetchall()]


async def remove_draft(unit: Unit, form_number: str, *, operator_id: str) -> None:
    """Forget a form of the operator."""
    await unit.execute(_REMOVE_DRAFT, {"form_number": form_number, "operator_id": operator_id})


async def forget_old_drafts(unit: Unit, *, now: datetime) -> None:
    """Forget the forms nobody has touched for a week."""
    await unit.execute(_FORGET_DRAFTS, {"saved_after": now - DRAFT_LIFE})


async def begin_editing(
    unit: Unit, resident_numbers: Collection[int], *, operator_id: str, now: datetime
) -> list[Holder]:
    """Hold the records for the operator, for some minutes more, and return the others who hold one of them.

    Where there are such others, those records stay theirs.
    """
    parameters = {
        "resident_numbers": sorted(resident_numbers),
        "operator_id": operator_id,
        "now": now,
        "until": now + EDITING_TIME,
    }
    await unit.execute(_BEGIN_EDITING, parameters)
    return await list_holders(unit, resident_numbers, operator_id=operator_id, now=now)


async def list_holders(
    unit: Unit, resident_numbers: Collection[int], *, operator_id: str, now: datetime
) -> list[Holder]:
    """Return the operators, other than this one, who are at work on one of the records."""
    parameters = {"resident_numbers": list(resident_numbers), "operator_id": operator_id, "now": now}
    return [Holder(*row) for row in await (await unit.execute(_LIST_OTHERS, parameters)).fetchall()]


async def require_not_edited_by_others(
    unit: Unit, resident_numbers: Collection[int], *, operator_id: str, now: datetime
) -> None:
    """Refuse to record what somebody else is at work on; raise ResidentBeingEditedError."""
    if await list_holders(unit, resident_numbers, operator_id=operator_id, now=now):
        raise ResidentBeingEditedError(field="resident_number")


async def leave_records(unit: Unit, resident_numbers: Collection[int], *, operator_id: str, now: datetime) -> None:
    """Let go of the records the operator holds."""
    parameters = {"resident_numbers": list(resident_numbers), "operator_id": operator_id, "now": now}
    await unit.execute(_LEAVE, parameters)
