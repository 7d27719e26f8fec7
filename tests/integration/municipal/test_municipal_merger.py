"""A merger of municipalities: the whole register goes over, everybody's code changes once, nobody moves."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from jukinet.domain.acts.mass_address_change import AddressRow
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.removal import Death
from jukinet.domain.addresses import fold_address
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    HandOverNotReadyError,
    ImpossibleChangeError,
    MergerStateError,
    PeerNotPermittedError,
    PeerRefusedError,
    PeerUnreachableError,
    RegisterClosedError,
    RegisterNotTakenOverError,
    SelfReviewError,
)
from jukinet.domain.households import Succession
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.mergers import approve_registered_merger, register_merger
from jukinet.identification.release import Settlement, release_notice
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL
from jukinet.municipal.merger_store import find_merger, list_refusals
from jukinet.municipal.moving_notice_store import add_move_in_notices, list_annex_notices
from jukinet.municipal.records import notice_of
from jukinet.municipal.review_store import Submission, add_entry
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.store import count_free_codes, find_resident, find_resident_number, list_residents, list_versions
from jukinet.municipal.usecases.apply_move_in_notices import apply_move_in_notices
from jukinet.municipal.usecases.check_hand_over import check_hand_over
from jukinet.municipal.usecases.hand_over_register import hand_over_register
from jukinet.municipal.usecases.merge_municipality import MergerProgress
from jukinet.municipal.usecases.prepare_merger import (
    approve_prepared_merger,
    discard_prepared_merger,
    prepare_merger,
    rename_merged_towns,
)
from jukinet.municipal.usecases.receive_annex_notice import receive_annex_notices
from jukinet.municipal.usecases.receive_move_in_notice import receive_move_in_notices
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.take_over_register import take_over_register
from jukinet.national.endpoints import require_competent as require_national
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.hand_over import HighestNumbers, RegisterHandOver
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeName
from tests.builders import (
    NOW,
    TODAY,
    TOKYO,
    act,
    birth,
    code,
    execute,
    find_value,
    list_rows,
    message_id,
    notice,
    notification,
    opened,
    populate,
    received,
    report,
    resident,
)
from tests.builders_merger import (
    OUTGOING,
    SUCCESSOR,
    are_equal,
    hand_over,
    merge,
    merge_all,
    merger,
    neighbours,
    open_merging,
    prepare,
    register_above,
    settle,
    tell,
)
from tests.builders_moving import annex_notice, move_in_notice
from tests.builders_tiers import Tier, Tiers
from tests.fixtures_postgres import MakeDatabase

MITAKA: Final = NodeName.parse("municipal/132047")
LIVE_ABOVE: Final = (
    "SELECT municipality, count(*) FROM identification.record WHERE NOT is_removed GROUP BY 1 ORDER BY 1"
)
QUARANTINED: Final = "SELECT error_code, count(*) FROM delivery.held_notice WHERE state = 'quarantined' GROUP BY 1"
IN_MUSASHINO: Final = "東京都武蔵野市境一丁目1番1号"


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    async with open_merging(embedded_database) as found:
        yield found


@pytest.fixture
def successor(tiers: Tiers) -> Tier:
    return tiers.neighbours[0]


async def number_of(tier: Tier, number: int) -> int:
    """Return the resident number at this municipality of the synthetic resident."""
    async with tier.database.connection() as unit:
        found = await find_resident_number(unit, code(number))
    assert found is not None
    return found


async def state_of(tier: Tier) -> str:
    async with tier.database.connection() as unit:
        return (await find_merger(unit, OUTGOING.code)).state


@pytest.mark.procedure("municipal_merger")
@pytest.mark.invariant("I6")
async def test_everybody_gets_the_successors_code_on_all_tiers_and_nobody_moves(tiers: Tiers, successor: Tier) -> None:
    here = resident(1, resident_record_code=code(501), municipality=SUCCESSOR.code, address=IN_MUSASHINO)
    await settle(successor, tiers, here)
    await settle(tiers.municipal, tiers, *neighbours(3))

    progress = await merge_all(tiers)

    assert progress == MergerProgress(6, is_finished=True)
    number = await number_of(successor, 2)
    async with successor.database.connection() as unit:
        before, after = await list_versions(unit, number)
        assert (await find_resident(unit, 1)).resident_record_code == code(501)
    assert (before.municipality, after.municipality) == (OUTGOING.code, SUCCESSOR.code)
    assert after.address == "東京都武蔵野市太子堂一丁目1番1号"
    assert (after.act_reason, after.change_reason, after.update_sequence) == ("minor_correction", "minor_correction", 2)
    kept = ("resident_record_code", "individual_number", "household_number", "relationship", "became_resident_on")
    assert all(
        getattr(before, item) == getattr(after, item) for item in (*kept, "address_since_on", "previous_address")
    )
    for tier in (tiers.prefectural, tiers.national):
        assert await list_rows(tier.node, LIVE_ABOVE) == [(SUCCESSOR.code, 7)]
        assert await list_rows(tier.node, QUARANTINED) == []
    assert await are_equal(tiers)
    assert await merge(tiers) == MergerProgress(0, is_finished=True)


async def test_the_successor_goes_on_with_the_records_as_with_its_own(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    await merge_all(tiers)
    number = await number_of(successor, 2)

    death = Death(resident_number=number, died_on=CivilDate.of(TODAY))
    await record_death(death=death, notification=report(), act=act(node=SUCCESSOR), database=successor.database)
    await tiers.carry()

    assert await list_rows(tiers.national.node, LIVE_ABOVE) == [(SUCCESSOR.code, 3)]
    assert await are_equal(tiers)
    async with successor.database.connection() as unit:
        now = await search(unit, Search(address=fold_address("太子堂一丁目2番1号")), limit=9)
    assert len(now.hits) == 2


async def test_removed_records_acts_codes_and_sheets_go_over_with_the_live_ones(tiers: Tiers, successor: Tier) -> None:
    yesterday = TODAY - timedelta(days=1)
    tiers.now = NOW - timedelta(days=1)
    gone = resident(90, is_removed=True, change_reason="move_out", update_sequence=2)
    await settle(tiers.municipal, tiers, *neighbours(2), gone)
    await populate(tiers.municipal.node, codes=[code(number) for number in range(700, 705)])
    before = act(now=tiers.now)
    child = await record_birth(
        birth=birth(),
        notification=report(notified_on=yesterday),
        act=before,
        database=tiers.municipal.database,
        choice=random.Random(1),
    )
    await tiers.carry()
    tiers.now = NOW

    assert (await merge_all(tiers)).residents == 5

    async with successor.database.connection() as unit:
        number = await find_resident_number(unit, child.resident_record_code)
        entered, merged = await list_versions(unit, number or 0)
        old = (await list_residents(unit, [await find_resident_number(unit, code(90)) or 0]))[0]
        assert await count_free_codes(unit) == 4
    acts = "SELECT procedure, statement, recorded_by, approved_by FROM register.act WHERE act_number = ANY(%s)"
    rows = await list_rows(successor.node, acts + " ORDER BY act_number", [[entered.act_number, merged.act_number]])
    assert rows == [("birth", None, "clerk", None), ("municipal_merger", "総務省告示第100号", "maker", "chief")]
    assert (old.is_removed, old.municipality, old.version) == (True, OUTGOING.code, 1)
    sheets = "SELECT resident_number, version, resident_record_code FROM register.present_code_notice"
    assert await list_rows(successor.node, sheets) == [(number, 1, child.resident_record_code)]
    assert await find_value(successor.node, "SELECT count(*) FROM register.notified_identification") == 1 + 5
    entries = "SELECT count(DISTINCT resident_record_code) FROM audit.event WHERE event = 'resident:changed'"
    assert await find_value(successor.node, entries) == 5


async def test_who_has_a_record_in_both_registers_is_one_person_with_one_present_record(
    tiers: Tiers, successor: Tier
) -> None:
    second = first_of_residence(1)
    there: dict[str, Any] = {"municipality": SUCCESSOR.code, "address": IN_MUSASHINO}
    moved_there = resident(1, is_removed=True, change_reason="move_out", update_sequence=2)
    moved_here = resident(2, change_reason="move_in", update_sequence=second)
    await populate(tiers.municipal.node, moved_there, moved_here)
    left = resident(2, is_removed=True, change_reason="move_out", update_sequence=2, **there)
    stays = resident(1, change_reason="move_in", update_sequence=second, **there)
    await populate(successor.node, replace(left, resident_number=12), replace(stays, resident_number=11))
    await tell(tiers.municipal, tiers, notice(1), notice(1, 2, reason="move_out"))
    await tell(successor, tiers, notice(2, **there), notice(2, 2, reason="move_out", **there), _of(stays))
    await tell(tiers.municipal, tiers, _of(moved_here))

    assert (await merge_all(tiers)).residents == 1

    assert await number_of(successor, 1) == 11
    assert await number_of(successor, 2) > 100_000
    former = "SELECT is_former FROM register.resident ORDER BY resident_record_code, is_former"
    assert await list_rows(successor.node, former) == [(False,), (True,), (False,), (True,)]
    async with successor.database.connection() as unit:
        found = await search(unit, Search(resident_record_code=code(1), has_removed=True), limit=9)
    assert len(found.hits) == 2
    assert await list_rows(tiers.national.node, LIVE_ABOVE) == [(SUCCESSOR.code, 2)]


def _of(record: ResidentRecord) -> IdentificationNotice:
    return notice_of(record, record.update_sequence or 1)


@pytest.mark.invariant("I5")
async def test_no_municipality_takes_residents_over_by_claiming_a_merger(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    await prepare(tiers.municipal, tiers)
    await prepare(successor, tiers)
    await hand_over(tiers)
    await merge(tiers)

    await tiers.carry()

    assert await list_rows(tiers.prefectural.node, QUARANTINED) == [("permission.peer", 4)]
    assert await list_rows(tiers.prefectural.node, LIVE_ABOVE) == [(OUTGOING.code, 4)]
    await register_above(tiers, [tiers.prefectural])
    await _release_all(tiers.prefectural, tiers)
    await tiers.carry()
    # The nation has two persons of its own look at the public notice.
    assert await list_rows(tiers.national.node, QUARANTINED) == [("permission.peer", 4)]
    await register_above(tiers, [tiers.national])
    await _release_all(tiers.national, tiers)
    assert await are_equal(tiers)


async def _release_all(tier: Tier, tiers: Tiers) -> None:
    is_national = tier is tiers.national
    arrivals = "SELECT arrival FROM delivery.held_notice WHERE state = 'quarantined' ORDER BY arrival"
    for (arrival,) in await list_rows(tier.node, arrivals):
        settlement = Settlement(
            arrival=arrival,
            operator_id="operator",
            now=tiers.now,
            forwarding=None if is_national else FORWARDING,
            require_competent=require_national if is_national else require_competent,
        )
        await release_notice(settlement=settlement, corrections={}, database=tier.database)


@pytest.mark.invariant("I5")
async def test_a_registered_merger_covers_the_minor_correction_of_its_own_municipalities_only(
    tiers: Tiers, successor: Tier
) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    there: dict[str, Any] = {"municipality": SUCCESSOR.code, "address": IN_MUSASHINO}
    await register_merger(
        merger=merger(effective_on=TODAY + timedelta(days=1)),
        node=TOKYO,
        operator_id="maker",
        database=tiers.prefectural.database,
        now=NOW,
    )
    await tell(successor, tiers, notice(1, 2, reason="minor_correction", **there))
    await approve_registered_merger(
        outgoing=OUTGOING.code, operator_id="chief", database=tiers.prefectural.database, now=NOW
    )
    await tell(successor, tiers, notice(2, 2, reason="minor_correction", **there))
    tiers.now = NOW + timedelta(days=1)
    await tell(successor, tiers, notice(3, 2, reason="relocation", **there))
    await tell(successor, tiers, notice(4, 2, reason="death", **there))

    assert await list_rows(tiers.prefectural.node, QUARANTINED) == [("permission.peer", 4)]
    assert await list_rows(tiers.prefectural.node, LIVE_ABOVE) == [(OUTGOING.code, 4)]


async def test_a_tier_registers_a_merger_by_two_persons_and_of_its_own_prefecture_only(tiers: Tiers) -> None:
    tokyo = tiers.prefectural
    with pytest.raises(PeerNotPermittedError):
        await register_merger(
            merger=merger(),
            node=NodeName.parse("prefectural/140007"),
            operator_id="a",
            database=tokyo.database,
            now=NOW,
        )
    await register_merger(merger=merger(), node=TOKYO, operator_id="a", database=tokyo.database, now=NOW)
    with pytest.raises(SelfReviewError):
        await approve_registered_merger(outgoing=OUTGOING.code, operator_id="a", database=tokyo.database, now=NOW)
    await approve_registered_merger(outgoing=OUTGOING.code, operator_id="b", database=tokyo.database, now=NOW)
    with pytest.raises(MergerStateError):
        await register_merger(merger=merger(), node=TOKYO, operator_id="a", database=tokyo.database, now=NOW)
    with pytest.raises(MergerStateError):
        await approve_registered_merger(outgoing=OUTGOING.code, operator_id="c", database=tokyo.database, now=NOW)


@pytest.mark.invariant("I5")
async def test_nobodys_register_is_taken_over_that_was_not_approved(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(1))
    await prepare(tiers.municipal, tiers)

    with pytest.raises(PeerRefusedError):
        await hand_over(tiers)

    assert await find_value(successor.node, "SELECT count(*) FROM register.resident") == 0
    # What was refused waits, and goes over once the successor has approved.
    await prepare(successor, tiers)
    await tiers.carry()
    assert await state_of(successor) == "taken_over"


@pytest.mark.invariant("I3")
async def test_a_part_whose_answer_is_lost_comes_again_and_counts_once(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(5))
    await prepare(tiers.municipal, tiers)
    await prepare(successor, tiers)
    await register_above(tiers)
    lost = iter([True, True, False])
    tiers.lose = lambda message_type: message_type == "register_hand_over" and next(lost, False)

    for _ in range(2):
        with pytest.raises(PeerUnreachableError):
            await tiers.carry() if await state_of(tiers.municipal) == "handed_over" else await hand_over(tiers)
    await tiers.carry()

    assert await merge(tiers, households=2) == MergerProgress(10, is_finished=True)
    await tiers.carry()
    assert await are_equal(tiers)
    assert await find_value(successor.node, "SELECT count(*) FROM register.resident_record") == 20


async def test_the_old_register_records_nothing_from_the_day_on(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    tiers.now = NOW - timedelta(days=1)
    await prepare(tiers.municipal, tiers)
    await prepare(successor, tiers)
    yesterday = TODAY - timedelta(days=1)

    async def die(number: int, day: date, *, at: datetime) -> None:
        death = Death(resident_number=number, died_on=CivilDate.of(day))
        await record_death(
            death=death,
            notification=report(notified_on=day),
            act=act(now=at),
            database=tiers.municipal.database,
        )

    with pytest.raises(MergerStateError):
        await hand_over_register(node=OUTGOING, database=tiers.municipal.database, clock=lambda: tiers.now)
    await die(2, yesterday, at=tiers.now)
    tiers.now = NOW
    with pytest.raises(RegisterClosedError):
        await die(4, TODAY, at=NOW)
    await tiers.carry()
    await hand_over(tiers)
    with pytest.raises(RegisterClosedError):
        await die(4, TODAY, at=NOW)
    # At the successor nobody touches a record before it has the new code.
    death = Death(resident_number=await number_of(successor, 4), died_on=CivilDate.of(TODAY))
    with pytest.raises(RegisterNotTakenOverError):
        await record_death(death=death, notification=report(), act=act(node=SUCCESSOR), database=successor.database)


async def test_what_is_under_way_is_settled_before_the_hand_over(tiers: Tiers, successor: Tier) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    await prepare(successor, tiers)
    tiers.now = NOW - timedelta(days=1)
    await prepare(tiers.municipal, tiers)
    database = tiers.municipal.database
    yesterday = TODAY - timedelta(days=1)
    death = Death(resident_number=2, died_on=CivilDate.of(yesterday))
    await record_death(
        death=death, notification=report(notified_on=yesterday), act=act(now=tiers.now), database=database
    )
    tiers.now = NOW
    wrong = "UPDATE register.resident_record SET address = %s WHERE resident_number = 3"
    await execute(tiers.municipal.node, wrong, ["太子堂一丁目1番1号"])
    submission = Submission(form_number="form", procedure="birth", resident_number=1, resident_numbers=[1], fields={})
    async with database.transaction() as unit:
        await add_entry(unit, submission, operator_id="clerk", now=NOW)

    with pytest.raises(HandOverNotReadyError):
        await hand_over_register(node=OUTGOING, database=database, clock=lambda: NOW)

    async with database.connection() as unit:
        found = await check_hand_over(unit, act=act())
    assert [(one.kind, one.count, one.household_number) for one in found] == [
        ("outbox", 1, None),
        ("provisional_entries", 1, None),
        ("household", 1, 3),
    ]
    assert all(one.label and one.advice for one in found)
    assert await state_of(tiers.municipal) == "approved"
    await tiers.carry()
    await execute(tiers.municipal.node, "DELETE FROM register.provisional_entry")
    await execute(tiers.municipal.node, wrong, ["東京都世田谷区太子堂一丁目2番1号"])
    assert await hand_over(tiers) > 0
    async with database.connection() as unit:
        assert await check_hand_over(unit, act=act()) == []


async def test_a_planned_move_out_and_the_notice_that_confirms_it_are_not_lost(tiers: Tiers, successor: Tier) -> None:
    mitaka = {"municipality": MITAKA.code, "address": "東京都三鷹市野崎一丁目1番1号"}
    family = [
        replace(one, household_number=1, relationship=relationship, address="東京都世田谷区太子堂一丁目1番1号")
        for one, relationship in zip(neighbours(2), ("世帯主", "妻", "子", "子"), strict=True)
    ]
    await settle(tiers.municipal, tiers, *family)
    tiers.now = NOW - timedelta(days=1)
    move_out = MoveOut(
        resident_number=1,
        planned_on=CivilDate.of(TODAY + timedelta(days=5)),
        destination="東京都三鷹市野崎一丁目1番1号",
        succession=Succession(householder=2, relationships={3: "子", 4: "子"}),
    )
    said = notification(notified_on=TODAY - timedelta(days=1))
    database = tiers.municipal.database
    await record_move_out(move_out=move_out, notification=said, act=act(now=tiers.now), database=database)
    tiers.now = NOW
    before, late = (move_in_notice(number, **mitaka) for number in (1, 3))
    async with database.transaction() as unit:
        await add_move_in_notices(unit, [before], sender=MITAKA.text, now=NOW)
    await merge_all(tiers)
    # One more comes to the node of the municipality that is gone.
    message = received(
        (late,), sender=MITAKA, receiver=OUTGOING, message_type="move_in_notice", number=next(tiers.numbers)
    )
    await receive_move_in_notices(received=message, node=OUTGOING, database=database, now=NOW)
    annex = received(
        (annex_notice(1),), sender=MITAKA, receiver=OUTGOING, message_type="annex_notice", number=next(tiers.numbers)
    )
    await receive_annex_notices(received=annex, node=OUTGOING, database=database, now=NOW)
    await tiers.carry()

    applied = await apply_move_in_notices(node=SUCCESSOR, database=successor.database, now=NOW)

    assert (applied.applied, applied.unmatched) == (1, 1)
    async with successor.database.connection() as unit:
        follower = await find_resident(unit, await number_of(successor, 2))
        mover = await find_resident(unit, await number_of(successor, 1))
        assert [one.sender for one in await list_annex_notices(unit, limit=5)] == [MITAKA.text]
    assert (mover.is_removed, follower.relationship) == (True, "世帯主")
    await tiers.carry()
    assert await list_rows(tiers.national.node, QUARANTINED) == []
    assert await are_equal(tiers)


async def test_two_that_merge_into_a_third_are_the_same_thing_twice(
    tiers: Tiers, successor: Tier, embedded_database: MakeDatabase
) -> None:
    await settle(tiers.municipal, tiers, *neighbours(2))
    await merge_all(tiers)
    mitaka = {"municipality": MITAKA.code, "address": "東京都三鷹市野崎一丁目1番1号"}
    async with AsyncExitStack() as stack:
        node = await embedded_database(MUNICIPAL)
        tier = Tier(MITAKA, node, await stack.enter_async_context(opened(node)))
        tiers.neighbours.append(tier)
        await settle(tier, tiers, resident(1, resident_record_code=code(801), **mitaka))
        said = merger(outgoing=LocalGovernmentCode.parse(MITAKA.code), effective_on=TODAY)
        await prepare(tier, tiers, said)
        await prepare(successor, tiers, said)
        await register_above(tiers, said=said)
        await hand_over(tiers, tier)
        assert await merge(tiers, outgoing=MITAKA.code) == MergerProgress(1, is_finished=True)
        await tiers.carry()
        assert await list_rows(tiers.national.node, LIVE_ABOVE) == [(SUCCESSOR.code, 5)]
        numbers = "SELECT count(DISTINCT resident_number) FROM register.resident"
        assert await find_value(successor.node, numbers) == 5


async def test_a_household_that_cannot_be_written_waits_for_another_name_of_its_town(
    tiers: Tiers, successor: Tier
) -> None:
    long = resident(50, address="東京都世田谷区若林一丁目5番5号\u3000" + "長" * 170)
    await settle(tiers.municipal, tiers, *neighbours(2), long)
    await prepare(tiers.municipal, tiers)
    await prepare(successor, tiers)
    await register_above(tiers)
    longer = [
        AddressRow(1, "若林一丁目", "長い名前の若林一丁目" * 2),
        AddressRow(2, "太子堂一丁目", "太子堂", "1800099"),
    ]
    chief = act(operator_id="chief", node=SUCCESSOR)
    await rename_merged_towns(outgoing=OUTGOING.code, rows=longer, act=chief, database=successor.database)
    await hand_over(tiers)

    assert await merge(tiers) == MergerProgress(4, is_finished=False)

    async with successor.database.connection() as unit:
        (refusal,) = await list_refusals(unit, OUTGOING.code, limit=5)
        renamed = await find_resident(unit, await number_of(successor, 1))
    assert (renamed.address, renamed.postal_code) == ("東京都武蔵野市太子堂1番1号", "1800099")
    assert (refusal.error_code, refusal.error_field) == ("value.address", "address")
    await rename_merged_towns(outgoing=OUTGOING.code, rows=longer[1:], act=chief, database=successor.database)
    assert await merge(tiers) == MergerProgress(1, is_finished=True)
    await tiers.carry()
    assert await are_equal(tiers)


async def test_a_merger_is_made_by_one_and_approved_by_another_and_given_up_before_it_begins(tiers: Tiers) -> None:
    database = tiers.municipal.database
    await prepare_merger(merger=merger(), act=act(), database=database)
    with pytest.raises(SelfReviewError):
        await approve_prepared_merger(outgoing=OUTGOING.code, act=act(), database=database)
    with pytest.raises(ImpossibleChangeError):
        await prepare_merger(merger=merger(), act=act(node=MITAKA), database=database)
    await approve_prepared_merger(outgoing=OUTGOING.code, act=act(operator_id="chief"), database=database)
    with pytest.raises(MergerStateError):
        await prepare_merger(merger=merger(), act=act(), database=database)
    await discard_prepared_merger(outgoing=OUTGOING.code, act=act(), database=database)
    await prepare(tiers.municipal, tiers)
    await hand_over_register(node=OUTGOING, database=database, clock=lambda: NOW)
    with pytest.raises(MergerStateError):
        await discard_prepared_merger(outgoing=OUTGOING.code, act=act(), database=database)
    assert await hand_over_register(node=OUTGOING, database=database, clock=lambda: NOW) == 0


@pytest.mark.parametrize(
    ("items", "code_of_error"),
    [
        ({"outgoing": "132047"}, "permission.peer"),
        ({"table": "operator"}, "value.request"),
        ({"rows": (("1", "1", code(1)),)}, "value.request"),
        ({"rows": (("9", "1", code(1), "1", "false", "false"),)}, "value.change"),
        ({"rows": (("1", "1", "123", "1", "false", "false"),)}, "value.resident_record_code.format"),
    ],
)
async def test_a_part_that_is_not_of_the_senders_register_is_set_apart(
    tiers: Tiers, successor: Tier, items: dict[str, Any], code_of_error: str
) -> None:
    await prepare(successor, tiers)
    highest = HighestNumbers(resident=1, household=1, act=0, code_notice=0, person_notice=0)
    said: dict[str, Any] = {
        "notice_number": message_id(7),
        "outgoing": OUTGOING.code,
        "part_number": 1,
        "highest": highest,
        "table": "resident",
        "rows": (),
    }
    message = received(
        (RegisterHandOver(**{**said, **items}),),
        sender=OUTGOING,
        receiver=SUCCESSOR,
        message_type="register_hand_over",
    )

    answer = await take_over_register(received=message, node=SUCCESSOR, database=successor.database, now=NOW)

    assert [one.code for one in answer.quarantined] == [code_of_error]
    assert await find_value(successor.node, "SELECT count(*) FROM register.resident") == 0
