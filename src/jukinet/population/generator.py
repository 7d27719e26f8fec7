"""Generate the residents of a municipality, block by block: the same seed gives the same residents, always.

Each block of 10,000 has its own stream of chance, keyed by seed, municipality and block number. So blocks can be made
in any order, in any number of processes, and come out the same. Nothing here belongs to a real person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.changes import ChangeReason
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import PopulationRequestError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import LocalGovernment, find_local_government
from jukinet.population.addresses import AddressTables, address_tables, draw_addresses
from jukinet.population.block import Block, Column
from jukinet.population.draws import Draws
from jukinet.population.households import HouseholdTables, Members, draw_households, household_tables
from jukinet.population.life_dates import Calendar, LifeDates, calendar_until, draw_life_dates
from jukinet.population.numbers import individual_numbers, resident_record_codes, slot_of
from jukinet.population.person_names import NameTables, draw_foreign, draw_names, name_tables

#: Residents per block.
BLOCK_SIZE: Final = 10_000
#: Every item of a resident, in the order of JSON lines.
ITEMS: Final = (
    "resident_number",
    "household_number",
    "relationship",
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "change_reason",
    "changed_on",
    "became_resident_on",
    "address_since_on",
    "nationality",
    "residence_status",
    "is_protected",
)
_PROTECTED_SHARE: Final = 0.0015
_COPY_BOOLEANS: Final = np.array([b"f", b"t"], dtype=np.bytes_)
_JSON_BOOLEANS: Final = np.array([b"false", b"true"], dtype=np.bytes_)
_SEXES: Final = np.array([b"1", b"2"], dtype=np.bytes_)
_REASONS: Final = np.array([reason.value.encode() for reason in (ChangeReason.MOVE_IN, ChangeReason.BIRTH)])


@dataclass(frozen=True, slots=True)
class Population:
    """The residents that one request means. Cheap to make again in another process; blocks come out the same."""

    government: LocalGovernment
    residents: int
    seed: int
    as_of: date
    first_place: int
    households: HouseholdTables
    names: NameTables
    addresses: AddressTables
    calendar: Calendar

    @property
    def block_count(self) -> int:
        """Return how many blocks there are."""
        return -(-self.residents // BLOCK_SIZE)

    def generate_block(self, number: int) -> Block:
        """Return one block, the same whichever blocks were made before.

        Raises:
            IndexError: there is no such block.
        """
        if not 0 <= number < self.block_count:
            raise IndexError(number)
        first = number * BLOCK_SIZE
        size = min(BLOCK_SIZE, self.residents - first)
        draws = Draws(self.seed, int(self.government.code.value), number)
        members = draw_households(self.households, draws, size)
        is_foreign = draw_foreign(draws, members, self.as_of)
        dates = draw_life_dates(self.calendar, draws, members, is_foreign, len(members.kind))
        birth_year = self.calendar.year[dates.birth]
        items = {
            **self._numbers(first, size),
            **_household_items(draws, members, first),
            **draw_names(self.names, draws, members, is_foreign=is_foreign, birth_year=birth_year, as_of=self.as_of),
            **self._residence(draws, members, dates),
        }
        code = self.government.code.value
        return Block(code, number, first + 1, size, {name: items[name] for name in ITEMS})

    def _numbers(self, first: int, size: int) -> dict[str, Column]:
        """Return the numbers of residents `first` and following; Individual Numbers from 2015-10-05 on."""
        places = np.arange(self.first_place + first, self.first_place + first + size, dtype=np.uint64)
        has_number = None if self.as_of >= LegalEra.INDIVIDUAL_NUMBER.begins_on else np.zeros(size, dtype=np.bool_)
        number = individual_numbers(places) if has_number is None else np.full(size, b"", dtype=np.bytes_)
        return {
            "resident_number": _number_column(np.arange(first + 1, first + 1 + size)),
            "resident_record_code": Column((resident_record_codes(places),)),
            "individual_number": Column((number,), has_number),
        }

    def _residence(self, draws: Draws, members: Members, dates: LifeDates) -> dict[str, Column]:
        """Return where they live, since when, and why they were entered."""
        addresses = draw_addresses(self.addresses, draws, len(members.kind))
        where = members.household
        became_resident = Column((self.calendar.wire[dates.became_resident],))
        return {
            "birth_date": Column((dates.birth_text,)),
            "municipality": Column((self.government.code.value.encode(),)),
            "address": Column((addresses.town[where], addresses.number[where], addresses.apartment[where])),
            "change_reason": Column((_REASONS[dates.is_born_here.astype(np.intp)],)),
            "changed_on": became_resident,
            "became_resident_on": became_resident,
            "address_since_on": became_resident,
        }


def prepare_population(
    *, municipality: LocalGovernmentCode | str, residents: int, seed: int, as_of: date
) -> Population:
    """Return the population that is asked for, without generating anybody yet.

    Raises:
        InvalidValueError: the code is malformed, or nobody has it (LocalGovernmentCodeCheckDigitError and others).
        PopulationRequestError: it is no municipality or ward; there are more residents than it has reserved numbers
            for, or fewer than one; the seed is negative; or the network did not exist on that day.
    """
    government = find_local_government(municipality)
    slot = slot_of(government)
    if not 1 <= residents <= len(slot):
        raise PopulationRequestError(
            f"{government.full_name} can have 1 to {len(slot):,} generated residents.", field="residents"
        )
    if seed < 0:
        raise PopulationRequestError("A seed is 0 or a positive whole number.", field="seed")
    if as_of < LegalEra.FIRST_PHASE.begins_on:
        raise PopulationRequestError("The network began on 2002-08-05.", field="as_of")
    return Population(
        government=government,
        residents=residents,
        seed=seed,
        as_of=as_of,
        first_place=slot.start,
        households=household_tables(),
        names=name_tables(),
        addresses=address_tables(government),
        calendar=calendar_until(as_of),
    )


def generate_blocks(
    *, municipality: LocalGovernmentCode | str, residents: int, seed: int, as_of: date
) -> Iterator[Block]:
    """Generate the residents in blocks, as they are asked for.

    Raises:
        InvalidValueError: as `prepare_population`; at the call, not at the first block.
    """
    population = prepare_population(municipality=municipality, residents=residents, seed=seed, as_of=as_of)
    return map(population.generate_block, range(population.block_count))


def _household_items(draws: Draws, members: Members, first: int) -> dict[str, Column]:
    """Return the items of the household; a household's number is not below its first member's resident number."""
    is_protected = draws.chance(_PROTECTED_SHARE, len(members.kind)).astype(np.intp)[members.household]
    return {
        "household_number": _number_column(first + 1 + members.household),
        "relationship": Column((members.relationship,)),
        "sex": Column((_SEXES[members.sex],)),
        "is_protected": Column((_COPY_BOOLEANS[is_protected],), json=(_JSON_BOOLEANS[is_protected],)),
    }


def _number_column(values: NDArray[np.intp]) -> Column:
    text = values.astype(np.bytes_)
    return Column((text,), json=(text,))
