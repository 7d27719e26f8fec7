"""Statements of the benches: their raw baselines, and what they count and compare."""

from __future__ import annotations

from typing import Final, LiteralString

from jukinet.postgres.database import Unit

_CHECKPOINT: Final = "CHECKPOINT"
_COUNT_RESIDENTS: Final = "SELECT count(*) FROM identification.record"
_COUNT_USES: Final = "SELECT count(*) FROM audit.use_log"
_LIST_CODES: Final = "SELECT resident_record_code FROM identification.record ORDER BY hashtext(resident_record_code)"

# pgbench cannot draw from a list, so its copy numbers the same residents from 90000000000 on. Everything else is
# equal: rows, columns, indexes, fill factor, the use log with its two indexes, and the role's rights.
_PREPARE_LOOKUP: Final = """
    DROP SCHEMA IF EXISTS lookup_baseline CASCADE;
    CREATE SCHEMA lookup_baseline;
    CREATE TABLE lookup_baseline.record (LIKE identification.record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
      WITH (fillfactor = 85);
    INSERT INTO lookup_baseline.record
           (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
            municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
            update_sequence, is_removed, received_at)
    SELECT (90000000000 + row_number() OVER (ORDER BY resident_record_code) - 1)::text, individual_number, name, kana,
           former_surname, alias, birth_date, sex, municipality, address, postal_code, change_reason, changed_on,
           previous_resident_record_code, update_sequence, is_removed, received_at
      FROM identification.record;
    ALTER TABLE lookup_baseline.record ADD PRIMARY KEY (resident_record_code);
    CREATE INDEX ON lookup_baseline.record (individual_number);
    CREATE TABLE lookup_baseline.use_log (LIKE audit.use_log INCLUDING ALL);
"""
_ALLOW_LOOKUP: Final = """
    GRANT USAGE ON SCHEMA lookup_baseline TO jukinet_national_app;
    GRANT SELECT ON lookup_baseline.record TO jukinet_national_app;
    GRANT SELECT, INSERT ON lookup_baseline.use_log TO jukinet_national_app;
"""
_TIDY_LOOKUP: Final = "VACUUM ANALYZE lookup_baseline.record"
_DROP_LOOKUP: Final = "DROP SCHEMA IF EXISTS lookup_baseline CASCADE"
_LIST_STATED: Final = """
    SELECT resident_record_code, name, birth_date, sex, address
      FROM identification.record
     ORDER BY hashtext(resident_record_code)
     LIMIT %(limit)s
"""
_EMPTY_RECORDS: Final = "TRUNCATE identification.record"
_EMPTY_USE_LOG: Final = "TRUNCATE audit.use_log"

#: What pgbench runs: one audited look-up, one transaction.
LOOKUP_SCRIPT: Final = r"""\set code random(90000000000, 90000000000 + :residents - 1)
BEGIN;
SELECT name, kana, former_surname, alias, birth_date, sex, address, change_reason, changed_on, is_removed
  FROM lookup_baseline.record WHERE resident_record_code = :code::text;
INSERT INTO lookup_baseline.use_log
       (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
        asked_by, result, items)
VALUES (uuidv7()::text, 'agency/nenkin', now(), :code::text, 'real_time', '1-74-2', '性能測定', 'bench-1', 'bench',
        'resident_record_code', 'found', 'name,birth_date,sex,address,change');
COMMIT;
"""


async def write_checkpoint(admin: Unit) -> None:
    """Write a checkpoint: what is measured next pays for first touching every page, as in a steady state."""
    await admin.execute(_CHECKPOINT)


async def count_residents(unit: Unit) -> int:
    """Return how many residents the nation has."""
    return await _count(unit, _COUNT_RESIDENTS)


async def count_uses(unit: Unit) -> int:
    """Return how many entries the use log has."""
    return await _count(unit, _COUNT_USES)


async def empty_records(unit: Unit) -> None:
    """Empty the table of residents."""
    await unit.execute(_EMPTY_RECORDS)


async def prepare_lookup(unit: Unit) -> None:
    """Make the tables the baseline of the look-up runs on, and empty the use log: both start with none."""
    await unit.execute(_PREPARE_LOOKUP)
    await unit.execute(_ALLOW_LOOKUP)
    await unit.execute(_EMPTY_USE_LOG)
    await unit.execute(_TIDY_LOOKUP)


async def drop_lookup(unit: Unit) -> None:
    """Remove the tables of the baseline."""
    await unit.execute(_DROP_LOOKUP)


async def list_codes(unit: Unit) -> list[str]:
    """Return every resident record code, shuffled."""
    cursor = await unit.execute(_LIST_CODES)
    return [code for (code,) in await cursor.fetchall()]


async def list_stated(unit: Unit, *, limit: int) -> list[tuple[str, ...]]:
    """Return code, name, birth date, sex and address of some residents, of chance."""
    return await (await unit.execute(_LIST_STATED, {"limit": limit})).fetchall()


async def _count(unit: Unit, statement: LiteralString) -> int:
    row = await (await unit.execute(statement)).fetchone()
    return int(row[0]) if row else 0
