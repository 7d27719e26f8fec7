"""A person who moves about is recorded the same on every tier, however the messages of the municipalities travel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.sorting import Arrival, sort_arrivals
from jukinet.identification.standing import Register
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import notice
from tests.unit.identification.histories import State, cut, lives, prefecture_of, state_after

Lives = list[list[IdentificationNotice]]
Messages = list[list[IdentificationNotice]]


@dataclass
class Tier:
    """What a receiver keeps, in plain memory."""

    holds_everyone: bool = False
    waiting: list[Arrival] = field(default_factory=list)
    applied: list[IdentificationNotice] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    present: dict[str, int] = field(default_factory=dict)
    past: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.register = Register({}, {}, holds_everyone=self.holds_everyone)

    def receive(self, notices: list[IdentificationNotice]) -> list[IdentificationNotice]:
        """Take in a message; return what is handed on."""
        arrivals = [Arrival(one, position) for position, one in enumerate(notices)]
        placed = sort_arrivals([*self.waiting, *arrivals], self.register)
        self.waiting = [Arrival(one) for one in _once(arrival.notice for arrival in placed.waiting)]
        self.wrong += [error.code for _, error in placed.contradicting]
        applied = [arrival.notice for arrival in placed.applicable]
        self.applied += applied
        for one in applied:
            self._record(one)
        recorded = {*self.present.items()} | self.past
        self.wrong += [
            "conflict.sequence"
            for arrival in placed.repeated
            if (arrival.notice.resident_record_code, arrival.notice.update_sequence) not in recorded
        ]
        return applied

    def state(self) -> State:
        return State(self.present, frozenset(self.past))

    def _record(self, one: IdentificationNotice) -> None:
        code, previous = one.resident_record_code, one.previous_resident_record_code
        if previous is not None and previous in self.present:
            self.past.add((previous, self.present.pop(previous)))
        reached = max((sequence for known, sequence in self.past | {*self.present.items()} if known == code), default=0)
        if reached > one.update_sequence:
            self.past.add((code, one.update_sequence))
            return
        if code in self.present:
            self.past.add((code, self.present[code]))
        self.present[code] = one.update_sequence


def _once(notices: Iterable[IdentificationNotice]) -> list[IdentificationNotice]:
    return [*dict.fromkeys(notices)]


@st.composite
def travels(draw: st.DrawFn) -> tuple[Lives, dict[str, Messages]]:
    """Return lives, and for each prefecture the messages in which its notices come, in any order, some repeatedly."""
    people = draw(lives())
    notices = [one for life in people for one in life]
    messages: dict[str, Messages] = {}
    for prefecture in sorted({prefecture_of(one) for one in notices}):
        own = [one for one in notices if prefecture_of(one) == prefecture]
        again = draw(st.lists(st.sampled_from(own), max_size=4))
        messages[prefecture] = cut(draw, draw(st.permutations([*own, *again])))
    return people, messages


def tell(messages: Messages, tier: Tier) -> Messages:
    return [handed for message in messages if (handed := tier.receive(message))]


@pytest.mark.invariant("I3")
@given(travels(), st.data())
def test_every_tier_ends_as_if_everything_had_come_in_order(
    travel: tuple[Lives, dict[str, Messages]], data: st.DataObject
) -> None:
    people, messages = travel
    tiers = {prefecture: Tier() for prefecture in messages}
    nation = Tier(holds_everyone=True)

    handed_on = [one for prefecture, tier in tiers.items() for one in tell(messages[prefecture], tier)]
    tell(data.draw(st.permutations(handed_on)), nation)

    for prefecture, tier in tiers.items():
        own = [one for life in people for one in life if prefecture_of(one) == prefecture]
        assert (tier.wrong, tier.waiting, tier.state()) == ([], [], state_after(own))
    assert (nation.wrong, nation.waiting) == ([], [])
    assert nation.state() == state_after(one for life in people for one in life)


@pytest.mark.invariant("I3")
@given(travels(), st.data())
def test_whatever_is_lost_the_nation_never_runs_ahead_of_a_life(
    travel: tuple[Lives, dict[str, Messages]], data: st.DataObject
) -> None:
    people, messages = travel
    lost = data.draw(st.sets(st.sampled_from([one for life in people for one in life]), max_size=3))
    nation = Tier(holds_everyone=True)

    for prefecture_messages in data.draw(st.permutations([*messages.values()])):
        tier = Tier()
        kept = [[one for one in message if one not in lost] for message in prefecture_messages]
        tell(data.draw(st.permutations(tell(kept, tier))), nation)
        assert tier.wrong == []

    assert nation.wrong == []
    for life in people:
        applied = [one for one in nation.applied if one in life]
        assert applied == life[: len(applied)]
        missing = [place for place, one in enumerate(life) if one in lost]
        assert len(applied) <= min(missing, default=len(life))


@pytest.mark.invariant("I3")
@given(travels(), st.data())
def test_what_was_lost_and_comes_at_last_completes_every_tier(
    travel: tuple[Lives, dict[str, Messages]], data: st.DataObject
) -> None:
    people, messages = travel
    notices = [one for life in people for one in life]
    lost = data.draw(st.sets(st.sampled_from(notices), max_size=3))
    nation = Tier(holds_everyone=True)
    for prefecture, own in messages.items():
        tier = Tier()
        kept = [[one for one in message if one not in lost] for message in own]
        late = [one for one in notices if one in lost and prefecture_of(one) == prefecture]
        tell(tell([*kept, late], tier), nation)

    assert (nation.wrong, nation.waiting) == ([], [])
    assert nation.state() == state_after(notices)


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("holds_everyone", [False, True])
def test_an_entry_over_a_live_resident_waits_for_the_removal(holds_everyone: bool) -> None:  # noqa: FBT001 - a parameter
    tier = Tier(holds_everyone=holds_everyone)
    tier.receive([notice(1)])
    entering = notice(1, first_of_residence(1), reason="move_in")

    assert tier.receive([entering]) == []
    assert tier.receive([notice(1, 2, reason="move_out")]) == [notice(1, 2, reason="move_out"), entering]


def test_the_nation_waits_for_every_earlier_residence_and_a_prefecture_does_not() -> None:
    entering = notice(1, first_of_residence(2), reason="move_in")
    nation, prefecture = Tier(holds_everyone=True), Tier()
    for tier in (nation, prefecture):
        tier.receive([notice(1), notice(1, 2, reason="move_out")])

    assert nation.receive([entering]) == []
    assert prefecture.receive([entering]) == [entering]
    assert Tier(holds_everyone=True).receive([entering]) == []
    assert Tier().receive([entering]) == [entering]


def test_an_entry_into_a_residence_that_another_has_entered_is_a_conflict() -> None:
    tier = Tier(holds_everyone=True)
    entering = notice(1, first_of_residence(1), reason="move_in")
    tier.receive([notice(1), notice(1, 2, reason="move_out"), entering])
    other = notice(1, first_of_residence(1), reason="move_in", municipality="202029")

    placed = sort_arrivals([Arrival(other, 0)], tier.register)

    assert [arrival.notice for arrival in placed.repeated] == [other]


def test_a_residence_that_comes_late_joins_the_history_and_leaves_the_present_alone() -> None:
    tier = Tier()
    later = notice(1, first_of_residence(2), reason="move_in")
    first, second = first_of_residence(1), first_of_residence(1) + 1
    earlier = [notice(1, first, reason="move_in"), notice(1, second, reason="move_out")]

    tier.receive([notice(1), notice(1, 2, reason="move_out"), later])
    handed_on = tier.receive([*earlier, notice(1, second + 1)])

    assert handed_on == earlier
    assert tier.wrong == ["conflict.resident_removed"]
    assert tier.present == {later.resident_record_code: later.update_sequence}
