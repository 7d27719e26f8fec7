"""Every statement on Individual Numbers (個人番号): which are taken, and which resident record code has which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

#: Allotments follow one another: what one finds free, no other takes meanwhile.
_TAKE_TURN: Final = "SELECT pg_advisory_xact_lock(7100002)"

_LIST_STANDINGS: Final = """
    SELECT record.resident_record_code, record.individual_number, present.individual_number,
           coalesce(present.serial, 0), present.replaced_number
      FROM identification.record
      LEFT JOIN allotment.current_individual_number AS present
        ON present.resident_record_code = record.resident_record_code
     WHERE record.resident_record_code = ANY(%(resident_record_codes)s)
       AND record.municipality = ANY(%(municipalities)s)
       AND NOT record.is_removed
"""

# Bulk-loaded residents have numbers that were never allotted here: a number is free when neither has it.
_TAKE: Final = """
    INSERT INTO allotment.individual_number
           (individual_number, resident_record_code, serial, municipality, allotted_at, message_id)
    SELECT drawn.individual_number, drawn.resident_record_code, drawn.serial, %(municipality)s, %(allotted_at)s,
           %(message_id)s
      FROM unnest(%(individual_numbers)s::text[], %(resident_record_codes)s::text[], %(serials)s::integer[])
        AS drawn (individual_number, resident_record_code, serial)
     WHERE drawn.serial = 0
        OR NOT EXISTS (
               SELECT FROM identification.record WHERE record.individual_number = drawn.individual_number
           )
        ON CONFLICT (individual_number) DO NOTHING
 RETURNING resident_record_code, individual_number, serial
"""

_SET_CURRENT: Final = """
    INSERT INTO allotment.current_individual_number
           (resident_record_code, individual_number, serial, replaced_number, allotted_at)
    SELECT given.resident_record_code, given.individual_number, given.serial, given.replaced_number, %(allotted_at)s
      FROM unnest(%(resident_record_codes)s::text[], %(individual_numbers)s::text[], %(serials)s::integer[],
                  %(replaced_numbers)s::text[])
        AS given (resident_record_code, individual_number, serial, replaced_number)
        ON CONFLICT (resident_record_code) DO UPDATE
       SET individual_number = excluded.individual_number,
           serial = excluded.serial,
           replaced_number = excluded.replaced_number,
           allotted_at = excluded.allotted_at
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which number a live resident has: as recorded by M01, as allotted here, and how often one was made."""

    recorded: str | None = field(repr=False)
    allotted: str | None = field(repr=False)
    serial: int = 0
    #: The number that the present one was given in place of.
    replaced: str | None = field(default=None, repr=False)

    @property
    def current(self) -> str | None:
        """Return the number the resident has; what was allotted may not have come back as M01 yet."""
        return self.allotted or self.recorded


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number that was made for a resident record code, with the counter it was made with (0: not made here)."""

    resident_record_code: str = field(repr=False)
    individual_number: str = field(repr=False)
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """For which municipality, in answer to which message, when."""

    municipality: str
    message_id: str
    now: datetime


async def take_turn(unit: Unit) -> None:
    """Wait until no other allotment of numbers is under way; it lasts until the transaction ends."""
    await unit.execute(_TAKE_TURN)


async def list_standings(
    unit: Unit, resident_record_codes: Sequence[str], *, municipalities: Sequence[str]
) -> dict[str, Standing]:
    """Return the live residents of these municipalities among the codes, and the numbers they have."""
    parameters = {"resident_record_codes": list(resident_record_codes), "municipalities": list(municipalities)}
    cursor = await unit.execute(_LIST_STANDINGS, parameters)
    return {row[0]: Standing(*row[1:]) for row in await cursor.fetchall()}


async def take_numbers(unit: Unit, drawn: Sequence[Drawn], occasion: Occasion) -> list[Drawn]:
    """Keep those of the drawn numbers that nobody has or had, and return them."""
    parameters = {
        "individual_numbers": [each.individual_number for each in drawn],
        "resident_record_codes": [each.resident_record_code for each in drawn],
        "serials": [each.serial for each in drawn],
        "municipality": occasion.municipality,
        "message_id": occasion.message_id,
        "allotted_at": occasion.now,
    }
    cursor = await unit.execute(_TAKE, parameters)
    return [Drawn(*row) for row in await cursor.fetchall()]


async def set_current(unit: Unit, given: Mapping[str, Standing], *, now: datetime) -> None:
    """Note which number each resident record code has from now on."""
    parameters = {
        "resident_record_codes": list(given),
        "individual_numbers": [each.allotted for each in given.values()],
        "serials": [each.serial for each in given.values()],
        "replaced_numbers": [each.replaced for each in given.values()],
        "allotted_at": now,
    }
    await unit.execute(_SET_CURRENT, parameters)
