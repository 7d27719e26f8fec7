"""Every statement on a merger of municipalities: its state at either of the two, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.acts.mass_address_change import AddressRow
from jukinet.domain.errors import MergerNotFoundError
from jukinet.domain.mergers import Merger
from jukinet.postgres.database import Unit

# Until it is approved, what was made may be put right by making it again.
_ADD: Final = """
    INSERT INTO register.merger (outgoing, successor, public_notice, noticed_on, effective_on, state, made_at, made_by)
    VALUES (%(outgoing)s, %(successor)s, %(public_notice)s, %(noticed_on)s, %(effective_on)s, 'made', %(made_at)s,
            %(made_by)s)
        ON CONFLICT (outgoing) DO UPDATE
       SET successor = excluded.successor, public_notice = excluded.public_notice, noticed_on = excluded.noticed_on,
           effective_on = excluded.effective_on, made_at = excluded.made_at, made_by = excluded.made_by
     WHERE merger.state = 'made'
"""
_FORGET_TOWNS: Final = "DELETE FROM register.merger_town WHERE outgoing = %(outgoing)s"
_ADD_TOWN: Final = """
    INSERT INTO register.merger_town (outgoing, row_number, old_place, new_place, postal_code)
    VALUES (%(outgoing)s, %(row_number)s, %(old)s, %(new)s, %(postal_code)s)
"""
_LIST_TOWNS: Final = """
    SELECT row_number, old_place, new_place, postal_code
      FROM register.merger_town
     WHERE outgoing = %(outgoing)s
     ORDER BY row_number
"""
_LIST: Final = """
    SELECT outgoing, successor, public_notice, noticed_on, effective_on, state, made_by, approved_by,
           parts_received, parts_expected, rows_received, rows_expected, household_base, last_household, merged_until,
           residents
      FROM register.merger
     WHERE %(outgoing)s::text IS NULL OR outgoing = %(outgoing)s
     ORDER BY effective_on DESC, outgoing
"""
_LOCK: Final = "SELECT state FROM register.merger WHERE outgoing = %(outgoing)s FOR UPDATE"
_APPROVE: Final = """
    UPDATE register.merger SET state = 'approved', approved_at = %(now)s, approved_by = %(operator_id)s
     WHERE outgoing = %(outgoing)s
"""
_DISCARD: Final = "DELETE FROM register.merger WHERE outgoing = %(outgoing)s"
_NOTE_HANDED_OVER: Final = """
    UPDATE register.merger
       SET state = 'handed_over', handed_over_at = %(now)s, parts_expected = %(parts)s, rows_expected = %(rows)s
     WHERE outgoing = %(outgoing)s
"""
#: Locked against the hand-over: what an act writes is handed over, or the act is refused.
_FIND_CLOSING: Final = """
    SELECT outgoing, successor, state, effective_on
      FROM register.merger
     WHERE outgoing = %(outgoing)s AND state IN ('approved', 'handed_over')
       FOR SHARE
"""
_LIST_MERGED: Final = """
    SELECT outgoing, state <> 'finished'
      FROM register.merger
     WHERE successor = %(successor)s AND state IN ('taking_over', 'taken_over', 'finished')
"""
#: A merger that has refused households waits for somebody to begin it again.
_LIST_TAKEN_OVER: Final = """
    SELECT outgoing
      FROM register.merger
     WHERE successor = %(successor)s AND state = 'taken_over' AND merged_until < last_household
     ORDER BY outgoing
"""
_MERGED: Final = """
    UPDATE register.merger SET merged_until = %(merged_until)s, residents = residents + %(residents)s
     WHERE outgoing = %(outgoing)s
"""
_FORGET_REFUSALS: Final = "DELETE FROM register.merger_refusal WHERE outgoing = %(outgoing)s"
_BEGIN_AGAIN: Final = """
    UPDATE register.merger SET merged_until = household_base WHERE outgoing = %(outgoing)s
"""
_REFUSE: Final = """
    INSERT INTO register.merger_refusal (outgoing, household_number, error_code, error_field)
    VALUES (%(outgoing)s, %(household_number)s, %(error_code)s, %(error_field)s)
        ON CONFLICT (outgoing, household_number) DO NOTHING
"""
_LIST_REFUSALS: Final = """
    SELECT household_number, error_code, error_field
      FROM register.merger_refusal
     WHERE outgoing = %(outgoing)s
     ORDER BY household_number
     LIMIT %(limit)s
"""
_COUNT_OPEN_MASS_CHANGES: Final = """
    SELECT count(*) FROM register.mass_change WHERE state IN ('approved', 'running')
"""
_FINISH: Final = """
    UPDATE register.merger SET state = 'finished', finished_at = %(now)s WHERE outgoing = %(outgoing)s
"""
_LIST_HOUSEHOLDS: Final = """
    SELECT DISTINCT record.household_number
      FROM register.resident_record AS record
      JOIN register.resident AS handle USING (resident_number, version)
     WHERE record.household_number > %(after)s
       AND record.household_number <= %(last)s
       AND record.municipality = %(municipality)s
       AND NOT handle.is_removed
     ORDER BY record.household_number
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class KnownMerger:
    """One merger at one of the two municipalities, and how far it has come."""

    outgoing: str
    successor: str
    public_notice: str
    noticed_on: date
    effective_on: date
    state: str
    made_by: str
    approved_by: str | None
    parts_received: int
    parts_expected: int | None
    rows_received: int
    rows_expected: int | None
    household_base: int | None
    last_household: int | None
    merged_until: int | None
    #: How many residents have their new address.
    residents: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A household whose addresses could not be changed, and why."""

    household_number: int
    error_code: str
    error_field: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """The merger that closes a register, and whether it has been handed over."""

    outgoing: str
    successor: str
    state: str
    effective_on: date

    @property
    def is_handed_over(self) -> bool:
        """Return whether the register has gone to the successor."""
        return self.state == "handed_over"


async def add_merger(unit: Unit, merger: Merger, *, operator_id: str, now: datetime) -> bool:
    """Keep a merger; return whether it was kept: not where this municipality's is approved already."""
    parameters = {
        "outgoing": merger.outgoing.value,
        "successor": merger.successor.value,
        "public_notice": merger.public_notice,
        "noticed_on": merger.noticed_on,
        "effective_on": merger.effective_on,
        "made_at": now,
        "made_by": operator_id,
    }
    return (await unit.execute(_ADD, parameters)).rowcount == 1


async def replace_towns(unit: Unit, outgoing: str, rows: Sequence[AddressRow]) -> None:
    """Keep how towns are called from the merger on, in place of what was kept before."""
    await unit.execute(_FORGET_TOWNS, {"outgoing": outgoing})
    parameters = [
        {
            "outgoing": outgoing,
            "row_number": row.row_number,
            "old": row.old,
            "new": row.new,
            "postal_code": row.postal_code,
        }
        for row in rows
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD_TOWN, parameters)


async def list_towns(unit: Unit, outgoing: str) -> list[AddressRow]:
    """Return how towns are called from the merger on."""
    cursor = await unit.execute(_LIST_TOWNS, {"outgoing": outgoing})
    return [AddressRow(*row) for row in await cursor.fetchall()]


async def list_mergers(unit: Unit) -> list[KnownMerger]:
    """Return all mergers that are known here, the latest first."""
    cursor = await unit.execute(_LIST, {"outgoing": None})
    return [KnownMerger(*row) for row in await cursor.fetchall()]


async def find_merger(unit: Unit, outgoing: str) -> KnownMerger:
    """Return the merger of a municipality that ceases; raise MergerNotFoundError."""
    row = await (await unit.execute(_LIST, {"outgoing": outgoing})).fetchone()
    if row is None:
        raise MergerNotFoundError(field="outgoing")
    return KnownMerger(*row)


async def lock_merger(unit: Unit, outgoing: str) -> KnownMerger:
    """Return the merger and lock it until the transaction ends; raise MergerNotFoundError."""
    await unit.execute(_LOCK, {"outgoing": outgoing})
    return await find_merger(unit, outgoing)


async def approve_merger(unit: Unit, outgoing: str, *, operator_id: str, now: datetime) -> None:
    """Note that the merger is approved."""
    await unit.execute(_APPROVE, {"outgoing": outgoing, "operator_id": operator_id, "now": now})


async def discard_merger(unit: Unit, outgoing: str) -> None:
    """Forget a merger that has not begun."""
    await unit.execute(_FORGET_TOWNS, {"outgoing": outgoing})
    await unit.execute(_DISCARD, {"outgoing": outgoing})


async def note_handed_over(unit: Unit, outgoing: str, *, parts: int, rows: int, now: datetime) -> None:
    """Note that the whole register waits in the outbox for the successor."""
    await unit.execute(_NOTE_HANDED_OVER, {"outgoing": outgoing, "parts": parts, "rows": rows, "now": now})


async def find_closing(unit: Unit, own: str, *, today: date) -> Closing | None:
    """Return the merger that closes the register of this municipality, if its day has come.

    In a transaction the merger stays as it is until the transaction ends.
    """
    row = await (await unit.execute(_FIND_CLOSING, {"outgoing": own})).fetchone()
    closing = None if row is None else Closing(*row)
    return closing if closing is not None and closing.effective_on <= today else None


async def list_merged(unit: Unit, own: str) -> dict[str, bool]:
    """Return the municipalities that this one continues, each with whether its records are still being taken over."""
    cursor = await unit.execute(_LIST_MERGED, {"successor": own})
    return dict(await cursor.fetchall())


async def list_taken_over(unit: Unit, own: str) -> list[str]:
    """Return the municipalities whose records are all here and wait for the new code."""
    cursor = await unit.execute(_LIST_TAKEN_OVER, {"successor": own})
    return [code for (code,) in await cursor.fetchall()]


async def list_merging_households(unit: Unit, outgoing: str, *, after: int, last: int, limit: int) -> list[int]:
    """Return the next households, after one, with a live member who still has the old code."""
    parameters = {"municipality": outgoing, "after": after, "last": last, "limit": limit}
    cursor = await unit.execute(_LIST_HOUSEHOLDS, parameters)
    return [number for (number,) in await cursor.fetchall()]


async def note_merged(
    unit: Unit, outgoing: str, *, merged_until: int, residents: int, refusals: Iterable[Refusal]
) -> None:
    """Note how far the addresses have been changed."""
    await unit.execute(_MERGED, {"outgoing": outgoing, "merged_until": merged_until, "residents": residents})
    rows: list[dict[str, Any]] = [
        {
            "outgoing": outgoing,
            "household_number": one.household_number,
            "error_code": one.error_code,
            "error_field": one.error_field,
        }
        for one in refusals
    ]
    if rows:
        async with unit.cursor() as cursor:
            await cursor.executemany(_REFUSE, rows)


async def begin_again(unit: Unit, outgoing: str) -> None:
    """Let the change of addresses go through all households once more: only those not changed yet are left."""
    await unit.execute(_FORGET_REFUSALS, {"outgoing": outgoing})
    await unit.execute(_BEGIN_AGAIN, {"outgoing": outgoing})


async def list_refusals(unit: Unit, outgoing: str, *, limit: int) -> list[Refusal]:
    """Return the households whose addresses could not be changed."""
    cursor = await unit.execute(_LIST_REFUSALS, {"outgoing": outgoing, "limit": limit})
    return [Refusal(*row) for row in await cursor.fetchall()]


async def finish_merger(unit: Unit, outgoing: str, *, now: datetime) -> None:
    """Note that everybody has the new code."""
    await unit.execute(_FINISH, {"outgoing": outgoing, "now": now})


async def count_open_mass_changes(unit: Unit) -> int:
    """Return how many mass changes of addresses are approved and not finished."""
    row = await (await unit.execute(_COUNT_OPEN_MASS_CHANGES)).fetchone()
    return int(row[0]) if row else 0
