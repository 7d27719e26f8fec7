"""An organ follows people: it is told of exactly their changes, in order, on the use log first, and of no others'."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from jukinet.domain.errors import PeerRefusedError
from jukinet.domain.rules import Rule
from jukinet.national.usecases.end_expired_subscriptions import end_expired_subscriptions
from jukinet.protocol.feed import FollowedPerson
from jukinet.protocol.node_names import NATIONAL
from tests.builders import PASSPORT_AFFAIR, code, execute, individual_number, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import person
from tests.integration.feed.follower import Follower, kinds, open_follower, subscription_id


@pytest.fixture
async def follower(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Follower]:
    async with open_follower(tmp_path, embedded_database) as found:
        yield found


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_a_move_and_a_death_are_told_once_and_stand_on_the_use_log(follower: Follower) -> None:
    answer = await follower.follow(1, 2, 9)
    await follower.apply(
        person(1, 2), person(2, 2, reason="death", changed_on="2026-03-01"), person(3, 2, name="試験\u3000楓")
    )

    events = await follower.read()

    assert [(one.reference, one.result) for one in answer.people] == [
        ("p1", "following"), ("p2", "following"), ("p9", "not_found"),
    ]  # fmt: skip
    assert [(one.sequence, one.reference, one.kind, one.items) for one in events] == [
        (1, "p1", "move", ("address", "change")), (2, "p2", "death", ("address", "change")),
    ]  # fmt: skip
    assert events[0].person.address == "東京都世田谷区太子堂一丁目1番2号"
    assert (events[0].person.name, events[0].person.individual_number) == (None, None)
    assert (events[1].person.reason, events[1].person.is_removed) == ("death", True)
    where = "SELECT message_id, place FROM audit.use_log WHERE items <> '' ORDER BY place"
    assert [(one.use_log_id, one.place) for one in events] == await list_rows(follower.database_of(NATIONAL), where)
    uses = await follower.uses()
    assert [(use[0], use[1]) for use in uses] == [
        (code(1), ""), (code(2), ""), (code(1), "address,change"), (code(2), "address,change"),
    ]  # fmt: skip
    assert {use[2:7] + use[8:] for use in uses} == {
        ("feed", "1-74-2", "年金-1", "a1234", "給付課", "individual_number")
    }
    assert "第30条の9" in uses[-1][7]


async def test_any_page_is_read_again_from_any_point_with_the_same_numbers_and_ids(follower: Follower) -> None:
    await follower.follow(1, 2)
    for sequence in (2, 3, 4):
        await follower.apply(person(1, sequence), person(2, sequence))

    whole = await follower.page()
    parts = [await follower.page(after, 2) for after in (0, 2, 4)]

    assert [event.sequence for event in whole.events] == [1, 2, 3, 4, 5, 6]
    assert [event for part in parts for event in part.events] == list(whole.events)
    assert [(part.scanned, part.newest) for part in parts] == [(2, 6), (4, 6), (6, 6)]
    assert (await follower.page(6)).events == ()
    assert len({event.event_id for event in whole.events}) == 6


async def test_kinds_and_items_are_those_the_subscription_asks_for_and_no_others(follower: Follower) -> None:
    await follower.follow(1, 2, number=1, items=("change",), kinds=("death",))
    await follower.follow(1, 2, number=2, items=("name",))
    await follower.apply(
        person(1, 2),
        person(2, 2, reason="ex_officio_modification", name="試験\u3000楓", kana="しけん\u3000かえで"),
    )
    await follower.apply(person(1, 3, reason="death", changed_on="2026-03-01"))

    events = await follower.read()

    assert [(one.subscription_id, one.reference, one.kind, one.items) for one in events] == [
        (subscription_id(2), "p2", "name", ("name",)), (subscription_id(1), "p1", "death", ("change",)),
    ]  # fmt: skip
    assert (events[0].person.name, events[0].person.reason) == ("試験\u3000楓", None)


async def test_whoever_gets_another_code_or_number_is_still_followed_and_mapped(follower: Follower) -> None:
    await follower.follow(1, items=("individual_number", "change"))
    await follower.apply(
        person(1, 2, reason="ex_officio_modification", individual_number=individual_number(51),
               address=person(1).address)
    )  # fmt: skip
    changed = person(
        41, 3, reason="code_change_on_request", previous_resident_record_code=code(1),
        individual_number=individual_number(51), address=person(1).address,
    )  # fmt: skip
    await follower.apply(changed)
    await follower.apply(person(41, 4, individual_number=individual_number(51)))

    events = await follower.read()

    assert kinds(events) == [("p1", "code_change"), ("p1", "code_change"), ("p1", "move")]
    mapped = events[0]
    assert (mapped.previous_individual_number, mapped.person.individual_number) == (
        individual_number(1), individual_number(51),
    )  # fmt: skip
    # From 2015 an organ is given no resident record code, not even the change of one.
    assert events[1].items == ("change",)
    assert events[1].person.resident_record_code is None


async def test_what_undoes_the_change_before_is_a_cancellation(follower: Follower) -> None:
    await follower.follow(1)
    await follower.apply(person(1, 2))
    await follower.apply(person(1, 3, reason="ex_officio_modification", address=person(1, 1).address))
    await follower.apply(person(1, 4, reason="minor_correction", address="東京都世田谷区太子堂1-1-1"))

    assert [kind for _, kind in kinds(await follower.read())] == ["move", "cancellation", "correction"]


@pytest.mark.invariant("I5")
@pytest.mark.rule(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR, Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
async def test_what_the_law_does_not_list_is_not_followed(follower: Follower) -> None:
    asked: list[tuple[dict[str, object], str]] = [
        ({"affair": PASSPORT_AFFAIR}, "permission.affair_not_listed"),
        ({"items": ("resident_record_code",)}, "permission.item_not_granted"),
        ({"days": 367}, "value.date.order"),
        ({"days": -1}, "value.date.order"),
        ({"kinds": ("certificates_void",)}, "value.code_list"),
        ({"purpose": " "}, "value.missing"),
    ]
    for items, refused in asked:
        with pytest.raises(PeerRefusedError) as refusal:
            await follower.follow(1, **items)
        assert refusal.value.peer_code == refused, items
    await follower.apply(person(1, 2))

    assert await follower.read() == []
    assert await follower.uses() == []


async def test_nothing_is_told_after_the_end_the_term_or_the_ground_is_over(follower: Follower) -> None:
    await follower.follow(1, number=1)
    await follower.follow(2, number=2)
    await follower.follow(3, number=3)
    await follower.apply(person(1, 2), person(2, 2), person(3, 2))
    assert await follower.unfollow("p1", number=1) == 1
    await execute(
        follower.database_of(NATIONAL),
        "UPDATE feed.subscription SET expires_on = current_date - 2 WHERE subscription_id = %s",
        [subscription_id(2)],
    )
    await execute(
        follower.database_of(NATIONAL),
        "UPDATE feed.subscription SET affair = %s WHERE subscription_id = %s",
        [PASSPORT_AFFAIR, subscription_id(3)],
    )

    page = await follower.page()
    await follower.apply(person(1, 3), person(2, 3))

    assert (page.events, page.scanned, page.newest) == ((), 3, 3)
    assert (await follower.page()).newest == 3
    refused = await list_rows(
        follower.database_of(NATIONAL),
        "SELECT detail->>'error_code' FROM audit.event WHERE event = 'provision:refused'",
    )
    assert ("permission.affair_not_listed",) in refused


@pytest.mark.invariant("I5")
async def test_who_gets_the_reference_of_somebody_else_is_not_told_of_with_the_changes_of_that_other(
    follower: Follower,
) -> None:
    await follower.follow(1)
    await follower.apply(person(1, 2))
    await follower.unfollow("p1")
    await follower.follow(people=(FollowedPerson(reference="p1", individual_number=individual_number(2)),))
    await follower.apply(person(2, 2))

    events = await follower.read()

    assert [(event.reference, event.person.address) for event in events] == [("p1", person(2, 2).address)]
    assert [use[0] for use in await follower.uses() if use[1]] == [code(2)]


@pytest.mark.invariant("I4")
async def test_people_another_official_adds_stand_on_the_log_as_asked_for_by_that_official(follower: Follower) -> None:
    await follower.follow(1)
    await follower.follow(2, official="b5678", office="調査課")

    statement = "SELECT detail->>'official' FROM audit.event WHERE event = 'feed:subscribed' ORDER BY occurred_at"
    events = await list_rows(follower.database_of(NATIONAL), statement)

    assert [(use[0], use[5], use[6]) for use in await follower.uses()] == [
        (code(1), "a1234", "給付課"), (code(2), "b5678", "調査課"),
    ]  # fmt: skip
    assert events == [("a1234",), ("b5678",)]


async def test_whom_an_expired_subscription_followed_is_forgotten(follower: Follower) -> None:
    await follower.follow(1, 2, number=1, days=3)
    await follower.follow(3, number=2, days=30)
    nation = follower.parties.nation

    on_the_last_day = await end_expired_subscriptions(database=nation.database, now=nation.clock() + timedelta(days=3))
    the_day_after = await end_expired_subscriptions(database=nation.database, now=nation.clock() + timedelta(days=4))

    assert (on_the_last_day, the_day_after) == (0, 1)
    left = await list_rows(follower.database_of(NATIONAL), "SELECT reference FROM feed.followed_person")
    assert left == [("p3",)]


async def test_a_subscription_said_again_adds_people_or_time_and_nothing_twice(follower: Follower) -> None:
    first = await follower.follow(1)
    again = await follower.follow(1)
    await follower.follow(1, 2, days=60)
    with pytest.raises(PeerRefusedError) as other:
        await follower.follow(1, matter_number="年金-2")
    await follower.apply(person(1, 2), person(2, 2))

    assert first == again
    assert other.value.peer_code == "conflict.subscription"
    assert kinds(await follower.read()) == [("p1", "move"), ("p2", "move")]
    assert [use[0] for use in (await follower.uses())[:2]] == [code(1), code(2)]
    await follower.unfollow()
    with pytest.raises(PeerRefusedError) as ended:
        await follower.follow(1)
    assert ended.value.peer_code == "conflict.subscription"
