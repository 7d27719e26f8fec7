"""A query that is odd, or a number that two people have, harms neither the log nor anybody else's query."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from jukinet.domain.errors import (
    DuplicateIndividualNumberError,
    InternalError,
    JukinetError,
    MalformedRequestError,
    ReplayedMessageError,
)
from jukinet.domain.stated_grounds import StatedGround
from jukinet.national.app import MIGRATIONS
from jukinet.national.store import Question, confirm_persons
from jukinet.national.usecases import authorise_provision, confirm_person
from jukinet.protocol.confirmation import ConfirmationAnswer
from tests.builders import code, execute, individual_number, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_confirm_person import Nation, ask, by_number, person, query

SAME_NUMBER = "UPDATE identification.record SET individual_number = %s"


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


@pytest.mark.parametrize("item", ["purpose", "matter_number", "official"])
@pytest.mark.parametrize(
    "text", ["年金\x00", "年金\n支給", "\x1b[2J年金", "年金\u202e", "年金\u200b支給", "\ufeff年金", "年金\ue000"]
)
async def test_a_ground_that_nobody_could_read_on_the_log_is_refused(nation: Nation, item: str, text: str) -> None:
    with pytest.raises(MalformedRequestError) as caught:
        await ask(nation.desk(), query(1, **{item: text}))

    assert caught.value.field == item
    assert await nation.log() == []


async def test_a_wide_space_and_variant_characters_may_stand_in_a_ground(nation: Nation) -> None:
    answer = await ask(nation.desk(), query(1, purpose="年金の\u3000支給", official="渡邉\U000e0101"))

    assert answer.result == "not_found"


@pytest.mark.invariant("I4")
async def test_a_query_the_database_cannot_log_is_refused_alone(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Should an odd text ever pass the form, it still spoils nobody else's query of the same batch.
    def let_pass(_: StatedGround) -> None:
        return

    monkeypatch.setattr(authorise_provision, "require_stated", let_pass)
    await nation.know(*[person(number) for number in range(40)])
    desk = nation.desk()

    async def one(number: int) -> ConfirmationAnswer | JukinetError:
        try:
            return await ask(desk, query(number, purpose="\x00" if number == 17 else "年金の支給"), number)
        except JukinetError as error:
            return error

    answers = await asyncio.gather(*[one(number) for number in range(40)])

    assert isinstance(answers.pop(17), InternalError)
    assert all(isinstance(answer, ConfirmationAnswer) for answer in answers)
    assert len(await nation.log()) == 39


async def test_replayed_ids_among_many_cost_a_few_statements_and_not_one_each(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await nation.know(person(1))
    desk = nation.desk()
    await ask(desk, query(1), 50)
    statements = 0

    async def counted(*arguments: object, **named: object) -> object:
        nonlocal statements
        statements += 1
        return await confirm_persons(*arguments, **named)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(confirm_person, "confirm_persons", counted)

    answers = await asyncio.gather(*[ask(desk, query(1), number) for number in range(100)], return_exceptions=True)

    assert [number for number, answer in enumerate(answers) if isinstance(answer, ReplayedMessageError)] == [50]
    assert statements <= 20


@pytest.mark.invariant("I7")
async def test_a_number_that_two_live_people_have_answers_for_neither(nation: Nation) -> None:
    await nation.know(person(1), person(2))
    await execute(nation.node, SAME_NUMBER, [individual_number(3)])
    desk = nation.desk()

    with pytest.raises(DuplicateIndividualNumberError):
        await ask(desk, by_number(3))

    assert [(row[2], row[9], row[10]) for row in await nation.log()] == [(None, "not_found", "")]
    assert (await ask(desk, query(1), 2)).result == "found"


@pytest.mark.invariant("I7")
async def test_a_number_answers_for_its_live_resident_whatever_the_removed_one_had(nation: Nation) -> None:
    await nation.know(person(1), person(2))
    await execute(nation.node, SAME_NUMBER, [individual_number(3)])
    await execute(
        nation.node, "UPDATE identification.record SET is_removed = true WHERE resident_record_code = %s", [code(1)]
    )

    answer = await ask(nation.desk(), by_number(3))

    assert answer.person is not None
    assert (answer.person.address, answer.person.is_removed) == (person(2).address, False)
    assert [row[2] for row in await nation.log()] == [code(2)]


def test_a_question_shows_nobody_in_its_repr() -> None:
    question = Question(
        message_id=message_id(),
        agency="agency/nenkin",
        key=code(1),
        affair="1-1-1",
        purpose="年金の支給",
        matter_number="1",
        official="official",
        office=None,
        ground="住民基本台帳法第30条の9",
        method="real_time",
        items="name",
    )

    assert code(1) not in repr(question)
