"""The client of an organ's own system against the real API: it repeats what is safe, streams, and says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jukinet.client import (
    AgencyClient,
    BlockingAgencyClient,
    ConfirmationRequest,
    Connection,
    DoubtRequest,
    RateLimitedError,
    RefusedError,
    StatedItems,
    UnavailableError,
)
from jukinet.domain.errors import PeerUnreachableError
from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.transport.message_client import MessageClient
from tests.builders import PASSPORT_AFFAIR, PENSION, PENSION_AFFAIR, code
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import GROUND, HANAKO, OTHER_SYSTEM, Offices, free_port, running_offices

WRONG_DIGIT = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)


@pytest.fixture
async def offices(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Offices]:
    async with running_offices(tmp_path, embedded_database) as running:
        yield running


async def test_every_operation_has_its_method(offices: Offices) -> None:
    async with AgencyClient(offices.connection()) as client:
        confirmed = await client.confirm(GROUND, items=["name"], resident_record_code=code(1))
        stated = StatedItems(name="渡辺花子", birth_date="1990-05-06")
        verified = await client.verify(GROUND, stated, resident_record_code=code(1))
        found = await client.search(GROUND, stated, items=["address"])
        affairs = await client.list_affairs()
        health = await client.find_health()
        doubt = DoubtRequest(
            use_log_id=confirmed.use_log_id,
            reason="differs",
            evidence="document",
            items=("name",),
            stated=StatedItems(name="渡邉　華子"),
            matter_number="年金-1",
            official="a1234",
        )
        receipt = await client.report_doubt(doubt, key="0123456789abcdef")
        repeated = await client.report_doubt(doubt, key="0123456789abcdef")
        doubts = await client.list_doubts()

    assert receipt == repeated
    assert [one.report_number for one in doubts.reports] == [receipt.report_number]
    assert confirmed.person is not None
    assert confirmed.person.name == HANAKO["name"]
    assert verified.person is None
    assert verified.agreements is not None
    assert verified.agreements.birth_date == "agrees"
    assert found.person is not None
    assert found.person.address == HANAKO["address"]
    assert PENSION_AFFAIR in {one.affair for one in affairs.affairs}
    assert health.status == "ok"


async def test_a_refusal_is_an_exception_with_code_field_and_rule(offices: Offices) -> None:
    async with AgencyClient(offices.connection()) as client:
        ground = msgspec.structs.replace(GROUND, affair=PASSPORT_AFFAIR)
        with pytest.raises(RefusedError) as caught:
            await client.confirm(ground, items=["name"], resident_record_code=code(1))

    refused = caught.value
    assert (refused.code, refused.field, refused.rule, refused.status) == (
        "permission.affair_not_listed", "ground.affair", "PROVISION_ONLY_FOR_LISTED_AFFAIR", 403,
    )  # fmt: skip
    assert refused.problem.sentence_ja
    assert code(1) not in str(refused)


async def test_a_lost_answer_is_asked_for_again_and_logged_once(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = MessageClient.send
    lost: list[ConfirmationAnswer] = []

    async def lose_once(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - of any message
        answer = await send(*arguments, **named)
        if arguments[2] == "confirmation_query" and not lost:
            lost.append(answer)
            raise PeerUnreachableError
        return answer

    monkeypatch.setattr(MessageClient, "send", lose_once)
    async with AgencyClient(offices.connection(first_pause=0.01)) as client:
        answer = await client.confirm(GROUND, items=["name"], resident_record_code=code(1))

    assert answer.use_log_id == lost[0].use_log_id
    assert len(await offices.uses()) == 1


async def test_many_requests_are_a_stream_and_one_that_is_refused_ends_none(offices: Offices) -> None:
    requests = [
        ConfirmationRequest(ground=GROUND, items=("change",), resident_record_code=number)
        for number in (code(1), WRONG_DIGIT, code(2), code(7))
    ]
    async with AgencyClient(offices.connection()) as client:
        outcomes = {outcome.index: outcome async for outcome in client.ask_all(requests, at_once=2)}

    assert [outcomes[index].answer is not None for index in range(4)] == [True, False, True, True]
    assert isinstance(outcomes[1].error, RefusedError)
    assert outcomes[2].answer is not None
    assert outcomes[2].answer.state == "dead"


async def test_the_blocking_client_does_the_same_without_an_event_loop(offices: Offices) -> None:
    request = ConfirmationRequest(ground=GROUND, items=("change",), resident_record_code=code(1))

    def ask() -> tuple[str, int]:
        with BlockingAgencyClient(offices.connection()) as client:
            outcomes = list(client.ask_all([request, request]))
            return client.ask(request).result, len(outcomes)

    assert await asyncio.to_thread(ask) == ("found", 2)


async def test_a_limit_is_waited_for_and_told_when_it_stays(tmp_path: Path, embedded_database: MakeDatabase) -> None:
    async with running_offices(tmp_path, embedded_database, api="per_second = 1.0\nburst = 1\n") as offices:
        request = ConfirmationRequest(ground=GROUND, items=("change",), resident_record_code=code(1))
        async with AgencyClient(offices.connection()) as client:
            answers = [await client.ask(request) for _ in range(2)]
        async with AgencyClient(offices.connection(attempts=1)) as client:
            with pytest.raises(RateLimitedError) as caught:
                await client.ask(request)

    assert [answer.result for answer in answers] == ["found", "found"]
    assert caught.value.retry_after_seconds >= 1


async def test_another_organs_system_is_refused_and_no_node_at_all_is_unavailable(offices: Offices) -> None:
    async with AgencyClient(offices.connection(OTHER_SYSTEM)) as client:
        with pytest.raises(RefusedError, match=r"permission\.peer"):
            await client.find_health()
    nowhere = Connection(
        agency=PENSION.text, host="127.0.0.1", port=free_port(), identity=offices.identity(), attempts=2, first_pause=0
    )
    async with AgencyClient(nowhere) as client:
        with pytest.raises(UnavailableError):
            await client.find_health()
