"""A committed set proves to anybody whether he or she was in the file, and nothing about anybody else (I11)."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.audit.commitments import commit_set, prove_in_set
from jukinet.audit.verifier.persons import find_key, require_person
from jukinet.domain.errors import ProofRefusedError
from tests.builders import code

NAME: Final = "agency/nenkin 0190"
SECRET: Final = bytes(range(32))
PERSONS: Final = [code(number) for number in range(3_000)]


def check(proof: dict[str, Any], person: str, *, persons: list[str] = PERSONS) -> None:
    commitment = commit_set(persons, name=NAME, secret=SECRET)
    blind = None if proof["blind"] is None else bytes.fromhex(proof["blind"])
    require_person(commitment.root, find_key(NAME, person), proof, blind=blind, depth=commitment.depth)


@pytest.mark.invariant("I11")
@settings(deadline=None, max_examples=20)
@given(st.sets(st.integers(0, 5_000), max_size=2_000), st.integers(0, 5_000))
def test_everybody_can_prove_to_be_in_the_file_or_not(numbers: set[int], wanted: int) -> None:
    persons = [code(number) for number in sorted(numbers)]

    proof = prove_in_set(persons, code(wanted), name=NAME, secret=SECRET)

    assert (proof["blind"] is not None) == (wanted in numbers)
    check(proof, code(wanted), persons=persons)


@pytest.mark.invariant("I11")
def test_a_proof_is_of_no_use_to_anybody_else() -> None:
    inside = prove_in_set(PERSONS, code(7), name=NAME, secret=SECRET)
    outside = prove_in_set(PERSONS, code(9_000), name=NAME, secret=SECRET)

    for person in (code(8), code(9_001)):
        with pytest.raises(ProofRefusedError):
            check(inside, person)
        with pytest.raises(ProofRefusedError):
            check(outside, person)


@pytest.mark.invariant("I11")
def test_who_is_in_the_file_is_never_shown_to_be_absent() -> None:
    proof = prove_in_set(PERSONS, code(7), name=NAME, secret=SECRET)
    shorter = prove_in_set(PERSONS[8:], code(7), name=NAME, secret=SECRET)

    with pytest.raises(ProofRefusedError, match="may be in the tree"):
        check({**proof, "blind": None}, code(7))
    with pytest.raises(ProofRefusedError):
        check(shorter, code(7))
    with pytest.raises(ProofRefusedError, match="key of this person"):
        own = {"key": find_key(NAME, code(7)).hex(), "blind": proof["blind"]}
        check({**proof, "blind": None, "others": [own]}, code(7))


def test_the_order_of_lines_and_repeated_persons_change_nothing() -> None:
    once = commit_set(PERSONS, name=NAME, secret=SECRET)

    assert commit_set([*reversed(PERSONS), *PERSONS[:50]], name=NAME, secret=SECRET) == once
    assert once.size == len(PERSONS)


def test_without_the_secret_the_set_cannot_be_guessed() -> None:
    assert commit_set(PERSONS, name=NAME, secret=SECRET).root != commit_set(PERSONS, name=NAME, secret=bytes(32)).root


def test_a_person_whose_key_begins_like_anothers_is_told_apart() -> None:
    few = PERSONS[:60]
    prefixes = {find_key(NAME, person)[:2] for person in few}
    alike = next(one for one in map(code, range(20_000, 90_000)) if find_key(NAME, one)[:2] in prefixes)

    proof = prove_in_set(few, alike, name=NAME, secret=SECRET)

    assert len(proof["others"]) == 1
    check(proof, alike, persons=few)
    with pytest.raises(ProofRefusedError):
        check({**proof, "others": []}, alike, persons=few)
