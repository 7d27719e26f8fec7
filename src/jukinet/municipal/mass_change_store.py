"""Every statement on mass changes of addresses: what changes, and how far each household has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.domain.acts.mass_address_change import AddressRow, MassChangeKind, RefusedRow
from jukinet.domain.errors import JukinetError, MassChangeNotFoundError
from jukinet.postgres.database import Unit

_ADD: Final = """
    INSERT INTO register.mass_change
           (kind, public_notice, noticed_on, effective_on, state, made_at, made_by, form_number)
    VALUES (%(kind)s, %(public_notice)s, %(noticed_on)s, %(effective_on)s, 'made', %(made_at)s, %(made_by)s,
            %(form_number)s)
        ON CONFLICT (form_number) DO NOTHING
    RETURNING mass_change_number
"""
_FIND_OF_FORM: Final = """
    SELECT mass_change_number FROM register.mass_change WHERE form_number = %(form_number)s
"""
_ADD_ROW: Final = """
    INSERT INTO register.mass_change_row
           (mass_change_number, row_number, old_place, new_place, postal_code, error_code, error_field)
    VALUES (%(mass_change_number)s, %(row_number)s, %(old_place)s, %(new_place)s, %(postal_code)s, %(error_code)s,
            %(error_field)s)
"""
_LIST: Final = """
    SELECT job.mass_change_number, job.kind, job.public_notice, job.noticed_on, job.effective_on, job.state,
           job.made_at, job.made_by, job.approved_at, job.approved_by, job.started_at, job.finished_at,
           count(work.household_number),
           count(work.household_number) FILTER (WHERE work.state <> 'waiting'),
           count(work.household_number) FILTER (WHERE work.state = 'refused'),
           coalesce(sum(work.residents), 0)
      FROM register.mass_change AS job
      LEFT JOIN register.mass_change_household AS work USING (mass_change_number)
     WHERE %(mass_change_number)s::bigint IS NULL OR job.mass_change_number = %(mass_change_number)s
     GROUP BY job.mass_change_number
     ORDER BY job.mass_change_number DESC
     LIMIT %(limit)s
"""
_LOCK: Final = """
    SELECT state FROM register.mass_change WHERE mass_change_number = %(mass_change_number)s FOR UPDATE
"""
_LIST_OPEN: Final = """
    SELECT mass_change_number
      FROM register.mass_change
     WHERE state IN ('approved', 'running') AND effective_on <= %(today)s
     ORDER BY effective_on, mass_change_number
"""
_LIST_ROWS: Final = """
    SELECT row_number, old_place, new_place, postal_code
      FROM register.mass_change_row
     WHERE mass_change_number = %(mass_change_number)s AND error_code IS NULL
     ORDER BY row_number
"""
_LIST_REFUSED_ROWS: Final = """
    SELECT row_number, error_code, error_field, old_place, new_place, postal_code
      FROM register.mass_change_row
     WHERE mass_change_number = %(mass_change_number)s AND error_code IS NOT NULL
     ORDER BY row_number
"""
_APPROVE: Final = """
    UPDATE register.mass_change SET state = 'approved', approved_at = %(now)s, approved_by = %(operator_id)s
     WHERE mass_change_number = %(mass_change_number)s
"""
_DISCARD: Final = """
    UPDATE register.mass_change SET state = 'discarded' WHERE mass_change_number = %(mass_change_number)s
"""
_START: Final = """
    UPDATE register.mass_change SET state = 'running', started_at = %(now)s
     WHERE mass_change_number = %(mass_change_number)s
"""
_FINISH: Final = """
    UPDATE register.mass_change SET state = 'finished', finished_at = %(now)s
     WHERE mass_change_number = %(mass_change_number)s
"""
_ADD_HOUSEHOLDS: Final = """
    INSERT INTO register.mass_change_household (mass_change_number, household_number, state)
    SELECT %(mass_change_number)s, wanted.household_number, 'waiting'
      FROM unnest(%(household_numbers)s::bigint[]) AS wanted (household_number)
        ON CONFLICT (mass_change_number, household_number) DO NOTHING
"""
#: Whom a clerk is at work on waits until the clerk is done; whom another runner has taken is passed over.
_TAKE: Final = """
    SELECT work.household_number
      FROM register.mass_change_household AS work
     WHERE work.mass_change_number = %(mass_change_number)s
       AND work.state = 'waiting'
       AND NOT work.household_number = ANY(%(beside)s)
     ORDER BY work.household_number
     LIMIT %(limit)s
       FOR UPDATE SKIP LOCKED
"""
_LIST_EDITED: Final = """
    SELECT DISTINCT record.household_number
      FROM register.editing AS held
      JOIN register.current_record AS record USING (resident_number)
     WHERE held.until > %(now)s
"""
_SETTLE: Final = """
    UPDATE register.mass_change_household AS work
       SET state = said.state, residents = said.residents, error_code = said.error_code,
           error_field = said.error_field, settled_at = %(now)s
      FROM unnest(%(household_numbers)s::bigint[], %(states)s::text[], %(residents)s::integer[],
                  %(error_codes)s::text[], %(error_fields)s::text[])
        AS said (household_number, state, residents, error_code, error_field)
     WHERE work.mass_change_number = %(mass_change_number)s AND work.household_number = said.household_number
"""
_COUNT_WAITING: Final = """
    SELECT count(*) FROM register.mass_change_household
     WHERE mass_change_number = %(mass_change_number)s AND state = 'waiting'
"""
_LIST_REFUSED: Final = """
    SELECT household_number, error_code, error_field
      FROM register.mass_change_household
     WHERE mass_change_number = %(mass_change_number)s AND state = 'refused'
     ORDER BY household_number
     LIMIT %(limit)s
"""
_LIST_KNOWN: Final = """
    SELECT household_number FROM register.mass_change_household WHERE mass_change_number = %(mass_change_number)s
"""
_LIST_RESIDENTS: Final = """
    SELECT household_number, municipality, address, is_protected,
           CASE WHEN first_listed_person IS NOT NULL THEN registered_domicile END
      FROM register.current_record
     WHERE NOT is_removed AND address LIKE ANY(%(patterns)s)
     ORDER BY household_number
"""


@dataclass(frozen=True, slots=True)
class MassChange:
    """One mass change, and how far it has come."""

    mass_change_number: int
    kind: str
    public_notice: str
    noticed_on: date
    effective_on: date
    state: str
    made_at: datetime
    made_by: str
    approved_at: datetime | None
    approved_by: str | None
    started_at: datetime | None
    finished_at: datetime | None
    #: Households found, those of them that are through, those that could not be changed, and residents changed.
    households: int
    settled: int
    refused: int
    residents: int


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A row of the table, or a household, that could not be changed, and why."""

    number: int
    error_code: str
    error_field: str | None
    #: The row as it was read; none of a household.
    row: AddressRow | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Lived:
    """Where one resident lives now."""

    household_number: int
    municipality: str
    address: str = field(repr=False)
    is_protected: bool = field(repr=False)
    #: Where the annex that is told of the new address is kept; None where nobody is.
    registered_domicile: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a household."""

    household_number: int
    state: str
    residents: int = 0
    error_code: str | None = None
    error_field: str | None = None


async def add_mass_change(
    unit: Unit,
    *,
    kind: MassChangeKind,
    public_notice: str,
    noticed_on: date,
    effective_on: date,
    rows: Sequence[AddressRow],
    refused: Sequence[RefusedRow],
    made_at: datetime,
    made_by: str,
    form_number: str | None = None,
) -> int | None:
    """Keep a mass change with its rows, usable or not, and return its number; None where the form was sent before."""
    parameters = {
        "kind": kind.tag,
        "public_notice": public_notice,
        "noticed_on": noticed_on,
        "effective_on": effective_on,
        "made_at": made_at,
        "made_by": made_by,
        "form_number": form_number,
    }
    found = await (await unit.execute(_ADD, parameters)).fetchone()
    if found is None:
        return None
    number = int(found[0])
    said = [_row(number, row) for row in rows] + [_row(number, one.row, one.error) for one in refused]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD_ROW, said)
    return number


async def find_mass_change_of_form(unit: Unit, form_number: str | None) -> int:
    """Return the number of the mass change a form made; raise MassChangeNotFoundError."""
    found = await (await unit.execute(_FIND_OF_FORM, {"form_number": form_number})).fetchone()
    if found is None:
        raise MassChangeNotFoundError(field="form_number")
    return int(found[0])


def _row(mass_change_number: int, row: AddressRow, error: JukinetError | None = None) -> dict[str, object]:
    return {
        "mass_change_number": mass_change_number,
        "row_number": row.row_number,
        "old_place": row.old,
        "new_place": row.new,
        "postal_code": row.postal_code,
        "error_code": None if error is None else error.code,
        "error_field": None if error is None else error.field,
    }


async def find_mass_change(unit: Unit, mass_change_number: int) -> MassChange:
    """Return a mass change; raise MassChangeNotFoundError."""
    found = await _list(unit, mass_change_number, 1)
    if not found:
        raise MassChangeNotFoundError(field="mass_change_number")
    return found[0]


async def list_mass_changes(unit: Unit, *, limit: int) -> list[MassChange]:
    """Return mass changes, the newest first."""
    return await _list(unit, None, limit)


async def _list(unit: Unit, mass_change_number: int | None, limit: int) -> list[MassChange]:
    parameters = {"mass_change_number": mass_change_number, "limit": limit}
    return [MassChange(*row) for row in await (await unit.execute(_LIST, parameters)).fetchall()]


async def lock_mass_change(unit: Unit, mass_change_number: int) -> str:
    """Lock a mass change until the transaction ends and return its state; raise MassChangeNotFoundError."""
    row = await (await unit.execute(_LOCK, {"mass_change_number": mass_change_number})).fetchone()
    if row is None:
        raise MassChangeNotFoundError(field="mass_change_number")
    return str(row[0])


async def list_open_mass_changes(unit: Unit, *, today: date) -> list[int]:
    """Return the numbers of those that are approved or under way and whose day has come."""
    cursor = await unit.execute(_LIST_OPEN, {"today": today})
    return [int(number) for (number,) in await cursor.fetchall()]


async def list_rows(unit: Unit, mass_change_number: int) -> list[AddressRow]:
    """Return the rows that can be used."""
    cursor = await unit.execute(_LIST_ROWS, {"mass_change_number": mass_change_number})
    return [AddressRow(*row) for row in await cursor.fetchall()]


async def list_refused_rows(unit: Unit, mass_change_number: int) -> list[NotApplied]:
    """Return the rows that cannot be used."""
    cursor = await unit.execute(_LIST_REFUSED_ROWS, {"mass_change_number": mass_change_number})
    return [
        NotApplied(number, code, name, AddressRow(number, old, new, postal_code))
        for number, code, name, old, new, postal_code in await cursor.fetchall()
    ]


async def approve_mass_change(unit: Unit, mass_change_number: int, *, operator_id: str, now: datetime) -> None:
    """Note who approved it."""
    parameters = {"mass_change_number": mass_change_number, "operator_id": operator_id, "now": now}
    await unit.execute(_APPROVE, parameters)


async def discard_mass_change(unit: Unit, mass_change_number: int) -> None:
    """Note that it will never be carried out."""
    await unit.execute(_DISCARD, {"mass_change_number": mass_change_number})


async def start_mass_change(unit: Unit, mass_change_number: int, *, now: datetime) -> None:
    """Note that it is under way."""
    await unit.execute(_START, {"mass_change_number": mass_change_number, "now": now})


async def finish_mass_change(unit: Unit, mass_change_number: int, *, now: datetime) -> None:
    """Note that it is through."""
    await unit.execute(_FINISH, {"mass_change_number": mass_change_number, "now": now})


async def add_households(unit: Unit, mass_change_number: int, household_numbers: Collection[int]) -> int:
    """Add households to be changed; return how many were not known yet."""
    parameters = {"mass_change_number": mass_change_number, "household_numbers": list(household_numbers)}
    return (await unit.execute(_ADD_HOUSEHOLDS, parameters)).rowcount


async def list_known_households(unit: Unit, mass_change_number: int) -> set[int]:
    """Return the households the change has found so far, settled or not."""
    cursor = await unit.execute(_LIST_KNOWN, {"mass_change_number": mass_change_number})
    return {int(number) for (number,) in await cursor.fetchall()}


async def take_households(unit: Unit, mass_change_number: int, *, limit: int, now: datetime) -> list[int]:
    """Lock and return the next households that wait and that no clerk is at work on."""
    edited = [int(number) for (number,) in await (await unit.execute(_LIST_EDITED, {"now": now})).fetchall()]
    parameters = {"mass_change_number": mass_change_number, "beside": edited, "limit": limit}
    return [int(number) for (number,) in await (await unit.execute(_TAKE, parameters)).fetchall()]


async def count_waiting(unit: Unit, mass_change_number: int) -> int:
    """Return how many households still wait."""
    row = await (await unit.execute(_COUNT_WAITING, {"mass_change_number": mass_change_number})).fetchone()
    return int(row[0]) if row else 0


async def settle_households(unit: Unit, mass_change_number: int, settled: Sequence[Settled], *, now: datetime) -> None:
    """Note what became of households, in the transaction that changed them."""
    parameters = {
        "mass_change_number": mass_change_number,
        "household_numbers": [one.household_number for one in settled],
        "states": [one.state for one in settled],
        "residents": [one.residents for one in settled],
        "error_codes": [one.error_code for one in settled],
        "error_fields": [one.error_field for one in settled],
        "now": now,
    }
    await unit.execute(_SETTLE, parameters)


async def list_refused_households(unit: Unit, mass_change_number: int, *, limit: int) -> list[NotApplied]:
    """Return households that could not be changed."""
    parameters = {"mass_change_number": mass_change_number, "limit": limit}
    return [NotApplied(*row) for row in await (await unit.execute(_LIST_REFUSED, parameters)).fetchall()]


async def stream_residents(unit: Unit, beginnings: Collection[str]) -> AsyncIterator[Lived]:
    """Give where each present resident lives whose address begins in one of these ways, by household."""
    patterns = [f"{_escaped(beginning)}%" for beginning in beginnings]
    async with unit.cursor() as cursor:
        await cursor.execute(_LIST_RESIDENTS, {"patterns": patterns})
        async for row in cursor:
            yield Lived(*row)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
