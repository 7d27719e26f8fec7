"""Households split, merge and change their householder; nothing of it goes upward."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from jukinet.domain.acts.household import HouseholdChange
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    DateOutOfOrderError,
    HouseholdElsewhereError,
    HouseholderNeededError,
    ImpossibleChangeError,
    LateStatementMissingError,
    PlannedSuccessionError,
    RelationshipWordError,
)
from jukinet.domain.households import Succession
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.record_household_change import record_household_change
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import TODAY, act, list_rows, notification, opened, populate, resident
from tests.fixtures_postgres import MakeDatabase

DAY = CivilDate.of(TODAY)
ALONE, ELSEWHERE, LEFT, LEFT_TOO, LEFT_ALONE = 5, 6, 7, 8, 9
COUNT_PARCELS = "SELECT count(*) FROM delivery.outbox"


@dataclass
class Register:
    node: NodeDatabase
    database: Database

    async def change(
        self,
        procedure: Procedure,
        *,
        told: Notification | None = None,
        **items: Any,  # noqa: ANN401 - any item of it
    ) -> ResidentRecord:
        defaults: dict[str, Any] = {"resident_number": 1, "changed_on": DAY}
        return await record_household_change(
            change=HouseholdChange(procedure=procedure, **{**defaults, **items}),
            notification=told or notification(),
            act=act(),
            database=self.database,
        )

    async def plan_move_out(self, *numbers: int, succession: Succession) -> None:
        first, *others = numbers
        move_out = MoveOut(
            resident_number=first,
            companions=tuple(others),
            planned_on=CivilDate.of(TODAY + timedelta(days=7)),
            destination="東京都武蔵野市緑町二丁目2番28号",
            succession=succession,
        )
        await record_move_out(move_out=move_out, notification=notification(), act=act(), database=self.database)

    async def stand(self, *numbers: int) -> list[tuple[int, str]]:
        """Return household and relationship of each."""
        async with self.database.connection() as unit:
            found = [await find_resident(unit, number) for number in numbers]
        return [(one.household_number, one.relationship) for one in found]


@pytest.fixture
async def register(fresh_database: MakeDatabase) -> AsyncIterator[Register]:
    node = await fresh_database(MIGRATIONS)
    await populate(
        node,
        resident(1),
        resident(2, household_number=1, relationship="夫", sex="1"),
        resident(3, household_number=1, relationship="子", birth_date="2010-01-01"),
        resident(4, household_number=1, relationship="母", birth_date="1960-01-01", is_protected=True),
        resident(ALONE),
        resident(ELSEWHERE, address="東京都世田谷区三軒茶屋二丁目2番2号"),
        resident(LEFT, relationship="妻"),
        resident(LEFT_TOO, household_number=LEFT, relationship="子", birth_date="2010-01-01"),
        resident(LEFT_ALONE, relationship="妻"),
    )
    async with opened(node) as database:
        yield Register(node, database)


@pytest.mark.procedure("household_split")
async def test_some_members_become_a_household_of_their_own_at_the_same_address(register: Register) -> None:
    new = await register.change(
        Procedure.HOUSEHOLD_SPLIT, resident_number=2, companions=(3,), relationships={2: "世帯主", 3: "子"}
    )

    assert await register.stand(1, 2, 3, 4) == [
        (1, "世帯主"),
        (new.household_number, "世帯主"),
        (new.household_number, "子"),
        (1, "母"),
    ]
    assert new.household_number != 1
    assert (new.act_reason, new.update_sequence, new.address) == ("household_split", None, resident().address)
    assert await list_rows(register.node, COUNT_PARCELS) == [(0,)]


async def test_when_the_householder_leaves_the_household_says_who_follows(register: Register) -> None:
    with pytest.raises(HouseholderNeededError):
        await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=1)
    await register.change(
        Procedure.HOUSEHOLD_SPLIT, succession=Succession(householder=2, relationships={3: "子", 4: "妻の母"})
    )

    (own, first), *staying = await register.stand(1, 2, 3, 4)
    assert (own != 1, first, staying) == (True, "世帯主", [(1, "世帯主"), (1, "子"), (1, "妻の母")])


async def test_two_who_leave_without_a_householder_among_them_are_refused(register: Register) -> None:
    with pytest.raises(HouseholderNeededError):
        await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=2, companions=(3,))
    with pytest.raises(ImpossibleChangeError):
        await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=ALONE)


@pytest.mark.procedure("household_merger")
async def test_a_whole_household_joins_another_at_the_same_address(register: Register) -> None:
    one = await register.change(
        Procedure.HOUSEHOLD_MERGER, resident_number=ALONE, joins=1, relationships={ALONE: "同居人"}
    )

    assert (one.household_number, one.relationship, one.act_reason) == (1, "同居人", "household_merger")
    assert await list_rows(register.node, COUNT_PARCELS) == [(0,)]


async def test_a_household_elsewhere_is_joined_by_relocation_only(register: Register) -> None:
    with pytest.raises(HouseholdElsewhereError) as caught:
        await register.change(
            Procedure.HOUSEHOLD_MERGER, resident_number=ELSEWHERE, joins=1, relationships={ELSEWHERE: "同居人"}
        )

    assert caught.value.field == "joins"


@pytest.mark.procedure("household_change")
async def test_some_members_join_another_household_and_the_others_stay(register: Register) -> None:
    await register.change(
        Procedure.HOUSEHOLD_CHANGE,
        resident_number=4,
        joins=ALONE,
        relationships={4: "縁故者"},
    )

    assert await register.stand(4, ALONE, 1) == [(ALONE, "縁故者"), (ALONE, "世帯主"), (1, "世帯主")]
    async with register.database.connection() as unit:
        assert (await find_resident(unit, 4)).is_protected
    assert await list_rows(register.node, COUNT_PARCELS) == [(0,)]


@pytest.mark.parametrize("given", [{}, {4: "世帯主"}])
async def test_who_joins_a_household_is_related_to_its_householder(register: Register, given: dict[int, str]) -> None:
    with pytest.raises(HouseholderNeededError) as caught:
        await register.change(Procedure.HOUSEHOLD_CHANGE, resident_number=4, joins=ALONE, relationships=given)

    assert caught.value.field == "relationship.4"


async def test_all_members_at_once_are_a_merger_and_no_change(register: Register) -> None:
    with pytest.raises(ImpossibleChangeError):
        await register.change(
            Procedure.HOUSEHOLD_CHANGE, resident_number=ALONE, joins=1, relationships={ALONE: "同居人"}
        )
    with pytest.raises(ImpossibleChangeError):
        await register.change(Procedure.HOUSEHOLD_CHANGE, resident_number=4, joins=1, relationships={4: "母"})


@pytest.mark.procedure("householder_change")
async def test_another_member_becomes_householder_and_everybody_is_related_anew(register: Register) -> None:
    succession = Succession(householder=2, relationships={1: "妻", 3: "子", 4: "妻の母"})
    await register.change(Procedure.HOUSEHOLDER_CHANGE, resident_number=2, succession=succession)

    assert [relationship for _, relationship in await register.stand(1, 2, 3, 4)] == ["妻", "世帯主", "子", "妻の母"]
    assert await list_rows(register.node, COUNT_PARCELS) == [(0,)]
    with pytest.raises(ImpossibleChangeError):
        await register.change(Procedure.HOUSEHOLDER_CHANGE, succession=succession)


@pytest.mark.rule(Rule.ONE_HOUSEHOLDER_PER_HOUSEHOLD)
@pytest.mark.parametrize(
    "relationships", [{3: "子", 4: "妻の母"}, {1: "世帯主", 3: "子", 4: "妻の母"}, {1: "嫁", 3: "子", 4: "妻の母"}]
)
async def test_a_change_of_householder_says_what_everybody_is(
    register: Register, relationships: dict[int, str]
) -> None:
    with pytest.raises((HouseholderNeededError, RelationshipWordError)):
        await register.change(
            Procedure.HOUSEHOLDER_CHANGE, succession=Succession(householder=2, relationships=relationships)
        )
    assert (await register.stand(1))[0] == (1, "世帯主")


@pytest.mark.procedure("householder_succession")
async def test_a_household_without_a_householder_gets_one(register: Register) -> None:
    await register.change(
        Procedure.HOUSEHOLDER_SUCCESSION,
        resident_number=LEFT,
        succession=Succession(householder=LEFT, relationships={LEFT_TOO: "子"}),
    )

    assert await register.stand(LEFT, LEFT_TOO) == [(LEFT, "世帯主"), (LEFT, "子")]
    with pytest.raises(ImpossibleChangeError):
        await register.change(Procedure.HOUSEHOLDER_SUCCESSION, succession=Succession(householder=2))


@pytest.mark.procedure("householder_succession")
async def test_one_who_is_left_alone_is_householder_without_a_notification(register: Register) -> None:
    with pytest.raises(ImpossibleChangeError) as caught:
        await register.change(Procedure.HOUSEHOLDER_SUCCESSION, resident_number=LEFT_ALONE)
    assert caught.value.field == "notifier"

    one = await register.change(
        Procedure.HOUSEHOLDER_SUCCESSION, resident_number=LEFT_ALONE, told=Notification.ex_officio(TODAY)
    )

    assert (one.relationship, one.notified_on) == ("世帯主", None)


@pytest.mark.rule(Rule.LATE_NOTIFICATION_TAKES_A_STATEMENT)
async def test_more_than_fourteen_days_after_the_change_a_reason_is_asked_for(register: Register) -> None:
    late = CivilDate.of(TODAY - timedelta(days=20))
    with pytest.raises(LateStatementMissingError):
        await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=4, changed_on=late)
    await register.change(
        Procedure.HOUSEHOLD_SPLIT, resident_number=4, changed_on=late, told=notification(statement="失念していた")
    )

    assert await list_rows(register.node, "SELECT is_late FROM register.act") == [(True,)]
    with pytest.raises(DateOutOfOrderError):
        await register.change(
            Procedure.HOUSEHOLD_SPLIT, resident_number=2, changed_on=CivilDate.of(TODAY + timedelta(days=1))
        )


async def test_a_plan_to_move_out_goes_with_the_person(register: Register) -> None:
    await register.plan_move_out(3, succession=Succession())

    one = await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=3)

    assert one.is_moving_out


async def test_who_was_named_as_next_householder_does_not_leave_before_the_move_out(register: Register) -> None:
    named = Succession(householder=2, relationships={3: "子", 4: "妻の母"})
    await register.plan_move_out(1, succession=named)

    with pytest.raises(PlannedSuccessionError):
        await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=2)
    with pytest.raises(PlannedSuccessionError):
        await register.change(
            Procedure.HOUSEHOLD_MERGER, resident_number=ALONE, joins=1, relationships={ALONE: "同居人"}
        )
    await register.change(Procedure.HOUSEHOLD_SPLIT, resident_number=4)
