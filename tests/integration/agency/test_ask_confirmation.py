"""What an agency keeps of its queries: that they were made, by whom, for what; never what was answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from jukinet.agency.app import MIGRATIONS
from jukinet.agency.store import list_confirmations
from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.domain.errors import PeerRefusedError, PeerUnreachableError
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery, ConfirmedPerson
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient
from tests.builders import NOW, PENSION_AFFAIR, code, list_rows, opened
from tests.fixtures_postgres import MakeDatabase

PERSON = ConfirmedPerson(
    name="試験\u3000葵",
    kana="しけん\u3000あおい",
    birth_date="1990-05-06",
    sex="2",
    address="東京都世田谷区太子堂一丁目1番1号",
    reason="birth",
    changed_on="1990-05-06",
    is_removed=False,
)
QUERY = ConfirmationQuery(
    resident_record_code=code(1),
    affair=PENSION_AFFAIR,
    purpose="年金の支給",
    matter_number="年金-1",
    official="official",
)


def found() -> ConfirmationAnswer:
    return ConfirmationAnswer(result="found", use_log_id="use-1", person=PERSON)


@dataclass
class FakeClient:
    behave: Callable[[], ConfirmationAnswer] = found
    sent: list[tuple[NodeName, str, Any]] = field(default_factory=list)

    async def send(self, receiver: NodeName, message_type: str, body: object, *, deadline: float) -> ConfirmationAnswer:
        assert 0 < deadline <= 10
        self.sent.append((receiver, message_type, body))
        return self.behave()


@dataclass
class Agency:
    node: NodeDatabase
    database: Database

    async def ask(self, client: FakeClient) -> ConfirmationAnswer:
        return await ask_confirmation(
            query=QUERY, client=cast("MessageClient", client), database=self.database, now=NOW
        )

    async def log(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, "SELECT event, outcome, actor, message_id, detail FROM audit.event")


@pytest.fixture
async def agency(embedded_database: MakeDatabase) -> AsyncIterator[Agency]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Agency(node, database)


async def test_the_answer_of_the_nation_is_passed_on_and_the_query_is_kept_without_it(agency: Agency) -> None:
    client = FakeClient()

    answer = await agency.ask(client)

    assert answer == found()
    assert client.sent == [(NATIONAL, "confirmation_query", QUERY)]
    async with agency.database.connection() as connection:
        (kept,) = await list_confirmations(connection, limit=10)
    assert (kept.message_id, kept.official, kept.affair, kept.matter_number, kept.purpose, kept.result) == (
        "use-1", "official", PENSION_AFFAIR, "年金-1", "年金の支給", "found",
    )  # fmt: skip
    assert await agency.log() == [
        (
            "confirmation:asked", "done", "official", "use-1",
            {
                "affair": PENSION_AFFAIR, "matter_number": "年金-1", "method": "real_time",
                "through": "screen", "result": "found",
            },
        )
    ]  # fmt: skip
    everything = str(await list_rows(agency.node, "SELECT * FROM request.confirmation")) + str(await agency.log())
    for personal in ("試験", "太子堂", "1990", code(1)):
        assert personal not in everything


async def test_a_refusal_is_on_the_log_by_its_code_and_reaches_the_official(agency: Agency) -> None:
    def refuse() -> ConfirmationAnswer:
        raise PeerRefusedError(peer_code="permission.affair_not_listed")

    with pytest.raises(PeerRefusedError):
        await agency.ask(FakeClient(refuse))

    assert [(row[1], row[4]["result"]) for row in await agency.log()] == [("refused", "permission.affair_not_listed")]
    assert await list_rows(agency.node, "SELECT * FROM request.confirmation") == []


async def test_when_nobody_answers_the_official_is_told_so(agency: Agency) -> None:
    def be_away() -> ConfirmationAnswer:
        raise PeerUnreachableError

    with pytest.raises(PeerUnreachableError):
        await agency.ask(FakeClient(be_away))

    assert await list_rows(agency.node, "SELECT * FROM request.confirmation") == []
