"""However notices arrive, each change of each resident is applied once, in order (I2, I3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.identification.sorting import Arrival, is_removal, sort_arrivals
from jukinet.identification.standing import Register, Standing, resident_key
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import SETAGAYA, code, notice

_RESIDENTS = 3
_CHANGES = 6
_CODE_CHANGES = 10_000


def history(number: int, length: int, code_changed_at: frozenset[int]) -> list[IdentificationNotice]:
    """Return the changes of one resident; at some of them the code changes, and stays changed."""
    current = code(number)
    changes = [notice(number)]
    for sequence in range(2, length + 1):
        if sequence in code_changed_at:
            new = code(_CODE_CHANGES * sequence + number)
            items = {"previous_resident_record_code": current, "reason": "code_change_on_request"}
            changes.append(notice(number, sequence, resident_record_code=new, **items))
            current = new
        else:
            changes.append(notice(number, sequence, resident_record_code=current))
    return changes


@dataclass
class Tier:
    """What a receiver keeps, in plain memory: how its residents stand, what waits, what was applied."""

    waiting: list[Arrival] = field(default_factory=list)
    applied: list[IdentificationNotice] = field(default_factory=list)
    register: Register = field(default_factory=lambda: Register({}, {}))

    def receive(self, notices: list[IdentificationNotice]) -> None:
        arrivals = [Arrival(one, position) for position, one in enumerate(notices)]
        placed = sort_arrivals([*arrivals, *self.waiting], self.register)
        self.waiting = placed.waiting
        self.applied += [arrival.notice for arrival in placed.applicable]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[list[IdentificationNotice]], list[list[IdentificationNotice]]]:
    """Return histories, and messages in which each of their changes comes at least once, in any order."""
    histories = [
        history(number, draw(st.integers(1, _CHANGES)), frozenset(draw(st.sets(st.integers(2, _CHANGES), max_size=2))))
        for number in range(_RESIDENTS)
    ]
    changes = [change for one in histories for change in one]
    repeated = draw(st.lists(st.sampled_from(changes), max_size=8))
    stream = draw(st.permutations([*changes, *repeated]))
    cuts = sorted(draw(st.sets(st.integers(1, len(stream)), max_size=6)))
    bounds = [0, *cuts, len(stream)]
    return histories, [list(stream[start:end]) for start, end in pairwise(bounds)]


@pytest.mark.invariant("I3")
@given(deliveries())
def test_any_order_split_delay_and_repetition_applies_every_change_once_and_in_order(
    delivery: tuple[list[list[IdentificationNotice]], list[list[IdentificationNotice]]],
) -> None:
    histories, messages = delivery
    tier = Tier()

    for message in messages:
        tier.receive(message)

    assert tier.waiting == []
    for changes in histories:
        codes = {change.resident_record_code for change in changes}
        assert [one for one in tier.applied if one.resident_record_code in codes] == changes


@pytest.mark.invariant("I2")
@given(deliveries(), st.data())
def test_a_missing_change_holds_back_its_own_resident_and_nobody_else(
    delivery: tuple[list[list[IdentificationNotice]], list[list[IdentificationNotice]]], data: st.DataObject
) -> None:
    histories, messages = delivery
    lost = data.draw(st.sampled_from(histories[0]))
    tier = Tier()

    for message in messages:
        tier.receive([one for one in message if one != lost])

    behind = histories[0][lost.update_sequence :]
    held_back = {change.resident_record_code for change in behind}
    codes = [{change.resident_record_code for change in changes} for changes in histories]
    assert {arrival.notice.resident_record_code for arrival in tier.waiting} == held_back
    assert [one for one in tier.applied if one.resident_record_code in codes[0]] == histories[0][
        : lost.update_sequence - 1
    ]
    for own, changes in zip(codes[1:], histories[1:], strict=True):
        assert [one for one in tier.applied if one.resident_record_code in own] == changes


def test_a_change_of_code_continues_the_sequence_of_the_resident() -> None:
    changed = notice(
        2, 4, resident_record_code=code(8), previous_resident_record_code=code(2), reason="code_change_on_request"
    )
    after = notice(8, 5)

    placed = sort_arrivals(
        [Arrival(after, 0), Arrival(changed, 1)], Register({code(2): Standing(3, SETAGAYA.code)}, {})
    )

    assert [arrival.notice for arrival in placed.applicable] == [changed, after]
    assert resident_key(changed) == code(2)


def test_what_speaks_of_a_code_that_was_changed_away_is_a_repetition_never_a_new_person() -> None:
    changed = notice(
        2, 2, resident_record_code=code(8), previous_resident_record_code=code(2), reason="code_change_on_request"
    )

    placed = sort_arrivals(
        [Arrival(changed, 0), Arrival(notice(2, 3), 1)], Register({code(2): Standing(1, SETAGAYA.code)}, {})
    )

    assert [arrival.notice for arrival in placed.applicable] == [changed]
    assert [arrival.position for arrival in placed.repeated] == [1]


@pytest.mark.parametrize(("reason", "removes"), [("death", True), ("move_out", True), ("relocation", False)])
def test_only_removals_remove(reason: str, removes: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_removal(notice(1, 2, reason=reason)) is removes


def test_a_removal_and_the_entry_of_one_act_are_applied_in_their_order_by_every_tier() -> None:
    removal = notice(1, 2, reason="ex_officio_removal")
    entry = notice(1, 65_537, reason="ex_officio_entry", name="試験\u3000安")
    later = notice(1, 65_538, reason="ex_officio_modification", former_surname="検証")

    for holds_everyone in (False, True):
        register = Register({}, {}, holds_everyone=holds_everyone)
        placed = sort_arrivals(
            [Arrival(one, place) for place, one in enumerate((later, entry, removal, notice(1)))], register
        )

        sequences = [arrival.notice.update_sequence for arrival in placed.applicable]
        assert sequences == [1, 2, 65_537, 65_538]
        assert (placed.waiting, placed.contradicting) == ([], [])


def test_an_entry_without_the_removal_before_it_waits() -> None:
    register = Register({}, {}, holds_everyone=True)
    sort_arrivals([Arrival(notice(1), 0)], register)

    placed = sort_arrivals([Arrival(notice(1, 65_537, reason="ex_officio_entry"), 0)], register)

    assert (placed.applicable, len(placed.waiting)) == ([], 1)
