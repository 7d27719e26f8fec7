"""Random lives over several municipalities, in memory: real planners, real sequences, real rules of the tiers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.birth import Birth, plan_birth
from jukinet.domain.acts.entry import Entry, Newcomer, plan_entry
from jukinet.domain.acts.move_out import MoveOut, plan_move_out, plan_move_out_effect, plan_withdrawal
from jukinet.domain.acts.numbers import CodeChange, plan_code_change
from jukinet.domain.acts.relocation import Relocation, plan_relocation
from jukinet.domain.acts.removal import Death, plan_death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    JukinetError,
    MoveOutConfirmedError,
    NotThisResidentError,
    UnsoundHouseholdError,
)
from jukinet.domain.households import Succession, live_members, require_sound_household
from jukinet.domain.identification import Sex, validate_identification
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.names import PersonName
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.domain.update_sequence import residence_of
from jukinet.identification.sorting import Arrival, sort_arrivals
from jukinet.identification.standing import Register
from jukinet.municipal.records import notice_of
from jukinet.municipal.store import Handle
from jukinet.municipal.usecases.recording import _next_version
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import TODAY, act, code, individual_number
from tests.unit.municipal.lives_cancellations import CANCELLATION_ACTS
from tests.unit.municipal.lives_corrections import CORRECTION_ACTS
from tests.unit.municipal.lives_departures import DEPARTURE_ACTS, confirm_move_out
from tests.unit.municipal.lives_households import HOUSEHOLD_ACTS
from tests.unit.municipal.lives_names import NAME_ACTS, foreign_items, foreign_items_of
from tests.unit.municipal.lives_numbers import NUMBER_ACTS

PLACES: Final = {
    "131121": "東京都世田谷区太子堂一丁目{}番1号",
    "132039": "東京都武蔵野市緑町二丁目{}番28号",
    "202029": "長野県松本市丸の内{}番7号",
}
_TOPICS: Final = (*HOUSEHOLD_ACTS, *CORRECTION_ACTS, *DEPARTURE_ACTS, *NAME_ACTS, *NUMBER_ACTS, *CANCELLATION_ACTS)
_DAY: Final = CivilDate.of(TODAY)


@dataclass
class Municipality:
    """One register: every version of everybody, and what it has notified, in order."""

    number: str
    versions: dict[int, list[ResidentRecord]] = field(default_factory=dict)
    handles: dict[int, Handle] = field(default_factory=dict)
    sent: list[IdentificationNotice] = field(default_factory=list)
    numbers: int = 0
    acts: int = 0
    cancelled: set[int] = field(default_factory=set)

    def current(self) -> list[ResidentRecord]:
        return [history[-1] for history in self.versions.values()]

    def live(self) -> list[ResidentRecord]:
        return live_members(self.current())

    def household(self, number: int) -> list[ResidentRecord]:
        return [one for one in self.current() if one.household_number == number]

    def free_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def write(self, steps: Sequence[RecordStep]) -> None:
        """Write an act as the engine of the register does: checked first, then all of it."""
        handles, written = dict(self.handles), list[ResidentRecord]()
        for step in steps:
            number = step.after.resident_number
            record, handles[number] = _next_version(step, handles.get(number), self.acts + 1, act())
            written.append(record)
        self._require_sound(steps)
        notices = [notice_of(one, one.update_sequence) for one in written if one.update_sequence is not None]
        for notice in notices:
            validate_identification(notice, day=TODAY)
        for record in written:
            self.versions.setdefault(record.resident_number, []).append(record)
        self.acts += 1
        self.handles = handles
        self.sent += notices

    def _require_sound(self, steps: Sequence[RecordStep]) -> None:
        outcome = {one.resident_number: one for one in self.current()}
        outcome |= {step.after.resident_number: step.after for step in steps}
        touched = {step.after.household_number for step in steps}
        touched |= {step.before.household_number for step in steps if step.before is not None}
        for number in touched:
            require_sound_household(one for one in outcome.values() if one.household_number == number)


@dataclass
class Tier:
    """An upper tier: it receives in any interleaving of its senders, and applies by the real rules."""

    holds_everyone: bool
    waiting: list[Arrival] = field(default_factory=list)
    records: dict[str, IdentificationNotice] = field(default_factory=dict)
    applied: list[IdentificationNotice] = field(default_factory=list)
    register: Register = field(init=False)

    def __post_init__(self) -> None:
        self.register = Register({}, {}, holds_everyone=self.holds_everyone)

    def receive(self, notice: IdentificationNotice) -> list[IdentificationNotice]:
        """Take one notice in and return what was applied because of it, in order."""
        applied: list[IdentificationNotice] = []
        arrivals = [*self.waiting, Arrival(notice)]
        while arrivals:
            placed = sort_arrivals(arrivals, self.register)
            assert not placed.contradicting, placed.contradicting
            self.waiting = placed.waiting
            for arrival in placed.applicable:
                self._keep(arrival.notice)
                applied.append(arrival.notice)
            arrivals = placed.waiting if placed.applicable else []
        self.applied += applied
        return applied

    def _keep(self, notice: IdentificationNotice) -> None:
        if notice.previous_resident_record_code is not None:
            self.records.pop(notice.previous_resident_record_code, None)
        known = self.records.get(notice.resident_record_code)
        if known is None or known.update_sequence < notice.update_sequence:
            self.records[notice.resident_record_code] = notice


class World:
    """Some municipalities, and everybody who ever lived in them."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed)
        self.municipalities = {number: Municipality(number) for number in PLACES}
        self.codes = 0
        self.numbers = 0
        self.refused = 0
        #: Who the resident of a place is: the same number for the same person everywhere.
        self.people: dict[tuple[str, int], int] = {}
        self.on_the_way: list[list[int]] = []
        for municipality in self.municipalities.values():
            self._settle(municipality, self.choice.randrange(1, 5))

    def live(self, acts: int) -> None:
        """Let so many things happen, some of which the law refuses."""
        doings = self._doings()
        for _ in range(acts):
            if self.on_the_way and self.choice.random() < 0.5:
                self._arrive()
                continue
            municipality = self.choice.choice([*self.municipalities.values()])
            if not municipality.live():
                self._settle(municipality, 1)
                continue
            try:
                self.choice.choice(doings)(municipality, self.choice.choice(municipality.live()))
            except UnsoundHouseholdError:
                # No planner may propose one: the engine's own check is the last, not the first.
                raise
            except JukinetError:
                self.refused += 1

    def _doings(self) -> tuple[Callable[[Municipality, ResidentRecord], None], ...]:
        return (
            self._relocate,
            self._relocate,
            self._be_born,
            self._die,
            self._notify_move_out,
            self._notify_move_out,
            self._take_effect,
            self._take_effect,
            self._withdraw,
            self._change_code,
            *(partial(doing, self) for doing in _TOPICS),
        )

    def person(self, municipality: Municipality, number: int) -> int:
        """Return who this resident is; one nobody knows yet is somebody new."""
        return self.people.setdefault((municipality.number, number), len(self.people))

    def leave(self, municipality: Municipality, numbers: Sequence[int]) -> None:
        """Let those who are removed turn up somewhere one day."""
        self.on_the_way.append([self.person(municipality, number) for number in numbers])

    def records_of(self, person: int) -> dict[str, ResidentRecord]:
        """Return the person's present record in each place that has one, by the number of the place."""
        return {
            place: self.municipalities[place].versions[number][-1]
            for (place, number), one in self.people.items()
            if one == person and number in self.municipalities[place].versions
        }

    def latest_of(self, person: int) -> tuple[str, ResidentRecord]:
        """Return the person's latest record anywhere, and the place that has it."""
        return max(
            self.records_of(person).items(),
            key=lambda found: self.municipalities[found[0]].handles[found[1].resident_number].update_sequence,
        )

    def new_code(self) -> str:
        """Return a code nobody ever had."""
        self.codes += 1
        return code(self.codes)

    def new_number(self) -> IndividualNumber:
        """Return an Individual Number nobody ever had."""
        self.numbers += 1
        return IndividualNumber(individual_number(self.numbers))

    def address(self, municipality: Municipality) -> str:
        """Return some address there."""
        return PLACES[municipality.number].format(self.choice.randrange(1, 4000))

    def _settle(self, municipality: Municipality, size: int) -> None:
        relationships = [HOUSEHOLDER, "妻", "子", "母"][:size]
        people = tuple(
            Newcomer(
                name=PersonName(name=f"試験　{'一二三四'[place]}"),
                birth_date=CivilDate.parse(f"19{80 + place}-01-0{place + 1}"),
                sex=Sex("2"),
                relationship=relationship,
                resident_record_code=self.new_code(),
                resident_number=municipality.free_number(),
            )
            for place, relationship in enumerate(relationships)
        )
        if self.choice.random() < 0.4:
            people = tuple(replace(one, foreign=foreign_items(self)) for one in people)
        self._enter(municipality, people, ActReason.MOVE_IN_FROM_ABROAD, {})

    def _enter(
        self,
        municipality: Municipality,
        people: tuple[Newcomer, ...],
        reason: ActReason,
        earlier: dict[int, ResidentRecord],
    ) -> None:
        entry = Entry(
            reason=reason,
            newcomers=people,
            municipality=municipality.number,
            address=self.address(municipality),
            entered_on=_DAY,
        )
        steps = plan_entry(entry, notified_on=TODAY, earlier=earlier, household_number=municipality.free_number())
        municipality.write(steps)
        for one in people:
            self.person(municipality, one.resident_number)

    def some_of(self, municipality: Municipality, one: ResidentRecord) -> tuple[int, ...]:
        """Return the numbers of some who live with this one."""
        others = [
            member.resident_number
            for member in live_members(municipality.household(one.household_number))
            if member.resident_number != one.resident_number
        ]
        return tuple(number for number in others if self.choice.random() < 0.7)

    def succession(self, municipality: Municipality, one: ResidentRecord) -> Succession:
        """Return what somebody declares of those who stay, whether it fits or not."""
        members = live_members(municipality.household(one.household_number))
        following = self.choice.choice(members).resident_number
        return Succession(householder=following, relationships={member.resident_number: "縁故者" for member in members})

    def _relocate(self, municipality: Municipality, one: ResidentRecord) -> None:
        target = self.choice.choice(municipality.live())
        joins = target.household_number if self.choice.random() < 0.3 else None
        movers = self.some_of(municipality, one)
        relocation = Relocation(
            resident_number=one.resident_number,
            companions=movers,
            address=self.address(municipality) if joins is None else target.address,
            moved_on=_DAY,
            joins=joins,
            relationships=dict.fromkeys((one.resident_number, *movers), "同居人") if joins else {},
            succession=self.succession(municipality, one),
        )
        steps = plan_relocation(
            relocation,
            notified_on=TODAY,
            household=municipality.household(one.household_number),
            joined=[] if joins is None else municipality.household(joins),
            household_number=municipality.free_number(),
        )
        municipality.write(steps)

    def _be_born(self, municipality: Municipality, one: ResidentRecord) -> None:
        birth = Birth(
            parent_number=one.resident_number,
            name=PersonName(name="試験　子"),
            sex=Sex("1"),
            birth_date=CivilDate.of(TODAY - timedelta(days=1)),
            relationship="子",
        )
        steps = plan_birth(
            birth,
            notified_on=TODAY,
            parent=one,
            resident_number=municipality.free_number(),
            code=self.new_code(),
        )
        municipality.write(steps)
        self.person(municipality, steps[0].after.resident_number)

    def _die(self, municipality: Municipality, one: ResidentRecord) -> None:
        death = Death(resident_number=one.resident_number, died_on=_DAY, succession=self.succession(municipality, one))
        household = municipality.household(one.household_number)
        municipality.write(plan_death(death, notified_on=TODAY, household=household))

    def _notify_move_out(self, municipality: Municipality, one: ResidentRecord) -> None:
        move_out = MoveOut(
            resident_number=one.resident_number,
            companions=self.some_of(municipality, one),
            planned_on=_DAY,
            destination="長野県",
            is_abroad=self.choice.random() < 0.2,
            succession=self.succession(municipality, one),
        )
        household = municipality.household(one.household_number)
        municipality.write(plan_move_out(move_out, notified_on=TODAY, household=household))

    def _take_effect(self, municipality: Municipality, one: ResidentRecord) -> None:
        household = municipality.household(one.household_number)
        movers = [member.resident_number for member in live_members(household) if member.is_moving_out]
        municipality.write(plan_move_out_effect(household, movers))
        self.leave(municipality, movers)

    def _withdraw(self, municipality: Municipality, one: ResidentRecord) -> None:
        household = municipality.household(one.household_number)
        movers = [member.resident_number for member in live_members(household) if member.is_moving_out]
        municipality.write(plan_withdrawal(household, movers or [one.resident_number], withdrawn_on=TODAY))

    def _change_code(self, municipality: Municipality, one: ResidentRecord) -> None:
        change = CodeChange(resident_number=one.resident_number)
        municipality.write(
            plan_code_change(change, current=one, code=self.new_code(), acted_on=_DAY, notified_on=TODAY)
        )

    def _arrive(self) -> None:
        municipality = self.choice.choice([*self.municipalities.values()])
        people, earlier = list[Newcomer](), dict[int, ResidentRecord]()
        left: list[tuple[Municipality, int, int]] = []
        for person in self.on_the_way.pop(self.choice.randrange(len(self.on_the_way))):
            records = self.records_of(person)
            if live_members(records.values()):
                continue  # Stands again where they left, or arrived with somebody else.
            known = records.get(municipality.number)
            number = municipality.free_number() if known is None else known.resident_number
            if known is not None:
                earlier[number] = known
            people.append(self._arriving(person, number=number, is_first=not people))
            self.people[municipality.number, number] = person
            left += [
                (self.municipalities[place], one.resident_number, number)
                for place, one in records.items()
                if place != municipality.number
            ]
        if people:
            reason = self.choice.choice((ActReason.MOVE_IN, ActReason.MOVE_IN, ActReason.EX_OFFICIO_ENTRY))
            self._enter(municipality, tuple(people), reason, earlier)
        for former, number, number_here in left:
            if self.choice.random() < 0.4:
                continue  # Nobody told them: whoever has no certificate says what he likes of where he lived.
            with suppress(NotThisResidentError, MoveOutConfirmedError):
                confirm_move_out(former, number, municipality.versions[number_here][-1])

    def _arriving(self, person: int, *, number: int, is_first: bool) -> Newcomer:
        place, record = self.latest_of(person)
        reached = self.municipalities[place].handles[record.resident_number].update_sequence
        return Newcomer(
            name=PersonName(
                name=record.name, kana=record.kana, former_surname=record.former_surname, alias=record.alias
            ),
            birth_date=CivilDate.from_wire(record.birth_date, may_be_irregular=True),
            sex=Sex(record.sex),
            relationship=HOUSEHOLDER if is_first else "縁故者",
            resident_record_code=record.resident_record_code,
            former_code=record.resident_record_code,
            residence=residence_of(reached) + 1,
            resident_number=number,
            individual_number=record.individual_number,
            foreign=foreign_items_of(record),
            further_items=record.further_items,
        )
