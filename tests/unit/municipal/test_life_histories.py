"""No sequence of acts reaches an impossible record, and every tier ends with the same (I2, I3, I6, I7)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.resident_record import ResidentRecord
from jukinet.identification.sorting import is_removal
from jukinet.municipal.records import notice_of
from tests.unit.municipal.life_histories import Municipality, Tier, World
from tests.unit.municipal.lives_delivery import deliver

#: More of them: JUKINET_HISTORIES=100000 make test.
_HISTORIES: Final = int(os.environ.get("JUKINET_HISTORIES", "10000"))
_CHUNKS: Final = 20
_ACTS: Final = 25


def problems_of(world: World) -> list[str]:
    """Return what is wrong with the registers by themselves."""
    found: list[str] = []
    live = Counter(
        world.people[place.number, one.resident_number]
        for place in world.municipalities.values()
        for one in place.live()
    )
    found += ["a person has two live records" for count in live.values() if count > 1]
    for place in world.municipalities.values():
        heads = Counter(one.household_number for one in place.live() if one.is_householder)
        households = {one.household_number for one in place.live()}
        found += [f"household {number} has {heads[number]} householders" for number in households if heads[number] != 1]
        addresses = {(one.household_number, one.address) for one in place.live()}
        found += ["a household has two addresses"] * (len(addresses) - len(households))
        for history in place.versions.values():
            found += _problems_of_history(history)
    owners = {(version.resident_record_code, person) for version, person in _versions(world)}
    found += ["a code belonged to two people"] * (len(owners) - len({code for code, _ in owners}))
    numbers = {(version.individual_number, person) for version, person in _versions(world) if version.individual_number}
    found += ["a number belonged to two people"] * (len(numbers) - len({number for number, _ in numbers}))
    return found


def _versions(world: World) -> Iterator[tuple[ResidentRecord, int]]:
    for place in world.municipalities.values():
        for number, history in place.versions.items():
            for version in history:
                yield version, world.people[place.number, number]


def _problems_of_history(history: list[ResidentRecord]) -> list[str]:
    found: list[str] = []
    if [one.version for one in history] != list(range(1, len(history) + 1)):
        found.append("a version is missing")
    if [one.act_number for one in history] != sorted(one.act_number or 0 for one in history):
        found.append("acts are out of order")
    sequences = [one.update_sequence for one in history if one.update_sequence is not None]
    if sequences != sorted(set(sequences)):
        found.append("update sequences do not rise")
    return found


def problems_of_tiers(world: World, prefectures: dict[str, Tier], nation: Tier) -> list[str]:
    """Return how the tiers differ from the registers once everything has arrived."""
    found = [f"{len(tier.waiting)} notices wait for ever" for tier in (*prefectures.values(), nation) if tier.waiting]
    sent = sum(len(place.sent) for place in world.municipalities.values())
    if len(nation.applied) != sent:
        found.append(f"the nation applied {len(nation.applied)} of {sent}")
    for place in world.municipalities.values():
        for one in place.live():
            expected = notice_of(_last_notified(place, one), place.handles[one.resident_number].update_sequence)
            tiers = (prefectures[place.number[:2]], nation)
            found += [
                "a tier holds something else" for t in tiers if t.records.get(one.resident_record_code) != expected
            ]
    for tier in (*prefectures.values(), nation):
        own = [
            place for number, place in world.municipalities.items() if tier is nation or tier is prefectures[number[:2]]
        ]
        live = {code: one for code, one in tier.records.items() if not is_removal(one)}
        if {*live} != {one.resident_record_code for place in own for one in place.live()}:
            found.append("a tier has somebody live who is not, or misses somebody")
        numbers = Counter(one.individual_number for one in live.values() if one.individual_number)
        found += ["a number belongs to two live records" for count in numbers.values() if count > 1]
    return found


def _last_notified(place: Municipality, one: ResidentRecord) -> ResidentRecord:
    return next(version for version in reversed(place.versions[one.resident_number]) if version.update_sequence)


@pytest.mark.invariant("I6")
@pytest.mark.invariant("I7")
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_random_lives_leave_possible_registers_and_equal_tiers(chunk: int) -> None:
    for seed in range(chunk * _HISTORIES // _CHUNKS, (chunk + 1) * _HISTORIES // _CHUNKS):
        world = World(seed)
        world.live(_ACTS)
        found = problems_of(world) + problems_of_tiers(world, *deliver(world))

        assert found == [], f"seed {seed}"


def test_the_lives_are_eventful_enough_to_show_something() -> None:
    worlds = [World(seed) for seed in range(500)]
    for world in worlds:
        world.live(_ACTS)

    reasons = Counter(
        one.act_reason
        for world in worlds
        for place in world.municipalities.values()
        for history in place.versions.values()
        for one in history
    )
    assert set(reasons) == {reason.value for reason in ActReason}
    assert min(reasons.values()) > 10
