"""Every statement on the records of the resident system, and on the residents as they were last notified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from jukinet.domain.changes import REMOVAL_REASONS
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.resident_changes import ChangeRecord

#: States of a record that is not settled.
OPEN_STATES: Final = ("kept", "waiting", "refused")

_SERIALISE: Final = "SELECT pg_advisory_xact_lock(7100009)"

_FIND_MODE: Final = "SELECT mode FROM resident_system.linkage WHERE name = 'linkage'"

_SET_MODE: Final = """
    INSERT INTO resident_system.linkage (name, mode, changed_at, changed_by)
    VALUES ('linkage', %(mode)s, %(changed_at)s, %(changed_by)s)
    ON CONFLICT (name) DO UPDATE
       SET mode = excluded.mode, changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""

_HAS_OWN_REGISTER: Final = "SELECT EXISTS (SELECT FROM register.resident)"

_LIST_KNOWN: Final = """
    SELECT content, supplement, state, is_released, error_code, error_field, error_position, update_sequence,
           submission_number, row_number, received_at
      FROM resident_system.change_record
     WHERE record_id = ANY(%(record_ids)s) OR order_number = ANY(%(order_numbers)s)
"""

_LIST_OPEN_OF: Final = """
    SELECT content, supplement, state, is_released, error_code, error_field, error_position, update_sequence,
           submission_number, row_number, received_at
      FROM resident_system.change_record
     WHERE resident_number = ANY(%(resident_numbers)s)
       AND state IN ('kept', 'waiting', 'refused')
"""

_LIST_OPEN: Final = """
    SELECT content, supplement, state, is_released, error_code, error_field, error_position, update_sequence,
           submission_number, row_number, received_at
      FROM resident_system.change_record
     WHERE state IN ('kept', 'waiting', 'refused')
     ORDER BY order_number
     LIMIT %(limit)s
"""

_LIST_KEPT_RESIDENTS: Final = "SELECT DISTINCT resident_number FROM resident_system.change_record WHERE state = 'kept'"

_LIST_REACHED: Final = """
    SELECT resident_number, max(order_number)
      FROM resident_system.change_record
     WHERE resident_number = ANY(%(resident_numbers)s)
       AND state IN ('applied', 'dismissed')
     GROUP BY resident_number
"""

_LIST_NOTICES: Final = """
    SELECT resident_number, resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence
      FROM resident_system.resident
     WHERE resident_number = ANY(%(resident_numbers)s)
"""

_LIST_OWNERS: Final = """
    SELECT resident_record_code, resident_number
      FROM resident_system.resident
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
     UNION ALL
    SELECT individual_number, resident_number
      FROM resident_system.resident
     WHERE individual_number = ANY(%(individual_numbers)s) AND NOT is_removed
"""

_SAVE_RECORD: Final = """
    INSERT INTO resident_system.change_record
           (record_id, order_number, previous_order_number, revision, resident_number, content, supplement, state,
            is_released, error_code, error_field, error_position, update_sequence, submission_number, row_number,
            received_at, settled_at)
    VALUES (%(record_id)s, %(order_number)s, %(previous_order_number)s, %(revision)s, %(resident_number)s, %(content)s,
            %(supplement)s, %(state)s, %(is_released)s, %(error_code)s, %(error_field)s, %(error_position)s,
            %(update_sequence)s, %(submission_number)s, %(row_number)s, %(received_at)s, %(settled_at)s)
    ON CONFLICT (record_id) DO UPDATE
       SET order_number = excluded.order_number,
           previous_order_number = excluded.previous_order_number,
           revision = excluded.revision,
           resident_number = excluded.resident_number,
           content = excluded.content,
           supplement = excluded.supplement,
           state = excluded.state,
           is_released = excluded.is_released,
           error_code = excluded.error_code,
           error_field = excluded.error_field,
           error_position = excluded.error_position,
           update_sequence = excluded.update_sequence,
           submission_number = excluded.submission_number,
           row_number = excluded.row_number,
           received_at = excluded.received_at,
           settled_at = excluded.settled_at
"""

_SAVE_RESIDENT: Final = """
    INSERT INTO resident_system.resident
           (resident_number, resident_record_code, individual_number, name, kana, former_surname, alias, birth_date,
            sex, municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
            update_sequence, is_removed)
    VALUES (%(resident_number)s, %(resident_record_code)s, %(individual_number)s, %(name)s, %(kana)s,
            %(former_surname)s, %(alias)s, %(birth_date)s, %(sex)s, %(municipality)s, %(address)s, %(postal_code)s,
            %(reason)s, %(changed_on)s, %(previous_resident_record_code)s, %(update_sequence)s, %(is_removed)s)
    ON CONFLICT (resident_number) DO UPDATE
       SET resident_record_code = excluded.resident_record_code,
           individual_number = excluded.individual_number,
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
           is_removed = excluded.is_removed
"""

_KEEP_NOTIFIED: Final = """
    INSERT INTO register.notified_identification (resident_record_code, update_sequence, notice, queued_at)
    VALUES (%(resident_record_code)s, %(update_sequence)s, %(notice)s, %(queued_at)s)
"""

_COUNT_STATES: Final = """
    SELECT state, count(*), max(order_number) FROM resident_system.change_record GROUP BY state
"""

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(ChangeRecord)
_supplements: Final = msgspec.json.Decoder(dict[str, Any])
_COLUMNS: Final = IdentificationNotice.__struct_fields__


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record and how it stands."""

    record: ChangeRecord = field(repr=False)
    #: Items an operator supplemented (補記), by name.
    supplement: Mapping[str, Any] | None = field(default=None, repr=False)
    state: str = "waiting"
    is_released: bool = False
    error_code: str | None = None
    error_field: str | None = None
    #: Which character of the field is wrong, from 1.
    error_position: int | None = None
    update_sequence: int | None = None
    submission_number: int
    row_number: int
    received_at: datetime

    @property
    def is_open(self) -> bool:
        """Return whether it is not settled yet."""
        return self.state in OPEN_STATES

    @property
    def supplemented(self) -> ChangeRecord:
        """Return the record with what was supplemented."""
        return self.record if self.supplement is None else msgspec.structs.replace(self.record, **self.supplement)


async def take_turn(unit: Unit) -> None:
    """Wait until no other transaction takes in records: they have one order."""
    await unit.execute(_SERIALISE)


async def find_mode(unit: Unit) -> Literal["automatic", "manual"]:
    """Return whether notices leave by themselves."""
    row = await (await unit.execute(_FIND_MODE)).fetchone()
    return "manual" if row == ("manual",) else "automatic"


async def set_mode(unit: Unit, mode: str, *, changed_by: str, now: datetime) -> None:
    """Switch between automatic and manual linkage (手動連携)."""
    await unit.execute(_SET_MODE, {"mode": mode, "changed_at": now, "changed_by": changed_by})


async def has_own_register(unit: Unit) -> bool:
    """Return whether residents stand on this node's own register."""
    return (await (await unit.execute(_HAS_OWN_REGISTER)).fetchone()) == (True,)


async def list_known(unit: Unit, *, record_ids: Sequence[str], order_numbers: Sequence[int]) -> list[StoredRecord]:
    """Return the records that have one of these ids or order numbers."""
    parameters = {"record_ids": list(record_ids), "order_numbers": list(order_numbers)}
    return await _list(unit, _LIST_KNOWN, parameters)


async def list_open_of(unit: Unit, resident_numbers: Iterable[str]) -> list[StoredRecord]:
    """Return the open records of these residents."""
    return await _list(unit, _LIST_OPEN_OF, {"resident_numbers": list(resident_numbers)})


async def list_open(unit: Unit, *, limit: int) -> list[StoredRecord]:
    """Return what is open, in the order of the changes."""
    return await _list(unit, _LIST_OPEN, {"limit": limit})


async def list_kept_residents(unit: Unit) -> list[str]:
    """Return the residents of whom a record is kept."""
    return [number for (number,) in await (await unit.execute(_LIST_KEPT_RESIDENTS)).fetchall()]


async def list_reached(unit: Unit, resident_numbers: Iterable[str]) -> dict[str, int]:
    """Return the greatest order number settled of each resident."""
    cursor = await unit.execute(_LIST_REACHED, {"resident_numbers": list(resident_numbers)})
    return dict(await cursor.fetchall())


async def list_notices(unit: Unit, resident_numbers: Iterable[str]) -> dict[str, IdentificationNotice]:
    """Return what was last notified of each resident."""
    cursor = await unit.execute(_LIST_NOTICES, {"resident_numbers": list(resident_numbers)})
    return {
        number: IdentificationNotice(**dict(zip(_COLUMNS, columns, strict=True)))
        for number, *columns in await cursor.fetchall()
    }


async def list_owners(
    unit: Unit, *, resident_record_codes: Iterable[str], individual_numbers: Iterable[str]
) -> dict[str, str]:
    """Return whose each code ever was, and whose each Individual Number is."""
    parameters = {
        "resident_record_codes": list(resident_record_codes),
        "individual_numbers": list(individual_numbers),
    }
    return dict(await (await unit.execute(_LIST_OWNERS, parameters)).fetchall())


async def save_records(unit: Unit, records: Iterable[StoredRecord], *, now: datetime) -> None:
    """Write records as they stand now."""
    async with unit.cursor() as cursor:
        await cursor.executemany(_SAVE_RECORD, [_row(one, now) for one in records])


async def save_residents(unit: Unit, notices: Mapping[str, IdentificationNotice]) -> None:
    """Write what was last notified of each resident, by resident number."""
    rows = [
        {
            **msgspec.structs.asdict(notice),
            "resident_number": number,
            "is_removed": notice.reason in REMOVAL_REASONS,
        }
        for number, notice in notices.items()
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_SAVE_RESIDENT, rows)


async def keep_copies(unit: Unit, copies: Iterable[tuple[IdentificationNotice, bytes]], *, now: datetime) -> None:
    """Keep the copies of what is notified upward, each as it is encoded."""
    rows = [
        {
            "resident_record_code": notice.resident_record_code,
            "update_sequence": notice.update_sequence,
            "notice": encoded,
            "queued_at": now,
        }
        for notice, encoded in copies
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_KEEP_NOTIFIED, rows)


async def count_states(unit: Unit) -> tuple[dict[str, int], int]:
    """Return how many records are in each state, and the greatest order number."""
    rows = await (await unit.execute(_COUNT_STATES)).fetchall()
    return {state: int(count) for state, count, _ in rows}, max((int(last) for _, _, last in rows), default=0)


async def _list(unit: Unit, statement: Any, parameters: dict[str, Any]) -> list[StoredRecord]:  # noqa: ANN401 - one of ours
    cursor = await unit.execute(statement, parameters)
    return [
        StoredRecord(
            record=_decoder.decode(content),
            supplement=None if supplement is None else _supplements.decode(supplement),
            state=state,
            is_released=is_released,
            error_code=error_code,
            error_field=error_field,
            error_position=error_position,
            update_sequence=update_sequence,
            submission_number=submission_number,
            row_number=row_number,
            received_at=received_at,
        )
        for (
            content,
            supplement,
            state,
            is_released,
            error_code,
            error_field,
            error_position,
            update_sequence,
            submission_number,
            row_number,
            received_at,
        ) in await cursor.fetchall()
    ]


def _row(one: StoredRecord, now: datetime) -> dict[str, Any]:
    record = one.record
    return {
        "record_id": record.record_id,
        "order_number": record.order_number,
        "previous_order_number": record.previous_order_number,
        "revision": record.revision,
        "resident_number": record.resident_number,
        "content": _encoder.encode(record),
        "supplement": None if one.supplement is None else _encoder.encode(one.supplement),
        "state": one.state,
        "is_released": one.is_released,
        "error_code": one.error_code,
        "error_field": one.error_field,
        "error_position": one.error_position,
        "update_sequence": one.update_sequence,
        "submission_number": one.submission_number,
        "row_number": one.row_number,
        "received_at": one.received_at,
        "settled_at": None if one.is_open else now,
    }
