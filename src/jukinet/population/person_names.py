"""Names by the column: everybody's name and reading, former surnames (旧氏), aliases (通称), nationality and status.

A household shares its surname; lodgers and partners who are not married have their own. Former surnames belong to
married people under 70. A foreign household is foreign as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.eras import LegalEra
from jukinet.domain.identification import FORMER_SURNAME_BEGINS_ON
from jukinet.population.block import Column
from jukinet.population.draws import Draws
from jukinet.population.foreign_residents import (
    ForeignTables,
    draw_foreign_households,
    draw_foreign_members,
    foreign_tables,
)
from jukinet.population.households import Members
from jukinet.population.names import GENERATION_STARTS, GivenNameTable, SurnameTable, given_name_table, surname_table
from jukinet.population.pyramid import Role
from jukinet.population.text_tables import optional

#: Of the married people under 70, who are about a sixth of the residents: 1 % of the residents.
_FORMER_SURNAME_SHARE: Final = 0.066
_FORMER_SURNAME_AGES: Final = range(18, 70)
#: Between surname and given name; foreign residents' names are in Latin letters.
_JAPANESE_SEPARATOR: Final = "\u3000".encode()
_SEPARATORS: Final = np.array([_JAPANESE_SEPARATOR, b" "], dtype=np.bytes_)
_NOTHING: Final = np.array([b""], dtype=np.bytes_)


@dataclass(frozen=True, slots=True)
class NameTables:
    """All names in one table each: first nothing, then the Japanese ones, then the foreign ones."""

    surnames: SurnameTable
    given_names: GivenNameTable
    foreign: ForeignTables
    surname: NDArray[np.bytes_]
    surname_kana: NDArray[np.bytes_]
    given: NDArray[np.bytes_]
    given_kana: NDArray[np.bytes_]
    nationality: NDArray[np.bytes_]
    status: NDArray[np.bytes_]

    @property
    def first_foreign_surname(self) -> int:
        """Return the position of the first foreign surname."""
        return 1 + len(self.surnames.written)

    @property
    def first_foreign_given(self) -> int:
        """Return the position of the first foreign given name."""
        return 1 + len(self.given_names.written)


@cache
def name_tables() -> NameTables:
    """Return the tables of every name."""
    surnames, given_names, foreign = surname_table(), given_name_table(), foreign_tables()
    return NameTables(
        surnames=surnames,
        given_names=given_names,
        foreign=foreign,
        surname=np.concatenate([_NOTHING, surnames.written, foreign.surname]),
        surname_kana=np.concatenate([_NOTHING, surnames.kana, foreign.surname_kana]),
        given=np.concatenate([_NOTHING, given_names.written, foreign.given]),
        given_kana=np.concatenate([_NOTHING, given_names.kana, foreign.given_kana]),
        nationality=np.concatenate([_NOTHING, foreign.nationality]),
        status=np.concatenate([_NOTHING, foreign.status]),
    )


def draw_foreign(draws: Draws, members: Members, as_of: date) -> NDArray[np.bool_]:
    """Return which households are foreign: none before foreign residents came onto the register."""
    is_foreign = draw_foreign_households(draws, members.householder_age)
    return is_foreign & (as_of >= LegalEra.FOREIGN_RESIDENTS.begins_on)


def draw_names(
    tables: NameTables,
    draws: Draws,
    members: Members,
    *,
    is_foreign: NDArray[np.bool_],
    birth_year: NDArray[np.int16],
    as_of: date,
) -> dict[str, Column]:
    """Return the columns that have to do with names and nationality; `is_foreign` is per household."""
    is_foreigner = is_foreign[members.household]
    surname = _surnames(tables, draws, members)
    generation = np.searchsorted(GENERATION_STARTS, birth_year, side="right")
    given = 1 + tables.given_names.choice[members.sex, generation, draws.column(len(surname))].astype(np.intp)
    former, has_former = _former_surnames(tables, draws, members, surname)
    has_former &= ~is_foreigner & (as_of >= FORMER_SURNAME_BEGINS_ON)
    who = np.flatnonzero(is_foreigner)
    foreign = draw_foreign_members(
        tables.foreign,
        draws,
        household=members.household[who],
        householder_age=members.householder_age,
        household_size=np.bincount(members.household, minlength=len(is_foreign)),
        is_householder=members.role[who] == Role.HOUSEHOLDER,
        sex=members.sex[who],
    )
    alias_surname = _spread(np.where(foreign.has_alias, surname[who], 0), who, is_foreigner)
    alias_given = _spread(np.where(foreign.has_alias, given[who], 0), who, is_foreigner)
    surname[who] = tables.first_foreign_surname + foreign.surname
    given[who] = tables.first_foreign_given + foreign.given
    return {
        "name": Column((tables.surname[surname], _SEPARATORS[is_foreigner.astype(np.intp)], tables.given[given])),
        "kana": Column((tables.surname_kana[surname], _JAPANESE_SEPARATOR, tables.given_kana[given])),
        "former_surname": Column((tables.surname[np.where(has_former, former, 0)],), has_former),
        "alias": _alias_column(tables, alias_surname, alias_given),
        "nationality": Column((tables.nationality[_spread(1 + foreign.nationality, who, is_foreigner)],), is_foreigner),
        "residence_status": Column((tables.status[_spread(1 + foreign.status, who, is_foreigner)],), is_foreigner),
    }


def _spread(values: NDArray[np.intp], who: NDArray[np.intp], everybody: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return foreign residents' values as a column of everybody, 0 for the others."""
    column = np.zeros(len(everybody), dtype=np.intp)
    column[who] = values
    return column


def _alias_column(tables: NameTables, surname: NDArray[np.intp], given: NDArray[np.intp]) -> Column:
    has_alias = surname > 0
    separator = optional(has_alias, _JAPANESE_SEPARATOR)
    return Column((tables.surname[surname], separator, tables.given[given]), has_alias)


def _surnames(tables: NameTables, draws: Draws, members: Members) -> NDArray[np.intp]:
    """Return everybody's Japanese surname, foreign residents' too: it may become their alias."""
    shared = tables.surnames.all[draws.column(len(members.kind))][members.household]
    own = tables.surnames.all[draws.column(len(members.role))]
    has_own = (members.role == Role.LODGER) | (members.role == Role.PARTNER)
    return 1 + np.where(has_own, own, shared).astype(np.intp)


def _former_surnames(
    tables: NameTables, draws: Draws, members: Members, surname: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return a former surname for everybody, never the present one, and who has it."""
    people = len(members.role)
    former = 1 + tables.surnames.usual[draws.column(people)].astype(np.intp)
    former = np.where(former == surname, 1 + surname % len(tables.surnames.written), former)
    may_have = (members.role == Role.SPOUSE) & (members.age < _FORMER_SURNAME_AGES.stop)
    return former, may_have & draws.chance(_FORMER_SURNAME_SHARE, people)
