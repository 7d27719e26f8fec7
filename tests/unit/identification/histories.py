"""Life histories over several municipalities, as their notices, and the ways these may travel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from jukinet.domain.update_sequence import first_of_residence
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import code, individual_number, notice

#: Two municipalities of Tokyo, one of Nagano.
MUNICIPALITIES: Final = ("131121", "132039", "202029")
_CODE_CHANGES: Final = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Residence:
    """What one municipality records of a person: an entry, changes, and at last the removal."""

    municipality: str
    #: For each change between entry and removal: whether it changes the code.
    changes: tuple[bool, ...]


def life(number: int, residences: Sequence[Residence], *, is_over: bool) -> list[IdentificationNotice]:
    """Return every notice of one person, in the order in which things happened."""
    notices: list[IdentificationNotice] = []
    current, serial = code(number), 0
    for place, residence in enumerate(residences):
        first = first_of_residence(place)
        own: dict[str, Any] = {"municipality": residence.municipality, "individual_number": individual_number(number)}
        entry = "birth" if place == 0 else "move_in"
        notices.append(notice(number, first, resident_record_code=current, reason=entry, **own))
        for offset, is_code_change in enumerate(residence.changes, start=1):
            items: dict[str, Any] = {}
            if is_code_change:
                serial += 1
                new = code(_CODE_CHANGES * serial + number)
                items = {"previous_resident_record_code": current, "reason": "code_change_on_request"}
                current = new
            notices.append(notice(number, first + offset, resident_record_code=current, **own, **items))
        if is_over or place < len(residences) - 1:
            last = first + len(residence.changes) + 1
            notices.append(notice(number, last, resident_record_code=current, reason="move_out", **own))
    return notices


@st.composite
def lives(draw: st.DrawFn, *, people: int = 2, most_residences: int = 4) -> list[list[IdentificationNotice]]:
    """Return the notices of some people who move about."""
    residence = st.builds(Residence, st.sampled_from(MUNICIPALITIES), st.lists(st.booleans(), max_size=2).map(tuple))
    return [
        life(number, draw(st.lists(residence, min_size=1, max_size=most_residences)), is_over=draw(st.booleans()))
        for number in range(people)
    ]


def cut(draw: st.DrawFn, stream: Sequence[T]) -> list[list[T]]:
    """Return the stream as messages of any length."""
    if not stream:
        return []
    cuts = sorted(draw(st.sets(st.integers(1, len(stream)), max_size=6)))
    return [list(stream[start:end]) for start, end in pairwise([0, *cuts, len(stream)])]


def prefecture_of(one: IdentificationNotice) -> str:
    return one.municipality[:2]


@dataclass(frozen=True)
class State:
    """What a tier records: the present of each code, and the past of each as (code, update sequence)."""

    present: dict[str, int]
    past: frozenset[tuple[str, int]]


def state_after(notices: Iterable[IdentificationNotice]) -> State:
    """Return the state that these notices leave where they come one by one, in order."""
    present: dict[str, int] = {}
    past: set[tuple[str, int]] = set()
    for one in notices:
        for key in {one.resident_record_code, one.previous_resident_record_code} & {*present}:
            if key is not None:
                past.add((key, present.pop(key)))
        present[one.resident_record_code] = one.update_sequence
    return State(present, frozenset(past))
