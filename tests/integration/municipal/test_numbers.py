"""Codes and Individual Numbers of residents: how they come, how they change, and that all three tiers agree."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jukinet.domain.acts.numbers import CodeChange, NumberChange
from jukinet.domain.errors import (
    ChangedMeanwhileError,
    CodePoolEmptyError,
    IdentityNotCheckedError,
    ImpossibleChangeError,
    MoveOutPendingError,
    NotInForceError,
    PeerUnreachableError,
    ResidentRemovedError,
)
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule
from jukinet.municipal.store import find_resident, list_versions
from jukinet.municipal.usecases.change_individual_number import change_individual_number
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.receive_individual_numbers import next_wait, receive_individual_numbers
from jukinet.municipal.usecases.record_birth import record_birth
from tests.builders import (
    SETAGAYA,
    TODAY,
    act,
    birth,
    code,
    execute,
    find_value,
    individual_number,
    list_rows,
    populate,
    report,
    resident,
)
from tests.builders_tiers import Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

POOL = [code(number) for number in range(5000, 5030)]
NUMBER = individual_number(1)
REQUEST = Notification(
    notified_on=TODAY,
    notifier=Notifier.SELF,
    identity_check=IdentityCheck.PHOTO_DOCUMENT,
    documents=frozenset({SeenDocument.CODE_CHANGE_REQUEST, SeenDocument.INDIVIDUAL_NUMBER_CHANGE_REQUEST}),
)
OFFICIAL = Notification.ex_officio(TODAY, documents=frozenset({SeenDocument.DECISION}))


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    """Setagaya with one resident, whom the tiers above know from the initial load."""
    async with open_tiers(embedded_database) as found:
        loaded = resident(1, individual_number=NUMBER)
        await populate(found.municipal.node, loaded, codes=POOL)
        for tier in (found.prefectural, found.national):
            await execute(
                tier.node,
                "INSERT INTO identification.record (resident_record_code, individual_number, name, kana, birth_date,"
                " sex, municipality, address, postal_code, change_reason, changed_on, update_sequence, is_removed,"
                " received_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, false, now())",
                [
                    loaded.resident_record_code,
                    loaded.individual_number,
                    loaded.name,
                    loaded.kana,
                    loaded.birth_date,
                    loaded.sex,
                    loaded.municipality,
                    loaded.address,
                    loaded.postal_code,
                    loaded.change_reason,
                    loaded.changed_on,
                ],
            )
        yield found


async def present(tiers: Tiers, number: int = 1) -> ResidentRecord:
    async with tiers.municipal.database.connection() as connection:
        return await find_resident(connection, number)


async def change_code(tiers: Tiers, notification: Notification = REQUEST, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item of it
    return await change_resident_record_code(
        change=CodeChange(resident_number=1, **items),
        notification=notification,
        act=act(),
        database=tiers.municipal.database,
        choice=random.Random(1),
    )


async def change_number(
    tiers: Tiers, notification: Notification = REQUEST, number: int = 1, *, is_ex_officio: bool = False
) -> ResidentRecord:
    return await change_individual_number(
        change=NumberChange(resident_number=number, is_ex_officio=is_ex_officio),
        notification=notification,
        act=act(now=tiers.now),
        client=tiers.client,
        database=tiers.municipal.database,
    )


async def be_born(tiers: Tiers) -> ResidentRecord:
    return await record_birth(
        birth=birth(), notification=report(), act=act(), database=tiers.municipal.database, choice=random.Random(2)
    )


async def receive(tiers: Tiers) -> int:
    return await receive_individual_numbers(
        client=tiers.client, database=tiers.municipal.database, clock=lambda: tiers.now, node=SETAGAYA
    )


@pytest.mark.invariant("I6")
@pytest.mark.procedure("code_change")
async def test_a_changed_code_is_new_on_all_three_tiers_and_carries_the_old_one(tiers: Tiers) -> None:
    before = await present(tiers)

    changed = await change_code(tiers)
    await tiers.carry()

    assert changed.resident_record_code in POOL
    assert changed.previous_resident_record_code == before.resident_record_code
    assert (changed.act_reason, changed.change_reason) == ("code_change", "code_change_on_request")
    assert (await present(tiers)).resident_record_code == changed.resident_record_code
    assert await tiers.are_equal()
    for tier in (tiers.prefectural, tiers.national):
        rows = await list_rows(
            tier.node,
            "SELECT resident_record_code, previous_resident_record_code, individual_number FROM identification.record",
        )
        assert rows == [(changed.resident_record_code, before.resident_record_code, NUMBER)]


@pytest.mark.invariant("I7")
@pytest.mark.rule(Rule.NEW_CODE_IS_NOT_CHOSEN)
async def test_a_code_that_was_given_up_is_never_given_again(tiers: Tiers) -> None:
    used = [(await present(tiers)).resident_record_code]
    used += [(await change_code(tiers)).resident_record_code for _ in POOL]

    assert len(set(used)) == len(POOL) + 1
    with pytest.raises(CodePoolEmptyError):
        await change_code(tiers)
    await tiers.carry()
    assert await tiers.are_equal()


@pytest.mark.rule(Rule.NEW_CODE_IS_NOT_CHOSEN)
async def test_nobody_chooses_the_new_code() -> None:
    with pytest.raises(ImpossibleChangeError) as caught:
        CodeChange(resident_number=1, right_code=ResidentRecordCode(code(7)))

    assert caught.value.field == "resident_record_code"


@pytest.mark.procedure("code_correction")
async def test_a_wrong_code_is_corrected_ex_officio_to_the_one_the_person_really_has(tiers: Tiers) -> None:
    corrected = await change_code(tiers, OFFICIAL, is_correction=True, right_code=ResidentRecordCode(code(77)))
    await tiers.carry()

    assert corrected.resident_record_code == code(77)
    assert (corrected.act_reason, corrected.change_reason) == ("code_correction", "code_change_ex_officio")
    assert corrected.notified_on is None
    assert await tiers.are_equal()
    assert await find_value(tiers.municipal.node, "SELECT count(used_at) FROM register.code_pool") == 0


async def test_a_correction_without_a_known_code_draws_one(tiers: Tiers) -> None:
    assert (await change_code(tiers, OFFICIAL, is_correction=True)).resident_record_code in POOL


async def test_a_code_is_changed_only_for_somebody_whose_identity_was_checked(tiers: Tiers) -> None:
    with pytest.raises(IdentityNotCheckedError):
        await change_code(tiers, replace(REQUEST, identity_check=IdentityCheck.NOT_REQUIRED))

    assert (await present(tiers)).version == 1
    assert await find_value(tiers.municipal.node, "SELECT count(used_at) FROM register.code_pool") == 0


async def test_a_code_change_is_refused_when_the_record_changed_meanwhile(tiers: Tiers) -> None:
    await change_code(tiers, expected_version=1)

    with pytest.raises(ChangedMeanwhileError):
        await change_code(tiers, expected_version=1)


async def test_the_log_says_that_the_card_is_void_and_never_the_code(tiers: Tiers) -> None:
    changed = await change_code(tiers)

    (detail,) = await list_rows(
        tiers.municipal.node, "SELECT detail FROM audit.event WHERE event = 'resident:code_replaced'"
    )
    assert detail == ({"resident_number": 1, "act_reason": "code_change", "voids_juki_card": True},)
    assert changed.resident_record_code not in repr(changed)


@pytest.mark.invariant("I6")
@pytest.mark.procedure("individual_number_entry")
async def test_a_newborn_has_a_number_on_all_three_tiers_once_the_nation_knows_the_child(tiers: Tiers) -> None:
    child = await be_born(tiers)
    too_early = await receive(tiers)
    await tiers.carry()
    not_yet_due = await receive(tiers)
    tiers.now += timedelta(seconds=1)

    received = await receive(tiers)
    await tiers.carry()

    assert (too_early, not_yet_due, received) == (0, 0, 1)
    known = await present(tiers, child.resident_number)
    assert known.individual_number is not None
    assert known.act_reason == "individual_number_entry"
    assert (known.change_reason, known.update_sequence) == ("ex_officio_modification", 2)
    assert await tiers.are_equal()
    assert await receive(tiers) == 0
    assert await find_value(tiers.national.node, "SELECT count(*) FROM allotment.individual_number") == 1


async def test_who_has_a_number_is_not_asked_for(tiers: Tiers) -> None:
    assert await receive(tiers) == 0
    assert tiers.sent == []


async def test_whose_answer_was_lost_gets_the_same_number_at_the_next_attempt(tiers: Tiers) -> None:
    child = await be_born(tiers)
    await tiers.carry()
    tiers.lose = lambda _message_type: True
    with pytest.raises(PeerUnreachableError):
        await receive(tiers)
    tiers.lose = lambda _message_type: False

    assert await receive(tiers) == 1

    allotted = await list_rows(tiers.national.node, "SELECT individual_number FROM allotment.individual_number")
    assert allotted == [((await present(tiers, child.resident_number)).individual_number,)]


@pytest.mark.parametrize("attempts", range(20))
def test_the_nation_is_asked_later_and_later_and_never_given_up(attempts: int) -> None:
    assert next_wait(attempts) <= next_wait(attempts + 1) <= timedelta(hours=1)


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
async def test_before_october_2015_nobody_is_asked_for_and_nothing_changed(tiers: Tiers) -> None:
    await be_born(tiers)
    tiers.now = datetime(2015, 10, 4, 3, 0, tzinfo=UTC)

    assert await receive(tiers) == 0
    with pytest.raises(NotInForceError):
        await change_number(tiers)
    assert tiers.sent == []


@pytest.mark.invariant("I6")
@pytest.mark.parametrize(
    ("notification", "is_ex_officio", "reason"),
    [(REQUEST, False, "individual_number_change"), (OFFICIAL, True, "individual_number_correction")],
)
@pytest.mark.procedure("individual_number_change")
@pytest.mark.procedure("individual_number_correction")
async def test_a_misused_number_is_changed_on_all_three_tiers(
    tiers: Tiers,
    notification: Notification,
    is_ex_officio: bool,  # noqa: FBT001 - a parameter
    reason: str,
) -> None:
    changed = await change_number(tiers, notification, is_ex_officio=is_ex_officio)
    await tiers.carry()

    assert changed.individual_number not in {None, NUMBER}
    assert (changed.act_reason, changed.change_reason) == (reason, "ex_officio_modification")
    assert await tiers.are_equal()
    assert await find_value(
        tiers.national.node, "SELECT count(*) FROM allotment.individual_number WHERE individual_number = %s", [NUMBER]
    )


async def test_a_change_whose_answer_was_lost_is_repeated_without_another_number(tiers: Tiers) -> None:
    tiers.lose = lambda _message_type: True
    with pytest.raises(PeerUnreachableError):
        await change_number(tiers)
    tiers.lose = lambda _message_type: False

    changed = await change_number(tiers)

    current = await list_rows(
        tiers.national.node, "SELECT individual_number, serial FROM allotment.current_individual_number"
    )
    assert current == [(changed.individual_number, 1)]


async def test_a_number_cannot_be_changed_where_there_is_none(tiers: Tiers) -> None:
    child = await be_born(tiers)

    with pytest.raises(ImpossibleChangeError):
        await change_number(tiers, number=child.resident_number)


@pytest.mark.invariant("I6")
async def test_code_and_number_changes_one_after_the_other_leave_the_tiers_equal(tiers: Tiers) -> None:
    await change_number(tiers)
    await tiers.carry()
    await change_code(tiers)
    await tiers.carry()
    await change_number(tiers)
    await change_code(tiers)
    await tiers.carry()

    assert await tiers.are_equal()
    async with tiers.municipal.database.connection() as connection:
        versions = await list_versions(connection, 1)
    assert len({version.individual_number for version in versions}) == 3
    assert len({version.resident_record_code for version in versions}) == 3


async def test_a_removed_resident_s_numbers_stay_as_they_were(tiers: Tiers) -> None:
    await execute(tiers.municipal.node, "UPDATE register.resident SET is_removed = true")

    for changing in (change_code(tiers), change_number(tiers)):
        with pytest.raises(ResidentRemovedError):
            await changing


async def test_the_nation_makes_no_other_number_for_somebody_who_is_about_to_move(tiers: Tiers) -> None:
    await execute(tiers.municipal.node, "UPDATE register.resident_record SET planned_move_out_on = '2026-04-10'")

    with pytest.raises(MoveOutPendingError):
        await change_number(tiers)

    assert tiers.sent == []
    assert await find_value(tiers.national.node, "SELECT count(*) FROM allotment.individual_number") == 0
