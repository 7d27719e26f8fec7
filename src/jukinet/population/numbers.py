"""Numbers of generated residents: resident record codes and Individual Numbers out of one reserved range.

Both begin with 9 (docs/synthetic-data.md). The next nine digits of a code, and the next ten of an Individual
Number, come from the resident's place in a nationwide order: every municipality has a slot as wide as its kind may
ever need, in the order of the bundled table, and a resident's place is the slot's start plus the resident's position.
A fixed bijection scatters the places over all 10^9 (10^10) values. So two residents never share a number, whatever
their municipalities, seeds and sizes; and the same resident of another seed has the same numbers.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.errors import PopulationRequestError
from jukinet.domain.local_governments import LocalGovernment, LocalGovernmentKind, list_municipalities, list_wards

#: Residents that a local government of each kind can have numbers for; no real one has as many.
SLOT_SIZES: Final = {
    LocalGovernmentKind.DESIGNATED_CITY: 5_000_000,
    LocalGovernmentKind.SPECIAL_WARD: 1_000_000,
    LocalGovernmentKind.CITY: 700_000,
    LocalGovernmentKind.TOWN: 100_000,
    LocalGovernmentKind.VILLAGE: 100_000,
    LocalGovernmentKind.DESIGNATED_WARD: 500_000,
}
#: Places in the nationwide order.
PLACES: Final = 10**9

_RESERVED_DIGIT: Final = 9
_CODE_DIGITS: Final = 9
_INDIVIDUAL_NUMBER_DIGITS: Final = 10
# Weights of Ministry notice 436 of 2002 and of Ministry ordinance 85 of 2014 art. 5, for the lowest digit first.
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)
_MODULUS: Final = 11
# What the multiplications of the rounds below mix with: odd 64-bit constants without meaning.
_CODE_KEYS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_INDIVIDUAL_NUMBER_KEYS: Final = (0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3)


@cache
def _slot_starts() -> dict[str, int]:
    starts: dict[str, int] = {}
    start = 0
    for government in (*list_municipalities(), *list_wards()):
        starts[government.code.value] = start
        start += SLOT_SIZES[government.kind]
    return starts


def slot_of(government: LocalGovernment) -> range:
    """Return the places that belong to a municipality or ward.

    Raises:
        PopulationRequestError: it is neither: no resident is registered there.
    """
    start = _slot_starts().get(government.code.value)
    if start is None:
        raise PopulationRequestError("Residents are registered in municipalities and wards only.", field="municipality")
    return range(start, start + SLOT_SIZES[government.kind])


def _scattered(places: NDArray[np.uint64], *, high: int, low: int, keys: tuple[int, ...]) -> NDArray[np.uint64]:
    """Return each place's image under a bijection of the `high` × `low` values: a Feistel network of mixed radix."""
    left, right = np.divmod(places, np.uint64(low))
    for key in keys:
        left = (left + ((right + np.uint64(1)) * np.uint64(key) >> np.uint64(40))) % np.uint64(high)
        right = (right + ((left + np.uint64(1)) * np.uint64(key) >> np.uint64(40))) % np.uint64(low)
    return left * np.uint64(low) + right


def _with_check_digit(values: NDArray[np.uint64], digits: int) -> NDArray[np.bytes_]:
    """Return 9, the value's digits and the check digit as text; remainders 0 and 1 both give 0."""
    figures = np.empty((len(values), digits + 2), dtype=np.uint8)
    figures[:, 0] = _RESERVED_DIGIT
    weighted = np.full(len(values), _RESERVED_DIGIT * _WEIGHTS[digits], dtype=np.uint16)
    rest = values
    for position in range(digits):
        quotient = rest // np.uint64(10)
        digit = (rest - quotient * np.uint64(10)).astype(np.uint8)
        figures[:, digits - position] = digit
        weighted += digit * np.uint16(_WEIGHTS[position])
        rest = quotient
    remainder = weighted % np.uint16(_MODULUS)
    figures[:, -1] = np.where(remainder <= 1, 0, _MODULUS - remainder)
    figures += ord("0")
    return figures.view(f"S{digits + 2}").ravel()


def resident_record_codes(places: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """Return the resident record codes (住民票コード) of these places, eleven digits each."""
    scattered = _scattered(places, high=10**5, low=10**4, keys=_CODE_KEYS)
    return _with_check_digit(scattered, _CODE_DIGITS)


def individual_numbers(places: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """Return the Individual Numbers (個人番号) of these places, twelve digits each."""
    scattered = _scattered(places, high=10**5, low=10**5, keys=_INDIVIDUAL_NUMBER_KEYS)
    return _with_check_digit(scattered, _INDIVIDUAL_NUMBER_DIGITS)
