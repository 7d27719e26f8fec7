"""What consistency checks ask of this municipality's own copies. The digests are those of `domain.record_digest`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice

_LIST_CODES: Final = """
    SELECT resident_record_code FROM register.last_notified WHERE NOT is_removed ORDER BY resident_record_code
"""

_LIST_NOTICE_BLOCKS: Final = """
    SELECT block.position, count(resident.resident_record_code),
           encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31),
               coalesce('+' || resident.resident_record_code, '-'), coalesce('+' || resident.individual_number, '-'),
               coalesce('+' || resident.name, '-'), coalesce('+' || resident.kana, '-'),
               coalesce('+' || resident.former_surname, '-'), coalesce('+' || resident.alias, '-'),
               coalesce('+' || resident.birth_date, '-'), coalesce('+' || resident.sex, '-'),
               coalesce('+' || resident.municipality, '-'), coalesce('+' || resident.address, '-'),
               coalesce('+' || resident.postal_code, '-'), coalesce('+' || resident.change_reason, '-'),
               coalesce('+' || resident.changed_on, '-'), coalesce('+' || resident.previous_resident_record_code, '-'),
               '+' || resident.update_sequence), 'UTF8')), ''::bytea
               ORDER BY resident.resident_record_code COLLATE "C"), ''::bytea)), 'hex')
      FROM unnest(%(firsts)s::text[], %(lasts)s::text[]) WITH ORDINALITY AS block (first, last, position)
      LEFT JOIN register.last_notified AS resident
        ON resident.resident_record_code BETWEEN block.first AND block.last AND NOT resident.is_removed
     GROUP BY block.position
     ORDER BY block.position
"""

_LIST_NOTICE_DIGESTS: Final = """
    SELECT resident_record_code, update_sequence,
           encode(sha256(convert_to(concat_ws(chr(31),
               coalesce('+' || resident_record_code, '-'), coalesce('+' || individual_number, '-'),
               coalesce('+' || name, '-'), coalesce('+' || kana, '-'), coalesce('+' || former_surname, '-'),
               coalesce('+' || alias, '-'), coalesce('+' || birth_date, '-'), coalesce('+' || sex, '-'),
               coalesce('+' || municipality, '-'), coalesce('+' || address, '-'), coalesce('+' || postal_code, '-'),
               coalesce('+' || change_reason, '-'), coalesce('+' || changed_on, '-'),
               coalesce('+' || previous_resident_record_code, '-'), '+' || update_sequence), 'UTF8')), 'hex')
      FROM register.last_notified
     WHERE resident_record_code BETWEEN %(first)s AND %(last)s AND NOT is_removed
     ORDER BY resident_record_code COLLATE "C"
"""

_LIST_ITEM_BLOCKS: Final = """
    SELECT block.position, count(resident.resident_record_code),
           encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31),
               coalesce('+' || resident.resident_record_code, '-'), coalesce('+' || resident.individual_number, '-'),
               coalesce('+' || resident.name, '-'), coalesce('+' || resident.kana, '-'),
               coalesce('+' || resident.former_surname, '-'), coalesce('+' || resident.alias, '-'),
               coalesce('+' || resident.birth_date, '-'), coalesce('+' || resident.sex, '-'),
               coalesce('+' || resident.municipality, '-'), coalesce('+' || resident.address, '-'),
               coalesce('+' || resident.postal_code, '-')), 'UTF8')), ''::bytea
               ORDER BY resident.resident_record_code COLLATE "C"), ''::bytea)), 'hex')
      FROM unnest(%(firsts)s::text[], %(lasts)s::text[]) WITH ORDINALITY AS block (first, last, position)
      LEFT JOIN resident_system.resident AS resident
        ON resident.resident_record_code BETWEEN block.first AND block.last AND NOT resident.is_removed
     GROUP BY block.position
     ORDER BY block.position
"""

_LIST_RESIDENTS: Final = """
    SELECT resident_number, resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence
      FROM resident_system.resident
     WHERE resident_record_code BETWEEN %(first)s AND %(last)s AND NOT is_removed
     ORDER BY resident_record_code
"""

_LIST_COPIES: Final = """
    SELECT notice
      FROM register.notified_identification
     WHERE resident_record_code = %(resident_record_code)s AND update_sequence > %(update_sequence)s
     ORDER BY update_sequence
"""

_COLUMNS: Final = IdentificationNotice.__struct_fields__


async def list_live_codes(unit: Unit) -> list[str]:
    """Return the resident record codes of everybody who lives here, ascending."""
    return [code for (code,) in await (await unit.execute(_LIST_CODES)).fetchall()]


async def list_notice_blocks(unit: Unit, ranges: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    """Return count and digest of each range, over everything a notice carries."""
    return await _list_blocks(unit, _LIST_NOTICE_BLOCKS, ranges)


async def list_item_blocks(unit: Unit, ranges: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    """Return count and digest of each range, over the items of the residents of the connected resident system."""
    return await _list_blocks(unit, _LIST_ITEM_BLOCKS, ranges)


async def list_notice_digests(unit: Unit, *, first: str, last: str) -> list[tuple[str, int, str]]:
    """Return code, update sequence and digest of everybody in a range."""
    return await (await unit.execute(_LIST_NOTICE_DIGESTS, {"first": first, "last": last})).fetchall()


async def list_connected_residents(unit: Unit, *, first: str, last: str) -> list[tuple[str, IdentificationNotice]]:
    """Return the resident number, and what was last notified, of everybody in a range."""
    cursor = await unit.execute(_LIST_RESIDENTS, {"first": first, "last": last})
    return [
        (number, IdentificationNotice(**dict(zip(_COLUMNS, columns, strict=True))))
        for number, *columns in await cursor.fetchall()
    ]


async def list_copies_after(unit: Unit, resident_record_code: str, update_sequence: int) -> list[bytes]:
    """Return the notices of a resident after this one, in their order, as they were encoded."""
    parameters = {"resident_record_code": resident_record_code, "update_sequence": update_sequence}
    return [bytes(notice) for (notice,) in await (await unit.execute(_LIST_COPIES, parameters)).fetchall()]


async def _list_blocks(
    unit: Unit, statement: LiteralString, ranges: Sequence[tuple[str, str]]
) -> list[tuple[int, str]]:
    parameters = {"firsts": [first for first, _ in ranges], "lasts": [last for _, last in ranges]}
    cursor = await unit.execute(statement, parameters)
    return [(int(count), digest) for _, count, digest in await cursor.fetchall()]
