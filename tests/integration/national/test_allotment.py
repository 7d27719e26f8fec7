"""Codes are allotted once nationwide, through the prefecture, whoever asks and whatever is lost on the way (I7)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from jukinet.domain.code_allotment import DAILY_QUOTA
from jukinet.domain.errors import (
    AllotmentQuotaError,
    JukinetError,
    PeerNotPermittedError,
    PeerRefusedError,
    PeerUnreachableError,
    ReplayedMessageError,
    UnknownCodeListValueError,
)
from jukinet.domain.resident_record_code import TRIAL_ALLOTMENT_PREFIX, is_resident_record_code
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL
from jukinet.municipal.usecases.fill_code_pool import PoolLevel, fill_code_pool
from jukinet.national.app import MIGRATIONS as NATIONAL
from jukinet.national.usecases.allot_resident_record_codes import allot_resident_record_codes
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL
from jukinet.prefectural.usecases.hand_on_code_request import hand_on_code_request
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentForwarding, CodeAllotmentRequest
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_client import MessageClient
from tests.builders import MUSASHINO, NOW, SETAGAYA, TOKYO, execute, find_value, list_rows, opened, received
from tests.fixtures_postgres import MakeDatabase

FREE = "SELECT count(*) FROM register.code_pool WHERE used_at IS NULL"


@dataclass
class Nation:
    node: NodeDatabase
    database: Database
    asked: int = 0

    async def allot(
        self,
        quantity: int,
        *,
        municipality: str = SETAGAYA.code,
        sender: NodeName = TOKYO,
        number: int | None = None,
        choice: random.Random | None = None,
        quota: int = DAILY_QUOTA,
        now: datetime = NOW,
    ) -> tuple[str, ...]:
        self.asked += 1
        message = received(
            CodeAllotmentForwarding(municipality=municipality, quantity=quantity),
            sender=sender,
            message_type="code_allotment_forwarding",
            number=number or self.asked,
        )
        allotment = await allot_resident_record_codes(
            received=message,
            prefix=TRIAL_ALLOTMENT_PREFIX,
            quota=quota,
            database=self.database,
            choice=choice or random.Random(),
            now=now,
        )
        return allotment.resident_record_codes


@dataclass
class Prefecture:
    """Tokyo's node, with a line to the nation on which `lose` loses answers and `refuse` is refused."""

    node: NodeDatabase
    database: Database
    nation: Nation
    lose: Callable[[], bool] = field(default=lambda: False)
    asked: int = 0

    async def send(
        self, receiver: NodeName, message_type: str, body: CodeAllotmentForwarding, **_: object
    ) -> CodeAllotment:
        assert (receiver.text, message_type) == ("national", "code_allotment_forwarding")
        try:
            codes = await self.nation.allot(body.quantity, municipality=body.municipality)
        except JukinetError as error:
            raise PeerRefusedError(error.detail, field=error.field, peer_code=error.code) from None
        if self.lose():
            raise PeerUnreachableError
        return CodeAllotment(resident_record_codes=codes)

    async def hand_on(self, quantity: int, sender: NodeName, *, number: int | None = None) -> CodeAllotment:
        self.asked += 1
        message = received(
            CodeAllotmentRequest(quantity=quantity),
            sender=sender,
            message_type="code_allotment_request",
            number=number or self.asked,
        )
        return await hand_on_code_request(
            received=message, client=cast("MessageClient", self), database=self.database, clock=lambda: NOW
        )


@dataclass
class FakeClient:
    """Hands the request to the prefecture; `lose` decides which answers are lost on the way back."""

    prefecture: Prefecture
    sender: NodeName = SETAGAYA
    lose: Callable[[], bool] = field(default=lambda: False)

    async def send(
        self, receiver: NodeName, message_type: str, body: CodeAllotmentRequest, **_: object
    ) -> CodeAllotment:
        assert (receiver, message_type) == (TOKYO, "code_allotment_request")
        codes = await self.prefecture.hand_on(body.quantity, self.sender)
        if self.lose():
            raise PeerUnreachableError
        return codes


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(NATIONAL)
    async with opened(node) as database:
        yield Nation(node, database)


@pytest.fixture
async def prefecture(nation: Nation, embedded_database: MakeDatabase) -> AsyncIterator[Prefecture]:
    node = await embedded_database(PREFECTURAL)
    async with opened(node) as database:
        yield Prefecture(node, database, nation)


@pytest.mark.invariant("I7")
async def test_codes_allotted_at_once_are_valid_different_and_on_record(nation: Nation) -> None:
    allotments = await asyncio.gather(
        *[nation.allot(50, municipality=each.code) for _ in range(4) for each in (SETAGAYA, MUSASHINO)]
    )

    codes = [code for allotment in allotments for code in allotment]
    assert len(codes) == len(set(codes)) == 400
    assert all(is_resident_record_code(code) and code.startswith(TRIAL_ALLOTMENT_PREFIX) for code in codes)
    owners = await list_rows(nation.node, "SELECT municipality, count(*) FROM allotment.code GROUP BY 1 ORDER BY 1")
    assert owners == [(SETAGAYA.code, 200), (MUSASHINO.code, 200)]


@pytest.mark.invariant("I7")
async def test_the_same_draw_twice_gives_other_codes_the_second_time(nation: Nation) -> None:
    first = await nation.allot(100, choice=random.Random(7))
    second = await nation.allot(100, choice=random.Random(7))

    assert not set(first) & set(second)


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("table", ["record", "superseded_record"])
async def test_a_code_somebody_has_or_ever_had_is_never_drawn(nation: Nation, table: str) -> None:
    drawn = await nation.allot(20, choice=random.Random(7))
    await execute(nation.node, "TRUNCATE allotment.code")
    await execute(
        nation.node,
        f"INSERT INTO identification.{table} (resident_record_code, name, kana, birth_date, sex, municipality, address,"
        " change_reason, changed_on, update_sequence, is_removed, received_at)"
        " SELECT unnest(%s::text[]), 'x', '', '', '', '', '', '', '', 1, false, now()",
        [list(drawn)],
    )

    again = await nation.allot(20, choice=random.Random(7))

    assert not set(drawn) & set(again)


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
async def test_an_impossible_quantity_is_refused(nation: Nation, quantity: int) -> None:
    with pytest.raises(UnknownCodeListValueError) as caught:
        await nation.allot(quantity)

    assert caught.value.field == "quantity"


@pytest.mark.invariant("I7")
async def test_a_repeated_request_is_refused_and_allots_nothing(nation: Nation) -> None:
    await nation.allot(10, number=5)

    with pytest.raises(ReplayedMessageError):
        await nation.allot(10, number=5)

    assert await find_value(nation.node, "SELECT count(*) FROM allotment.code") == 10


async def test_an_allotment_is_on_the_log_by_number_not_by_code(nation: Nation) -> None:
    codes = await nation.allot(3)

    rows = await list_rows(nation.node, "SELECT event, actor, detail FROM audit.event")
    detail = {"receiver": SETAGAYA.text, "quantity": 3, "prefecture": TOKYO.text}
    assert rows == [("codes:allotted", TOKYO.text, detail)]
    assert not [code for code in codes if code in str(rows)]
    assert codes[0] not in repr(CodeAllotment(resident_record_codes=codes))


@pytest.mark.rule(Rule.ALLOTMENT_WITHIN_PREFECTURE)
@pytest.mark.parametrize("municipality", ["202029", "130001", "011011", "999999", "13112", ""])
async def test_a_prefecture_gets_codes_only_for_a_municipality_of_its_own(nation: Nation, municipality: str) -> None:
    with pytest.raises(PeerNotPermittedError) as caught:
        await nation.allot(1, municipality=municipality)

    assert caught.value.field == "municipality"
    assert await find_value(nation.node, "SELECT count(*) FROM allotment.code") == 0


@pytest.mark.rule(Rule.ALLOTMENT_QUOTA)
async def test_a_municipality_is_given_no_more_in_a_day_than_the_quota_however_it_asks(nation: Nation) -> None:
    outcomes = await asyncio.gather(*[nation.allot(40, quota=100) for _ in range(5)], return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, AllotmentQuotaError)]
    assert len(refused) == 3
    assert await find_value(nation.node, "SELECT count(*) FROM allotment.code") == 80
    with pytest.raises(AllotmentQuotaError, match="20 are left today"):
        await nation.allot(21, quota=100)
    assert len(await nation.allot(20, quota=100)) == 20
    assert len(await nation.allot(100, municipality=MUSASHINO.code, quota=100)) == 100


@pytest.mark.rule(Rule.ALLOTMENT_QUOTA)
async def test_the_quota_begins_anew_at_midnight_in_japan(nation: Nation) -> None:
    await nation.allot(100, quota=100, now=datetime(2026, 4, 1, 14, 59, tzinfo=UTC))

    assert len(await nation.allot(100, quota=100, now=datetime(2026, 4, 1, 15, 0, tzinfo=UTC))) == 100


async def test_a_prefecture_hands_on_and_keeps_no_code(prefecture: Prefecture) -> None:
    allotment = await prefecture.hand_on(5, SETAGAYA)

    assert len(allotment.resident_record_codes) == 5
    rows = await list_rows(prefecture.node, "SELECT event, actor, detail FROM audit.event")
    assert rows == [("codes:forwarded", SETAGAYA.text, {"municipality": SETAGAYA.text, "quantity": 5})]
    assert await list_rows(prefecture.nation.node, "SELECT municipality, quantity FROM allotment.daily_total") == [
        (SETAGAYA.code, 5)
    ]


async def test_the_nation_s_refusal_reaches_the_municipality_as_the_nation_said_it(prefecture: Prefecture) -> None:
    await prefecture.hand_on(DAILY_QUOTA, SETAGAYA)

    with pytest.raises(AllotmentQuotaError) as caught:
        await prefecture.hand_on(1, SETAGAYA)

    assert caught.value.field == "quantity"


@pytest.mark.invariant("I7")
async def test_a_request_repeated_to_the_prefecture_is_refused_before_it_goes_on(prefecture: Prefecture) -> None:
    await prefecture.hand_on(1, SETAGAYA, number=3)

    with pytest.raises(ReplayedMessageError):
        await prefecture.hand_on(1, SETAGAYA, number=3)

    assert prefecture.nation.asked == 1


@pytest.fixture
async def pool(embedded_database: MakeDatabase) -> AsyncIterator[tuple[NodeDatabase, Database]]:
    node = await embedded_database(MUNICIPAL)
    async with opened(node) as database:
        yield node, database


def fill(client: FakeClient, database: Database, level: PoolLevel) -> Awaitable[int]:
    return fill_code_pool(
        client=cast("MessageClient", client), database=database, clock=lambda: NOW, node=client.sender, level=level
    )


async def test_a_pool_is_filled_when_it_is_low_and_left_alone_when_it_is_not(
    prefecture: Prefecture, pool: tuple[NodeDatabase, Database]
) -> None:
    node, database = pool
    client, level = FakeClient(prefecture), PoolLevel(low=10, quantity=20)

    came = [await fill(client, database, level) for _ in range(2)]

    assert came == [20, 0]
    assert await find_value(node, FREE) == 20
    assert await list_rows(node, "SELECT event, detail FROM audit.event ORDER BY event") == [
        ("codes:pool_low", {"free": 0, "low": 10}),
        ("codes:requested", {"quantity": 20}),
    ]


@pytest.mark.invariant("I7")
async def test_codes_whose_answer_was_lost_on_either_line_are_never_given_to_anybody(
    prefecture: Prefecture, embedded_database: MakeDatabase
) -> None:
    chance = random.Random(3)
    level = PoolLevel(low=40, quantity=10)
    pools: dict[NodeName, Any] = {}
    lost = 0
    nation = prefecture.nation
    prefecture.lose = lambda: chance.random() < 0.3

    for sender in (SETAGAYA, MUSASHINO):
        node = await embedded_database(MUNICIPAL)
        client = FakeClient(prefecture, sender, lambda: chance.random() < 0.3)
        async with opened(node) as database:
            while await find_value(node, FREE) < level.low:
                try:
                    await fill(client, database, level)
                except PeerUnreachableError:
                    lost += 1
        pools[sender] = {row[0] for row in await list_rows(node, "SELECT resident_record_code FROM register.code_pool")}

    assert lost > 0
    assert not pools[SETAGAYA] & pools[MUSASHINO]
    allotted = await list_rows(nation.node, "SELECT municipality, resident_record_code FROM allotment.code")
    for sender, codes in pools.items():
        assert codes <= {code for municipality, code in allotted if municipality == sender.code}
    assert len(allotted) == sum(len(codes) for codes in pools.values()) + lost * level.quantity
