"""Which notices can be applied now: the plain rules of order, per resident (I2, I3).

A resident's changes are applied in the order of their update sequence, without a gap within a residence. Which
residence may follow which stands in `identification.standing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jukinet.delivery.quarantine import HeldNotice
from jukinet.domain.changes import REMOVAL_REASONS
from jukinet.domain.errors import JukinetError
from jukinet.identification.standing import Register, Turn
from jukinet.protocol.identification import IdentificationNotice


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


def sort_arrivals(arrivals: Sequence[Arrival], register: Register) -> Sorted:
    """Place every arrival; of two with one sequence, the first given that contradicts nothing counts.

    `register` tells what is recorded of their residents, and moves on with what is applicable.
    """
    applicable: list[Arrival] = []
    repeated: list[Arrival] = []
    waiting: list[Arrival] = []
    contradicting: list[tuple[Arrival, JukinetError]] = []
    for arrival in sorted(arrivals, key=_sequence):
        turn = register.find_turn(arrival.notice)
        if turn is Turn.REPEATED:
            repeated.append(arrival)
            continue
        if turn is Turn.EARLY:
            waiting.append(arrival)
            continue
        error = register.find_contradiction(arrival.notice)
        if error is not None:
            contradicting.append((arrival, error))
            continue
        register.apply(arrival.notice)
        applicable.append(arrival)
    return Sorted(applicable, repeated, waiting, contradicting)


def _sequence(arrival: Arrival) -> int:
    return arrival.notice.update_sequence
