"""A mass change of addresses: a whole town, once each, however often it is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jukinet.domain.acts.mass_address_change import AddressRow, MassChangeKind
from jukinet.domain.acts.removal import Death
from jukinet.domain.addresses import fold_address
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    DateOutOfOrderError,
    MassChangeNotFoundError,
    MassChangeStateError,
    MissingItemError,
    SelfReviewError,
)
from jukinet.municipal.address_table import read_address_table
from jukinet.municipal.desk_store import begin_editing, leave_records
from jukinet.municipal.mass_change_store import find_mass_change
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.store import find_resident, list_versions
from jukinet.municipal.usecases.change_addresses import Progress, change_addresses
from jukinet.municipal.usecases.prepare_address_change import (
    AddressChange,
    approve_address_change,
    discard_address_change,
    prepare_address_change,
    preview_address_change,
)
from jukinet.municipal.usecases.record_death import record_death
from jukinet.postgres.database import Database
from tests.builders import NOW, SETAGAYA, TODAY, act, find_value, list_rows, report, resident
from tests.builders_mass_change import NEW_TOWN, OLD_TOWN, RENAMED, in_town, load, prepared, town
from tests.builders_tiers import Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

ONE_VERSION = "SELECT resident_number, count(*) FROM register.resident_record GROUP BY 1 HAVING count(*) <> 2"


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    async with open_tiers(embedded_database) as found:
        yield found


async def run(database: Database, number: int, **items: Any) -> Progress:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {"node": SETAGAYA, "clock": lambda: NOW}
    return await change_addresses(mass_change_number=number, database=database, **{**defaults, **items})


async def find_change(tiers: Tiers, number: int) -> tuple[str, int, int, int]:
    async with tiers.municipal.database.connection() as unit:
        change = await find_mass_change(unit, number)
    return change.state, change.households, change.refused, change.residents


@pytest.mark.procedure("mass_address_change")
async def test_a_town_is_renamed_on_all_three_tiers_and_nobody_else_is(tiers: Tiers) -> None:
    neighbour = resident(90, address=in_town(f"{OLD_TOWN}北1番1号"))
    gone = resident(91, is_removed=True, change_reason="move_out", address=in_town(f"{OLD_TOWN}9番9号"))
    hidden = resident(92, is_protected=True, address=in_town(f"{OLD_TOWN}8番8号"))
    await load(tiers, *town(3), neighbour, gone, hidden)
    database = tiers.municipal.database
    number = await prepared(database)
    assert await run(database, number, households=2) == Progress(7, 0)
    async with database.connection() as unit:
        changed = await find_resident(unit, 2)
        assert changed.address == in_town(f"{NEW_TOWN}1番1号")
        assert (changed.version, changed.update_sequence, changed.postal_code) == (2, 2, "1540099")
        assert (changed.act_reason, changed.acted_on) == ("minor_correction", "2026-04-01")
        assert changed.changed_on == "2026-04-01"
        assert (await find_resident(unit, 92)).address == in_town(f"{NEW_TOWN}8番8号")
        assert [(await find_resident(unit, each)).version for each in (90, 91)] == [1, 1]
        found = await search(unit, Search(address=fold_address(f"{NEW_TOWN}1-1")), limit=9)
        old = await search(unit, Search(address=fold_address(f"{OLD_TOWN}1-1")), limit=9)
        former = await search(unit, Search(address=fold_address(f"{OLD_TOWN}1-1"), has_former=True), limit=9)
    assert [{one.resident_number for one in each.hits} for each in (found, old, former)] == [{1, 2}, set(), {1, 2}]
    await tiers.carry()
    assert await tiers.are_equal()
    assert await find_change(tiers, number) == ("finished", 4, 0, 7)


async def test_each_household_is_one_act_and_each_resident_one_entry_on_the_log(tiers: Tiers) -> None:
    await load(tiers, *town(2))
    await run(tiers.municipal.database, await prepared(tiers.municipal.database))
    acts = await list_rows(
        tiers.municipal.node,
        "SELECT procedure, statement, act.recorded_by, approved_by, documents, count(*)"
        " FROM register.act JOIN register.resident_record USING (act_number) GROUP BY act_number ORDER BY act_number",
    )
    expected = ("mass_address_change", "世田谷区告示第9号", "maker", "chief", ["public_notice"], 2)
    assert acts == [expected, expected]
    entries = "SELECT count(DISTINCT resident_record_code) FROM audit.event WHERE event = 'resident:changed'"
    assert await find_value(tiers.municipal.node, entries) == 4


async def test_it_goes_on_where_it_was_interrupted_and_changes_nobody_twice(tiers: Tiers) -> None:
    await load(tiers, *town(7))
    database = tiers.municipal.database
    number = await prepared(database)
    interruptions = iter([False, False, True])

    def clock() -> Any:  # noqa: ANN401 - an instant, or the end
        if next(interruptions, False):
            raise InterruptedError
        return NOW

    with pytest.raises(InterruptedError):
        await run(database, number, households=2, clock=clock)
    assert await find_change(tiers, number) == ("running", 7, 0, 4)
    assert await run(database, number, households=2) == Progress(10, 0)
    assert await run(database, number) == Progress(0, 0)
    assert await list_rows(tiers.municipal.node, ONE_VERSION) == []
    await tiers.carry()
    assert await tiers.are_equal()


async def test_two_who_carry_it_out_at_once_share_the_work(tiers: Tiers) -> None:
    await load(tiers, *town(9))
    number = await prepared(tiers.municipal.database)
    await asyncio.gather(*(run(tiers.municipal.database, number, households=2) for _ in range(3)))
    assert await list_rows(tiers.municipal.node, ONE_VERSION) == []
    assert await find_change(tiers, number) == ("finished", 9, 0, 18)


async def test_acts_recorded_meanwhile_stand(tiers: Tiers) -> None:
    await load(tiers, *town(6))
    database = tiers.municipal.database
    number = await prepared(database)

    async def die(resident_number: int) -> None:
        death = Death(resident_number=resident_number, died_on=CivilDate.of(TODAY))
        await record_death(death=death, notification=report(), act=act(), database=database)

    await asyncio.gather(run(database, number, households=1), *(die(number) for number in (2, 6, 10, 12)))
    async with database.connection() as unit:
        histories = [await list_versions(unit, each) for each in (2, 6, 10, 12)]
    assert all(versions[-1].is_removed for versions in histories)
    await tiers.carry()
    assert await tiers.are_equal()


async def test_a_household_a_clerk_is_at_work_on_waits_for_the_clerk(tiers: Tiers) -> None:
    await load(tiers, *town(3))
    database = tiers.municipal.database
    number = await prepared(database)
    async with database.transaction() as unit:
        await begin_editing(unit, [3], operator_id="clerk", now=NOW)
    assert await run(database, number) == Progress(4, 1)
    async with database.transaction() as unit:
        await leave_records(unit, [3], operator_id="clerk", now=NOW)
    assert await run(database, number) == Progress(2, 0)


async def test_who_moves_into_the_old_town_meanwhile_is_found_at_the_end(tiers: Tiers) -> None:
    await load(tiers, *town(2))
    database = tiers.municipal.database
    number = await prepared(database)
    async with database.transaction() as unit:
        await begin_editing(unit, [1], operator_id="clerk", now=NOW)
    assert (await run(database, number)).waiting == 1
    await load(tiers, *town(1, first=50))
    later = NOW + timedelta(minutes=11)
    assert await run(database, number, clock=lambda: later) == Progress(4, 0)


async def test_an_address_that_cannot_be_written_is_listed_and_the_others_change(tiers: Tiers) -> None:
    long = resident(80, address=in_town(f"{OLD_TOWN}5番5号\u3000" + "長" * 180))
    await load(tiers, *town(2), long)
    database = tiers.municipal.database
    number = await prepared(database, [AddressRow(1, OLD_TOWN, "新しい町名" * 4)])
    assert await run(database, number) == Progress(4, 0)
    seen = await preview_address_change(mass_change_number=number, act=act(), database=database)
    assert [(one.number, one.error_code, one.error_field) for one in seen.refused_households] == [
        (80, "value.address", "address")
    ]


async def test_the_preview_says_whom_it_concerns_and_shows_nobody_protected(tiers: Tiers) -> None:
    await load(
        tiers,
        *town(2),
        resident(90, address=in_town(f"{OLD_TOWN}北1番1号")),
        resident(92, is_protected=True, address=in_town(f"{OLD_TOWN}8番8号")),
    )
    rows = [*RENAMED, AddressRow(2, "三軒茶屋二丁目", "新三軒茶屋"), AddressRow(3, "", "x")]
    number = await prepared(tiers.municipal.database, rows)
    seen = await preview_address_change(mass_change_number=number, act=act(), database=tiers.municipal.database)
    assert (seen.residents, seen.households) == (5, 3)
    assert seen.samples == [(in_town(f"{OLD_TOWN}{lot}番1号"), in_town(f"{NEW_TOWN}{lot}番1号")) for lot in (1, 2)]
    assert (seen.beside, seen.beside_samples) == (1, [in_town(f"{OLD_TOWN}北1番1号")])
    assert seen.empty_rows == [2]
    assert [(one.number, one.error_code, one.error_field) for one in seen.refused_rows] == [
        (3, "value.missing", "old_place")
    ]


async def test_a_table_of_new_house_numbers_changes_the_addresses_it_lists(tiers: Tiers) -> None:
    await load(tiers, *town(3))
    table = f"旧住所,新住所,郵便番号\n{OLD_TOWN}1番1号,若林九丁目1番1号,154-0023\n{OLD_TOWN}2番1号,若林九丁目1番2号\n"
    rows = read_address_table(table.encode("cp932")).rows
    assert [row.row_number for row in rows] == [2, 3]
    number = await prepared(tiers.municipal.database, rows, kind=MassChangeKind.RESIDENTIAL_INDICATION)
    assert await run(tiers.municipal.database, number) == Progress(4, 0)
    async with tiers.municipal.database.connection() as unit:
        assert (await find_resident(unit, 1)).address == in_town("若林九丁目1番1号")
        assert (await find_resident(unit, 1)).postal_code == "1540023"
        assert (await find_resident(unit, 5)).version == 1


async def test_it_is_approved_by_another_and_not_begun_before_its_day(tiers: Tiers) -> None:
    database = tiers.municipal.database
    later = TODAY + timedelta(days=1)
    number = await prepared(database, effective_on=later)
    with pytest.raises(MassChangeStateError):
        await run(database, number)
    await discard_address_change(mass_change_number=number, act=act(), database=database)
    with pytest.raises(MassChangeStateError):
        await run(database, number, clock=lambda: NOW + timedelta(days=2))
    with pytest.raises(MassChangeStateError):
        await approve_address_change(mass_change_number=number, act=act(), database=database)
    change = AddressChange(
        kind=MassChangeKind.TOWN_RENAMED,
        public_notice="世田谷区告示第9号",
        noticed_on=TODAY,
        effective_on=TODAY,
        rows=RENAMED,
    )
    made = await prepare_address_change(change=change, act=act(), database=database)
    with pytest.raises(SelfReviewError):
        await approve_address_change(mass_change_number=made, act=act(), database=database)
    with pytest.raises(MassChangeNotFoundError):
        await approve_address_change(mass_change_number=made + 1, act=act(), database=database)


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ({"public_notice": " "}, MissingItemError),
        ({"rows": [AddressRow(1, "", "x")]}, MissingItemError),
        ({"noticed_on": TODAY + timedelta(days=1)}, DateOutOfOrderError),
        ({"effective_on": TODAY - timedelta(days=1)}, DateOutOfOrderError),
    ],
)
async def test_what_no_public_notice_can_say_is_refused(
    tiers: Tiers, items: dict[str, Any], error: type[Exception]
) -> None:
    said: dict[str, Any] = {
        "kind": MassChangeKind.TOWN_RENAMED,
        "public_notice": "告示",
        "noticed_on": TODAY,
        "effective_on": TODAY,
        "rows": RENAMED,
    }
    with pytest.raises(error):
        await prepare_address_change(
            change=AddressChange(**{**said, **items}), act=act(), database=tiers.municipal.database
        )
