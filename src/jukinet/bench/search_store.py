"""Statements of the bench `search`: whom the labelled queries are about, and where they lived before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from jukinet.bench.search_noise import Resident
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.national.search_key_store import Recorded, add_versions
from jukinet.postgres.database import Unit

# In an order of chance that is the same in every run. Those whose birth date is known in part are left out: their noise
# would be another's right item.
_DRAW: Final = """
    SELECT resident_record_code, name, kana, birth_date, sex, municipality, address, former_surname, alias
      FROM identification.record
     WHERE NOT is_removed AND kana <> '' AND length(birth_date) = 10 AND strpos(birth_date, 'X') = 0
     ORDER BY hashtextextended(resident_record_code, 20240401)
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class _Drawn:
    resident: Resident
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)


async def draw_residents(unit: Unit, *, limit: int) -> list[Resident]:
    """Return residents drawn by chance, each with the address of another as a former one, which is put on record."""
    rows = await (await unit.execute(_DRAW, {"limit": limit})).fetchall()
    drawn: list[_Drawn] = []
    for row, other in zip(rows, [*rows[1:], *rows[:1]], strict=True):
        municipality = LocalGovernmentCode(row[5])
        place = find_local_government(municipality)
        beginning = place.full_name if row[6].startswith(place.full_name) else ""
        drawn.append(_Drawn(Resident._make((*row[:7], beginning, other[6])), row[7], row[8]))
    await _record_former_addresses(unit, drawn, [other[5] for other in [*rows[1:], *rows[:1]]])
    return [one.resident for one in drawn if one.resident.beginning]


async def _record_former_addresses(unit: Unit, drawn: Sequence[_Drawn], municipalities: Sequence[str]) -> None:
    versions = [
        Recorded(
            resident_record_code=one.resident.resident_record_code,
            name=one.resident.name,
            kana=one.resident.kana,
            former_surname=one.former_surname,
            alias=one.alias,
            birth_date=one.resident.birth_date,
            municipality=municipality,
            address=one.resident.former_address,
        )
        for one, municipality in zip(drawn, municipalities, strict=True)
    ]
    await add_versions(unit, versions)
