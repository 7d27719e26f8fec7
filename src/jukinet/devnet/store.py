"""Statements the devnet makes on the databases of its nodes: loading residents, and comparing the tiers."""

from __future__ import annotations

from typing import Any, Final, LiteralString

from psycopg import sql

from jukinet.postgres.database import Unit

COPY: Final = sql.SQL("COPY {table} ({columns}) FROM STDIN")

RESTART_NUMBERS: Final = """
    SELECT setval('register.resident_number', (SELECT max(resident_number) FROM register.resident_record)),
           setval('register.household_number', (SELECT max(household_number) FROM register.resident_record))
"""

_DROP_DATABASE: Final = sql.SQL("DROP DATABASE IF EXISTS {database} WITH (FORCE)")

# Who moved away is, or will be, a resident of another municipality: of the removed, only the dead are compared, as they
# were last told upward: what is corrected in a removed record stays in the municipality.
# A row as text tells an item that is not there from an empty one. Order does not matter to XOR, so three tiers with
# different physical orders give the same figure.
_DIGEST_MUNICIPAL: Final = """
    SELECT count(*),
           coalesce(bit_xor(hashtextextended(ROW(handle.resident_record_code, current.individual_number,
               current.name, current.kana, current.former_surname, current.alias, current.birth_date, current.sex,
               current.municipality, current.address, current.postal_code, current.change_reason, current.changed_on,
               handle.update_sequence, current.is_removed)::text, 0)), 0)
      FROM register.resident AS handle
      JOIN register.resident_record AS current
        ON current.resident_number = handle.resident_number
       AND current.version = coalesce(
               (SELECT max(told.version)
                  FROM register.resident_record AS told
                 WHERE handle.is_removed
                   AND told.resident_number = handle.resident_number
                   AND told.update_sequence IS NOT NULL),
               handle.version)
     WHERE NOT current.is_removed OR current.change_reason = 'death'
"""
_DIGEST_UPPER: Final = """
    SELECT count(*),
           coalesce(bit_xor(hashtextextended(ROW(resident_record_code, individual_number,
               name, kana, former_surname, alias, birth_date, sex,
               municipality, address, postal_code, change_reason, changed_on,
               update_sequence, is_removed)::text, 0)), 0)
      FROM identification.record
     WHERE municipality = %(municipality)s
       AND (NOT is_removed OR change_reason = 'death')
"""

_PICK_RESIDENT: Final = """
    WITH possible AS (
        SELECT resident_number
          FROM register.current_record
         WHERE NOT is_removed
           AND NOT is_protected
           AND nationality IS NULL
           AND birth_date BETWEEN %(born_from)s AND %(born_until)s
           AND household_number IS DISTINCT FROM %(apart_from)s
    )
    SELECT resident_number
      FROM possible
     ORDER BY resident_number
    OFFSET %(offset)s %% greatest((SELECT count(*) FROM possible), 1)
     LIMIT 1
"""

_FIND_RECORD: Final = """
    SELECT update_sequence, is_removed, change_reason, address, name
      FROM identification.record
     WHERE resident_record_code = %(resident_record_code)s
"""

# By code: brothers may have one name, and a household's notices share a parcel.
_DAMAGE_PARCEL: Final = """
    UPDATE delivery.outbox
       SET notices = convert_to(
               regexp_replace(
                   convert_from(notices, 'UTF8'),
                   '("resident_record_code":"' || %(resident_record_code)s || '"[^}]*"name":")[^"]*',
                   %(garbled)s
               ),
               'UTF8'
           )
     WHERE strpos(convert_from(notices, 'UTF8'), '"resident_record_code":"' || %(resident_record_code)s || '"') > 0
"""

_LAST_USE: Final = """
    SELECT message_id, used_at, affair, purpose, result
      FROM audit.use_log
     WHERE message_id = %(message_id)s
"""

_LIST_PENSIONERS: Final = """
    SELECT individual_number
      FROM identification.record
     WHERE birth_date <= %(born_until)s AND individual_number IS NOT NULL
     ORDER BY birth_date, resident_record_code
     LIMIT %(limit)s
"""
_COUNT_BATCH_USES: Final = """
    SELECT (SELECT sum(entries) FROM audit.counted_use WHERE message_id = %(batch_id)s),
           (SELECT (content::jsonb ->> 'size')::bigint FROM audit.set_commitment WHERE message_id = %(batch_id)s)
"""

_PICK_USED_PERSON: Final = """
    SELECT record.resident_record_code, record.individual_number
      FROM audit.file_leaf AS leaf
      JOIN identification.record AS record ON record.resident_record_code = leaf.resident_record_code
     WHERE record.municipality = %(municipality)s
       AND NOT record.is_removed AND record.individual_number IS NOT NULL
     ORDER BY record.resident_record_code
    OFFSET %(offset)s
     LIMIT 1
"""
_FIND_NUMBER_OF: Final = """
    SELECT resident_number
      FROM register.current_record
     WHERE resident_record_code = %(resident_record_code)s AND NOT is_removed
"""
_COUNT_REFUSALS: Final = """
    SELECT count(*) FROM audit.event WHERE event = 'message:refused' AND detail ->> 'error_code' = %(error_code)s
"""


async def drop_database(unit: Unit, database: str) -> None:
    """Drop a database of an unfinished federation."""
    await unit.execute(_DROP_DATABASE.format(database=sql.Identifier(database)))


async def digest_register(unit: Unit) -> tuple[int, int]:
    """Return how many residents the register has, and the digest of their identification information."""
    return await _pair(unit, _DIGEST_MUNICIPAL, {})


async def digest_records(unit: Unit, municipality: str) -> tuple[int, int]:
    """Return the same of an upper tier, for one municipality's residents."""
    return await _pair(unit, _DIGEST_UPPER, {"municipality": municipality})


async def pick_resident(
    unit: Unit, *, born_from: str, born_until: str, offset: int, apart_from: int | None = None
) -> int:
    """Return the number of some resident with a live record, born in the period, of another household than that."""
    parameters = {"born_from": born_from, "born_until": born_until, "offset": offset, "apart_from": apart_from}
    row = await (await unit.execute(_PICK_RESIDENT, parameters)).fetchone()
    if row is None:
        message = "no such resident is left: build the federation again"
        raise LookupError(message)
    return int(row[0])


async def find_record(unit: Unit, resident_record_code: str) -> tuple[Any, ...] | None:
    """Return update sequence, removal, reason, address and name an upper tier has of this resident."""
    return await (await unit.execute(_FIND_RECORD, {"resident_record_code": resident_record_code})).fetchone()


async def damage_parcel(unit: Unit, resident_record_code: str) -> None:
    """Garble a person's name in the outbox, as the faulty software of 2013-03-26 did; only the owner's role may."""
    # What stands before the name stays.
    parameters = {"resident_record_code": resident_record_code, "garbled": "\\1\ufffd\ufffd\ufffd"}
    await unit.execute(_DAMAGE_PARCEL, parameters)


async def find_use(unit: Unit, message_id: str) -> tuple[Any, ...] | None:
    """Return the use-log entry of a query."""
    return await (await unit.execute(_LAST_USE, {"message_id": message_id})).fetchone()


async def list_pensioners(unit: Unit, *, born_until: str, limit: int) -> list[str]:
    """Return the Individual Numbers of those born until a day, the eldest first."""
    cursor = await unit.execute(_LIST_PENSIONERS, {"born_until": born_until, "limit": limit})
    return [number for (number,) in await cursor.fetchall()]


async def count_batch_uses(unit: Unit, batch_id: str) -> tuple[int, int]:
    """Return how many use-log entries a file has, and how many persons its commitment."""
    return await _pair(unit, _COUNT_BATCH_USES, {"batch_id": batch_id})


async def pick_used_person(unit: Unit, municipality: str, *, offset: int) -> tuple[str, str] | None:
    """Return code and Individual Number of a resident of the municipality who was in a file."""
    row = await (await unit.execute(_PICK_USED_PERSON, {"municipality": municipality, "offset": offset})).fetchone()
    return None if row is None else (row[0], row[1])


async def find_resident_number(unit: Unit, resident_record_code: str) -> int | None:
    """Return the number a municipality has for the resident with this code."""
    row = await (await unit.execute(_FIND_NUMBER_OF, {"resident_record_code": resident_record_code})).fetchone()
    return None if row is None else int(row[0])


async def count_refusals(unit: Unit, error_code: str) -> int:
    """Return how many messages the node refused for this reason."""
    row = await (await unit.execute(_COUNT_REFUSALS, {"error_code": error_code})).fetchone()
    return int(row[0]) if row else 0


async def _pair(unit: Unit, statement: LiteralString, parameters: dict[str, Any]) -> tuple[int, int]:
    row = await (await unit.execute(statement, parameters)).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
