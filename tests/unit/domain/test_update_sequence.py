"""Update sequences count changes within a residence, and residences within a life."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.errors import SequenceConflictError
from jukinet.domain.update_sequence import (
    RESIDENCE_SPAN,
    begins_residence,
    first_of_residence,
    next_residence,
    next_sequence,
    residence_of,
)

sequences = st.integers(1, 2**31 - 1)


def test_the_first_residence_begins_at_one() -> None:
    assert (first_of_residence(0), residence_of(1), residence_of(RESIDENCE_SPAN)) == (1, 0, 0)
    assert first_of_residence(1) == RESIDENCE_SPAN + 1


@given(sequences)
def test_a_sequence_lies_in_the_stretch_of_its_residence(sequence: int) -> None:
    residence = residence_of(sequence)

    assert first_of_residence(residence) <= sequence < first_of_residence(residence + 1)
    assert begins_residence(sequence) is (sequence == first_of_residence(residence))


@given(sequences)
def test_the_next_residence_begins_after_everything_of_this_one(sequence: int) -> None:
    entering = next_residence(sequence)

    assert entering > sequence
    assert begins_residence(entering)
    assert residence_of(entering) == residence_of(sequence) + 1


@given(sequences)
def test_the_next_sequence_never_crosses_into_the_next_residence(sequence: int) -> None:
    if begins_residence(sequence + 1):
        with pytest.raises(SequenceConflictError):
            next_sequence(sequence)
    else:
        assert residence_of(next_sequence(sequence)) == residence_of(sequence)
