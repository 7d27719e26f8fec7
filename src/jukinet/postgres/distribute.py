"""Spreading tables over machines with Citus, PostgreSQL's distributed engine, where that extension is present.

A node package says which tables are distributed, and by which column, in a constant that it passes here:

    DISTRIBUTED_TABLES: Final = (DistributedTable("national.resident", "resident_record_code"), …)

Nothing depends on Citus. Everything stays compatible with it: a unique constraint or an index of a distributed table
holds the distribution column, or Citus could not enforce it. `require_citus_compatible` proves that on any PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from jukinet.domain.errors import MigrationError
from jukinet.postgres.database import Unit

_HAS_CITUS: Final = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"
_IS_DISTRIBUTED: Final = "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = %(table)s::regclass)"
_DISTRIBUTE: Final = "SELECT create_distributed_table(%(table)s::regclass, %(column)s)"
_HAS_COLUMN: Final = """
    SELECT EXISTS (
        SELECT FROM pg_attribute
         WHERE attrelid = to_regclass(%(table)s) AND attname = %(column)s AND NOT attisdropped
    )
"""
#: Unique and primary keys, and exclusion constraints, that do not hold the distribution column as a plain key column.
_LIST_KEYS_WITHOUT_COLUMN: Final = """
    SELECT c.relname
      FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass(%(table)s)
       AND (i.indisunique OR i.indisexclusion)
       AND NOT EXISTS (
           SELECT FROM pg_attribute AS a
            WHERE a.attrelid = i.indrelid
              AND a.attname = %(column)s
              AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
       )
     ORDER BY c.relname
"""
#: Foreign keys with the distribution column nowhere in them, and the table they point to.
_LIST_FOREIGN_KEYS_WITHOUT_COLUMN: Final = """
    SELECT k.conname
      FROM pg_constraint AS k
     WHERE k.conrelid = to_regclass(%(table)s)
       AND k.contype = 'f'
       AND NOT EXISTS (
           SELECT FROM pg_attribute AS a
            WHERE a.attrelid = k.conrelid AND a.attname = %(column)s AND a.attnum = ANY (k.conkey)
       )
     ORDER BY k.conname
"""


@dataclass(frozen=True, slots=True)
class DistributedTable:
    """A table, named with its schema, and the column that decides on which machine a row lives."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """What `distribute_tables` did: nothing at all where the extension is absent."""

    is_citus_present: bool
    distributed: tuple[DistributedTable, ...]


async def distribute_tables(unit: Unit, tables: Sequence[DistributedTable]) -> Distribution:
    """Distribute those of `tables` that are not yet, where Citus is present; otherwise say that it is absent.

    Raises:
        MigrationError: a table is not fit for it (see `require_citus_compatible`); nothing was distributed.
    """
    await require_citus_compatible(unit, tables)
    if not await _is_so(unit, _HAS_CITUS, {}):
        return Distribution(is_citus_present=False, distributed=())
    distributed: list[DistributedTable] = []
    for table in tables:
        names = {"table": table.table, "column": table.column}
        if not await _is_so(unit, _IS_DISTRIBUTED, names):
            await unit.execute(_DISTRIBUTE, names)
            distributed.append(table)
    return Distribution(is_citus_present=True, distributed=tuple(distributed))


async def require_citus_compatible(unit: Unit, tables: Sequence[DistributedTable]) -> None:
    """Raise MigrationError, naming every offence, unless Citus could distribute each of `tables`."""
    offences = [offence for table in tables for offence in await list_citus_offences(unit, table)]
    if offences:
        raise MigrationError("Not fit for distribution: " + "; ".join(offences) + ".")


async def list_citus_offences(unit: Unit, table: DistributedTable) -> tuple[str, ...]:
    """Return what in the catalogue keeps Citus from distributing `table`, one sentence each."""
    names = {"table": table.table, "column": table.column}
    if not await _is_so(unit, _HAS_COLUMN, names):
        return (f"{table.table} has no column {table.column}",)
    keys = await (await unit.execute(_LIST_KEYS_WITHOUT_COLUMN, names)).fetchall()
    foreign_keys = await (await unit.execute(_LIST_FOREIGN_KEYS_WITHOUT_COLUMN, names)).fetchall()
    return (
        *(f"unique index {name} of {table.table} lacks {table.column}" for (name,) in keys),
        *(f"foreign key {name} of {table.table} lacks {table.column}" for (name,) in foreign_keys),
    )


async def _is_so(unit: Unit, question: LiteralString, names: dict[str, str]) -> bool:
    row = await (await unit.execute(question, names)).fetchone()
    return row is not None and bool(row[0])
