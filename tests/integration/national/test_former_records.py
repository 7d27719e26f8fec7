"""A person's earlier record: found for a municipality by code or by name, and on the use log before it is read out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    FormerRecordNotFoundError,
    JukinetError,
    MalformedNameError,
    MissingItemError,
    OperationError,
    ReplayedMessageError,
    TooManyFormerRecordsError,
    UnknownCodeListValueError,
)
from jukinet.domain.identification import Sex
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule
from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.receive import receive_notices
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL_MIGRATIONS
from jukinet.municipal.usecases.find_former_record import FoundRecord, Sought, find_former_record
from jukinet.national.app import MIGRATIONS
from jukinet.national.usecases.list_former_records import MOST_LISTED, list_former_records
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.former_record import FormerRecordAnswer, FormerRecordQuery
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_server import Received
from tests.builders import (
    NOW,
    SETAGAYA,
    TOKYO,
    act,
    code,
    execute,
    individual_number,
    list_rows,
    message_id,
    notice,
    opened,
    received,
)
from tests.fixtures_postgres import MakeDatabase
from tests.integration.transport.network import Network, answering

NAME = "試験\u3000葵"
USES = """
    SELECT agency, resident_record_code, method, affair, official, asked_by, result, place
      FROM audit.use_log
     ORDER BY message_id, place
"""


@dataclass
class Nation:
    node: NodeDatabase
    database: Database
    asked: int = 0

    async def ask(self, *, number: int | None = None, **items: Any) -> FormerRecordAnswer:  # noqa: ANN401 - any item of it
        self.asked += 1
        defaults = {"procedure": "move_in_without_certificate", "operator": "clerk"}
        return await list_former_records(
            query=FormerRecordQuery(**{**defaults, **items}),
            municipality=SETAGAYA,
            message_id=message_id(number or self.asked),
            database=self.database,
            now=NOW,
        )

    async def uses(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, USES)


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    notices = [
        notice(1, individual_number=individual_number(1)),
        notice(1, 2, reason="move_out", individual_number=individual_number(1)),
        notice(2, name="試験\u3000茜"),
        notice(3, birth_date="1991-05-06", changed_on="1991-05-06"),
        notice(4, sex="1"),
    ]
    async with opened(node) as database:
        await receive_notices(
            received=received(
                tuple(notices), sender=TOKYO, receiver=NATIONAL, message_type="identification_forwarding"
            ),
            require_competent=lambda _: None,
            forwarding=None,
            database=database,
            now=NOW,
        )
        yield Nation(node, database)


async def add_namesakes(nation: Nation, count: int) -> None:
    await tell(nation, [notice(100 + number) for number in range(count)])


async def tell(nation: Nation, notices: Sequence[IdentificationNotice]) -> None:
    """Let the nation receive further notices."""
    async with opened(nation.node) as database:
        answer = await receive_notices(
            received=received(
                tuple(notices), sender=TOKYO, receiver=NATIONAL, message_type="identification_forwarding", number=2
            ),
            require_competent=lambda _: None,
            forwarding=None,
            database=database,
            now=NOW,
        )
    assert answer.applied == len(notices)


async def test_a_code_finds_its_latest_record(nation: Nation) -> None:
    answer = await nation.ask(resident_record_code=code(1))

    (record,) = answer.records
    assert (record.resident_record_code, record.individual_number) == (code(1), individual_number(1))
    assert (record.municipality, record.is_removed, record.update_sequence) == (SETAGAYA.code, True, 2)
    assert (record.name, record.address, answer.is_too_many) == (NAME, notice(1, 2).address, False)


async def test_name_birth_date_and_sex_together_find_a_person(nation: Nation) -> None:
    answer = await nation.ask(name=NAME, birth_date="1990-05-06", sex="2")

    assert [record.resident_record_code for record in answer.records] == [code(1)]


@pytest.mark.invariant("I7")
async def test_whoever_is_asked_for_by_a_code_that_was_changed_is_found_under_the_present_one(nation: Nation) -> None:
    changes = [
        notice(51, 2, previous_resident_record_code=code(2), reason="code_change_on_request"),
        notice(52, 3, previous_resident_record_code=code(51), reason="code_change_ex_officio"),
        notice(52, 4, reason="move_out"),
    ]
    await tell(nation, changes)

    answers = [await nation.ask(resident_record_code=code(number)) for number in (2, 51, 52)]

    found = [(one.resident_record_code, one.update_sequence) for answer in answers for one in answer.records]
    assert found == [(code(52), 4)] * 3
    assert [used[1] for used in await nation.uses()] == [code(52)] * 3


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_every_answer_is_on_the_use_log_of_each_person_it_shows(nation: Nation) -> None:
    await add_namesakes(nation, 2)

    await nation.ask(name=NAME, birth_date="1990-05-06", sex="2")
    await nation.ask(resident_record_code=code(88))

    shared = (SETAGAYA.text, "former_record", "move_in_without_certificate", "clerk")
    by_name = [
        (shared[0], found, *shared[1:], "name_and_birth_date", "found", place)
        for place, found in enumerate(sorted([code(1), code(100), code(101)]))
    ]
    by_code = (shared[0], code(88), *shared[1:], "resident_record_code", "not_found", 0)
    assert await nation.uses() == [*by_name, by_code]


@pytest.mark.invariant("I4")
async def test_nothing_is_answered_while_the_use_log_cannot_be_written(nation: Nation) -> None:
    await execute(nation.node, "ALTER TABLE audit.use_log RENAME TO use_log_gone")

    with pytest.raises(OperationError):
        await nation.ask(resident_record_code=code(1))


@pytest.mark.invariant("I4")
async def test_a_query_is_answered_once(nation: Nation) -> None:
    await nation.ask(resident_record_code=code(1), number=7)

    with pytest.raises(ReplayedMessageError):
        await nation.ask(resident_record_code=code(1), number=7)

    assert len(await nation.uses()) == 1


async def test_more_than_three_namesakes_are_not_listed(nation: Nation) -> None:
    await add_namesakes(nation, MOST_LISTED)

    answer = await nation.ask(name=NAME, birth_date="1990-05-06", sex="2")

    assert (answer.is_too_many, answer.records) == (True, ())
    assert [(found, result) for _, found, _, _, _, _, result, _ in await nation.uses()] == [(None, "not_found")]


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ({}, MissingItemError),
        ({"name": NAME, "birth_date": "1990-05-06"}, MissingItemError),
        ({"name": NAME, "sex": "2"}, MissingItemError),
        ({"resident_record_code": code(1), "name": NAME}, MissingItemError),
        ({"resident_record_code": code(1), "procedure": " "}, MissingItemError),
        ({"resident_record_code": "12345"}, JukinetError),
        ({"name": "", "birth_date": "1990-05-06", "sex": "2"}, MalformedNameError),
        ({"name": NAME, "birth_date": "1990-05-06", "sex": "x"}, UnknownCodeListValueError),
    ],
)
async def test_a_search_that_names_nobody_or_says_no_ground_is_refused(
    nation: Nation, items: dict[str, Any], error: type[JukinetError]
) -> None:
    with pytest.raises(error):
        await nation.ask(**items)

    assert await nation.uses() == []


async def find(nation: Nation, network: Network, sought: Sought, municipality: Database) -> tuple[FoundRecord, ...]:
    """Ask as a clerk in Setagaya does, over a real line."""

    async def answer(message: Received[Any]) -> FormerRecordAnswer:
        return await list_former_records(
            query=message.body,
            municipality=message.peer.name,
            message_id=message.envelope.message_id,
            database=nation.database,
            now=NOW,
        )

    async with answering(network, NATIONAL, endpoint=answer) as server:
        client = network.client(SETAGAYA, {NATIONAL: server.port}, network.revocations())
        async with client:
            return await find_former_record(sought=sought, client=client, database=municipality, act=act())


async def test_a_clerk_finds_the_code_and_the_residence_that_follows_over_the_line(
    nation: Nation, embedded_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    network = Network(tmp_path_factory.mktemp("network"))
    node = await embedded_database(MUNICIPAL_MIGRATIONS)
    sought = Sought(
        procedure=Procedure.MOVE_IN_WITHOUT_CERTIFICATE,
        name=NAME,
        birth_date=CivilDate.parse("1990-05-06"),
        sex=Sex.FEMALE,
    )

    async with opened(node) as database:
        (found,) = await find(nation, network, sought, database)

    assert (found.record.resident_record_code, found.next_residence) == (code(1), 1)
    assert first_of_residence(found.next_residence) > found.record.update_sequence
    assert code(1) not in repr(found)
    events = "SELECT event, actor, resident_record_code, detail->>'asked_by' FROM audit.event"
    assert await list_rows(node, events) == [("former_record:asked", "clerk", code(1), "name_and_birth_date")]
    assert len(await nation.uses()) == 1


@pytest.mark.parametrize("namesakes", [0, MOST_LISTED + 1])
async def test_finding_nobody_or_too_many_tells_the_clerk_what_to_do_and_is_on_the_log(
    nation: Nation, namesakes: int, embedded_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    network = Network(tmp_path_factory.mktemp("network"))
    await add_namesakes(nation, namesakes)
    node = await embedded_database(MUNICIPAL_MIGRATIONS)
    nobody = Sought(procedure=Procedure.MOVE_IN_FROM_ABROAD, resident_record_code=ResidentRecordCode(code(88)))
    many = Sought(
        procedure=Procedure.MOVE_IN_FROM_ABROAD,
        name=NAME,
        birth_date=CivilDate.parse("1990-05-06"),
        sex=Sex.FEMALE,
    )

    async with opened(node) as database:
        with pytest.raises(TooManyFormerRecordsError if namesakes else FormerRecordNotFoundError):
            await find(nation, network, many if namesakes else nobody, database)

    assert await list_rows(node, "SELECT detail->>'found' FROM audit.event") == [("0",)]
