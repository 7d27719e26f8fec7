"""What a clerk records, what is refused, and what goes up of it: all of one act, or nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.acts.removal import Death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    AlreadyExistsError,
    ChangedMeanwhileError,
    CharacterOutsideRepertoireError,
    CodePoolEmptyError,
    ConstraintViolatedError,
    DateOutOfOrderError,
    ImpossibleChangeError,
    JukinetError,
    MalformedAddressError,
    NotInForceError,
    ResidentNotFoundError,
    ResidentRemovedError,
)
from jukinet.domain.households import Succession
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.records import notice_of
from jukinet.municipal.store import find_resident, list_household, list_versions
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import (
    ADDRESS,
    NOW,
    TODAY,
    act,
    birth,
    code,
    execute,
    find_value,
    individual_number,
    list_rows,
    notification,
    opened,
    populate,
    report,
    resident,
    rows_of,
)
from tests.fixtures_postgres import MakeDatabase

NEW_ADDRESS = "東京都世田谷区三軒茶屋二丁目2番2号"
#: Who follows resident 1: the wife, and the child born a moment before.
SUCCESSION = Succession(householder=2, relationships={3: "子"})
POOL = [code(number) for number in range(5000, 5030)]
EVERYTHING = """
    SELECT (SELECT count(*) FROM register.resident_record), (SELECT sum(version) FROM register.resident),
           (SELECT count(*) FROM register.notified_identification), (SELECT count(*) FROM delivery.outbox),
           (SELECT count(*) FROM audit.event), (SELECT count(*) FROM register.code_pool WHERE used_at IS NULL)
"""


@dataclass
class Register:
    node: NodeDatabase
    database: Database

    async def be_born(self, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item of a birth
        told = report(notified_on=items.pop("notified_on", TODAY))
        return await record_birth(
            birth=birth(**items), notification=told, act=act(), database=self.database, choice=random.Random(1)
        )

    async def relocate(self, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item of a relocation
        defaults: dict[str, Any] = {
            "resident_number": 1,
            "address": NEW_ADDRESS,
            "moved_on": CivilDate.of(TODAY),
        }
        doing = items.pop("act", act())
        told = notification(notified_on=items.pop("notified_on", TODAY), statement="失念していたため")
        return await record_relocation(
            relocation=Relocation(**{**defaults, **items}), notification=told, act=doing, database=self.database
        )

    async def die(self, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item of a death
        defaults: dict[str, Any] = {"resident_number": 1, "died_on": CivilDate.of(TODAY)}
        told = report(notified_on=items.pop("notified_on", TODAY))
        return await record_death(
            death=Death(**{**defaults, **items}), notification=told, act=act(), database=self.database
        )

    async def versions(self, number: int) -> list[ResidentRecord]:
        async with self.database.connection() as connection:
            return await list_versions(connection, number)

    async def queued(self) -> list[IdentificationNotice]:
        rows = await list_rows(self.node, "SELECT notices FROM delivery.outbox ORDER BY position")
        return [msgspec.json.decode(parcel, type=IdentificationNotice) for (parcel,) in rows]

    async def count_everything(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, EVERYTHING)


@pytest.fixture
async def register(embedded_database: MakeDatabase) -> AsyncIterator[Register]:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(1), resident(2, household_number=1, relationship="妻"), codes=POOL)
    async with opened(node) as database:
        yield Register(node, database)


@pytest.mark.procedure("birth")
async def test_a_birth_enters_the_child_in_the_household_with_a_code_of_the_pool(register: Register) -> None:
    child = await register.be_born()

    async with register.database.connection() as connection:
        household = await list_household(connection, 1)
        assert await find_resident(connection, child.resident_number) == child
    assert [one.resident_number for one in household] == [1, 2, child.resident_number]
    assert (child.address, child.version, child.change_reason) == (ADDRESS, 1, "birth")
    assert child.resident_record_code in POOL
    used = await find_value(
        register.node,
        "SELECT used_at FROM register.code_pool WHERE resident_record_code = %s",
        [child.resident_record_code],
    )
    assert used == NOW


@pytest.mark.procedure("relocation")
@pytest.mark.procedure("death")
async def test_a_relocation_and_a_death_add_versions_and_never_overwrite_one(register: Register) -> None:
    first = (await register.versions(1))[0]
    moved = await register.relocate()
    removed = await register.die()

    assert await register.versions(1) == [first, moved, removed]
    assert (moved.address, moved.postal_code, moved.address_since_on) == (NEW_ADDRESS, None, TODAY.isoformat())
    assert (removed.is_removed, removed.address, removed.change_reason) == (True, NEW_ADDRESS, "death")


@pytest.mark.parametrize("table", ["register.resident_record", "register.notified_identification"])
async def test_the_application_may_not_change_what_is_recorded(register: Register, table: str) -> None:
    for statement in (f"UPDATE {table} SET resident_record_code = ''", f"DELETE FROM {table}"):  # noqa: S608 - our tables
        with pytest.raises(JukinetError):
            async with register.database.transaction() as unit:
                await rows_of(unit, statement)

    assert len(await register.versions(1)) == 1


@pytest.mark.invariant("I1")
@pytest.mark.rule(Rule.CLOSED_DATA)
async def test_what_goes_up_has_the_statutory_items_and_nothing_else(register: Register) -> None:
    child = await register.be_born()
    moved = await register.relocate(succession=SUCCESSION)
    removed = await register.die()

    rows = await list_rows(
        register.node, "SELECT receiver, message_type, notices FROM delivery.outbox ORDER BY position"
    )
    assert {(receiver, kind) for receiver, kind, _ in rows} == {("prefectural/130001", "identification_notice")}
    for row in rows:
        assert set(msgspec.json.decode(row[2])) == set(IdentificationNotice.__struct_fields__)
    assert await register.queued() == [notice_of(child, 1), notice_of(moved, 2), notice_of(removed, 3)]
    kept = await list_rows(register.node, "SELECT notice FROM register.notified_identification ORDER BY queued_at")
    assert sorted(bytes(row[0]) for row in kept) == sorted(bytes(row[2]) for row in rows)


async def test_every_act_is_on_the_log_with_who_and_which_resident_by_number(register: Register) -> None:
    child = await register.be_born()
    await register.relocate(succession=SUCCESSION)
    await register.die()

    rows = await list_rows(register.node, "SELECT event, actor, detail FROM audit.event")
    assert {(event, actor) for event, actor, _ in rows} == {("resident:changed", "clerk")}
    assert [(detail["resident_number"], detail["act_reason"], detail["update_sequence"]) for *_, detail in rows] == [
        (child.resident_number, "birth", 1),
        (1, "relocation", 2),
        (2, "householder_change", None),
        (1, "death", 3),
    ]


@pytest.mark.invariant("I3")
async def test_the_notice_is_queued_if_and_only_if_the_act_is_recorded(register: Register) -> None:
    before = await register.count_everything()
    await execute(register.node, "ALTER TABLE audit.event ADD CHECK (actor <> 'clerk')")

    for attempt in (register.be_born, register.relocate, register.die):
        with pytest.raises(ConstraintViolatedError):
            await attempt()

    assert await register.count_everything() == before


TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.rule(Rule.NOTIFICATION_AFTER_THE_FACT)
@pytest.mark.rule(Rule.CHANGE_AFTER_BIRTH)
@pytest.mark.parametrize(
    ("attempt", "items", "expected", "field"),
    [
        ("be_born", {"parent_number": 99}, ResidentNotFoundError, "resident_number"),
        ("be_born", {"birth_date": CivilDate.of(TOMORROW)}, DateOutOfOrderError, "changed_on"),
        ("be_born", {"notified_on": TOMORROW}, DateOutOfOrderError, "notified_on"),
        ("be_born", {"notified_on": TODAY - timedelta(days=9)}, DateOutOfOrderError, "notified_on"),
        ("relocate", {"resident_number": 99}, ResidentNotFoundError, "resident_number"),
        ("relocate", {"expected_version": 2}, ChangedMeanwhileError, "version"),
        ("relocate", {"moved_on": CivilDate.of(TOMORROW)}, DateOutOfOrderError, "changed_on"),
        ("relocate", {"notified_on": TOMORROW}, DateOutOfOrderError, "notified_on"),
        ("relocate", {"moved_on": CivilDate.of(date(1980, 1, 1))}, DateOutOfOrderError, "changed_on"),
        ("relocate", {"address": ADDRESS}, ImpossibleChangeError, "address"),
        ("relocate", {"address": "東京都武蔵野市緑町二丁目2番28号"}, MalformedAddressError, "address"),
        ("relocate", {"address": ""}, MalformedAddressError, "address"),
        ("relocate", {"address": NEW_ADDRESS + "\ufffd"}, CharacterOutsideRepertoireError, "address"),
        ("die", {"resident_number": 99}, ResidentNotFoundError, "resident_number"),
        ("die", {"expected_version": 7}, ChangedMeanwhileError, "version"),
        ("die", {"died_on": CivilDate.of(TOMORROW)}, DateOutOfOrderError, "changed_on"),
        ("die", {"died_on": CivilDate.of(TODAY), "notified_on": YESTERDAY}, DateOutOfOrderError, "notified_on"),
        ("die", {"died_on": CivilDate.of(date(1980, 1, 1))}, DateOutOfOrderError, "changed_on"),
    ],
)
async def test_a_refused_act_names_the_item_and_changes_nothing(
    register: Register, attempt: str, items: dict[str, Any], expected: type[JukinetError], field: str
) -> None:
    before = await register.count_everything()

    with pytest.raises(expected) as caught:
        await getattr(register, attempt)(**items)

    assert caught.value.field == field
    assert await register.count_everything() == before


async def test_a_removed_record_takes_no_further_change(register: Register) -> None:
    await register.die()
    before = await register.count_everything()

    for attempt, expected in (
        (register.die, ResidentRemovedError),
        (register.relocate, ResidentRemovedError),
        (register.be_born, ResidentRemovedError),
    ):
        with pytest.raises(expected):
            await attempt()

    assert await register.count_everything() == before


async def test_a_death_known_only_in_part_is_recorded_as_it_is_known(register: Register) -> None:
    removed = await register.die(died_on=CivilDate.parse("2026-03-XX", may_be_irregular=True))

    assert (await register.queued())[-1].changed_on == removed.changed_on == "2026-03-XX"


async def test_without_a_code_in_the_pool_no_birth_is_recorded(embedded_database: MakeDatabase) -> None:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(1))

    async with opened(node) as database:
        with pytest.raises(CodePoolEmptyError):
            await Register(node, database).be_born()


async def test_the_same_form_sent_twice_is_recorded_once(register: Register) -> None:
    await register.relocate(act=act(form_number="f-1"))
    before = await register.count_everything()

    with pytest.raises(AlreadyExistsError):
        await register.relocate(act=act(form_number="f-1"), address=ADDRESS)

    assert await register.count_everything() == before


@pytest.mark.invariant("I12")
@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
async def test_as_of_2013_nothing_with_an_individual_number_goes_up(embedded_database: MakeDatabase) -> None:
    node = await embedded_database(MIGRATIONS)
    in_2013 = act(now=datetime(2013, 1, 1, tzinfo=UTC))
    day = date(2013, 1, 1)
    with_number = resident(1, individual_number=individual_number(1))
    await populate(node, with_number, resident(2), codes=POOL)

    async with opened(node) as database:
        register = Register(node, database)
        moved = {"moved_on": CivilDate.of(day), "notified_on": day, "act": in_2013}
        before = await register.count_everything()
        with pytest.raises(NotInForceError) as caught:
            await register.relocate(**moved)
        unchanged = await register.count_everything()
        without = await register.relocate(resident_number=2, **moved)

    assert caught.value.field == "individual_number"
    assert unchanged == before
    assert without.individual_number is None


@pytest.mark.invariant("I3")
async def test_of_two_clerks_who_saw_the_same_version_one_is_told_to_look_again(register: Register) -> None:
    results = await asyncio.gather(
        register.relocate(expected_version=1),
        register.die(expected_version=1),
        return_exceptions=True,
    )

    recorded = [one for one in results if isinstance(one, ResidentRecord)]
    refused = [one for one in results if isinstance(one, JukinetError)]
    assert (len(recorded), len(refused)) == (1, 1)
    assert isinstance(refused[0], ChangedMeanwhileError | ResidentRemovedError)
    assert [one.update_sequence for one in await register.queued()] == [2]


@pytest.mark.invariant("I3")
async def test_clerks_at_one_resident_at_once_give_every_sequence_once(register: Register) -> None:
    addresses = [f"東京都世田谷区太子堂二丁目{number}番1号" for number in range(1, 21)]

    await asyncio.gather(*[register.relocate(address=address) for address in addresses])

    assert sorted(one.update_sequence for one in await register.queued()) == list(range(2, 22))
    assert [one.update_sequence for one in await register.queued()] == list(range(2, 22))
    assert sorted(one.version for one in await register.versions(1)) == list(range(1, 22))


@pytest.mark.invariant("I7")
async def test_twenty_births_at_once_take_twenty_different_codes_of_a_small_pool(register: Register) -> None:
    async def be_born(number: int) -> ResidentRecord:
        one = birth(parent_number=1 + number % 2, name=PersonName(name=f"試験\u3000{'一二三四五'[number % 5]}"))
        return await record_birth(
            birth=one, notification=report(), act=act(), database=register.database, choice=random.Random(1)
        )

    # Others hold transactions open: what they have chosen must not make the pool look empty.
    children = await asyncio.gather(*[be_born(number) for number in range(20)])

    assert len({child.resident_record_code for child in children}) == 20
    assert len({child.resident_number for child in children}) == 20
    assert await find_value(register.node, "SELECT count(*) FROM register.code_pool WHERE used_at IS NULL") == 10


@pytest.mark.invariant("I7")
@pytest.mark.rule(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
async def test_the_last_codes_are_given_and_then_no_more(register: Register) -> None:
    children = [await register.be_born() for _ in POOL]

    with pytest.raises(CodePoolEmptyError):
        await register.be_born()

    assert sorted(child.resident_record_code for child in children) == POOL


def test_a_version_shows_nothing_of_the_person_when_printed() -> None:
    shown = repr(replace(resident(1), alias="通称")) + repr(birth(sex=Sex.MALE)) + repr(act())

    for personal in (code(1), "試験", "しけん", "通称", "太子堂", "1990"):
        assert personal not in shown
