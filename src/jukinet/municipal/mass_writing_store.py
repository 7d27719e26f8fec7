"""The statements that write many versions at once: the same tables as those of one act, set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Final

from psycopg import sql

from jukinet.domain.errors import ChangedMeanwhileError
from jukinet.domain.notifications import Notification
from jukinet.domain.resident_record import RECORD_COLUMNS, ResidentRecord
from jukinet.municipal.search_keys import Findable, search_keys_of
from jukinet.postgres.database import Unit

_COPY_VERSIONS: Final = sql.SQL("COPY register.resident_record ({columns}) FROM STDIN").format(
    columns=sql.SQL(", ").join(map(sql.Identifier, RECORD_COLUMNS))
)
_row_of: Final = attrgetter(*RECORD_COLUMNS)

_ADVANCE: Final = """
    UPDATE register.resident AS handle
       SET version = said.version, update_sequence = said.update_sequence
      FROM unnest(%(resident_numbers)s::bigint[], %(versions)s::integer[], %(update_sequences)s::integer[])
        AS said (resident_number, version, update_sequence)
     WHERE handle.resident_number = said.resident_number AND handle.version = said.version - 1
"""
_COPY_NOTIFIED: Final = """
    COPY register.notified_identification (resident_record_code, update_sequence, notice, queued_at) FROM STDIN
"""
_ADD_ACTS: Final = """
    INSERT INTO register.act (procedure, acted_on, notified_on, notifier, notifier_name, identity_check, documents,
                              is_late, statement, recorded_at, recorded_by, approved_by)
    SELECT %(procedure)s, %(acted_on)s, %(notified_on)s, %(notifier)s, %(notifier_name)s, %(identity_check)s,
           %(documents)s, false, %(statement)s, %(recorded_at)s, %(recorded_by)s, %(approved_by)s
      FROM generate_series(1, %(acts)s)
    RETURNING act_number
"""
_MARK_KEYS: Final = """
    UPDATE register.search_key SET is_current = false
     WHERE resident_number = ANY(%(resident_numbers)s) AND is_current
"""
_ADD_KEYS: Final = """
    INSERT INTO register.search_key
           (resident_number, digest, kana_key, given_kana_key, name_key, given_name_key, address_key, birth_date,
            is_current, is_removed)
    SELECT said.resident_number, said.digest, said.kana_key, said.given_kana_key, said.name_key, said.given_name_key,
           said.address_key, said.birth_date, true, false
      FROM unnest(%(resident_numbers)s::bigint[], %(digests)s::bytea[], %(kana_keys)s::text[],
                  %(given_kana_keys)s::text[], %(name_keys)s::text[], %(given_name_keys)s::text[],
                  %(address_keys)s::text[], %(birth_dates)s::text[])
        AS said (resident_number, digest, kana_key, given_kana_key, name_key, given_name_key, address_key, birth_date)
        ON CONFLICT (resident_number, digest) DO UPDATE SET is_current = true, is_removed = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyActs:
    """What all acts of a mass change have in common."""

    procedure: str
    acted_on: str
    notification: Notification
    recorded_at: datetime
    recorded_by: str
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class NotifiedCopy:
    """The copy of one notice, as it goes up."""

    resident_record_code: str = field(repr=False)
    update_sequence: int
    notice: bytes = field(repr=False)
    queued_at: datetime


async def add_acts(unit: Unit, acts: ManyActs, count: int) -> list[int]:
    """Add so many acts that have everything in common and return their numbers."""
    parameters = {
        "procedure": acts.procedure,
        "acted_on": acts.acted_on,
        "notified_on": acts.notification.notified_on,
        "notifier": acts.notification.notifier.tag,
        "notifier_name": acts.notification.notifier_name,
        "identity_check": acts.notification.identity_check.tag,
        "documents": sorted(document.tag for document in acts.notification.documents),
        "statement": acts.notification.statement,
        "recorded_at": acts.recorded_at,
        "recorded_by": acts.recorded_by,
        "approved_by": acts.approved_by,
        "acts": count,
    }
    cursor = await unit.execute(_ADD_ACTS, parameters)
    return [int(number) for (number,) in await cursor.fetchall()]


async def add_versions(unit: Unit, records: Sequence[ResidentRecord]) -> None:
    """Add the next version of residents whose handles this transaction has locked; all of them go up.

    Raises:
        ChangedMeanwhileError: one of them has come further.
    """
    parameters = {
        "resident_numbers": [record.resident_number for record in records],
        "versions": [record.version for record in records],
        "update_sequences": [record.update_sequence for record in records],
    }
    if (await unit.execute(_ADVANCE, parameters)).rowcount != len(records):
        raise ChangedMeanwhileError(field="version")
    async with unit.cursor() as cursor, cursor.copy(_COPY_VERSIONS) as copy:
        for record in records:
            await copy.write_row(_row_of(record))
    await _keep_search_keys(unit, records)


async def keep_notified_copies(unit: Unit, copies: Iterable[NotifiedCopy]) -> None:
    """Keep the copies of what is notified upward."""
    async with unit.cursor() as cursor, cursor.copy(_COPY_NOTIFIED) as copy:
        for one in copies:
            await copy.write_row(astuple(one))


async def _keep_search_keys(unit: Unit, records: Sequence[ResidentRecord]) -> None:
    """Keep what live residents are found by from these versions on: `search_store.keep_all_search_keys` for a town."""
    keys = [key for record in records for key in search_keys_of(Findable.of(record))]
    await unit.execute(_MARK_KEYS, {"resident_numbers": [record.resident_number for record in records]})
    parameters = {
        "resident_numbers": [key.resident_number for key in keys],
        "digests": [key.digest for key in keys],
        "kana_keys": [key.kana_key for key in keys],
        "given_kana_keys": [key.given_kana_key for key in keys],
        "name_keys": [key.name_key for key in keys],
        "given_name_keys": [key.given_name_key for key in keys],
        "address_keys": [key.address_key for key in keys],
        "birth_dates": [key.birth_date for key in keys],
    }
    await unit.execute(_ADD_KEYS, parameters)
