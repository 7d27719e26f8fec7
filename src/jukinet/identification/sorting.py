"""Which notices can be applied now: the plain rules of order, per resident (I2, I3).

A resident's changes are applied in the order of their update sequence, without a gap. The first that is known
here may have any sequence if it enters the resident (転入: earlier changes were another prefecture's).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jukinet.delivery.quarantine import HeldNotice
from jukinet.domain.changes import ENTRY_REASONS, REMOVAL_REASONS
from jukinet.domain.errors import JukinetError
from jukinet.identification.standing import Register, resident_key
from jukinet.protocol.identification import IdentificationNotice

#: Where the sequence of a code has come to that was changed into another: nothing follows under it.
ENDED: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """A valid notice to place: just received at `position`, or `held` since an earlier message."""

    notice: IdentificationNotice = field(repr=False)
    position: int | None = None
    held: HeldNotice | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of the arrivals, each list in the order of application."""

    applicable: list[Arrival]
    repeated: list[Arrival]
    waiting: list[Arrival]
    #: Next of their residents, and yet not to be applied: what they contradict.
    contradicting: list[tuple[Arrival, JukinetError]]


def is_removal(notice: IdentificationNotice) -> bool:
    """Return whether the change removes the resident record (消除)."""
    return notice.reason in REMOVAL_REASONS


def sort_arrivals(arrivals: Sequence[Arrival], known: Mapping[str, int], register: Register) -> Sorted:
    """Place every arrival; of two with one sequence, the first given that contradicts nothing counts.

    `known` gives the update sequence reached by each resident known here, ENDED for a code that was changed away;
    `register` tells what else is recorded of them, and moves on with what is applicable.
    """
    reached = dict(known)
    applicable: list[Arrival] = []
    repeated: list[Arrival] = []
    waiting: list[Arrival] = []
    contradicting: list[tuple[Arrival, JukinetError]] = []
    for arrival in sorted(arrivals, key=_sequence):
        notice = arrival.notice
        sequence = notice.update_sequence
        before = reached.get(resident_key(notice))
        # The code was changed already when this is a repetition.
        repeatable = reached.get(notice.resident_record_code) if before is None else before
        if repeatable is not None and sequence <= repeatable:
            repeated.append(arrival)
            continue
        is_first = sequence == 1 or notice.reason in ENTRY_REASONS
        if not (is_first if before is None else sequence == before + 1):
            waiting.append(arrival)
            continue
        error = register.find_contradiction(notice)
        if error is not None:
            contradicting.append((arrival, error))
            continue
        register.apply(notice)
        applicable.append(arrival)
        if notice.previous_resident_record_code is not None:
            reached[notice.previous_resident_record_code] = ENDED
        reached[notice.resident_record_code] = sequence
    return Sorted(applicable, repeated, waiting, contradicting)


def _sequence(arrival: Arrival) -> int:
    return arrival.notice.update_sequence
