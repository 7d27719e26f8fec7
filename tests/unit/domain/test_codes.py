"""Resident record codes, Individual Numbers, local government codes."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_

from jukinet.domain import individual_number, local_government_code, resident_record_code
from jukinet.domain.bundled import local_government_rows
from jukinet.domain.errors import (
    IndividualNumberCheckDigitError,
    LocalGovernmentCodeCheckDigitError,
    MalformedIndividualNumberError,
    MalformedLocalGovernmentCodeError,
    MalformedResidentRecordCodeError,
    ResidentRecordCodeCheckDigitError,
)
from jukinet.domain.individual_number import IndividualNumber, is_individual_number
from jukinet.domain.local_government_code import LocalGovernmentCode, is_local_government_code
from jukinet.domain.resident_record_code import (
    ResidentRecordCode,
    is_resident_record_code,
    require_resident_record_code,
)
from jukinet.domain.rules import Rule

VECTORS: Final[dict[str, list[dict[str, Any]]]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "check_digits.json").read_text(encoding="utf-8")
)
DIGITS: Final = "0123456789"


def bodies(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet=DIGITS, min_size=length, max_size=length)


@pytest.mark.parametrize("vector", VECTORS["resident_record_code"])
def test_the_check_digit_of_a_resident_record_code_agrees_with_known_codes(vector: dict[str, Any]) -> None:
    assert resident_record_code.check_digit(vector["body"]) == vector["check_digit"]


@pytest.mark.parametrize("vector", VECTORS["individual_number"])
def test_the_check_digit_of_an_individual_number_agrees_with_known_numbers(vector: dict[str, Any]) -> None:
    assert individual_number.check_digit(vector["body"]) == vector["check_digit"]


@pytest.mark.parametrize("vector", VECTORS["local_government_code"])
def test_the_check_digit_of_a_local_government_code_agrees_with_known_codes(vector: dict[str, Any]) -> None:
    assert local_government_code.check_digit(vector["body"]) == vector["check_digit"]


@pytest.mark.rule(Rule.CODE_FORMAT)
@given(bodies(10))
def test_every_other_check_digit_of_a_resident_record_code_is_refused(body: str) -> None:
    right = resident_record_code.check_digit(body)

    accepted = [digit for digit in DIGITS if is_resident_record_code(body + digit)]

    assert accepted == [right]
    for digit in set(DIGITS) - {right}:
        with pytest.raises(ResidentRecordCodeCheckDigitError):
            require_resident_record_code(body + digit)


@given(bodies(11))
def test_every_other_check_digit_of_an_individual_number_is_refused(body: str) -> None:
    accepted = [digit for digit in DIGITS if is_individual_number(body + digit)]

    assert accepted == [individual_number.check_digit(body)]


@given(bodies(5))
def test_every_other_check_digit_of_a_local_government_code_is_refused(body: str) -> None:
    accepted = [digit for digit in DIGITS if is_local_government_code(body + digit)]

    assert accepted == [local_government_code.check_digit(body)]


@given(bodies(10))
def test_a_resident_record_code_is_read_in_full_width_with_spaces_and_hyphens(body: str) -> None:
    code = ResidentRecordCode.from_body(body)
    wide = code.value.translate(str.maketrans(DIGITS, "０１２３４５６７８９"))

    read = ResidentRecordCode.parse(f" {wide[:4]}－{wide[4:8]}\u3000{wide[8:]} ")

    assert read == code


@pytest.mark.parametrize(
    "text", ["", "2472705960", "247270596080", "2472705960x", "２４７２７０５９６０８", "-4727059608"]
)
def test_the_quick_check_takes_eleven_ascii_digits_only(text: str) -> None:
    assert not is_resident_record_code(text)
    with pytest.raises(MalformedResidentRecordCodeError):
        require_resident_record_code(text, field="resident_record_code")


def test_a_wrong_number_of_digits_is_no_check_digit_error() -> None:
    with pytest.raises(MalformedResidentRecordCodeError):
        ResidentRecordCode.parse("2472705960")
    with pytest.raises(MalformedResidentRecordCodeError):
        resident_record_code.check_digit("123")
    with pytest.raises(MalformedIndividualNumberError):
        IndividualNumber.parse("12345678901")
    with pytest.raises(MalformedIndividualNumberError):
        individual_number.check_digit("x" * 11)
    with pytest.raises(MalformedLocalGovernmentCodeError):
        LocalGovernmentCode.parse("13101")
    with pytest.raises(MalformedLocalGovernmentCodeError):
        local_government_code.check_digit("1310")


def test_a_wrong_check_digit_has_its_own_error() -> None:
    with pytest.raises(ResidentRecordCodeCheckDigitError):
        ResidentRecordCode.parse("24727059607")
    with pytest.raises(IndividualNumberCheckDigitError):
        IndividualNumber.parse("123456789010")
    with pytest.raises(LocalGovernmentCodeCheckDigitError):
        LocalGovernmentCode.parse("131017")


def test_a_code_hides_itself_in_every_text() -> None:
    code = ResidentRecordCode.parse("24727059608")
    number = IndividualNumber.parse("123456789018")

    texts = [repr(code), str(code), f"{code}", repr(number), str(number), f"{number}", repr([code, number])]

    assert not any("2472" in text or "1234" in text for text in texts)


def test_codes_sort_by_their_digits_and_can_be_kept_in_sets() -> None:
    first, second = ResidentRecordCode.from_body("9000000000"), ResidentRecordCode.from_body("9000000001")

    assert sorted([second, first]) == [first, second]
    assert len({first, ResidentRecordCode.parse(first.value)}) == 1


@given(st.integers(), st.sampled_from(["", "8", "9", "9123", "9000000000"]))
def test_a_generated_code_is_valid_and_begins_as_asked(seed: int, prefix: str) -> None:
    code = ResidentRecordCode.generate(Random(seed), prefix)
    number = IndividualNumber.generate(Random(seed), prefix)

    assert is_resident_record_code(code.value)
    assert code.value.startswith(prefix)
    assert is_individual_number(number.value)
    assert number.value.startswith(prefix)


def test_the_reserved_ranges_do_not_meet() -> None:
    prefixes = {resident_record_code.SYNTHETIC_PREFIX, resident_record_code.TRIAL_ALLOTMENT_PREFIX}

    assert prefixes == {"9", "8"}
    assert prefixes == {individual_number.SYNTHETIC_PREFIX, individual_number.TRIAL_ALLOTMENT_PREFIX}


def test_a_million_individual_numbers_agree_with_an_independent_library() -> None:
    random = Random(20151005)
    differing = 0

    for _ in range(1_000_000):
        body = f"{random.randrange(10**11):011d}"
        differing += individual_number.check_digit(body) != in_.calc_check_digit(body)

    assert differing == 0


def test_every_local_government_code_in_use_has_the_right_check_digit() -> None:
    codes = [row[0] for row in local_government_rows()]

    assert len(codes) == 1965
    assert all(is_local_government_code(code) for code in codes)


def test_a_municipality_knows_its_prefecture() -> None:
    code = LocalGovernmentCode.parse("131016")

    assert str(code.prefecture_code) == "130001"
    assert code.prefecture_code.is_prefecture
    assert not code.is_prefecture
    assert LocalGovernmentCode.from_body("13101") == code
