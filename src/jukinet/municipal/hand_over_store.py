"""Every statement that reads a whole register to hand it over, and that takes the parts of another one in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from jukinet.postgres.database import Unit
from jukinet.protocol.hand_over import HANDED_OVER, HandOverTotal, HighestNumbers, Row

_AS_TEXT: Final = sql.SQL("{column}::text")


def _columns_of(table: str) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, HANDED_OVER[table]))


_READ: Final = {
    table: sql.SQL("SELECT {texts} FROM register.{table}").format(
        texts=sql.SQL(", ").join(_AS_TEXT.format(column=sql.Identifier(column)) for column in columns),
        table=sql.Identifier(table),
    )
    for table, columns in HANDED_OVER.items()
}
_COPY: Final = {
    table: sql.SQL("COPY register.{table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(table), columns=_columns_of(table)
    )
    for table in HANDED_OVER
}
_ADD_ONCE: Final = {
    table: sql.SQL(
        "INSERT INTO register.{table} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values}) ON CONFLICT DO NOTHING"
    ).format(
        table=sql.Identifier(table),
        columns=_columns_of(table),
        values=sql.SQL(", ").join(sql.Placeholder() for _ in columns),
    )
    for table, columns in HANDED_OVER.items()
}
#: What both registers may hold: the copy of what was notified, a code, a notice of a third municipality.
_HELD_BY_BOTH: Final = frozenset({"notified_identification", "code_pool", "move_in_notice", "annex_notice"})

_FIND_HIGHEST: Final = """
    SELECT (SELECT coalesce(max(resident_number), 0) FROM register.resident),
           (SELECT coalesce(max(household_number), 0) FROM register.resident_record),
           (SELECT coalesce(max(act_number), 0) FROM register.act),
           (SELECT coalesce(max(notice_number), 0) FROM register.code_notice),
           (SELECT coalesce(max(notice_number), 0) FROM register.person_notice)
"""
_FIND_LATE_MOVE_IN: Final = sql.SQL("""
    SELECT {texts} FROM register.move_in_notice
     WHERE sender = %(sender)s AND notice_number = ANY(%(notice_numbers)s)
""").format(texts=sql.SQL(", ").join(_AS_TEXT.format(column=sql.Identifier(c)) for c in HANDED_OVER["move_in_notice"]))
_FIND_LATE_ANNEX: Final = sql.SQL("""
    SELECT {texts} FROM register.annex_notice
     WHERE sender = %(sender)s AND notice_number = ANY(%(notice_numbers)s)
""").format(texts=sql.SQL(", ").join(_AS_TEXT.format(column=sql.Identifier(c)) for c in HANDED_OVER["annex_notice"]))

_SERIALISE: Final = "SELECT pg_advisory_xact_lock(7100015)"
#: Numbers that desks draw between the two calls fall into the gap: nobody else gets one of those set apart.
_GAP: Final = 100_000
_SET_APART: Final = """
    UPDATE register.merger
       SET state = 'taking_over',
           resident_base = nextval('register.resident_number') + %(gap)s,
           household_base = nextval('register.household_number') + %(gap)s,
           act_base = nextval('register.act_act_number_seq') + %(gap)s,
           code_notice_base = nextval('register.code_notice_notice_number_seq') + %(gap)s,
           person_notice_base = nextval('register.person_notice_notice_number_seq') + %(gap)s
     WHERE outgoing = %(outgoing)s
"""
_ADVANCE: Final = """
    UPDATE register.merger
       SET last_household = household_base + %(household)s, merged_until = household_base - 1
     WHERE outgoing = %(outgoing)s
 RETURNING setval('register.resident_number', resident_base + %(resident)s),
           setval('register.household_number', household_base + %(household)s),
           setval('register.act_act_number_seq', act_base + %(act)s),
           setval('register.code_notice_notice_number_seq', code_notice_base + %(code_notice)s),
           setval('register.person_notice_notice_number_seq', person_notice_base + %(person_notice)s)
"""
_FIND_BASES: Final = """
    SELECT resident_base, household_base, act_base, code_notice_base, person_notice_base
      FROM register.merger
     WHERE outgoing = %(outgoing)s
"""
_NOTE_PART: Final = """
    UPDATE register.merger
       SET parts_received = parts_received + %(parts)s,
           rows_received = rows_received + %(rows)s,
           parts_expected = coalesce(%(parts_expected)s, parts_expected),
           rows_expected = coalesce(%(rows_expected)s, rows_expected)
     WHERE outgoing = %(outgoing)s
"""
_COMPLETE: Final = """
    UPDATE register.merger
       SET state = 'taken_over'
     WHERE outgoing = %(outgoing)s
       AND state = 'taking_over'
       AND parts_received = parts_expected
       AND rows_received = rows_expected
"""
#: Of two records of one person the present one is who is live, else who has come further.
_STEP_BACK: Final = """
    UPDATE register.resident AS kept
       SET is_former = true
      FROM unnest(%(codes)s::text[], %(sequences)s::integer[], %(removed)s::boolean[], %(former)s::boolean[])
        AS arriving (resident_record_code, update_sequence, is_removed, is_former)
     WHERE kept.resident_record_code = arriving.resident_record_code
       AND NOT kept.is_former
       AND NOT arriving.is_former
       AND (NOT arriving.is_removed, arriving.update_sequence) > (NOT kept.is_removed, kept.update_sequence)
"""
_ADD_RESIDENTS: Final = """
    INSERT INTO register.resident
           (resident_number, version, resident_record_code, update_sequence, is_removed, is_former)
    SELECT arriving.resident_number, arriving.version, arriving.resident_record_code, arriving.update_sequence,
           arriving.is_removed,
           arriving.is_former OR EXISTS (
               SELECT
                 FROM register.resident AS kept
                WHERE kept.resident_record_code = arriving.resident_record_code AND NOT kept.is_former
           )
      FROM unnest(%(numbers)s::bigint[], %(versions)s::integer[], %(codes)s::text[], %(sequences)s::integer[],
                  %(removed)s::boolean[], %(former)s::boolean[])
        AS arriving (resident_number, version, resident_record_code, update_sequence, is_removed, is_former)
"""


@dataclass(frozen=True, slots=True)
class Bases:
    """What is added to the numbers of a register that is taken over."""

    resident: int
    household: int
    act: int
    code_notice: int
    person_notice: int


async def find_highest_numbers(unit: Unit) -> HighestNumbers:
    """Return the highest numbers of this register."""
    row = await (await unit.execute(_FIND_HIGHEST)).fetchone()
    resident, household, act, code_notice, person_notice = (0, 0, 0, 0, 0) if row is None else map(int, row)
    return HighestNumbers(
        resident=resident, household=household, act=act, code_notice=code_notice, person_notice=person_notice
    )


async def stream_table(unit: Unit, table: str) -> AsyncIterator[Row]:
    """Give every row of a table in text form. The transaction of `unit` must be open."""
    async with unit.cursor(name="hand_over") as cursor:
        cursor.itersize = 2_000
        await cursor.execute(_READ[table])
        async for row in cursor:
            yield row


async def list_late_rows(unit: Unit, table: str, *, sender: str, notice_numbers: Sequence[str]) -> list[Row]:
    """Return the rows of notices that a third municipality has just sent."""
    statement = _FIND_LATE_MOVE_IN if table == "move_in_notice" else _FIND_LATE_ANNEX
    cursor = await unit.execute(statement, {"sender": sender, "notice_numbers": list(notice_numbers)})
    return await cursor.fetchall()


async def set_numbers_apart(unit: Unit, outgoing: str, highest: HighestNumbers) -> None:
    """Keep numbers for everything that is taken over, so that nobody here gets one of them."""
    await unit.execute(_SERIALISE)
    await unit.execute(_SET_APART, {"outgoing": outgoing, "gap": _GAP})
    parameters = {
        "outgoing": outgoing,
        "resident": highest.resident,
        "household": highest.household,
        "act": highest.act,
        "code_notice": highest.code_notice,
        "person_notice": highest.person_notice,
    }
    await unit.execute(_ADVANCE, parameters)


async def find_bases(unit: Unit, outgoing: str) -> Bases:
    """Return what is added to the numbers of this municipality's register."""
    row = await (await unit.execute(_FIND_BASES, {"outgoing": outgoing})).fetchone()
    return Bases(*map(int, row or (0, 0, 0, 0, 0)))


async def add_rows(unit: Unit, table: str, rows: Sequence[Row]) -> None:
    """Add rows in text form, their numbers already moved."""
    if table == "resident":
        await _add_residents(unit, rows)
    elif table in _HELD_BY_BOTH:
        async with unit.cursor() as cursor:
            await cursor.executemany(_ADD_ONCE[table], rows)
    else:
        async with unit.cursor() as cursor, cursor.copy(_COPY[table]) as copy:
            for row in rows:
                await copy.write_row(row)


async def _add_residents(unit: Unit, rows: Sequence[Row]) -> None:
    numbers, versions, codes, sequences, removed, former = map(list, zip(*rows, strict=True))
    parameters: Mapping[str, object] = {
        "numbers": numbers,
        "versions": versions,
        "codes": codes,
        "sequences": sequences,
        "removed": removed,
        "former": former,
    }
    await unit.execute(_STEP_BACK, parameters)
    await unit.execute(_ADD_RESIDENTS, parameters)


async def note_part(unit: Unit, outgoing: str, *, parts: int, rows: int, total: HandOverTotal | None) -> None:
    """Note that so much more has come, and what the whole comes to where a part says it."""
    parameters = {
        "outgoing": outgoing,
        "parts": parts,
        "rows": rows,
        "parts_expected": None if total is None else total.parts,
        "rows_expected": None if total is None else total.rows,
    }
    await unit.execute(_NOTE_PART, parameters)


async def note_complete(unit: Unit, outgoing: str) -> bool:
    """Note that everything has come, if it has; return whether this is the moment it had."""
    return (await unit.execute(_COMPLETE, {"outgoing": outgoing})).rowcount == 1
