"""An organ, the nation, Tokyo and Chiyoda on real databases, and lines on which an answer may get lost.

The lines hand messages to the same use cases the endpoints call. Signatures and TLS are tested elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import msgspec

from jukinet.agency.app import MIGRATIONS as AGENCY_MIGRATIONS
from jukinet.agency.doubt_store import Reporter
from jukinet.agency.usecases.follow_doubts import follow_doubts
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.delivery.courier import Courier
from jukinet.delivery.outbox import list_receivers
from jukinet.domain.errors import JukinetError, PeerRefusedError, PeerUnreachableError
from jukinet.identification.receive import Origin, apply_notices
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL_MIGRATIONS
from jukinet.municipal.store import add_resident
from jukinet.municipal.usecases.receive_doubt_referrals import receive_doubt_referrals
from jukinet.national.app import MIGRATIONS as NATIONAL_MIGRATIONS
from jukinet.national.store import Question, confirm_persons
from jukinet.national.usecases.receive_doubt_answers import receive_doubt_answers
from jukinet.national.usecases.receive_doubt_reports import receive_doubt_reports
from jukinet.national.usecases.tell_doubt_statuses import tell_doubt_statuses
from jukinet.postgres.database import Database, open_database
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL_MIGRATIONS
from jukinet.prefectural.usecases.hand_on_doubts import hand_on_doubt_answers, hand_on_doubt_referrals
from jukinet.protocol.catalogue import find_message_type, require_listed
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Received
from tests.builders import ORGANS, PENSION, PENSION_AFFAIR, TOKYO, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.municipality import CHIYODA, RESIDENTS, TODAY
from tests.integration.web.servers import notice

_MIGRATIONS: Final = {
    PENSION: AGENCY_MIGRATIONS,
    NATIONAL: NATIONAL_MIGRATIONS,
    TOKYO: PREFECTURAL_MIGRATIONS,
    CHIYODA: MUNICIPAL_MIGRATIONS,
}
_GIVEN: Final = "name,address,change"


@dataclass
class Parties:
    """The four nodes. `now` is what all of them take for the present instant."""

    databases: dict[NodeName, Database]
    now: datetime = TODAY
    #: Decides whether the answer to a message of this type is lost on its way back.
    lose: Callable[[str], bool] = field(default=lambda _message_type: False)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def provide(
        self, number: int, *, agency: NodeName = PENSION, items: str = _GIVEN, withheld_until: date | None = None
    ) -> str:
        """Let the nation give an organ somebody; return the id of the use."""
        use = f"use-{next(self.numbers):06}"
        question = Question(
            message_id=use,
            agency=agency.text,
            key=RESIDENTS[number - 1].resident_record_code,
            affair=PENSION_AFFAIR,
            purpose="年金の支給",
            matter_number="年金-1",
            official="a1234",
            office=None,
            ground="法第30条の9",
            method="real_time",
            items=items,
            withheld_reason=None if withheld_until is None else "investigation",
            withheld_until=withheld_until,
        )
        await confirm_persons(self.databases[NATIONAL], [question], is_by_number=False, now=self.now)
        return use

    async def report(self, use: str, *, key: str | None = None, **items: Any) -> str:  # noqa: ANN401 - any item of it
        """Let the organ doubt a use; without more, somebody is said to have died."""
        what: dict[str, Any] = {"reason": "deceased", "evidence": "statement", **items}
        reporter = Reporter(official="a1234", matter_number="年金-1", idempotency_key=key)
        doubt = Doubt(use_log_id=use, **what)
        return await report_doubt(doubt=doubt, reporter=reporter, database=self.databases[PENSION], now=self.now)

    async def carry(self) -> None:
        """Carry everything that waits, round and round, until nothing does; the organ looks for answers at the end."""
        order = (PENSION, NATIONAL, TOKYO, CHIYODA, TOKYO)
        for name in order:
            await self.carry_from(name)
        await follow_doubts(client=self._client(PENSION), database=self.databases[PENSION], now=self.now)

    async def carry_from(self, name: NodeName) -> None:
        """Carry what waits at one node; an answer that is lost leaves it waiting."""
        database = self.databases[name]
        async with database.connection() as connection:
            receivers = await list_receivers(connection)
        for receiver in receivers:
            courier = Courier(database, self._client(name), lambda: self.now, lambda: 0.5)
            try:
                await courier.carry_all(receiver)
            except PeerUnreachableError:
                await courier.carry_all(receiver)

    async def rows(self, name: NodeName, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        async with self.databases[name].connection() as connection:
            return await (await connection.execute(statement.encode(), parameters)).fetchall()

    async def states(self) -> dict[str, str]:
        """Return the state of every report as the organ sees it."""
        return dict(await self.rows(PENSION, "SELECT report_number, state FROM request.doubt_report"))

    async def doubt_number(self, report_number: str) -> int:
        """Return under which number the clerk finds a report."""
        statement = "SELECT doubt_number FROM register.doubt_report WHERE report_number = %s"
        ((number,),) = await self.rows(CHIYODA, statement, report_number)
        return int(number)

    async def change(self, number: int) -> None:
        """Let Chiyoda record a change of a resident after everything so far."""
        self.now += timedelta(seconds=1)
        statement = (
            "INSERT INTO register.notified_identification (resident_record_code, update_sequence, notice, queued_at)"
            " VALUES (%(code)s, %(sequence)s, '', %(now)s)"
        )
        parameters = {
            "code": RESIDENTS[number - 1].resident_record_code,
            "sequence": next(self.numbers),
            "now": self.now,
        }
        async with self.databases[CHIYODA].transaction() as unit:
            await unit.execute(statement, parameters)

    def _client(self, name: NodeName) -> MessageClient:
        return cast("MessageClient", _Line(self, name))


@dataclass
class _Line:
    """What a node says arrives at once, or is refused, or its answer is lost."""

    parties: Parties
    sender: NodeName

    async def send(self, receiver: NodeName, message_type: str, body: Any, **_: object) -> Any:  # noqa: ANN401 - of any message
        parties, row = self.parties, find_message_type(message_type)
        if isinstance(body, bytes):
            body = msgspec.json.decode(body, type=cast("Any", row.body))
        message = received(
            body,
            sender=self.sender,
            receiver=receiver,
            message_type=message_type,
            number=next(parties.numbers),
        )
        try:
            require_listed(row, sender=self.sender, receiver=receiver)
            answer = await _answer(parties, receiver, message)
        except JukinetError as error:
            raise PeerRefusedError(error.detail, field=error.field, peer_code=error.code) from None
        if parties.lose(message_type):
            raise PeerUnreachableError
        return answer


async def _answer(parties: Parties, receiver: NodeName, message: Received[Any]) -> Any:  # noqa: ANN401 - of any message
    database, now = parties.databases[receiver], parties.now
    match message.envelope.type:
        case "doubt_report":
            return await receive_doubt_reports(received=message, organs=ORGANS, database=database, now=now)
        case "doubt_referral":
            return await hand_on_doubt_referrals(received=message, node=receiver, database=database, now=now)
        case "doubt_referral_forwarding":
            return await receive_doubt_referrals(received=message, node=receiver, database=database, now=now)
        case "doubt_answer":
            return await hand_on_doubt_answers(received=message, database=database, now=now)
        case "doubt_answer_forwarding":
            return await receive_doubt_answers(received=message, database=database, now=now)
        case _:
            return await tell_doubt_statuses(query=message.body, agency=message.peer.name, database=database)


@asynccontextmanager
async def opened_parties(make_database: MakeDatabase) -> AsyncGenerator[Parties]:
    """Give the four nodes; Chiyoda keeps four residents, whom the nation knows."""
    async with AsyncExitStack() as stack:
        databases: dict[NodeName, Database] = {}
        for name, migrations in _MIGRATIONS.items():
            databases[name] = await open_database((await make_database(migrations)).app)
            stack.push_async_callback(databases[name].close)
        async with databases[CHIYODA].transaction() as unit:
            for one in RESIDENTS:
                await add_resident(unit, one)
        origin = Origin(sender=TOKYO, message_id="m", require_competent=lambda _: None)
        known = [notice(one.resident_number, name=one.name, kana=one.kana) for one in RESIDENTS]
        async with databases[NATIONAL].transaction() as unit:
            await apply_notices(unit, notices=known, origin=origin, forwarding=None, now=TODAY)
        yield Parties(databases)
