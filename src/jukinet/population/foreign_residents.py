"""Foreign residents (外国人住民) by the column: nationality, status of residence, names, aliases (通称)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.population.draws import Draws, choice_table
from jukinet.population.foreign_names import (
    FAMILY_STATUS,
    LASTING_STATUSES,
    LONE_STATUSES,
    NATIONALITIES,
    STATUS_WITH_FAMILY,
    entries,
)
from jukinet.population.text_tables import text_table

#: By age of the householder, from which age on: the share of households that are foreign. About 3 % of the residents.
SHARES_BY_AGE: Final = ((0, 0.086), (30, 0.056), (45, 0.030), (60, 0.012), (75, 0.005))
OLD_AGE: Final = 50
SURNAMES_EACH: Final = 10
GIVEN_NAMES_EACH: Final = 8


@dataclass(frozen=True, slots=True)
class ForeignTables:
    """Names of every nationality one after the other, and the tables to draw nationality and status."""

    #: `SURNAMES_EACH` for each nationality.
    surname: NDArray[np.bytes_]
    surname_kana: NDArray[np.bytes_]
    #: `GIVEN_NAMES_EACH` for each nationality and sex.
    given: NDArray[np.bytes_]
    given_kana: NDArray[np.bytes_]
    nationality: NDArray[np.bytes_]
    #: By whether the householder is old, then by draw.
    nationality_choice: NDArray[np.uint16]
    alias_share: NDArray[np.float64]
    status: NDArray[np.bytes_]
    #: By nationality, then by draw.
    status_choice: NDArray[np.uint16]
    is_lasting: NDArray[np.bool_]
    is_lone: NDArray[np.bool_]
    family_status: int
    status_with_family: int


@cache
def foreign_tables() -> ForeignTables:
    """Return the tables of foreign residents."""
    surnames = [name for nationality in NATIONALITIES for name in entries(nationality.surnames)]
    given = [
        name
        for nationality in NATIONALITIES
        for names in (nationality.men, nationality.women)
        for name in entries(names)
    ]
    statuses = tuple(dict.fromkeys((FAMILY_STATUS, *(name for each in NATIONALITIES for name in each.statuses))))
    return ForeignTables(
        surname=text_table(latin for latin, _ in surnames),
        surname_kana=text_table(kana for _, kana in surnames),
        given=text_table(latin for latin, _ in given),
        given_kana=text_table(kana for _, kana in given),
        nationality=text_table(nationality.name for nationality in NATIONALITIES),
        nationality_choice=np.stack(
            [
                choice_table([nationality.young_share for nationality in NATIONALITIES]),
                choice_table([nationality.old_share for nationality in NATIONALITIES]),
            ]
        ),
        alias_share=np.array([nationality.alias_share for nationality in NATIONALITIES]),
        status=text_table(statuses),
        status_choice=np.stack(
            [
                choice_table([nationality.statuses.get(status, 0) for status in statuses])
                for nationality in NATIONALITIES
            ]
        ),
        is_lasting=np.array([status in LASTING_STATUSES for status in statuses]),
        is_lone=np.array([status in LONE_STATUSES for status in statuses]),
        family_status=statuses.index(FAMILY_STATUS),
        status_with_family=statuses.index(STATUS_WITH_FAMILY),
    )


def draw_foreign_households(draws: Draws, householder_age: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which households are foreign."""
    ages, shares = zip(*SHARES_BY_AGE, strict=True)
    share = np.array(shares)[np.searchsorted(ages, householder_age, side="right") - 1]
    return draws.column(len(householder_age)) < share * (1 << 16)


@dataclass(frozen=True, slots=True)
class ForeignMembers:
    """What foreign residents have in addition, one entry per foreign resident; positions in `ForeignTables`."""

    surname: NDArray[np.intp]
    given: NDArray[np.intp]
    nationality: NDArray[np.intp]
    status: NDArray[np.intp]
    has_alias: NDArray[np.bool_]


def draw_foreign_members(
    tables: ForeignTables,
    draws: Draws,
    *,
    household: NDArray[np.intp],
    householder_age: NDArray[np.intp],
    household_size: NDArray[np.intp],
    is_householder: NDArray[np.bool_],
    sex: NDArray[np.intp],
) -> ForeignMembers:
    """Return nationality, status and names: all but `household` and what follows it are per household."""
    count = len(householder_age)
    nationality = tables.nationality_choice[(householder_age >= OLD_AGE).astype(np.intp), draws.column(count)]
    status = tables.status_choice[nationality, draws.column(count)].astype(np.intp)
    status = np.where(tables.is_lone[status] & (household_size > 1), tables.status_with_family, status)
    surname = nationality * np.intp(SURNAMES_EACH) + draws.below(SURNAMES_EACH, count)
    has_alias = draws.column(count) < tables.alias_share[nationality] * (1 << 16)
    own_nationality = nationality[household].astype(np.intp)
    keeps_status = is_householder | tables.is_lasting[status[household]]
    return ForeignMembers(
        surname=surname[household],
        given=(own_nationality * 2 + sex) * GIVEN_NAMES_EACH + draws.below(GIVEN_NAMES_EACH, len(household)),
        nationality=own_nationality,
        status=np.where(keeps_status, status[household], tables.family_status),
        has_alias=has_alias[household],
    )
