"""One person confirmed to an agency: the right one, to those who may, after the use is on the log (I4, I5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from jukinet.devnet.federation import wait_until
from jukinet.domain.clock import Clock
from jukinet.domain.errors import (
    AffairNotListedError,
    BusyError,
    IndividualNumberCheckDigitError,
    InternalError,
    InvalidValueError,
    JukinetError,
    MalformedResidentRecordCodeError,
    MissingItemError,
    NotInForceError,
    OperationError,
    ReplayedMessageError,
    ResidentRecordCodeCheckDigitError,
)
from jukinet.domain.rules import Rule
from jukinet.identification.receive import receive_notices
from jukinet.national import micro_batches
from jukinet.national.app import MIGRATIONS
from jukinet.national.endpoints import require_competent
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.provision_gate import ProvisionGate
from jukinet.national.search_key_store import keep_search_keys
from jukinet.national.usecases import confirm_person
from jukinet.national.usecases.confirm_person import ConfirmationDesk
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.postgres.database import Database, connect
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import (
    NOW,
    ORGANS,
    PASSPORT,
    PASSPORT_AFFAIR,
    PENSION,
    PENSION_AFFAIR,
    TOKYO,
    code,
    execute,
    find_value,
    individual_number,
    list_rows,
    message_id,
    notice,
    opened,
    received,
)
from tests.fixtures_postgres import MakeDatabase

PEOPLE = 200
UNLIMITED = RateLimit(1_000_000, 1_000_000)
LOG = """
    SELECT message_id, agency, resident_record_code, method, affair, purpose, matter_number, official, asked_by, result,
           items
      FROM audit.use_log
     ORDER BY message_id
"""
_COUNT_LOG = "SELECT count(*) FROM audit.use_log"


def query(number: int | None = 1, **items: Any) -> ConfirmationQuery:  # noqa: ANN401 - any item of a query
    defaults: dict[str, Any] = {
        "resident_record_code": None if number is None else code(number),
        "affair": PENSION_AFFAIR,
        "purpose": "年金の支給",
        "matter_number": "年金-1",
        "official": "official",
    }
    return ConfirmationQuery(**{**defaults, **items})


def by_number(number: int, **items: Any) -> ConfirmationQuery:  # noqa: ANN401 - any item of a query
    return query(None, individual_number=individual_number(number), **items)


def person(number: int, sequence: int = 1, **items: Any) -> IdentificationNotice:  # noqa: ANN401 - any item of it
    address = f"東京都世田谷区太子堂一丁目{number + 1}番1号"
    return notice(number, sequence, **{"individual_number": individual_number(number), "address": address, **items})


@dataclass
class Nation:
    """The store of the national node, and the desk that answers agencies."""

    node: NodeDatabase
    database: Database
    messages: int = 0

    def gate(self, clock: Clock = lambda: NOW, limit: RateLimit = UNLIMITED) -> ProvisionGate:
        law = LawKeeper(self.database)
        limits = RateLimits(limit, {})
        return ProvisionGate(organs=ORGANS, law=law, limits=limits, database=self.database, clock=clock)

    def desk(self, clock: Clock = lambda: NOW, limit: RateLimit = UNLIMITED) -> ConfirmationDesk:
        return ConfirmationDesk(database=self.database, clock=clock, gate=self.gate(clock, limit))

    async def know(self, *people: IdentificationNotice) -> None:
        self.messages += 1
        message = received(
            people,
            sender=TOKYO,
            receiver=NATIONAL,
            message_type="identification_forwarding",
            number=self.messages,
        )
        answer = await receive_notices(
            received=message,
            require_competent=lambda one: require_competent(TOKYO, one),
            forwarding=None,
            database=self.database,
            now=NOW,
            follow=keep_search_keys,
        )
        assert answer.applied == len(people)

    async def log(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, LOG)


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


async def is_true(node: NodeDatabase, question: str) -> bool:
    return bool(await find_value(node, question))


async def ask(
    desk: ConfirmationDesk, asked: ConfirmationQuery, number: int = 1, agency: NodeName = PENSION
) -> ConfirmationAnswer:
    return await desk.confirm_person(asked, agency=agency, message_id=message_id(number))


@pytest.mark.parametrize("asked", [query(3), by_number(3)], ids=["by code", "by number"])
async def test_a_recorded_person_is_found_with_the_items_and_the_change(
    nation: Nation, asked: ConfirmationQuery
) -> None:
    known = person(3, former_surname="渡邉", alias=None)
    await nation.know(person(2), known, person(4))

    answer = await ask(nation.desk(), asked)

    assert answer.result == "found"
    assert answer.use_log_id == message_id(1)
    found = answer.person
    assert found is not None
    for item in ("name", "kana", "former_surname", "alias", "birth_date", "sex", "address", "reason", "changed_on"):
        assert getattr(found, item) == getattr(known, item)
    assert found.is_removed is False


@pytest.mark.parametrize("asked", [query(3), by_number(3)], ids=["by code", "by number"])
async def test_a_person_whose_record_was_removed_is_found_as_removed(nation: Nation, asked: ConfirmationQuery) -> None:
    await nation.know(person(3), person(3, 2, reason="death"))

    answer = await ask(nation.desk(), asked)

    assert answer.person is not None
    assert (answer.person.is_removed, answer.person.reason) == (True, "death")


async def test_a_person_nobody_recorded_is_not_found_and_the_question_is_on_the_log(nation: Nation) -> None:
    desk = nation.desk()

    answers = [await ask(desk, query(9), 1), await ask(desk, by_number(9), 2)]

    assert [(answer.result, answer.person) for answer in answers] == [("not_found", None)] * 2
    assert [(row[2], row[8], row[9], row[10]) for row in await nation.log()] == [
        (code(9), "resident_record_code", "not_found", ""),
        (None, "individual_number", "not_found", ""),
    ]


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_the_log_says_who_asked_for_whom_why_and_what_was_given(nation: Nation) -> None:
    await nation.know(person(3))

    await ask(nation.desk(), by_number(3))

    items = "name,birth_date,sex,address,change"
    assert await nation.log() == [
        (
            message_id(1), PENSION.text, code(3), "real_time", PENSION_AFFAIR, "年金の支給", "年金-1", "official",
            "individual_number", "found", items,
        )
    ]  # fmt: skip


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_while_the_log_cannot_be_written_no_answer_leaves(nation: Nation) -> None:
    await nation.know(person(3))
    async with connect(nation.node.owner) as other, other.transaction():
        await other.execute("LOCK TABLE audit.use_log IN SHARE MODE")

        asking = asyncio.create_task(ask(nation.desk(), query(3)))
        waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'audit.use_log'::regclass"
        assert await wait_until(lambda: is_true(nation.node, waiting), 10)
        is_answered_before = asking.done()

    answer = await asking
    assert is_answered_before is False
    assert answer.result == "found"
    assert (await list_rows(nation.node, _COUNT_LOG))[0][0] == 1


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
@pytest.mark.parametrize("moment", ["at the insert", "at the commit"])
async def test_a_log_entry_that_fails_leaves_nobody_answered(nation: Nation, moment: str) -> None:
    await nation.know(person(3), person(4))
    await execute(
        nation.node,
        "CREATE FUNCTION audit.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
    )
    timing = "DEFERRABLE INITIALLY DEFERRED" if moment == "at the commit" else "NOT DEFERRABLE"
    await execute(
        nation.node,
        f"CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON audit.use_log {timing} "
        "FOR EACH ROW EXECUTE FUNCTION audit.fail()",
    )
    desk = nation.desk()

    answers = await asyncio.gather(ask(desk, query(3), 1), ask(desk, query(4), 2), return_exceptions=True)

    assert [type(answer) for answer in answers] == [InternalError, InternalError]
    assert await nation.log() == []


@pytest.mark.invariant("I4")
async def test_the_entry_is_there_for_others_when_the_answer_is(nation: Nation) -> None:
    await nation.know(*[person(number) for number in range(20)])
    desk = nation.desk()

    async def ask_and_look(number: int) -> bool:
        answer = await ask(desk, query(number), number)
        rows = await list_rows(nation.node, _COUNT_LOG + " WHERE message_id = %s", [answer.use_log_id])
        return rows == [(1,)]

    assert all(await asyncio.gather(*[ask_and_look(number) for number in range(20)]))


@pytest.mark.invariant("I4")
async def test_two_hundred_questions_at_once_get_two_hundred_right_answers_and_entries(nation: Nation) -> None:
    await nation.know(*[person(number) for number in range(PEOPLE)])
    desk = nation.desk()
    questions = [query(number) if number % 2 else by_number(number) for number in range(PEOPLE)]

    answers = await asyncio.gather(*[ask(desk, one, number) for number, one in enumerate(questions)])

    for number, answer in enumerate(answers):
        assert answer.use_log_id == message_id(number)
        assert answer.person is not None
        assert answer.person.address == person(number).address
    log = {row[0]: row[2] for row in await nation.log()}
    assert log == {message_id(number): code(number) for number in range(PEOPLE)}


async def test_the_same_person_asked_for_by_many_at_once_is_logged_once_each(nation: Nation) -> None:
    await nation.know(person(3))
    desk = nation.desk()

    answers = await asyncio.gather(*[ask(desk, query(3), number) for number in range(50)])

    assert {answer.result for answer in answers} == {"found"}
    assert len(await nation.log()) == 50


@pytest.mark.invariant("I3")
async def test_a_replayed_id_is_refused_alone_among_good_ones(nation: Nation) -> None:
    await nation.know(*[person(number) for number in range(10)])
    desk = nation.desk()
    await ask(desk, query(5), 5)

    answers = await asyncio.gather(*[ask(desk, query(number), number) for number in range(10)], return_exceptions=True)

    refused = [number for number, answer in enumerate(answers) if isinstance(answer, BaseException)]
    assert refused == [5]
    assert isinstance(answers[5], ReplayedMessageError)
    assert len(await nation.log()) == 10


async def test_the_same_id_twice_at_once_is_answered_once(nation: Nation) -> None:
    await nation.know(person(1))
    desk = nation.desk()

    answers = await asyncio.gather(*[ask(desk, query(1), 7) for _ in range(3)], return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["ConfirmationAnswer"] + ["ReplayedMessageError"] * 2
    assert len(await nation.log()) == 1


async def test_two_agencies_may_choose_the_same_id(nation: Nation) -> None:
    await nation.know(person(1), person(2))
    desk = nation.desk()

    first, second = await asyncio.gather(
        ask(desk, query(1), 7), ask(desk, query(2, affair=PASSPORT_AFFAIR), 7, agency=PASSPORT)
    )

    assert first.person is not None
    assert second.person is not None
    assert (first.person.address, second.person.address) == (person(1).address, person(2).address)


@pytest.mark.invariant("I5")
@pytest.mark.rule(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR)
@pytest.mark.parametrize(
    ("asked", "agency", "expected", "field"),
    [
        (query(affair=PASSPORT_AFFAIR), PENSION, AffairNotListedError, "affair"),
        (query(affair="9-999-9"), PENSION, AffairNotListedError, "affair"),
        (query(affair="x"), PENSION, AffairNotListedError, "affair"),
        (query(), NodeName.parse("agency/nobody"), AffairNotListedError, "sender"),
        (query(individual_number=individual_number(1)), PENSION, MissingItemError, "resident_record_code"),
        (query(None), PENSION, MissingItemError, "resident_record_code"),
        (query(resident_record_code="123"), PENSION, MalformedResidentRecordCodeError, None),
        (query(resident_record_code=""), PENSION, MalformedResidentRecordCodeError, None),
        (query(purpose=" "), PENSION, MissingItemError, "purpose"),
        (query(matter_number=""), PENSION, MissingItemError, "matter_number"),
        (query(official="x" * 201), PENSION, MissingItemError, "official"),
        (query(purpose="a\x00b"), PENSION, InvalidValueError, "purpose"),
        (query(matter_number="a\nb"), PENSION, InvalidValueError, "matter_number"),
    ],
)
async def test_what_the_law_or_the_form_does_not_allow_is_refused_and_not_answered(
    nation: Nation, asked: ConfirmationQuery, agency: NodeName, expected: type[JukinetError], field: str | None
) -> None:
    await nation.know(person(1))

    with pytest.raises(expected) as caught:
        await ask(nation.desk(), asked, agency=agency)

    if field is not None:
        assert caught.value.field == field
    assert await nation.log() == []


async def test_a_mistyped_key_is_told_by_its_check_digit_and_not_repeated(nation: Nation) -> None:
    mistyped_code = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)
    mistyped_number = individual_number(1)[:-1] + str((int(individual_number(1)[-1]) + 1) % 10)

    with pytest.raises(ResidentRecordCodeCheckDigitError) as by_code:
        await ask(nation.desk(), query(resident_record_code=mistyped_code))
    with pytest.raises(IndividualNumberCheckDigitError) as of_number:
        await ask(nation.desk(), query(None, individual_number=mistyped_number))

    assert mistyped_code not in str(by_code.value)
    assert mistyped_number not in str(of_number.value)


async def test_a_key_as_people_write_it_is_understood(nation: Nation) -> None:
    await nation.know(person(1))
    wide = code(1).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})

    assert (await ask(nation.desk(), query(resident_record_code=wide))).result == "found"


@pytest.mark.invariant("I12")
@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
async def test_before_the_individual_number_nobody_is_found_by_one(nation: Nation) -> None:
    await nation.know(person(1, individual_number=None))

    def in_2013() -> datetime:
        return datetime(2013, 1, 1, tzinfo=UTC)

    desk = nation.desk(in_2013)
    with pytest.raises(NotInForceError) as caught:
        await ask(desk, by_number(1))

    assert caught.value.field == "individual_number"
    assert (await ask(desk, query(1))).result == "found"


async def test_what_is_more_than_can_wait_is_refused_at_once(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    await nation.know(person(1))
    desk = nation.desk()
    # The law is in memory from the first question on.
    await ask(desk, query(1), 99)
    monkeypatch.setattr(micro_batches, "_MOST_WAITING", 5)

    answers = await asyncio.gather(*[ask(desk, query(1), number) for number in range(20)], return_exceptions=True)

    busy = [answer for answer in answers if isinstance(answer, BusyError)]
    assert len(busy) == 15
    assert len(await nation.log()) == 1 + 5


async def test_a_question_that_was_given_up_keeps_nobody_waiting(nation: Nation) -> None:
    await nation.know(person(1), person(2))
    desk = nation.desk()
    given_up = asyncio.create_task(ask(desk, query(1), 1))
    asking = asyncio.create_task(ask(desk, query(2), 2))
    await asyncio.sleep(0)

    given_up.cancel()

    assert (await asking).result == "found"
    assert (await ask(desk, query(1), 3)).result == "found"


async def test_when_the_database_is_away_everybody_is_told_and_later_answered_again(nation: Nation) -> None:
    await nation.know(person(1))
    desk = nation.desk()
    await execute(nation.node, "ALTER TABLE audit.use_log RENAME TO use_log_away")

    answers = await asyncio.gather(*[ask(desk, query(1), number) for number in range(5)], return_exceptions=True)
    await execute(nation.node, "ALTER TABLE audit.use_log_away RENAME TO use_log")

    assert all(isinstance(answer, OperationError) for answer in answers)
    assert (await ask(desk, query(1), 9)).result == "found"


async def test_an_unexpected_failure_leaves_nobody_waiting_for_ever(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> dict[str, tuple[Any, ...]]:
        raise RuntimeError

    monkeypatch.setattr(confirm_person, "confirm_persons", fail)

    # The line answers it as an internal error, without its text.
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(ask(nation.desk(), query(1)), 5)
