"""Update sequences (更新順番号) of a resident: one more with each change, and a new stretch with each residence.

Residence k, from 0, begins at k × 65,536 + 1. A municipality that enters a person who was removed elsewhere knows
where its own stretch begins without knowing what the other one still recorded; the tiers keep the exact order
(docs/adr/0011).
"""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import SequenceConflictError

#: How many changes one residence may have.
RESIDENCE_SPAN: Final = 65_536


def residence_of(sequence: int) -> int:
    """Return which residence a sequence number belongs to, from 0."""
    return (sequence - 1) // RESIDENCE_SPAN


def first_of_residence(residence: int) -> int:
    """Return the sequence number of the entry that begins a residence."""
    return residence * RESIDENCE_SPAN + 1


def begins_residence(sequence: int) -> bool:
    """Return whether this is the sequence number of an entry that begins a residence."""
    return (sequence - 1) % RESIDENCE_SPAN == 0


def next_sequence(sequence: int) -> int:
    """Return the next number of the same residence.

    Raises:
        SequenceConflictError: the residence has no number left.
    """
    if begins_residence(sequence + 1):
        raise SequenceConflictError("This residence has no update sequence left.", field="update_sequence")
    return sequence + 1


def next_residence(sequence: int) -> int:
    """Return the number of the entry that may follow a removal."""
    return first_of_residence(residence_of(sequence) + 1)
