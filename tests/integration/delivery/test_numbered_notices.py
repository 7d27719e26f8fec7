"""Notices with a number of their own, over real lines and databases: each is received once, a bad one stands alone."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from jukinet.delivery.courier import Courier, CourierSettings
from jukinet.delivery.numbered_notices import queue_notices
from jukinet.delivery.received_notice_store import list_notices_set_apart
from jukinet.delivery.reports import list_reports
from jukinet.domain.errors import PeerError, PeerUnreachableError, ReplayedMessageError
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.moving_notice_store import list_annex_notices
from jukinet.municipal.usecases.receive_annex_notice import receive_annex_notices
from jukinet.municipal.usecases.receive_move_in_notice import receive_move_in_notices
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL
from jukinet.prefectural.store import list_confirmed_move_outs
from jukinet.prefectural.usecases.receive_move_out_confirmation import receive_move_out_confirmations
from jukinet.protocol.moving import MoveInNotice, NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received
from tests.builders import MUSASHINO, NOW, SETAGAYA, TOKYO, code, list_rows, opened, received
from tests.builders_moving import annex_notice, move_in_notice, move_out_confirmation
from tests.fixtures_postgres import MakeDatabase
from tests.integration.transport.network import Network, RunningServer, answering

PATIENT = CourierSettings(poll=600.0, first_back_off=600.0)
KEPT = "SELECT resident_record_code, notice_number, sender, state FROM register.move_in_notice ORDER BY notice_number"


@dataclass
class Office:
    """The store of one node."""

    name: NodeName
    node: NodeDatabase
    database: Database

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, statement)

    async def receive(self, message: Received[Any]) -> NoticesAnswer:
        if message.envelope.type == "annex_notice":
            return await receive_annex_notices(received=message, node=self.name, database=self.database, now=NOW)
        if message.envelope.type == "move_out_confirmation":
            return await receive_move_out_confirmations(received=message, database=self.database, now=NOW)
        return await receive_move_in_notices(received=message, node=SETAGAYA, database=self.database, now=NOW)

    async def be_told(self, *notices: MoveInNotice, number: int = 1, sender: NodeName = MUSASHINO) -> NoticesAnswer:
        return await self.receive(
            received(tuple(notices), sender=sender, receiver=self.name, message_type="move_in_notice", number=number)
        )


@dataclass
class Offices:
    setagaya: Office
    musashino: Office
    tokyo: Office


@pytest.fixture
async def offices(embedded_database: MakeDatabase) -> AsyncIterator[Offices]:
    async with AsyncExitStack() as stack:
        made: list[Office] = []
        for name, migrations in ((SETAGAYA, MIGRATIONS), (MUSASHINO, MIGRATIONS), (TOKYO, PREFECTURAL)):
            node = await embedded_database(migrations)
            made.append(Office(name, node, await stack.enter_async_context(opened(node))))
        yield Offices(*made)


async def queue(office: Office, receiver: NodeName, message_type: str, *notices: Any) -> None:  # noqa: ANN401 - any notice
    async with office.database.transaction() as unit:
        await queue_notices(unit, receiver=receiver, message_type=message_type, notices=notices, now=NOW)


async def carry(network: Network, sender: Office, server: RunningServer) -> None:
    """Carry everything queued for the owner of a running server."""
    client = network.client(sender.name, {server.name: server.port}, network.revocations())
    async with client:
        courier = Courier(sender.database, client, network.clock, random.Random(1).random, PATIENT)
        await courier.carry_all(server.name)


@pytest.mark.invariant("I3")
async def test_a_move_in_notice_goes_from_one_municipality_to_the_other(offices: Offices, network: Network) -> None:
    await queue(offices.musashino, SETAGAYA, "move_in_notice", move_in_notice(1), move_in_notice(2))

    async with answering(network, SETAGAYA, endpoint=offices.setagaya.receive) as server:
        await carry(network, offices.musashino, server)

    assert await offices.setagaya.rows(KEPT) == [
        (code(number), move_in_notice(number).notice_number, MUSASHINO.text, "received") for number in (1, 2)
    ]
    assert await offices.musashino.rows("SELECT count(*) FROM delivery.outbox") == [(0,)]
    events = "SELECT event, actor, detail->>'received' FROM audit.event"
    assert await offices.setagaya.rows(events) == [("notices:received", MUSASHINO.text, "2")]


@pytest.mark.invariant("I3")
async def test_a_notice_whose_answer_was_lost_is_said_again_and_received_once(
    offices: Offices, network: Network
) -> None:
    await queue(offices.musashino, SETAGAYA, "move_in_notice", move_in_notice(1))
    losing = _losing_the_first_answer(offices.setagaya.receive)

    async with answering(network, SETAGAYA, endpoint=losing) as server:
        with pytest.raises(PeerError):
            await carry(network, offices.musashino, server)
        assert await offices.musashino.rows("SELECT count(*) FROM delivery.outbox") == [(1,)]
        network.clock.advance(seconds=1)
        await carry(network, offices.musashino, server)

    assert len(await offices.setagaya.rows(KEPT)) == 1
    assert await offices.musashino.rows("SELECT count(*) FROM delivery.outbox") == [(0,)]
    assert await offices.setagaya.rows("SELECT count(*) FROM delivery.received_message") == [(2,)]


def _losing_the_first_answer(
    receive: Callable[[Received[Any]], Awaitable[NoticesAnswer]],
) -> Callable[[Received[Any]], Awaitable[NoticesAnswer]]:
    lost: list[bool] = []

    async def answer(message: Received[Any]) -> NoticesAnswer:
        told = await receive(message)
        if not lost:
            lost.append(True)
            raise PeerUnreachableError
        return told

    return answer


@pytest.mark.invariant("I2")
async def test_a_bad_notice_is_set_apart_reported_by_its_number_and_the_others_are_received(
    offices: Offices, network: Network
) -> None:
    bad = annex_notice(2, registered_domicile="長野県松本市丸の内3番")
    worse = annex_notice(3, name="葵\ufffd")
    await queue(offices.musashino, SETAGAYA, "annex_notice", annex_notice(1), bad, worse)

    async with answering(network, SETAGAYA, endpoint=offices.setagaya.receive) as server:
        await carry(network, offices.musashino, server)

    async with offices.setagaya.database.connection() as unit:
        (kept,) = await list_annex_notices(unit, limit=10)
        apart = await list_notices_set_apart(unit, limit=10)
    async with offices.musashino.database.connection() as unit:
        reports = await list_reports(unit, limit=10)
    assert (kept.notice_number, kept.first_listed_person) == (annex_notice(1).notice_number, "試験\u3000一郎")
    expected = {
        (bad.notice_number, "value.address", "registered_domicile"),
        (worse.notice_number, "value.character.repertoire", "name"),
    }
    assert {(one.notice_number, one.error_code, one.error_field) for one in apart} == expected
    assert {(one.reference, one.error_code, one.error_field) for one in reports} == expected
    assert {(one.resident_record_code, one.update_sequence) for one in reports} == {("", 0)}


async def test_a_confirmation_goes_to_the_own_prefecture_and_is_kept_for_the_retention_rule(
    offices: Offices, network: Network
) -> None:
    wrong = move_out_confirmation(2, update_sequence=65_537)
    await queue(offices.setagaya, TOKYO, "move_out_confirmation", move_out_confirmation(1), wrong)

    async with answering(network, TOKYO, endpoint=offices.tokyo.receive) as server:
        await carry(network, offices.setagaya, server)

    async with offices.tokyo.database.connection() as unit:
        assert await list_confirmed_move_outs(unit, code(1)) == [(2, "2026-04-01", MUSASHINO.code, SETAGAYA.text)]
        assert await list_confirmed_move_outs(unit, code(2)) == []
    async with offices.setagaya.database.connection() as unit:
        (report,) = await list_reports(unit, limit=10)
    # The notice names a resident: the report does too.
    assert (report.resident_record_code, report.reference) == (code(2), wrong.notice_number)
    events = "SELECT event, resident_record_code FROM audit.event WHERE event LIKE 'resident:%%'"
    assert await offices.tokyo.rows(events) == [("resident:move_out_confirmed", code(1))]


@pytest.mark.invariant("I3")
async def test_what_is_said_again_or_twice_in_one_message_is_received_once(offices: Offices) -> None:
    setagaya = offices.setagaya

    first = await setagaya.be_told(move_in_notice(1), move_in_notice(1), number=1)
    again = await setagaya.be_told(move_in_notice(1), move_in_notice(2), number=2)

    assert first == NoticesAnswer(received=1, already_received=1)
    assert again == NoticesAnswer(received=1, already_received=1)
    assert len(await setagaya.rows(KEPT)) == 2


@pytest.mark.invariant("I3")
async def test_a_message_that_is_replayed_is_refused(offices: Offices) -> None:
    await offices.setagaya.be_told(move_in_notice(1), number=1)

    with pytest.raises(ReplayedMessageError):
        await offices.setagaya.be_told(move_in_notice(1), number=1)


async def test_a_number_that_says_something_else_now_is_set_apart(offices: Offices) -> None:
    setagaya = offices.setagaya
    await setagaya.be_told(move_in_notice(1), number=1)

    answer = await setagaya.be_told(move_in_notice(1, moved_in_on="2026-03-30"), number=2)

    assert [(one.code, one.field) for one in answer.quarantined] == [("conflict.notice_number", "notice_number")]
    assert await setagaya.rows("SELECT moved_in_on FROM register.move_in_notice") == [("2026-03-31",)]


async def test_what_was_set_apart_may_come_right_under_its_number(offices: Offices) -> None:
    setagaya = offices.setagaya
    bad = await setagaya.be_told(move_in_notice(1, moved_in_on="2027-01-01"), number=1)
    right = await setagaya.be_told(move_in_notice(1), number=2)

    assert [one.code for one in bad.quarantined] == ["value.date.order"]
    assert right == NoticesAnswer(received=1, already_received=0)
    async with setagaya.database.connection() as unit:
        assert await list_notices_set_apart(unit, limit=10) == []


@pytest.mark.invariant("I5")
async def test_a_municipality_tells_of_move_ins_to_itself_only(offices: Offices) -> None:
    answer = await offices.setagaya.be_told(move_in_notice(1, municipality="202029"))

    assert [(one.code, one.field) for one in answer.quarantined] == [("permission.peer", "municipality")]


async def test_two_senders_may_use_one_number(offices: Offices) -> None:
    matsumoto = NodeName.parse("municipal/202029")
    await offices.setagaya.be_told(move_in_notice(1), number=1)

    answer = await offices.setagaya.be_told(move_in_notice(1, municipality="202029"), number=2, sender=matsumoto)

    assert answer.received == 1


def test_no_notice_shows_whom_it_is_about() -> None:
    for notice in (move_in_notice(), annex_notice(), move_out_confirmation()):
        assert "試験" not in repr(notice)
        assert code(1) not in repr(notice)
