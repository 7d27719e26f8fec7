"""Japan as it is: the age pyramid and the households that the generated residents follow.

Age groups after the population estimates of October 2023, in ten thousands and rounded; household sizes after the
general households of the census of 2020. The division of each size into kinds is this module's own approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

#: Years in an age group; the last group is open.
GROUP_YEARS: Final = 5

#: Residents of each five-year group, 0–4 to 100 and over, in ten thousands: men, women.
PYRAMID: Final = (
    (
        *(206.7, 244.5, 270.4, 281.8, 321.4, 333.5, 328.0, 356.5, 393.4, 460.4, 478.6),
        *(413.4, 369.0, 356.6, 400.3, 337.3, 248.0, 143.0, 56.0, 11.7, 1.0),
    ),
    (
        *(196.8, 232.8, 257.4, 267.9, 303.4, 314.1, 310.8, 343.8, 382.9, 449.4, 471.5),
        *(414.6, 377.9, 376.3, 445.7, 413.7, 348.0, 257.0, 149.0, 50.3, 8.2),
    ),
)


class Role(IntEnum):
    """A place in a household, in the order in which the register lists its members."""

    HOUSEHOLDER = 0
    SPOUSE = 1
    PARTNER = 2
    ELDEST_CHILD = 3
    MIDDLE_CHILD = 4
    CHILD = 5
    CHILDS_SPOUSE = 6
    ELDEST_GRANDCHILD = 7
    MIDDLE_GRANDCHILD = 8
    GRANDCHILD = 9
    FATHER = 10
    MOTHER = 11
    SIBLING = 12
    LODGER = 13


@dataclass(frozen=True, slots=True)
class HouseholdKind:
    """A kind of household: who belongs to it, how many there are, and who can be its householder."""

    #: Percent of all households.
    share: float
    members: tuple[Role, ...]
    youngest_householder: int
    oldest_householder: int
    female_householders: float

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the householder and the members."""
        return (Role.HOUSEHOLDER, *self.members)


_ONE: Final = (Role.CHILD,)
_TWO: Final = (Role.ELDEST_CHILD, Role.CHILD)
_THREE: Final = (Role.ELDEST_CHILD, Role.MIDDLE_CHILD, Role.CHILD)
_YOUNG_COUPLE: Final = (Role.CHILD, Role.CHILDS_SPOUSE)

#: Every kind; the first is the single person.
HOUSEHOLD_KINDS: Final = (
    HouseholdKind(38.1, (), 18, 99, 0.5),
    HouseholdKind(18.9, (Role.SPOUSE,), 20, 99, 0.06),
    HouseholdKind(1.0, (Role.PARTNER,), 20, 79, 0.2),
    HouseholdKind(4.8, _ONE, 25, 94, 0.85),
    HouseholdKind(0.9, (Role.MOTHER,), 30, 74, 0.25),
    HouseholdKind(0.3, (Role.FATHER,), 30, 69, 0.25),
    HouseholdKind(0.8, (Role.SIBLING,), 20, 89, 0.4),
    HouseholdKind(0.7, (Role.LODGER,), 20, 89, 0.4),
    HouseholdKind(12.2, (Role.SPOUSE, *_ONE), 25, 94, 0.05),
    HouseholdKind(2.6, _TWO, 25, 84, 0.85),
    HouseholdKind(1.4, (Role.SPOUSE, Role.MOTHER), 30, 74, 0.05),
    HouseholdKind(0.4, (Role.FATHER, Role.MOTHER), 25, 69, 0.25),
    HouseholdKind(10.6, (Role.SPOUSE, *_TWO), 25, 84, 0.04),
    HouseholdKind(1.0, (Role.SPOUSE, *_ONE, Role.MOTHER), 30, 69, 0.04),
    HouseholdKind(0.3, _THREE, 30, 69, 0.85),
    HouseholdKind(2.6, (Role.SPOUSE, *_THREE), 30, 69, 0.03),
    HouseholdKind(0.8, (Role.SPOUSE, *_TWO, Role.MOTHER), 30, 64, 0.03),
    HouseholdKind(0.5, (Role.SPOUSE, *_YOUNG_COUPLE, Role.GRANDCHILD), 50, 89, 0.04),
    HouseholdKind(0.5, (Role.SPOUSE, *_TWO, Role.FATHER, Role.MOTHER), 30, 59, 0.03),
    HouseholdKind(0.4, (Role.SPOUSE, *_YOUNG_COUPLE, Role.ELDEST_GRANDCHILD, Role.GRANDCHILD), 50, 89, 0.04),
    HouseholdKind(0.3, (Role.SPOUSE, *_THREE, Role.FATHER, Role.MOTHER), 30, 59, 0.03),
    HouseholdKind(
        0.2,
        (Role.SPOUSE, *_YOUNG_COUPLE, Role.ELDEST_GRANDCHILD, Role.MIDDLE_GRANDCHILD, Role.GRANDCHILD),
        50,
        89,
        0.04,
    ),
)
