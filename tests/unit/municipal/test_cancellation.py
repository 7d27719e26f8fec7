"""Acts and their cancellations in memory: real planners, and the rules of order of the tiers above take what comes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from jukinet.domain.acts.cancellation import (
    Cancellation,
    LatestResidence,
    list_standing_again,
    plan_cancellation,
    procedure_of,
)
from jukinet.domain.acts.relocation import Relocation, plan_relocation
from jukinet.domain.acts.removal import Death, plan_death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import EnteredElsewhereError, LaterActError
from jukinet.domain.households import Succession
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import residence_of
from tests.builders import TODAY, code, individual_number
from tests.unit.municipal.life_histories import Municipality, Tier, World

DAY = CivilDate.of(TODAY)


@dataclass
class Office:
    """A municipality that numbers its acts."""

    municipality: Municipality
    acts: dict[int, list[int]] = field(default_factory=dict)

    def write(self, steps: Sequence[RecordStep]) -> int:
        # The families moved in with act 1.
        number = len(self.acts) + 2
        lengths = {resident: len(history) for resident, history in self.municipality.versions.items()}
        self.municipality.write(steps)
        touched = []
        for resident, history in self.municipality.versions.items():
            begin = lengths.get(resident, 0)
            if len(history) > begin:
                history[begin:] = [replace(version, act_number=number) for version in history[begin:]]
                touched.append(resident)
        self.acts[number] = touched
        return number

    def plan(self, number: int, **items: object) -> tuple[RecordStep, ...]:
        return plan_cancellation(
            Cancellation(act_number=number, decided_on=DAY),
            histories=self.histories(number),
            households=self.municipality.current(),
            **items,  # type: ignore[arg-type] # what the nation said
        )

    def histories(self, number: int) -> list[list[ResidentRecord]]:
        return [self.municipality.versions[resident] for resident in self.acts[number]]


def office_of(seed: int) -> Office:
    """Return Setagaya with the families of one world."""
    return Office(World(seed).municipalities["131121"])


def die(office: Office, number: int) -> int:
    municipality = office.municipality
    household = municipality.household(municipality.versions[number][-1].household_number)
    others = [one.resident_number for one in household if not one.is_removed and one.resident_number != number]
    succession = Succession(householder=others[0] if others else None, relationships=dict.fromkeys(others, "縁故者"))
    death = Death(resident_number=number, died_on=DAY, succession=succession)
    return office.write(plan_death(death, notified_on=TODAY, household=household))


def latest(residence: int, *, is_removed: bool) -> LatestResidence:
    """Return what the nation says of somebody whose numbers were changed there."""
    return LatestResidence(
        residence, is_removed=is_removed, resident_record_code=code(999), individual_number=individual_number(999)
    )


def relocate(office: Office, number: int, lot: int) -> int:
    municipality = office.municipality
    household = municipality.household(municipality.versions[number][-1].household_number)
    movers = tuple(one.resident_number for one in household if not one.is_removed and one.resident_number != number)
    relocation = Relocation(
        resident_number=number, companions=movers, address=f"東京都世田谷区弦巻一丁目{lot}番1号", moved_on=DAY
    )
    return office.write(
        plan_relocation(relocation, notified_on=TODAY, household=household, household_number=municipality.free_number())
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_tiers_take_every_act_and_its_cancellation_in_order(seed: int) -> None:
    office, choice = office_of(seed), random.Random(seed)
    municipality = office.municipality
    for lot in range(6):
        one = choice.choice(municipality.live()).resident_number
        before = {record.resident_number: record for record in municipality.current()}
        act_number = die(office, one) if choice.random() < 0.5 else relocate(office, one, lot + 1)
        if choice.random() < 0.8 or not municipality.live():
            office.write(office.plan(act_number, elsewhere={}))
            after = {record.resident_number: record for record in municipality.current()}
            for number, record in before.items():
                assert (record.address, record.relationship, record.is_removed, record.household_number) == (
                    after[number].address,
                    after[number].relationship,
                    after[number].is_removed,
                    after[number].household_number,
                )
    for tier in (Tier(holds_everyone=False), Tier(holds_everyone=True)):
        for notice in choice.sample(municipality.sent, len(municipality.sent)):
            tier.receive(notice)
        assert tier.waiting == []
        assert {code: (notice.address, notice.update_sequence) for code, notice in tier.records.items()} == {
            record.resident_record_code: (
                [version for version in municipality.versions[record.resident_number] if version.update_sequence][
                    -1
                ].address,
                municipality.handles[record.resident_number].update_sequence,
            )
            for record in municipality.current()
        }


def test_which_of_the_three_it_is_and_who_stands_again() -> None:
    office = office_of(3)
    one = office.municipality.live()[0].resident_number

    moved = relocate(office, one, 1)
    assert procedure_of(office.plan(moved)) is Procedure.CANCELLATION
    dead = die(office, one)
    assert procedure_of(office.plan(dead)) is Procedure.CANCELLATION_ENTRY
    assert [record.resident_number for record in list_standing_again(office.histories(dead), dead)] == [one]
    with pytest.raises(LaterActError):
        office.plan(moved)


@pytest.mark.parametrize(
    ("found", "residence"),
    [
        (None, None),
        (latest(0, is_removed=True), None),
        (latest(1, is_removed=True), 2),
        (latest(4, is_removed=True), 5),
    ],
)
def test_a_record_stands_again_in_the_residence_after_the_latest(
    found: LatestResidence | None, residence: int | None
) -> None:
    office = office_of(3)
    one = office.municipality.live()[0].resident_number
    dead = die(office, one)

    steps = office.plan(dead, elsewhere={} if found is None else {one: found})

    assert next(step for step in steps if step.after.resident_number == one).residence == residence
    office.write(steps)
    assert residence_of(office.municipality.handles[one].update_sequence) == (1 if residence is None else residence)
    stands = office.municipality.versions[one][-1]
    is_changed = (stands.resident_record_code, stands.individual_number) == (code(999), individual_number(999))
    assert is_changed == (residence is not None)


def test_who_lives_elsewhere_by_now_does_not_stand_again() -> None:
    office = office_of(3)
    one = office.municipality.live()[0].resident_number
    dead = die(office, one)

    with pytest.raises(EnteredElsewhereError):
        office.plan(dead, elsewhere={one: latest(1, is_removed=False)})
