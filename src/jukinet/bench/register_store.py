"""Statements of the register bench: a copy of the register to work on, whom a day is about, and the raw baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, LiteralString

from psycopg import sql

from jukinet.domain.resident_record import RECORD_COLUMNS
from jukinet.municipal.search_keys import Findable
from jukinet.postgres.database import Unit

_CLONE: Final = sql.SQL("CREATE DATABASE {clone} TEMPLATE {original} OWNER {owner} STRATEGY file_copy")
_ALLOW: Final = sql.SQL("REVOKE ALL ON DATABASE {clone} FROM PUBLIC; GRANT CONNECT ON DATABASE {clone} TO {app}")
_TIDY: Final = "VACUUM ANALYZE"

# One resident per household, the householder: no two acts of a day are about the same people.
_LIST_PEOPLE: Final = """
    SELECT resident_number, name, kana, former_surname, alias, birth_date, municipality, address, is_removed
      FROM register.current_record
     WHERE NOT is_removed AND NOT is_protected AND nationality IS NULL AND relationship = '世帯主'
     ORDER BY hashint8extended(resident_number, %(seed)s)
     LIMIT %(limit)s
"""
_LAST_ACT: Final = "SELECT coalesce(max(act_number), 0) FROM register.act"
_LIST_ACTS: Final = "SELECT act_number FROM register.act WHERE act_number > %(after)s ORDER BY act_number"

_PREPARE: Final = """
    CREATE SCHEMA register_baseline;
    CREATE TABLE register_baseline.act (LIKE register.act INCLUDING INDEXES);
    CREATE TABLE register_baseline.resident_record (LIKE register.resident_record INCLUDING INDEXES);
    CREATE TABLE register_baseline.notified_identification
           (LIKE register.notified_identification INCLUDING INDEXES);
    CREATE TABLE register_baseline.search_key (LIKE register.search_key INCLUDING INDEXES);
"""
_ALLOW_BASELINE: Final = sql.SQL("""
    GRANT USAGE ON SCHEMA register_baseline TO {app};
    GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA register_baseline TO {app};
""")
_COPY_ACT: Final = """
    INSERT INTO register_baseline.act
           (act_number, procedure, acted_on, notified_on, notifier, notifier_name, identity_check, documents, is_late,
            statement, cancels, recorded_at, recorded_by, approved_by)
    SELECT act_number, procedure, acted_on, notified_on, notifier, notifier_name, identity_check, documents, is_late,
           statement, cancels, recorded_at, recorded_by, approved_by
      FROM register.act
     WHERE act_number = %(act_number)s
"""
_COPY_VERSIONS: Final = sql.SQL("""
    INSERT INTO register_baseline.resident_record ({columns})
    SELECT {columns} FROM register.resident_record WHERE act_number = %(act_number)s
""").format(columns=sql.SQL(", ").join(map(sql.Identifier, RECORD_COLUMNS)))
_COPY_NOTIFIED: Final = """
    INSERT INTO register_baseline.notified_identification (resident_record_code, update_sequence, notice, queued_at)
    SELECT notified.resident_record_code, notified.update_sequence, notified.notice, notified.queued_at
      FROM register.resident_record AS record
      JOIN register.notified_identification AS notified USING (resident_record_code, update_sequence)
     WHERE record.act_number = %(act_number)s
"""
_COPY_KEYS: Final = """
    INSERT INTO register_baseline.search_key
           (resident_number, digest, kana_key, given_kana_key, name_key, given_name_key, address_key, birth_date,
            is_current, is_removed)
    SELECT resident_number, digest, kana_key, given_kana_key, name_key, given_name_key, address_key, birth_date,
           is_current, is_removed
      FROM register.search_key
     WHERE resident_number IN (SELECT resident_number FROM register.resident_record WHERE act_number = %(act_number)s)
       AND is_current
"""

# As prepared statements: a range instead of LIKE, which only a plan made for each value could answer by an index.
_BY_KANA: Final = """
    SELECT record.resident_number, record.name, record.kana, record.birth_date, record.address
      FROM register.search_key AS key
      JOIN register.resident AS handle USING (resident_number)
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE key.kana_key ~>=~ %(from)s AND key.kana_key ~<~ %(until)s AND key.is_current AND NOT key.is_removed
     LIMIT 50
"""
_BY_NAME: Final = """
    SELECT record.resident_number, record.name, record.kana, record.birth_date, record.address
      FROM register.search_key AS key
      JOIN register.resident AS handle USING (resident_number)
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE key.name_key ~>=~ %(from)s AND key.name_key ~<~ %(until)s AND key.is_current AND NOT key.is_removed
     LIMIT 50
"""
_BY_ADDRESS: Final = """
    SELECT record.resident_number, record.name, record.kana, record.birth_date, record.address
      FROM register.search_key AS key
      JOIN register.resident AS handle USING (resident_number)
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE key.address_key ~>=~ %(from)s AND key.address_key ~<~ %(until)s AND key.is_current AND NOT key.is_removed
     LIMIT 50
"""
_BY_BIRTH_DATE: Final = """
    SELECT record.resident_number, record.name, record.kana, record.birth_date, record.address
      FROM register.search_key AS key
      JOIN register.resident AS handle USING (resident_number)
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE key.birth_date ~>=~ %(from)s AND key.birth_date ~<~ %(until)s AND key.is_current AND NOT key.is_removed
     LIMIT 50
"""
_BY_CODE: Final = """
    SELECT record.resident_number, record.name, record.kana, record.birth_date, record.address
      FROM register.resident AS handle
      JOIN register.resident_record AS record USING (resident_number, version)
     WHERE handle.resident_record_code = %(from)s AND NOT handle.is_former
"""
_RAW: Final[Mapping[str, LiteralString]] = {
    "kana": _BY_KANA,
    "surname": _BY_KANA,
    "name": _BY_NAME,
    "address": _BY_ADDRESS,
    "birth_date": _BY_BIRTH_DATE,
    "code": _BY_CODE,
}
#: After every text that begins as the key does.
_LAST: Final = "\U0010ffff"


async def clone_register(admin: Unit, *, original: str, clone: str, owner: str, app: str) -> None:
    """Copy a municipality's database, with the rights of its role; nobody may be connected to it."""
    names = {
        "clone": sql.Identifier(clone),
        "original": sql.Identifier(original),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
    }
    await admin.execute(_CLONE.format(**names))
    await admin.execute(_ALLOW.format(**names))


async def prepare_register(unit: Unit, *, app: str) -> None:
    """Make the bare tables of the baseline, and tidy everything as an hour of a running server would."""
    await unit.execute(_PREPARE)
    await unit.execute(_ALLOW_BASELINE.format(app=sql.Identifier(app)))
    await unit.execute(_TIDY)


async def list_people(unit: Unit, *, seed: int, limit: int) -> list[Findable]:
    """Return householders in an order of chance, none of a household twice."""
    cursor = await unit.execute(_LIST_PEOPLE, {"seed": seed, "limit": limit})
    return [Findable(*row) for row in await cursor.fetchall()]


async def last_act(unit: Unit) -> int:
    """Return the number of the last act, 0 where there is none: another bench may have recorded some."""
    row = await (await unit.execute(_LAST_ACT)).fetchone()
    return int(row[0]) if row else 0


async def list_acts(unit: Unit, *, after: int) -> list[int]:
    """Return the numbers of the acts after that one."""
    return [int(number) for (number,) in await (await unit.execute(_LIST_ACTS, {"after": after})).fetchall()]


async def insert_raw(unit: Unit, act_number: int) -> None:
    """Insert the rows of an act into the bare tables: act, versions, copies of what was notified, search keys."""
    parameters = {"act_number": act_number}
    async with unit.transaction():
        await unit.execute(_COPY_ACT, parameters)
        await unit.execute(_COPY_VERSIONS, parameters)
        await unit.execute(_COPY_NOTIFIED, parameters)
        await unit.execute(_COPY_KEYS, parameters)


async def search_raw(unit: Unit, kind: str, key: str) -> list[tuple[Any, ...]]:
    """Return what the index has for a key, by a prepared statement."""
    parameters = {"from": key} if kind == "code" else {"from": key, "until": key + _LAST}
    return await (await unit.execute(_RAW[kind], parameters, prepare=True)).fetchall()
