"""Numbers of generated residents: reserved, valid, and nobody else's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_

from jukinet.domain import individual_number, resident_record_code
from jukinet.domain.errors import PopulationRequestError
from jukinet.domain.individual_number import is_individual_number
from jukinet.domain.local_governments import find_local_government, list_municipalities, list_prefectures, list_wards
from jukinet.domain.resident_record_code import is_resident_record_code
from jukinet.population.numbers import PLACES, individual_numbers, resident_record_codes, slot_of
from tests.unit.population.people import NAKASHIBETSU, SETAGAYA, YOKOHAMA

PLACE = st.integers(min_value=0, max_value=PLACES - 1)


def places(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(values, dtype=np.uint64)


@given(PLACE)
def test_every_resident_record_code_is_valid_and_in_the_reserved_range(place: int) -> None:
    code = resident_record_codes(places(place))[0].decode()

    assert is_resident_record_code(code)
    assert code.startswith(resident_record_code.SYNTHETIC_PREFIX)


@given(PLACE)
def test_every_individual_number_is_valid_and_in_the_reserved_range(place: int) -> None:
    number = individual_numbers(places(place))[0].decode()

    assert is_individual_number(number)
    assert in_.is_valid(number)
    assert number.startswith(individual_number.SYNTHETIC_PREFIX)


def test_a_million_codes_and_numbers_agree_with_the_check_digits_of_the_domain() -> None:
    every = np.arange(0, PLACES, 1000, dtype=np.uint64)

    codes = resident_record_codes(every).tolist()
    numbers = individual_numbers(every).tolist()

    assert all(is_resident_record_code(code.decode()) for code in codes)
    assert all(is_individual_number(number.decode()) for number in numbers)
    assert len(set(codes)) == len(set(numbers)) == len(every)


@given(PLACE, PLACE)
def test_two_places_never_share_a_number(one: int, other: int) -> None:
    codes = resident_record_codes(places(one, other))
    numbers = individual_numbers(places(one, other))

    assert (codes[0] == codes[1]) == (one == other)
    assert (numbers[0] == numbers[1]) == (one == other)


def test_three_municipalities_of_a_hundred_thousand_share_no_number() -> None:
    slots = [slot_of(find_local_government(code)) for code in (SETAGAYA, NAKASHIBETSU, YOKOHAMA)]
    every = np.concatenate([np.arange(slot.start, slot.start + 100_000, dtype=np.uint64) for slot in slots])

    assert len(set(resident_record_codes(every).tolist())) == 300_000
    assert len(set(individual_numbers(every).tolist())) == 300_000


def test_neighbours_do_not_look_like_neighbours() -> None:
    codes = resident_record_codes(np.arange(10_000, dtype=np.uint64))

    first_digits = np.unique([code[1:4] for code in codes.tolist()])

    assert len(first_digits) > 900


def test_slots_of_all_municipalities_and_wards_lie_side_by_side_within_the_places() -> None:
    slots = [slot_of(government) for government in (*list_municipalities(), *list_wards())]

    assert slots[0].start == 0
    assert all(left.stop == right.start for left, right in pairwise(slots))
    assert slots[-1].stop <= PLACES


def test_a_prefecture_has_no_slot() -> None:
    with pytest.raises(PopulationRequestError):
        slot_of(list_prefectures()[0])
