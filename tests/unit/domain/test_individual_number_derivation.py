"""An Individual Number is made of the resident record code under a key, and tells nothing about the code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.errors import SecretUnreadableError
from jukinet.domain.individual_number import TRIAL_ALLOTMENT_PREFIX, is_individual_number
from jukinet.domain.individual_number_derivation import KEY_BYTES, NumberDerivation
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule

KEY = bytes(range(KEY_BYTES))
PRODUCTION = NumberDerivation(key=KEY)
TRIAL = NumberDerivation(key=KEY, prefix=TRIAL_ALLOTMENT_PREFIX)


def code(number: int) -> ResidentRecordCode:
    return ResidentRecordCode.from_body(f"9{number:09d}")


codes = st.integers(0, 10**9 - 1).map(code)
keys = st.binary(min_size=KEY_BYTES, max_size=64)


@given(code=codes, serial=st.integers(1, 1000), key=keys, prefix=st.sampled_from(["", "8"]))
def test_every_number_has_its_check_digit_and_the_prefix_of_its_node(
    code: ResidentRecordCode, serial: int, key: bytes, prefix: str
) -> None:
    number = NumberDerivation(key=key, prefix=prefix).derive(code, serial).value

    assert is_individual_number(number)
    assert number.startswith(prefix)


def test_the_function_never_changes() -> None:
    assert [PRODUCTION.derive(code(1), serial).value for serial in (1, 2)] == ["543885800150", "675636412853"]
    assert TRIAL.derive(code(1), 1).value == "843885800154"


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
def test_a_hundred_thousand_residents_have_as_many_numbers_after_counting_on() -> None:
    taken: dict[str, str] = {}
    counted_on = 0
    for number in range(100_000):
        serial = 1
        while (made := TRIAL.derive(code(number), serial).value) in taken:
            serial += 1
        counted_on += serial > 1
        taken[made] = code(number).value

    assert len(taken) == 100_000
    # A function that scatters 10^5 over 10^10 meets itself about once in two such runs.
    assert counted_on <= 5


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
def test_another_key_gives_numbers_that_have_nothing_in_common() -> None:
    other = NumberDerivation(key=KEY[::-1])

    same = sum(PRODUCTION.derive(code(n), 1) == other.derive(code(n), 1) for n in range(10_000))

    assert same == 0


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
@pytest.mark.parametrize("position", range(11))
def test_codes_that_follow_one_another_have_numbers_whose_digits_do_not(position: int) -> None:
    counts = [0] * 10
    for number in range(20_000):
        counts[int(PRODUCTION.derive(code(number), 1).value[position])] += 1

    # Chi squared with nine degrees of freedom is above 33.7 once in ten thousand; the codes are fixed, so never here.
    assert sum((count - 2000) ** 2 / 2000 for count in counts) < 33.7


@pytest.mark.parametrize("length", [0, 16, KEY_BYTES - 1])
def test_a_key_that_could_be_guessed_is_refused(length: int) -> None:
    with pytest.raises(SecretUnreadableError):
        NumberDerivation(key=bytes(length))


def test_the_key_is_not_shown() -> None:
    assert KEY.hex() not in repr(PRODUCTION)
    assert "key" not in repr(PRODUCTION)
