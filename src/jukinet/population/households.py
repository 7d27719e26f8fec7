"""Households (世帯): who lives together, their ages, sexes and relationships, column by column.

A household is drawn as a cell: a kind, the householder's sex and age group. The weights of the cells are fitted once
so that the residents come out after the age pyramid and the households after their kinds; what a cell yields is
measured with the very code that draws it. Every household has exactly one householder, and an adult one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.population.draws import DRAW_RANGE, Draws, choice_table
from jukinet.population.pyramid import GROUP_YEARS, HOUSEHOLD_KINDS, PYRAMID, Role

ADULT_AGE: Final = 18
OLDEST_AGE: Final = 108
MALE: Final = 0
FEMALE: Final = 1
_SEXES: Final = 2
_GROUPS: Final = len(PYRAMID[0])
_MALE_BIRTHS: Final = 0.513
_LODGER_YEARS: Final = 50
_YOUNGEST_MARRIED_CHILD: Final = 22
_SIBLING_YEARS: Final = 8

_FIT_HOUSEHOLDS_PER_CELL: Final = 240
_FIT_ROUNDS: Final = 400
_FIT_PRECISION: Final = 1e9


@dataclass(frozen=True, slots=True)
class Members:
    """Whole households, one after the other, one entry per person."""

    #: Position of the person's household among the households drawn.
    household: NDArray[np.intp]
    role: NDArray[np.intp]
    sex: NDArray[np.intp]
    age: NDArray[np.intp]
    #: Per household.
    kind: NDArray[np.intp]
    householder_age: NDArray[np.intp]
    #: Relationship (続柄), UTF-8.
    relationship: NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class HouseholdTables:
    """What drawing a household needs: the cells, their weights and the gaps between ages."""

    cell_kind: NDArray[np.intp]
    cell_sex: NDArray[np.intp]
    cell_group: NDArray[np.intp]
    cells: NDArray[np.uint16]
    single_cells: NDArray[np.uint16]
    #: Per kind: how many people, and which roles.
    size: NDArray[np.intp]
    has_role: NDArray[np.bool_]
    #: By draw: years from a man to his wife, from a parent to the youngest child, from a child to the next.
    spouse_gap: NDArray[np.int16]
    birth_gap: NDArray[np.int16]
    sibling_gap: NDArray[np.int16]
    relationship: NDArray[np.bytes_]


def _bell(mean: float, deviation: float, least: int, most: int) -> NDArray[np.int16]:
    """Return a table by draw of whole years, normally distributed and cut at both ends."""
    years = np.arange(least, most + 1)
    table = choice_table(np.exp(-(((years - mean) / deviation) ** 2) / 2))
    return (table.astype(np.int16) + np.int16(least)).astype(np.int16)


def _relationship_labels() -> NDArray[np.bytes_]:
    """Return the relationship of each role by sex; of siblings by who is older (the last two rows)."""
    labels = {
        Role.HOUSEHOLDER: ("世帯主", "世帯主"),
        Role.SPOUSE: ("夫", "妻"),
        Role.PARTNER: ("夫（未届）", "妻（未届）"),
        Role.CHILDS_SPOUSE: ("子の夫", "子の妻"),
        Role.ELDEST_GRANDCHILD: ("子の子", "子の子"),
        Role.MIDDLE_GRANDCHILD: ("子の子", "子の子"),
        Role.GRANDCHILD: ("子の子", "子の子"),
        Role.FATHER: ("父", "父"),
        Role.MOTHER: ("母", "母"),
        Role.SIBLING: ("弟", "妹"),
        Role.LODGER: ("同居人", "同居人"),
    }
    rows = [labels.get(role, ("子", "子")) for role in Role]
    rows.append(("兄", "姉"))
    return np.array([[label.encode() for label in row] for row in rows], dtype=np.bytes_)


_OLDER_SIBLING: Final = len(Role)


def _cells() -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the possible cells (kind, sex, age group) and the weights that fitting starts from."""
    cells: list[tuple[int, int, int]] = []
    weights: list[float] = []
    for position, kind in enumerate(HOUSEHOLD_KINDS):
        groups = range(kind.youngest_householder // GROUP_YEARS, kind.oldest_householder // GROUP_YEARS + 1)
        for sex, share in enumerate((1 - kind.female_householders, kind.female_householders)):
            cells.extend((position, sex, group) for group in groups)
            weights.extend(kind.share * share / len(groups) for _ in groups)
    return np.array(cells, dtype=np.intp).T, np.array(weights)


@cache
def household_tables() -> HouseholdTables:
    """Return the tables, fitted to the pyramid and the kinds."""
    cells, weights = _cells()
    has_role = np.array([[role in kind.roles for role in Role] for kind in HOUSEHOLD_KINDS])
    tables = HouseholdTables(
        cell_kind=cells[0],
        cell_sex=cells[1],
        cell_group=cells[2],
        cells=np.empty(0, dtype=np.uint16),
        single_cells=np.empty(0, dtype=np.uint16),
        size=has_role.sum(axis=1),
        has_role=has_role,
        spouse_gap=_bell(-2, 4, -14, 8),
        birth_gap=_bell(31.5, 4.8, 18, 44),
        sibling_gap=_bell(2.6, 1.3, 1, 7),
        relationship=_relationship_labels(),
    )
    fitted = _fitted(tables, weights)
    return HouseholdTables(
        **{name: getattr(tables, name) for name in HouseholdTables.__slots__ if not name.endswith("cells")},
        cells=choice_table(fitted),
        single_cells=choice_table(np.where(tables.cell_kind == 0, fitted, 0)),
    )


def _fitted(tables: HouseholdTables, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights of the cells that yield the pyramid and the kinds (expectation maximisation)."""
    count = len(start)
    drawn = np.repeat(np.arange(count), _FIT_HOUSEHOLDS_PER_CELL)
    members = draw_members(tables, Draws(count), drawn)
    group = np.minimum(members.age // GROUP_YEARS, _GROUPS - 1)
    where = (members.household // _FIT_HOUSEHOLDS_PER_CELL) * _SEXES * _GROUPS + members.sex * _GROUPS + group
    people = np.bincount(where, minlength=count * _SEXES * _GROUPS).reshape(count, -1) / _FIT_HOUSEHOLDS_PER_CELL
    shares = np.array([kind.share for kind in HOUSEHOLD_KINDS])
    kinds = (tables.cell_kind[:, None] == np.arange(len(shares))) * tables.size[tables.cell_kind][:, None]
    wanted_people = np.array(PYRAMID).ravel() / np.sum(PYRAMID)
    wanted_kinds = shares * tables.size / np.sum(shares * tables.size)
    yields = np.hstack([people, kinds])
    wanted = np.concatenate([wanted_people, wanted_kinds])
    weights: NDArray[np.float64] = start
    for _ in range(_FIT_ROUNDS):
        ratio = wanted / np.maximum(weights @ yields, 1e-12)
        weights = weights * (yields @ ratio) / yields.sum(axis=1)
    # Rounded, so that the last bits of one machine's arithmetic do not decide a draw.
    rounded: NDArray[np.float64] = np.rint(weights / weights.sum() * _FIT_PRECISION)
    return rounded


def draw_households(tables: HouseholdTables, draws: Draws, residents: int) -> Members:
    """Return whole households with exactly `residents` people in them."""
    cell = tables.cells[draws.column(residents)].astype(np.intp)
    single = tables.single_cells[draws.column(int(tables.size.max()))].astype(np.intp)
    people = np.cumsum(tables.size[tables.cell_kind[cell]])
    kept = int(np.searchsorted(people, residents, side="right"))
    missing = residents - (int(people[kept - 1]) if kept else 0)
    return draw_members(tables, draws, np.concatenate([cell[:kept], single[:missing]]))


def draw_members(tables: HouseholdTables, draws: Draws, cell: NDArray[np.intp]) -> Members:
    """Return the people of one household per cell."""
    kind = tables.cell_kind[cell]
    present = tables.has_role[kind]
    ages = _ages(tables, draws, cell, present)
    sexes = _sexes(tables, draws, cell)
    household, role = np.nonzero(present)
    age, sex = ages[household, role], sexes[household, role]
    householder_age = ages[:, Role.HOUSEHOLDER]
    is_older_sibling = (role == Role.SIBLING) & (age > householder_age[household])
    label = np.where(is_older_sibling, _OLDER_SIBLING, role)
    return Members(household, role, sex, age, kind, householder_age, tables.relationship[label, sex])


def _sexes(tables: HouseholdTables, draws: Draws, cell: NDArray[np.intp]) -> NDArray[np.intp]:
    sexes = (~draws.chance(_MALE_BIRTHS, len(cell) * len(Role))).astype(np.intp).reshape(len(cell), len(Role))
    sexes[:, Role.HOUSEHOLDER] = tables.cell_sex[cell]
    sexes[:, Role.SPOUSE] = sexes[:, Role.PARTNER] = 1 - sexes[:, Role.HOUSEHOLDER]
    sexes[:, Role.CHILDS_SPOUSE] = 1 - sexes[:, Role.CHILD]
    sexes[:, Role.FATHER] = MALE
    sexes[:, Role.MOTHER] = FEMALE
    return sexes


def _ages(
    tables: HouseholdTables, draws: Draws, cell: NDArray[np.intp], present: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return the age each role would have in each household, whether or not the household has the role."""
    count = len(cell)
    ages = np.empty((count, len(Role)), dtype=np.intp)
    group = tables.cell_group[cell]
    holder = np.maximum(group * GROUP_YEARS + draws.below(GROUP_YEARS, count), ADULT_AGE)
    younger_wife = np.where(tables.cell_sex[cell] == MALE, 1, -1)
    spouse = np.maximum(holder + younger_wife * tables.spouse_gap[draws.column(count)], ADULT_AGE)
    ages[:, Role.HOUSEHOLDER], ages[:, Role.SPOUSE], ages[:, Role.PARTNER] = holder, spouse, spouse
    parent = np.where(present[:, Role.SPOUSE], np.minimum(holder, spouse), holder)
    child = _children(tables, draws, parent, ages, Role.ELDEST_CHILD)
    has_young_couple = present[:, Role.CHILDS_SPOUSE]
    child = np.where(has_young_couple, np.maximum(child, _YOUNGEST_MARRIED_CHILD), child)
    ages[:, Role.CHILD] = child
    childs_spouse = np.maximum(child + tables.spouse_gap[draws.column(count)], ADULT_AGE)
    ages[:, Role.CHILDS_SPOUSE] = childs_spouse
    _children(tables, draws, np.maximum(np.minimum(child, childs_spouse), ADULT_AGE), ages, Role.ELDEST_GRANDCHILD)
    mother = holder + tables.birth_gap[draws.column(count)]
    ages[:, Role.MOTHER] = mother
    ages[:, Role.FATHER] = np.maximum(mother - tables.spouse_gap[draws.column(count)], holder + ADULT_AGE)
    sibling = holder - _SIBLING_YEARS + draws.below(2 * _SIBLING_YEARS + 1, count)
    ages[:, Role.SIBLING] = np.maximum(sibling, ADULT_AGE)
    ages[:, Role.LODGER] = ADULT_AGE + draws.below(_LODGER_YEARS, count)
    return np.minimum(ages, OLDEST_AGE)


def _children(
    tables: HouseholdTables, draws: Draws, parent: NDArray[np.intp], ages: NDArray[np.intp], eldest: Role
) -> NDArray[np.intp]:
    """Fill in three children from the eldest's column on, and return the youngest's ages."""
    count = len(parent)
    youngest = parent - tables.birth_gap[draws.column(count)]
    chance = draws.column(count).astype(np.intp)
    as_old_as_may_be = (parent - ADULT_AGE + 1) * chance // DRAW_RANGE
    youngest = np.where(youngest < 0, as_old_as_may_be, youngest)
    middle = np.minimum(youngest + tables.sibling_gap[draws.column(count)], parent - ADULT_AGE)
    first = np.minimum(middle + tables.sibling_gap[draws.column(count)], parent - ADULT_AGE)
    # Of two children the elder is the eldest: her column then takes the middle's gap, which is as good.
    ages[:, eldest], ages[:, eldest + 1], ages[:, eldest + 2] = first, middle, youngest
    return youngest
