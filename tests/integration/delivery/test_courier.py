"""The courier: in order, in batches, until answered for; one bad parcel or one dead line holds up nobody else."""

from __future__ import annotations

import asyncio
import random
import types
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
import pytest

from jukinet.delivery import courier as courier_module
from jukinet.delivery.courier import Courier, CourierSettings
from jukinet.delivery.lines import Line, list_lines
from jukinet.delivery.outbox import count_queued, list_refused_parcels, queue_parcel, requeue_refused_parcel
from jukinet.delivery.reports import list_reports
from jukinet.devnet.federation import wait_until
from jukinet.domain.errors import JukinetError, MessageTooLargeError, PeerRefusedError, PeerUnreachableError
from jukinet.identification.receive import receive_notices
from jukinet.municipal.app import MIGRATIONS
from jukinet.postgres.database import Database, connect
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice, Quarantined
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Received
from tests.builders import NOW, SETAGAYA, TOKYO, code, encoded, list_rows, notice, opened, rows_of
from tests.fixtures_postgres import MakeDatabase
from tests.integration.transport.network import Network, answering

PATIENCE = 30.0
_LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
_TERMINATE = """
    SELECT pg_terminate_backend(pid)
      FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""
APPLIED = IdentificationAnswer(applied=1, already_applied=0, held=0)
#: Nothing is retried or looked for by itself within a test.
PATIENT = CourierSettings(poll=600.0, first_back_off=600.0)


@dataclass
class FakeClient:
    """Notes what is sent; `behave` answers, or raises as the real client does."""

    behave: Callable[[NodeName, list[dict[str, Any]]], IdentificationAnswer | Awaitable[IdentificationAnswer]] = field(
        default=lambda _receiver, _body: APPLIED
    )
    sent: list[tuple[str, str, list[str]]] = field(default_factory=list)
    sequences: list[int] = field(default_factory=list)

    async def send(
        self, receiver: NodeName, message_type: str, body: bytes, *, deadline: float, stream_sequence: int
    ) -> IdentificationAnswer:
        notices = msgspec.json.decode(body)
        assert deadline > 0
        self.sent.append((receiver.text, message_type, [label(one) for one in notices]))
        self.sequences.append(stream_sequence)
        answer = self.behave(receiver, notices)
        return answer if isinstance(answer, IdentificationAnswer) else await answer

    @property
    def messages(self) -> list[list[str]]:
        return [labels for _, _, labels in self.sent]


def label(one: dict[str, Any]) -> str:
    return str(one["address"])


@dataclass
class Outbox:
    """The outbox of a municipal node."""

    node: NodeDatabase
    database: Database

    async def queue(
        self,
        *parcels: str | Sequence[str],
        receiver: NodeName = TOKYO,
        message_type: str = "identification_notice",
    ) -> None:
        """Queue parcels; each is told by the addresses of its notices."""
        async with self.database.transaction() as unit:
            for parcel in parcels:
                labels = [parcel] if isinstance(parcel, str) else parcel
                notices = [notice(1, 1, address=address) for address in labels]
                await queue_parcel(
                    unit,
                    receiver=receiver,
                    message_type=message_type,
                    notices=encoded(notices),
                    notice_count=len(notices),
                    now=NOW,
                )

    async def queued(self) -> dict[str, int]:
        async with self.database.connection() as connection:
            return {receiver: count for receiver, count, _ in await count_queued(connection)}

    async def is_empty(self) -> bool:
        return await self.queued() == {}

    async def lines(self) -> list[Line]:
        async with self.database.connection() as connection:
            return await list_lines(connection)

    def courier(
        self,
        client: object,
        *,
        settings: CourierSettings = PATIENT,
        clock: Callable[[], datetime] = lambda: NOW,
    ) -> Courier:
        return Courier(self.database, cast("MessageClient", client), clock, lambda: 0.5, settings)


@pytest.fixture
async def outbox(embedded_database: MakeDatabase) -> AsyncIterator[Outbox]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Outbox(node, database)


@asynccontextmanager
async def at_work(courier: Courier) -> AsyncGenerator[None]:
    running = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_parcels_leave_in_order_a_message_at_a_time_within_the_limits(outbox: Outbox) -> None:
    await outbox.queue("a", "b", ["c", "d"], "e", ["f", "g", "h", "i", "j"], "k")
    client = FakeClient()
    courier = outbox.courier(client, settings=replace(PATIENT, notices_per_message=3))

    carried = []
    while count := await courier.carry_next(TOKYO):
        carried.append(count)

    # A parcel is never split: one beyond the limit goes alone.
    assert client.messages == [["a", "b"], ["c", "d", "e"], ["f", "g", "h", "i", "j"], ["k"]]
    assert carried == [2, 3, 5, 1]
    assert client.sequences == sorted(client.sequences)
    assert await outbox.is_empty()


async def test_a_message_stays_below_its_length(outbox: Outbox) -> None:
    await outbox.queue("a", "b", "c")
    client = FakeClient()
    length = len(encoded([notice(1, 1, address="a")]))

    courier = outbox.courier(client, settings=replace(PATIENT, bytes_per_message=2 * length + 2))
    while await courier.carry_next(TOKYO):
        pass

    assert client.messages == [["a", "b"], ["c"]]


async def test_messages_of_two_types_do_not_mix(outbox: Outbox) -> None:
    await outbox.queue("a")
    await outbox.queue("b", message_type="identification_forwarding")
    client = FakeClient()

    courier = outbox.courier(client)
    while await courier.carry_next(TOKYO):
        pass

    assert [(kind, labels) for _, kind, labels in client.sent] == [
        ("identification_notice", ["a"]),
        ("identification_forwarding", ["b"]),
    ]


async def test_nothing_leaves_of_an_act_that_was_not_committed(outbox: Outbox) -> None:
    client = FakeClient()

    with pytest.raises(RuntimeError):
        async with outbox.database.transaction() as unit:
            await queue_parcel(
                unit, receiver=TOKYO, message_type="identification_notice", notices=b"{}", notice_count=1, now=NOW
            )
            raise RuntimeError

    assert await outbox.courier(client).carry_next(TOKYO) == 0
    assert client.sent == []


@pytest.mark.invariant("I3")
async def test_an_act_wakes_the_courier_at_its_commit(outbox: Outbox) -> None:
    client = FakeClient()

    async with at_work(outbox.courier(client)):
        assert await wait_until(lambda: is_listening(outbox.node), PATIENCE)
        await outbox.queue("a")
        assert await wait_until(outbox.is_empty, PATIENCE)
        await outbox.queue("b")
        assert await wait_until(outbox.is_empty, PATIENCE)

    assert client.messages == [["a"], ["b"]]


async def is_listening(node: NodeDatabase) -> bool:
    return bool((await ask_as_application(node, _LISTENING))[0][0])


async def ask_as_application(node: NodeDatabase, statement: str) -> list[tuple[Any, ...]]:
    async with connect(node.app) as unit:
        return await rows_of(unit, statement)


@pytest.mark.invariant("I3")
async def test_what_waited_before_the_start_is_carried_after_it(outbox: Outbox) -> None:
    await outbox.queue("a", "b")
    client = FakeClient()

    async with at_work(outbox.courier(client)):
        assert await wait_until(outbox.is_empty, PATIENCE)

    assert client.messages == [["a", "b"]]


@pytest.mark.invariant("I2")
async def test_an_unreachable_receiver_is_tried_ever_more_rarely_and_then_everything_arrives_in_order(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def note_pause(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    shim = types.ModuleType("asyncio")
    shim.__dict__.update(asyncio.__dict__, sleep=note_pause)
    monkeypatch.setattr(courier_module, "asyncio", shim)
    failures = 6

    def behave(_receiver: NodeName, _body: object) -> IdentificationAnswer:
        if len(client.sent) <= failures:
            raise PeerUnreachableError
        return APPLIED

    client = FakeClient(behave)
    await outbox.queue("a", "b")
    courier = outbox.courier(client, settings=CourierSettings(poll=600.0, first_back_off=1.0, longest_back_off=8.0))

    async with at_work(courier):
        assert await wait_until(outbox.is_empty, PATIENCE)

    # The jitter of 0.5 makes each pause the back-off itself.
    assert pauses == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert client.messages == [["a", "b"]] * (failures + 1)


async def test_the_state_of_a_line_tells_since_when_how_often_and_why(outbox: Outbox) -> None:
    clock = iter([NOW + timedelta(seconds=number) for number in range(10)])
    is_down = True

    def behave(_receiver: NodeName, _body: object) -> IdentificationAnswer:
        if is_down:
            raise PeerUnreachableError
        return APPLIED

    await outbox.queue("a")
    courier = outbox.courier(
        FakeClient(behave), clock=lambda: next(clock), settings=replace(PATIENT, first_back_off=0.001)
    )

    async def has_failed_twice() -> bool:
        lines = await outbox.lines()
        return bool(lines) and lines[0].attempts >= 2

    async with at_work(courier):
        assert await wait_until(has_failed_twice, PATIENCE)
        (failing,) = await outbox.lines()
        is_down = False
        assert await wait_until(outbox.is_empty, PATIENCE)
    (working,) = await outbox.lines()

    assert (failing.receiver, failing.failing_since, failing.last_error_code) == (TOKYO.text, NOW, "peer.unreachable")
    assert (working.failing_since, working.attempts, working.last_error_code) == (None, 0, None)
    assert working.last_success_at is not None
    assert working.last_success_at > NOW


@pytest.mark.invariant("I2")
async def test_a_receiver_that_never_answers_delays_nobody_else(outbox: Outbox) -> None:
    def behave(receiver: NodeName, _body: object) -> IdentificationAnswer | Awaitable[IdentificationAnswer]:
        return asyncio.get_running_loop().create_future() if receiver == TOKYO else APPLIED

    client = FakeClient(behave)
    await outbox.queue("stuck")
    await outbox.queue("a", receiver=NATIONAL)

    async def only_tokyo_waits() -> bool:
        return await outbox.queued() == {TOKYO.text: 1}

    async with at_work(outbox.courier(client)):
        assert await wait_until(only_tokyo_waits, PATIENCE)
        await outbox.queue("b", receiver=NATIONAL)
        assert await wait_until(only_tokyo_waits, PATIENCE)

    assert [labels for receiver, _, labels in client.sent if receiver == NATIONAL.text] == [["a"], ["b"]]


def refusing(refused: str, error_code: str) -> Callable[[NodeName, list[dict[str, Any]]], IdentificationAnswer]:
    """Answer as a receiver to whom one notice makes the whole message unreadable."""

    def behave(_receiver: NodeName, body: list[dict[str, Any]]) -> IdentificationAnswer:
        if refused in map(label, body):
            raise PeerRefusedError(field="[0].x", peer_code=error_code)
        return APPLIED

    return behave


@pytest.mark.invariant("I2")
@pytest.mark.parametrize("error_code", ["value.request", "permission.too_large"])
async def test_a_parcel_its_receiver_refuses_is_set_apart_and_the_others_arrive_in_order(
    outbox: Outbox, error_code: str
) -> None:
    labels = [f"{number}" for number in range(11)]
    await outbox.queue(*labels)
    client = FakeClient(refusing("6", error_code))

    async with at_work(outbox.courier(client)):
        assert await wait_until(outbox.is_empty, PATIENCE)

    arrived = [one for message in client.messages if "6" not in message for one in message]
    assert arrived == [one for one in labels if one != "6"]
    async with outbox.database.connection() as connection:
        (refused,) = await list_refused_parcels(connection, limit=10)
    assert (refused.receiver, refused.error_code, refused.error_field) == (TOKYO.text, error_code, "[0].x")


@pytest.mark.invariant("I2")
async def test_a_parcel_too_long_for_any_message_is_set_apart_too(outbox: Outbox) -> None:
    def behave(_receiver: NodeName, body: list[dict[str, Any]]) -> IdentificationAnswer:
        if "long" in map(label, body):
            raise MessageTooLargeError(field="body")
        return APPLIED

    client = FakeClient(behave)
    await outbox.queue("a", "long", "b")

    async with at_work(outbox.courier(client)):
        assert await wait_until(outbox.is_empty, PATIENCE)

    assert [one for message in client.messages if "long" not in message for one in message] == ["a", "b"]
    async with outbox.database.connection() as connection:
        (refused,) = await list_refused_parcels(connection, limit=10)
    assert refused.error_code == "permission.too_large"


async def test_a_parcel_that_was_set_apart_goes_again_at_the_end_when_an_operator_says_so(outbox: Outbox) -> None:
    await outbox.queue("a", "bad")
    client = FakeClient(refusing("bad", "value.request"))
    async with at_work(outbox.courier(client)):
        assert await wait_until(outbox.is_empty, PATIENCE)
    async with outbox.database.connection() as connection:
        (refused,) = await list_refused_parcels(connection, limit=10)
    await outbox.queue("c")

    async with outbox.database.transaction() as unit:
        was_there = await requeue_refused_parcel(unit, receiver=TOKYO, position=refused.position)
        is_there_again = await requeue_refused_parcel(unit, receiver=TOKYO, position=refused.position)
    mended = FakeClient()
    await outbox.courier(mended).carry_next(TOKYO)

    assert (was_there, is_there_again) == (True, False)
    assert mended.messages == [["c", "bad"]]


@pytest.mark.parametrize("error_code", ["permission.certificate", "permission.stale", "operation.internal", "peer"])
async def test_a_refusal_that_is_not_about_the_content_keeps_everything_queued(outbox: Outbox, error_code: str) -> None:
    await outbox.queue("a", "b")

    with pytest.raises(JukinetError):
        await outbox.courier(FakeClient(refusing("a", error_code))).carry_next(TOKYO)

    assert await outbox.queued() == {TOKYO.text: 2}


async def test_what_the_receiver_put_in_quarantine_is_known_to_the_sender_by_resident_and_change(
    outbox: Outbox,
) -> None:
    answer = IdentificationAnswer(
        applied=1, already_applied=0, held=0, quarantined=(Quarantined(position=1, code="value.name", field="name"),)
    )
    await outbox.queue("a", "b")

    await outbox.courier(FakeClient(lambda _receiver, _body: answer)).carry_next(TOKYO)

    async with outbox.database.connection() as connection:
        (report,) = await list_reports(connection, limit=10)
    assert (report.resident_record_code, report.update_sequence) == (code(1), 1)
    assert (report.error_code, report.error_field, report.reported_at) == ("value.name", "name", NOW)
    assert code(1) not in repr(report)
    assert await outbox.is_empty()


@pytest.mark.invariant("I2")
@pytest.mark.parametrize(
    "bad", [random.Random(1).randbytes(9000).hex(), "900000\x000000", ""], ids=["long", "zero byte", "empty"]
)
async def test_a_report_about_a_code_that_is_none_does_not_stop_the_line(outbox: Outbox, bad: str) -> None:
    answer = IdentificationAnswer(
        applied=0, already_applied=0, held=0, quarantined=(Quarantined(position=0, code="value.name"),)
    )
    async with outbox.database.transaction() as unit:
        await queue_parcel(
            unit,
            receiver=TOKYO,
            message_type="identification_notice",
            notices=encoded([notice(1, resident_record_code=bad)]),
            notice_count=1,
            now=NOW,
        )

    await outbox.courier(FakeClient(lambda _receiver, _body: answer)).carry_next(TOKYO)

    assert await outbox.is_empty()


@pytest.mark.invariant("I3")
async def test_the_courier_goes_on_after_its_database_was_away(outbox: Outbox) -> None:
    client = FakeClient()
    settings = CourierSettings(poll=0.05, first_back_off=0.01)

    async with at_work(outbox.courier(client, settings=settings)):
        await outbox.queue("a")
        assert await wait_until(outbox.is_empty, PATIENCE)
        await ask_as_application(outbox.node, _TERMINATE)
        await queue_when_possible(outbox, "b")
        assert await wait_until(outbox.is_empty, PATIENCE)

    assert [one for message in client.messages for one in message] == ["a", "b"]


async def queue_when_possible(outbox: Outbox, name: str) -> None:
    for _ in range(5):
        try:
            await outbox.queue(name)
        except JukinetError:
            continue
        return
    pytest.fail("the database stayed away")


@dataclass
class LosingClient:
    """The real client on a line that loses answers."""

    client: MessageClient
    losses: int

    async def send(self, *words: Any, **options: Any) -> Any:  # noqa: ANN401 - as the real one
        answer = await self.client.send(*words, **options)
        if self.losses:
            self.losses -= 1
            raise PeerUnreachableError
        return answer


@pytest.mark.invariant("I3")
async def test_over_a_real_line_a_lost_answer_is_said_again_and_applied_once(
    outbox: Outbox, embedded_database: MakeDatabase, network: Network
) -> None:
    node = await embedded_database(PREFECTURAL)
    changes = [notice(1, sequence) for sequence in range(1, 6)]
    async with outbox.database.transaction() as unit:
        for one in changes:
            await queue_parcel(
                unit,
                receiver=TOKYO,
                message_type="identification_notice",
                notices=encoded([one]),
                notice_count=1,
                now=NOW,
            )

    async with opened(node) as database:

        async def endpoint(message: Received[Any]) -> msgspec.Struct:
            return await receive_notices(
                received=cast("Received[tuple[IdentificationNotice, ...]]", message),
                require_competent=lambda one: require_competent(SETAGAYA, one),
                forwarding=FORWARDING,
                database=database,
                now=NOW,
            )

        async with (
            answering(network, TOKYO, endpoint=endpoint) as server,
            network.client(SETAGAYA, {TOKYO: server.port}, network.revocations()) as client,
        ):
            settings = CourierSettings(notices_per_message=2, first_back_off=0.001)
            courier = outbox.courier(LosingClient(client, 3), settings=settings)
            async with at_work(courier):
                assert await wait_until(outbox.is_empty, PATIENCE)

    key = "SELECT update_sequence FROM identification."
    assert await list_rows(node, key + "record") == [(5,)]
    assert sorted(await list_rows(node, key + "superseded_record")) == [(1,), (2,), (3,), (4,)]
    assert len(server.received) == 6
    assert len({message.envelope.message_id for message in server.received}) == 6


@pytest.mark.invariant("I1")
async def test_over_a_real_line_an_unknown_item_is_refused_and_only_its_parcel_is_set_apart(
    outbox: Outbox, network: Network
) -> None:
    salary = msgspec.json.decode(encoded([notice(1, 1, address="bad")])) | {"salary": 1}
    await outbox.queue("a")
    async with outbox.database.transaction() as unit:
        await queue_parcel(
            unit,
            receiver=TOKYO,
            message_type="identification_notice",
            notices=msgspec.json.encode(salary),
            notice_count=1,
            now=NOW,
        )
    await outbox.queue("b")

    async with (
        answering(network, TOKYO) as server,
        network.client(SETAGAYA, {TOKYO: server.port}, network.revocations()) as client,
        at_work(outbox.courier(client)),
    ):
        assert await wait_until(outbox.is_empty, PATIENCE)

    assert [one.address for message in server.received for one in message.body] == ["a", "b"]
    async with outbox.database.connection() as connection:
        (refused,) = await list_refused_parcels(connection, limit=10)
    assert refused.error_code == "value.request"
