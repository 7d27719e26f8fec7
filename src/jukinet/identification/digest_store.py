"""Digests of what is recorded of one municipality's residents, as `domain.record_digest` defines them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jukinet.postgres.database import Unit

_LIST_BLOCKS: Final = """
    SELECT block.position, count(record.resident_record_code),
           encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31),
               coalesce('+' || record.resident_record_code, '-'), coalesce('+' || record.individual_number, '-'),
               coalesce('+' || record.name, '-'), coalesce('+' || record.kana, '-'),
               coalesce('+' || record.former_surname, '-'), coalesce('+' || record.alias, '-'),
               coalesce('+' || record.birth_date, '-'), coalesce('+' || record.sex, '-'),
               coalesce('+' || record.municipality, '-'), coalesce('+' || record.address, '-'),
               coalesce('+' || record.postal_code, '-'), coalesce('+' || record.change_reason, '-'),
               coalesce('+' || record.changed_on, '-'), coalesce('+' || record.previous_resident_record_code, '-'),
               '+' || record.update_sequence), 'UTF8')), ''::bytea
               ORDER BY record.resident_record_code COLLATE "C"), ''::bytea)), 'hex')
      FROM unnest(%(firsts)s::text[], %(lasts)s::text[]) WITH ORDINALITY AS block (first, last, position)
      LEFT JOIN identification.record AS record
        ON record.resident_record_code BETWEEN block.first AND block.last
       AND record.municipality = ANY(%(municipalities)s)
       AND NOT record.is_removed
     GROUP BY block.position
     ORDER BY block.position
"""

_LIST_DIGESTS: Final = """
    SELECT resident_record_code, update_sequence,
           encode(sha256(convert_to(concat_ws(chr(31),
               coalesce('+' || resident_record_code, '-'), coalesce('+' || individual_number, '-'),
               coalesce('+' || name, '-'), coalesce('+' || kana, '-'), coalesce('+' || former_surname, '-'),
               coalesce('+' || alias, '-'), coalesce('+' || birth_date, '-'), coalesce('+' || sex, '-'),
               coalesce('+' || municipality, '-'), coalesce('+' || address, '-'), coalesce('+' || postal_code, '-'),
               coalesce('+' || change_reason, '-'), coalesce('+' || changed_on, '-'),
               coalesce('+' || previous_resident_record_code, '-'), '+' || update_sequence), 'UTF8')), 'hex')
      FROM identification.record
     WHERE resident_record_code BETWEEN %(first)s AND %(last)s
       AND municipality = ANY(%(municipalities)s)
       AND NOT is_removed
     ORDER BY resident_record_code COLLATE "C"
"""


async def list_blocks(
    unit: Unit, ranges: Sequence[tuple[str, str]], *, municipalities: Sequence[str]
) -> list[tuple[int, str]]:
    """Return count and digest of the live residents of these municipalities in each range of codes."""
    parameters = {
        "firsts": [first for first, _ in ranges],
        "lasts": [last for _, last in ranges],
        "municipalities": list(municipalities),
    }
    cursor = await unit.execute(_LIST_BLOCKS, parameters)
    return [(int(count), digest) for _, count, digest in await cursor.fetchall()]


async def list_digests(
    unit: Unit, *, first: str, last: str, municipalities: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Return update sequence and digest of each live resident of these municipalities in a range of codes."""
    parameters = {"first": first, "last": last, "municipalities": list(municipalities)}
    cursor = await unit.execute(_LIST_DIGESTS, parameters)
    return {code: (sequence, digest) for code, sequence, digest in await cursor.fetchall()}
