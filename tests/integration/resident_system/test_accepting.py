"""Records taken in on a real database: order, duplicates, manual linkage, and the same notices however they come."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from jukinet.domain.errors import ChangeRecordNotFoundError, MalformedRequestError, ResidentSystemNotConnectedError
from jukinet.municipal.usecases.dismiss_change import dismiss_change
from jukinet.municipal.usecases.release_changes import release_changes
from jukinet.municipal.usecases.supplement_change import supplement_change
from jukinet.municipal.usecases.switch_linkage import switch_linkage
from tests.builders import find_value, list_rows, opened, populate, resident
from tests.builders_resident_system import MUNICIPAL, change, linking, list_notified, moved, states, submit
from tests.fixtures_postgres import MakeDatabase

QUEUED = "SELECT coalesce(sum(notice_count), 0) FROM delivery.outbox"


async def test_duplicates_of_one_file_are_resolved_to_the_latest(fresh_database: MakeDatabase) -> None:
    async with opened(await fresh_database(MUNICIPAL)) as database:
        first, second = change(1, name="試験\u3000一"), change(1, name="試験\u3000二")
        answer = await submit(database, first, second)

        assert states(answer) == ["superseded", "accepted"]
        assert states(await submit(database, second)) == ["already_accepted"]
        assert [one.code for one in (await submit(database, first)).results] == ["conflict.change_record"]


async def test_a_corrected_record_lets_those_behind_it_go_on(fresh_database: MakeDatabase) -> None:
    made = await fresh_database(MUNICIPAL)
    async with opened(made) as database:
        bad = await submit(database, change(1), moved(2, 1, sex="?"), moved(3, 2), change(4, 2))
        assert states(bad) == ["accepted", "refused", "waiting", "accepted"]

        good = await submit(database, moved(2, 1, revision=2))
        assert states(good) == ["accepted"]
        assert states(await submit(database, moved(2, 1, sex="?"))) == ["superseded"]
        assert states(await submit(database, moved(3, 2))) == ["already_accepted"]

    assert [sequence for _, sequence, _ in await list_notified(made)] == [1, 2, 3, 1]


async def test_another_record_under_the_same_order_number_is_refused(fresh_database: MakeDatabase) -> None:
    async with opened(await fresh_database(MUNICIPAL)) as database:
        answer = await submit(database, change(1, 1), change(1, 2, record_id="other"))

        assert [(one.state, one.field) for one in answer.results] == [("accepted", None), ("refused", "order_number")]


async def test_in_manual_linkage_records_wait_for_their_release_and_go_up_in_order(
    fresh_database: MakeDatabase,
) -> None:
    made = await fresh_database(MUNICIPAL)
    async with opened(made) as database:
        async with database.transaction() as unit:
            await switch_linkage(unit, mode="manual", linking=linking(actor="clerk"))
        answer = await submit(database, change(1, 1), moved(2, 1, 1), moved(3, 2, 1), change(4, 2))
        assert states(answer) == ["kept"] * 4
        assert await find_value(made, QUEUED) == 0

        async with database.transaction() as unit:
            released = await release_changes(unit, record_ids=["r-2"], linking=linking(actor="clerk"))
        assert [one.state for one in released] == ["applied"]
        assert await find_value(made, QUEUED) == 2

        async with database.transaction() as unit:
            assert await switch_linkage(unit, mode="automatic", linking=linking(actor="clerk")) == 2
            with pytest.raises(ChangeRecordNotFoundError):
                await release_changes(unit, record_ids=["r-2"], linking=linking(actor="clerk"))
    assert [sequence for _, sequence, _ in await list_notified(made)] == [1, 2, 3, 1]


async def test_an_operator_supplements_what_was_refused(fresh_database: MakeDatabase) -> None:
    made = await fresh_database(MUNICIPAL)
    async with opened(made) as database:
        await submit(database, change(1, kana="Shiken"), moved(2, 1))
        async with database.transaction() as unit:
            with pytest.raises(MalformedRequestError):
                await supplement_change(unit, record_id="r-1", items={"order_number": 9}, linking=linking())
            one = await supplement_change(unit, record_id="r-1", items={"kana": "しけん"}, linking=linking())
        assert one.state == "applied"
    assert [notice["kana"] for _, _, notice in await list_notified(made)] == ["しけん", "しけん\u3000あおい"]
    events = await list_rows(made, "SELECT detail FROM audit.event WHERE event = 'resident_system:supplemented'")
    assert events == [({"record_id": "r-1", "items": ["kana"]},)]


async def test_a_dismissed_record_counts_for_nothing(fresh_database: MakeDatabase) -> None:
    made = await fresh_database(MUNICIPAL)
    async with opened(made) as database:
        await submit(database, change(1), moved(2, 1, sex="?"), moved(3, 2))
        async with database.transaction() as unit:
            await dismiss_change(unit, record_id="r-2", linking=linking(actor="clerk"))
    assert [sequence for _, sequence, _ in await list_notified(made)] == [1, 2]


async def test_no_resident_system_is_connected_beside_residents_of_our_own(embedded_database: MakeDatabase) -> None:
    made = await embedded_database(MUNICIPAL)
    await populate(made, resident())
    async with opened(made) as database:
        with pytest.raises(ResidentSystemNotConnectedError):
            await submit(database, change())


def histories(chance: random.Random) -> list[dict[str, Any]]:
    """Return records of five residents, some bad at first and corrected by a later revision."""
    last: dict[int, int] = {}
    inside: dict[int, bool] = {}
    records: list[dict[str, Any]] = []
    for order in range(1, 25):
        number = chance.randrange(5)
        previous = last.get(number)
        last[number] = order
        items: dict[str, Any] = {"previous_order_number": previous}
        if not inside.get(number):
            items["reason"] = "職権記載" if previous is None else "国内転入"
            inside[number] = True
        elif chance.random() < 0.2:
            items["reason"] = chance.choice(["国内転出", "職権消除"])
            inside[number] = False
        else:
            items |= {"reason": "転居", "address": f"東京都世田谷区太子堂三丁目{order}番1号"}
        if chance.random() < 0.15:
            records.append(change(order, number, **{**items, "birth_date": "へいせい"}))
            items["revision"] = 2
        records.append(change(order, number, **items))
    return records


@pytest.mark.parametrize("seed", range(30))
async def test_any_split_order_and_repetition_gives_the_same_notices(
    seed: int, embedded_database: MakeDatabase
) -> None:
    chance = random.Random(seed)
    records = histories(chance)
    plain, shuffled = await embedded_database(MUNICIPAL), await embedded_database(MUNICIPAL)
    async with opened(plain) as database:
        await submit(database, *records)
    mixed = [*records, *chance.sample(records, 10)]
    chance.shuffle(mixed)
    async with opened(shuffled) as database:
        while mixed:
            size = chance.randint(1, 9)
            part, mixed = mixed[:size], mixed[size:]
            await submit(database, *part)

    assert await list_notified(shuffled) == await list_notified(plain), f"seed {seed}"
    assert await list_notified(plain) != []


async def test_two_submissions_at_once_are_taken_in_one_after_the_other(fresh_database: MakeDatabase) -> None:
    made = await fresh_database(MUNICIPAL)
    async with opened(made) as database:
        records = [change(1, 1), *(moved(order, order - 1) for order in range(2, 12))]
        await asyncio.gather(*(submit(database, *records) for _ in range(4)))
    assert [sequence for _, sequence, _ in await list_notified(made)] == list(range(1, 12))
