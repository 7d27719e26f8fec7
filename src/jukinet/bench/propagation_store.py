"""Statements of the propagation bench: filling an outbox, the raw merge beside it, and comparing the two outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

from jukinet.audit.events import AuditEvent
from jukinet.postgres.database import Unit

_LIST_LIVING: Final = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, update_sequence
      FROM identification.record
     WHERE municipality = %(municipality)s AND NOT is_removed AND hashtext(resident_record_code) %% 16 <> 0
     ORDER BY hashtextextended(resident_record_code, %(seed)s)
     LIMIT %(limit)s
"""
_LIST_CODES_OF_BIRTHS: Final = """
    SELECT resident_record_code FROM identification.record WHERE resident_record_code LIKE '8%'
"""
# The register knows nothing of the filled outbox, so single changes are of residents who have no part in that.
_LIST_UNTOUCHED: Final = """
    SELECT resident_number
      FROM register.resident
     WHERE NOT is_removed AND hashtext(resident_record_code) %% 16 = 0
     ORDER BY hashint8extended(resident_number, %(seed)s)
     LIMIT %(limit)s
"""
_FILL_OUTBOX: Final = """
    COPY delivery.outbox (receiver, message_type, notices, notice_count, queued_at) FROM STDIN (FORMAT binary)
"""
_TIDY_OUTBOX: Final = "VACUUM ANALYZE delivery.outbox"
_COUNT_QUEUED: Final = "SELECT count(*) FROM delivery.outbox"
_HAS_RECEIVED: Final = (
    "SELECT coalesce(sum((detail ->> 'applied')::bigint), 0) FROM audit.event WHERE event = %(event)s"
)
_COUNT_HELD: Final = "SELECT count(*) FROM delivery.held_notice WHERE state IN ('quarantined', 'waiting')"

_PREPARE: Final = """
    DROP SCHEMA IF EXISTS merge_baseline CASCADE;
    CREATE SCHEMA merge_baseline;
    CREATE TABLE merge_baseline.record (LIKE identification.record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
      WITH (fillfactor = 85);
    INSERT INTO merge_baseline.record
           (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
            municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
            update_sequence, is_removed, received_at)
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
           update_sequence, is_removed, received_at
      FROM identification.record;
    ALTER TABLE merge_baseline.record ADD PRIMARY KEY (resident_record_code);
    CREATE INDEX ON merge_baseline.record (individual_number);
    CREATE UNLOGGED TABLE merge_baseline.staging (LIKE identification.record INCLUDING DEFAULTS);
"""
_TIDY: Final = "VACUUM ANALYZE merge_baseline.record"
_DROP: Final = "DROP SCHEMA IF EXISTS merge_baseline CASCADE"
_STAGE: Final = """
    COPY merge_baseline.staging
         (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, municipality,
          address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence, is_removed,
          received_at)
    FROM STDIN
"""
_MERGE: Final = """
    INSERT INTO merge_baseline.record
           (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
            municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
            update_sequence, is_removed, received_at)
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
           update_sequence, is_removed, received_at
      FROM merge_baseline.staging
    ON CONFLICT (resident_record_code) DO UPDATE
       SET individual_number = excluded.individual_number,
           name = excluded.name,
           kana = excluded.kana,
           former_surname = excluded.former_surname,
           alias = excluded.alias,
           birth_date = excluded.birth_date,
           sex = excluded.sex,
           municipality = excluded.municipality,
           address = excluded.address,
           postal_code = excluded.postal_code,
           change_reason = excluded.change_reason,
           changed_on = excluded.changed_on,
           previous_resident_record_code = excluded.previous_resident_record_code,
           update_sequence = excluded.update_sequence,
           is_removed = excluded.is_removed,
           received_at = excluded.received_at
"""
_EMPTY_STAGING: Final = "TRUNCATE merge_baseline.staging"
#: Everything but when it was received.
_COUNT_DIFFERENCES: Final = """
    SELECT count(*)
      FROM identification.record AS propagated
      FULL JOIN merge_baseline.record AS merged USING (resident_record_code)
     WHERE (propagated.individual_number, propagated.name, propagated.kana, propagated.former_surname,
            propagated.alias, propagated.birth_date, propagated.sex, propagated.municipality, propagated.address,
            propagated.postal_code, propagated.change_reason, propagated.changed_on,
            propagated.previous_resident_record_code, propagated.update_sequence, propagated.is_removed)
           IS DISTINCT FROM
           (merged.individual_number, merged.name, merged.kana, merged.former_surname, merged.alias,
            merged.birth_date, merged.sex, merged.municipality, merged.address, merged.postal_code,
            merged.change_reason, merged.changed_on, merged.previous_resident_record_code, merged.update_sequence,
            merged.is_removed)
"""


async def list_living(unit: Unit, *, municipality: str, seed: int, limit: int) -> list[tuple[Any, ...]]:
    """Return residents of the municipality who have a live record, in an order of chance."""
    parameters = {"municipality": municipality, "seed": seed, "limit": limit}
    return await (await unit.execute(_LIST_LIVING, parameters)).fetchall()


async def list_codes_of_births(unit: Unit) -> list[str]:
    """Return the codes of everybody born in a measurement so far."""
    return [code for (code,) in await (await unit.execute(_LIST_CODES_OF_BIRTHS)).fetchall()]


async def list_untouched(unit: Unit, *, seed: int, limit: int) -> list[int]:
    """Return the numbers of residents no filled outbox spoke of, in an order of chance."""
    cursor = await unit.execute(_LIST_UNTOUCHED, {"seed": seed, "limit": limit})
    return [int(number) for (number,) in await cursor.fetchall()]


async def fill_outbox(
    unit: Unit, parcels: Sequence[bytes], *, receiver: str, message_type: str, queued_at: datetime
) -> None:
    """Queue one parcel per notice."""
    async with unit.cursor() as cursor, cursor.copy(_FILL_OUTBOX) as copy:
        copy.set_types(["text", "text", "bytea", "int4", "timestamptz"])
        for parcel in parcels:
            await copy.write_row((receiver, message_type, parcel, 1, queued_at))
    await unit.execute(_TIDY_OUTBOX)


async def count_queued_parcels(unit: Unit) -> int:
    """Return how many parcels wait in the outbox."""
    return await _count(unit, _COUNT_QUEUED)


async def count_applied(unit: Unit) -> int:
    """Return how many notices this node ever applied, by its audit log."""
    row = await (await unit.execute(_HAS_RECEIVED, {"event": AuditEvent.NOTICES_RECEIVED.tag})).fetchone()
    return int(row[0]) if row else 0


async def count_held(unit: Unit) -> int:
    """Return how many notices this node holds back."""
    return await _count(unit, _COUNT_HELD)


async def prepare_merge(unit: Unit) -> None:
    """Make the table the raw merge goes into, equal to the national one."""
    await unit.execute(_PREPARE)
    await unit.execute(_TIDY)


async def merge_raw(unit: Unit, rows: bytes) -> None:
    """COPY the rows into the staging table and merge them with one statement."""
    async with unit.transaction():
        async with unit.cursor() as cursor, cursor.copy(_STAGE) as copy:
            await copy.write(rows)
        await unit.execute(_MERGE)


async def empty_staging(unit: Unit) -> None:
    """Empty the staging table for the next run."""
    await unit.execute(_EMPTY_STAGING)


async def count_differences(unit: Unit) -> int:
    """Return how many residents the propagated and the merged table know differently."""
    return await _count(unit, _COUNT_DIFFERENCES)


async def drop_merge(unit: Unit) -> None:
    """Remove the tables of the raw merge."""
    await unit.execute(_DROP)


async def _count(unit: Unit, statement: LiteralString) -> int:
    row = await (await unit.execute(statement)).fetchone()
    return int(row[0]) if row else 0
