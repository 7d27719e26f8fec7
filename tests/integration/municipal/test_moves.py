"""Moving: notified beforehand, taking effect on its day, withdrawn; and coming in, with the code one always had."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    DocumentMissingError,
    DuplicateResidentRecordCodeError,
    FormerResidentError,
    HouseholderNeededError,
    ImpossibleChangeError,
    LateStatementMissingError,
    MissingItemError,
)
from jukinet.domain.households import Succession
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.domain.update_sequence import first_of_residence
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.store import find_resident, list_versions
from jukinet.municipal.usecases.complete_move_outs import Completed, complete_move_outs
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.withdraw_move_out import withdraw_move_out
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.moving import MoveInNotice
from tests.builders import NOW, TODAY, act, code, list_rows, notification, opened, populate, resident
from tests.fixtures_postgres import MakeDatabase

IN_A_WEEK = CivilDate.of(TODAY + timedelta(days=7))
THE_DAY = datetime(2026, 4, 8, 1, 0, tzinfo=UTC)
HOME = "東京都世田谷区三軒茶屋二丁目2番2号"
CERTIFICATE = frozenset({SeenDocument.MOVE_OUT_CERTIFICATE})


@dataclass
class Register:
    node: NodeDatabase
    database: Database

    async def notify_move_out(self, **items: Any) -> list[ResidentRecord]:  # noqa: ANN401 - any item of it
        defaults: dict[str, Any] = {
            "resident_number": 1,
            "planned_on": IN_A_WEEK,
            "destination": "東京都武蔵野市緑町二丁目2番28号",
        }
        return await record_move_out(
            move_out=MoveOut(**{**defaults, **items}), notification=notification(), act=act(), database=self.database
        )

    async def complete(self, now: datetime = THE_DAY) -> Completed:
        return await complete_move_outs(act=act(operator_id="municipal/131121", now=now), database=self.database)

    async def move_in(
        self,
        *people: Arriving,
        told: Notification | None = None,
        **items: Any,  # noqa: ANN401 - any item of it
    ) -> list[ResidentRecord]:
        defaults: dict[str, Any] = {
            "people": people,
            "address": HOME,
            "previous_address": "東京都武蔵野市緑町二丁目2番28号",
            "moved_in_on": CivilDate.of(TODAY),
        }
        return await record_move_in(
            move_in=MoveIn(**{**defaults, **items}),
            notification=told or notification(documents=CERTIFICATE),
            act=act(),
            database=self.database,
            choice=random.Random(1),
        )

    async def current(self, number: int) -> ResidentRecord:
        async with self.database.connection() as unit:
            return await find_resident(unit, number)

    async def queued(self) -> list[IdentificationNotice]:
        rows = await list_rows(self.node, "SELECT notices FROM delivery.outbox ORDER BY position")
        return [one for (parcel,) in rows for one in _decoded(parcel)]


def _decoded(parcel: bytes) -> tuple[IdentificationNotice, ...]:
    return msgspec.json.decode(b"[" + bytes(parcel) + b"]", type=tuple[IdentificationNotice, ...])


def arriving(number: int = 50, **items: Any) -> Arriving:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {
        "name": PersonName(name="移動\u3000太郎", kana="いどう\u3000たろう"),
        "birth_date": CivilDate.parse("1984-02-03"),
        "sex": Sex.MALE,
        "relationship": "世帯主",
        "former_code": code(number),
        "residence": 1,
    }
    return Arriving(**{**defaults, **items})


@pytest.fixture
async def register(embedded_database: MakeDatabase) -> AsyncIterator[Register]:
    node = await embedded_database(MIGRATIONS)
    family = (
        resident(1),
        resident(2, household_number=1, relationship="夫", sex="1"),
        resident(3, household_number=1, relationship="子", birth_date="2015-05-05"),
    )
    await populate(node, *family, codes=[code(number) for number in range(5000, 5010)])
    async with opened(node) as database:
        yield Register(node, database)


@pytest.mark.procedure("move_out")
@pytest.mark.procedure("move_out_effect")
async def test_a_notified_move_out_leaves_the_record_alive_and_the_network_unaware_until_its_day(
    register: Register,
) -> None:
    await register.notify_move_out(companions=(2, 3))
    before = await register.current(1)
    early = await register.complete(NOW)
    nothing = await register.queued()
    completed = await register.complete()

    assert (before.is_moving_out, before.is_removed, early) == (True, False, Completed(0, 0))
    assert nothing == []
    assert completed == Completed(3, 0)
    notices = await register.queued()
    assert {(one.reason, one.changed_on, one.update_sequence) for one in notices} == {("move_out", IN_A_WEEK.wire, 2)}
    assert [(await register.current(number)).is_removed for number in (1, 2, 3)] == [True] * 3


async def test_what_is_completed_is_not_completed_again(register: Register) -> None:
    await register.notify_move_out(companions=(2, 3))
    await register.complete()

    assert await register.complete() == Completed(0, 0)


@pytest.mark.rule(Rule.ONE_HOUSEHOLDER_PER_HOUSEHOLD)
async def test_a_householder_who_moves_out_alone_says_who_follows_and_it_holds_on_the_day(register: Register) -> None:
    with pytest.raises(HouseholderNeededError):
        await register.notify_move_out()
    await register.notify_move_out(succession=Succession(householder=2, relationships={3: "子"}))
    await register.complete()

    husband, child = await register.current(2), await register.current(3)
    assert (husband.relationship, husband.act_reason, husband.update_sequence) == (
        "世帯主",
        "householder_change",
        None,
    )
    assert (child.relationship, child.version) == ("子", 1)
    assert len(await register.queued()) == 1


@pytest.mark.procedure("move_out_withdrawal")
async def test_a_withdrawn_move_out_never_takes_effect(register: Register) -> None:
    await register.notify_move_out(companions=(2, 3))
    await withdraw_move_out(
        resident_numbers=[1, 2, 3], notification=notification(), act=act(), database=register.database
    )

    assert await register.complete() == Completed(0, 0)
    assert not (await register.current(1)).is_moving_out
    with pytest.raises(ImpossibleChangeError):
        await withdraw_move_out(
            resident_numbers=[1], notification=notification(), act=act(), database=register.database
        )


async def test_a_move_out_is_notified_once(register: Register) -> None:
    await register.notify_move_out(companions=(2, 3))

    with pytest.raises(ImpossibleChangeError):
        await register.notify_move_out(resident_number=2)


@pytest.mark.invariant("I7")
@pytest.mark.rule(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
@pytest.mark.procedure("move_in")
async def test_who_comes_with_a_certificate_keeps_the_code_and_begins_the_next_residence(register: Register) -> None:
    (newcomer,) = await register.move_in(arriving(individual_number=None))

    assert newcomer.resident_record_code == code(50)
    assert newcomer.update_sequence == first_of_residence(1)
    assert (newcomer.change_reason, newcomer.address_since_on) == ("move_in", newcomer.became_resident_on)
    assert [one.update_sequence for one in await register.queued()] == [first_of_residence(1)]


async def test_the_former_municipality_is_told_with_the_entry_and_never_without_it(register: Register) -> None:
    with pytest.raises(DocumentMissingError):
        await register.move_in(arriving(), told=notification(), came_from=("132039",))
    before = await list_rows(register.node, "SELECT count(*) FROM delivery.outbox")
    (newcomer,) = await register.move_in(arriving(), came_from=("132039",))

    rows = await list_rows(
        register.node, "SELECT receiver, message_type, notices FROM delivery.outbox ORDER BY position"
    )
    assert before == [(0,)]
    assert [(receiver, kind) for receiver, kind, _ in rows] == [
        ("prefectural/130001", "identification_notice"),
        ("municipal/132039", "move_in_notice"),
    ]
    told = msgspec.json.decode(rows[1][2], type=MoveInNotice)
    assert (told.resident_record_code, told.address, told.residence) == (code(50), newcomer.address, 1)


@pytest.mark.procedure("move_in_from_abroad")
async def test_who_comes_from_abroad_for_the_first_time_gets_a_new_code(register: Register) -> None:
    (newcomer,) = await register.move_in(
        arriving(former_code=None, residence=None),
        told=notification(documents=frozenset({SeenDocument.PASSPORT})),
        procedure=Procedure.MOVE_IN_FROM_ABROAD,
        previous_address="アメリカ合衆国",
    )

    assert newcomer.resident_record_code in {code(number) for number in range(5000, 5010)}
    assert newcomer.update_sequence == 1


@pytest.mark.procedure("move_in_of_former_resident")
async def test_a_resident_who_returns_goes_on_with_number_history_and_code(register: Register) -> None:
    await register.notify_move_out(companions=(2, 3))
    await register.complete()
    left = await register.current(1)

    (back,) = await register.move_in(
        arriving(
            1,
            name=PersonName(name=left.name, kana=left.kana),
            birth_date=CivilDate.parse(left.birth_date),
            sex=Sex.FEMALE,
            residence=2,
        )
    )

    async with register.database.connection() as unit:
        history = await list_versions(unit, 1)
    assert (back.resident_number, back.version, back.update_sequence) == (1, left.version + 1, first_of_residence(2))
    assert [one.act_reason for one in history] == [None, "move_out_notified", "move_out", "move_in"]


async def test_a_former_resident_is_not_entered_as_somebody_new_by_mistake(register: Register) -> None:
    await register.notify_move_out(companions=(2, 3))
    await register.complete()
    same = arriving(
        former_code=None,
        residence=None,
        name=PersonName(name="試験\u3000葵", kana="しけん\u3000あおい"),
        birth_date=CivilDate.parse("1990-05-06"),
        sex=Sex.FEMALE,
    )

    with pytest.raises(FormerResidentError):
        await register.move_in(same)


@pytest.mark.rule(Rule.DOCUMENTS_OF_A_PROCEDURE)
async def test_without_the_certificate_a_move_in_is_refused(register: Register) -> None:
    with pytest.raises(DocumentMissingError):
        await register.move_in(arriving(), told=notification())


@pytest.mark.rule(Rule.LATE_NOTIFICATION_TAKES_A_STATEMENT)
async def test_fifteen_days_after_the_move_a_reason_is_asked_for_and_the_act_is_marked_late(
    register: Register,
) -> None:
    late = CivilDate.of(TODAY - timedelta(days=15))
    with pytest.raises(LateStatementMissingError):
        await register.move_in(arriving(), moved_in_on=late)

    told = notification(documents=CERTIFICATE, statement="入院していたため")
    await register.move_in(arriving(), moved_in_on=late, told=told)
    await register.move_in(arriving(51), moved_in_on=CivilDate.of(TODAY - timedelta(days=14)))

    assert await list_rows(register.node, "SELECT is_late FROM register.act ORDER BY act_number") == [(True,), (False,)]


async def test_nobody_is_entered_twice(register: Register) -> None:
    await register.move_in(arriving())

    with pytest.raises(DuplicateResidentRecordCodeError):
        await register.move_in(arriving())
    with pytest.raises(MissingItemError):
        await register.move_in(arriving(77, residence=None))
