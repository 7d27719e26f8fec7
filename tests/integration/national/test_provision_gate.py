"""Items asked and allowed, verification, rate limits, repeated queries: what leaves is what the log says (I4, I5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from jukinet.devnet.federation import wait_until
from jukinet.domain.errors import (
    IdempotencyKeyError,
    ItemNotGrantedError,
    MalformedRequestError,
    MissingItemError,
    NotPermittedError,
    RateLimitError,
    UnknownCodeListValueError,
)
from jukinet.domain.rules import Rule
from jukinet.national.app import MIGRATIONS
from jukinet.national.repeated_queries import RepeatedQueries
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.protocol.confirmation import StatedItems
from tests.builders import NOW, code, execute, list_rows, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_confirm_person import Nation, ask, by_number, person, query

LOG = "SELECT method, items, office, ground IS NOT NULL FROM audit.use_log ORDER BY message_id"
KEY = "0192d0a0-0000-7000-8000-000000000001"
HOLD = """
    INSERT INTO delivery.held_notice
           (resident_record_code, update_sequence, state, notice, sender, message_id, error_code, held_at)
    VALUES (%s, 2, 'quarantined', '', 'prefectural/130001', 'm', 'value.name', now())
"""


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


@pytest.mark.invariant("I5")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
@pytest.mark.parametrize(
    ("items", "given", "logged"),
    [
        (("address",), {"address"}, "address"),
        (("sex", "name"), {"name", "kana", "sex"}, "name,sex"),
        (("change",), {"reason", "changed_on", "is_removed"}, "change"),
        (("individual_number",), {"individual_number"}, "individual_number"),
        ((), set(), ""),
    ],
)
async def test_an_answer_carries_the_items_asked_for_and_the_log_says_the_same(
    nation: Nation, items: tuple[str, ...], given: set[str], logged: str
) -> None:
    await nation.know(person(1))

    answer = await ask(nation.desk(), query(1, items=items, office="給付課"))

    assert answer.person is not None
    fields = answer.person.__struct_fields__
    assert {name for name in fields if getattr(answer.person, name) is not None} == given
    assert ",".join(answer.items) == logged
    assert await list_rows(nation.node, LOG) == [("real_time", logged, "給付課", True)]


@pytest.mark.invariant("I5")
async def test_the_numbers_are_given_only_to_who_asks_for_them_by_name(nation: Nation) -> None:
    await nation.know(person(1))

    answer = await ask(nation.desk(), query(1))

    assert answer.person is not None
    assert (answer.person.individual_number, answer.person.resident_record_code) == (None, None)
    assert (answer.items, answer.state) == ((), None)


@pytest.mark.invariant("I5")
@pytest.mark.parametrize(
    ("items", "expected"),
    [(("resident_record_code",), ItemNotGrantedError), (("name", "shoe_size"), UnknownCodeListValueError)],
)
async def test_an_item_the_affair_does_not_allow_refuses_all_of_the_query(
    nation: Nation, items: tuple[str, ...], expected: type[Exception]
) -> None:
    await nation.know(person(1))

    with pytest.raises(expected):
        await ask(nation.desk(), query(1, items=items))

    assert await list_rows(nation.node, LOG) == []


@pytest.mark.parametrize("by", ["code", "number"])
async def test_a_verification_says_what_agrees_and_gives_nothing(nation: Nation, by: str) -> None:
    known = person(1, name="渡邉\u3000葵", kana="ワタナベ\u3000アオイ")
    await nation.know(known)
    stated = StatedItems(name="渡辺葵", birth_date=known.birth_date, sex="1", address="世田谷区太子堂1-2")
    asked = query(1, stated=stated) if by == "code" else by_number(1, stated=stated)

    answer = await ask(nation.desk(), asked)

    assert (answer.result, answer.person, answer.state) == ("found", None, None)
    agreed = answer.agreements
    assert agreed is not None
    found = (agreed.name, agreed.kana, agreed.birth_date, agreed.sex, agreed.address)
    assert found == ("agrees_folded", "not_stated", "agrees", "differs", "agrees_in_part")
    assert await list_rows(nation.node, LOG) == [("verification", "name,birth_date,sex,address", None, True)]


async def test_a_verification_of_nobody_compares_nothing(nation: Nation) -> None:
    answer = await ask(nation.desk(), query(9, stated=StatedItems(sex="1")))

    assert (answer.result, answer.agreements, answer.items) == ("not_found", None, ())
    assert await list_rows(nation.node, LOG) == [("verification", "", None, True)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"stated": StatedItems()}, MissingItemError),
        ({"stated": StatedItems(sex="1"), "items": ("name",)}, MalformedRequestError),
    ],
)
async def test_a_verification_states_something_and_asks_for_nothing(
    nation: Nation, items: dict[str, Any], expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        await ask(nation.desk(), query(1, **items))


@pytest.mark.parametrize("items", [("change",), ("name",)])
async def test_a_person_with_a_change_in_quarantine_is_told_as_stopped_whatever_is_asked(
    nation: Nation, items: tuple[str, ...]
) -> None:
    await nation.know(person(1), person(2))
    await execute(nation.node, HOLD, [code(1)])

    answers = [await ask(nation.desk(), query(number, items=items), number) for number in (1, 2)]

    assert [answer.state for answer in answers] == ["stopped", "live" if items == ("change",) else None]


@pytest.mark.invariant("I3")
async def test_a_query_repeated_under_its_key_is_answered_the_same_and_logged_once(nation: Nation) -> None:
    await nation.know(person(1))
    desk = nation.desk()
    asked = query(1, idempotency_key=KEY)

    answers = await asyncio.gather(*[ask(desk, asked, number) for number in (1, 2, 3)])
    later = await ask(desk, asked, 4)

    assert {answer.use_log_id for answer in [*answers, later]} == {answers[0].use_log_id}
    assert all(answer == later for answer in answers)
    assert len(await list_rows(nation.node, LOG)) == 1


async def test_a_key_used_for_another_query_is_refused(nation: Nation) -> None:
    await nation.know(person(1), person(2))
    desk = nation.desk()
    await ask(desk, query(1, idempotency_key=KEY), 1)

    with pytest.raises(IdempotencyKeyError):
        await ask(desk, query(2, idempotency_key=KEY), 2)


async def test_a_refusal_is_not_kept_under_the_key(nation: Nation) -> None:
    await nation.know(person(1))
    desk = nation.desk()

    for number in (1, 2):
        with pytest.raises(NotPermittedError):
            await ask(desk, query(1, affair="9-999-9", idempotency_key=KEY), number)

    assert (await ask(desk, query(1, idempotency_key=KEY), 3)).result == "found"


async def test_who_gives_up_waiting_leaves_the_answer_to_who_repeats(nation: Nation) -> None:
    await nation.know(person(1))
    desk = nation.desk()
    given_up = asyncio.create_task(ask(desk, query(1, idempotency_key=KEY), 1))
    await asyncio.sleep(0)
    given_up.cancel()

    answer = await ask(desk, query(1, idempotency_key=KEY), 2)

    assert answer.use_log_id != ""
    assert len(await list_rows(nation.node, LOG)) == 1


async def test_answers_are_forgotten_after_their_time() -> None:
    repeated = RepeatedQueries(kept_seconds=0.0)
    calls = 0

    async def answer() -> int:
        nonlocal calls
        calls += 1
        return calls

    async def is_forgotten() -> bool:
        return not repeated.count

    first = await repeated.once("agency/nenkin", KEY, query(1), answer)
    assert await wait_until(is_forgotten, 10)
    second = await repeated.once("agency/nenkin", KEY, query(1), answer)

    assert (first, second) == (1, 2)


async def test_an_organ_that_asks_too_often_is_told_how_long_to_wait(nation: Nation) -> None:
    await nation.know(person(1))
    now = NOW

    def clock() -> datetime:
        return now

    desk = nation.desk(clock, RateLimit(per_second=0.5, burst=2))
    await ask(desk, query(1), 1)
    await ask(desk, query(1), 2)
    with pytest.raises(RateLimitError) as caught:
        await ask(desk, query(1), 3)
    now += timedelta(seconds=caught.value.retry_after_seconds or 0)

    assert caught.value.retry_after_seconds == 2
    assert (await ask(desk, query(1), 4)).result == "found"
    assert len(await list_rows(nation.node, LOG)) == 3


def test_an_organ_has_its_own_limit_and_takes_nothing_from_another() -> None:
    limits = RateLimits(RateLimit(per_second=1, burst=1), {"nenkin": RateLimit(per_second=1, burst=3)})
    for _ in range(3):
        limits.take("nenkin", now=NOW)
    limits.take("gaimu", now=NOW)

    with pytest.raises(RateLimitError):
        limits.take("gaimu", now=NOW)
    with pytest.raises(RateLimitError):
        limits.take("nenkin", now=NOW)
