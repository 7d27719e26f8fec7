"""Individual Numbers: one per live resident of the municipality that asks, the same when asked again, none twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from jukinet.domain.errors import MalformedRequestError, NotInForceError, ReplayedMessageError, SecretUnreadableError
from jukinet.domain.individual_number import TRIAL_ALLOTMENT_PREFIX, is_individual_number
from jukinet.domain.individual_number_derivation import KEY_BYTES, NumberDerivation
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule
from jukinet.national.app import MIGRATIONS
from jukinet.national.usecases.allot_individual_numbers import allot_individual_numbers
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.envelope import read_body
from jukinet.protocol.individual_number import (
    AllottedIndividualNumber,
    IndividualNumberChange,
    IndividualNumberRequest,
)
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.files import read_secret
from tests.builders import (
    MUSASHINO,
    NOW,
    SETAGAYA,
    code,
    execute,
    find_value,
    individual_number,
    list_rows,
    opened,
    received,
)
from tests.fixtures_postgres import MakeDatabase

DERIVATION = NumberDerivation(key=bytes(range(KEY_BYTES)), prefix=TRIAL_ALLOTMENT_PREFIX)
SAPPORO = NodeName.parse("municipal/011002")
A_WARD_OF_SAPPORO = "011011"
TAKEN = "SELECT count(*) FROM allotment.individual_number"


@dataclass
class Nation:
    node: NodeDatabase
    database: Database
    asked: int = 0

    async def ask(
        self,
        codes: Sequence[str] = (),
        changes: Sequence[tuple[str, str]] = (),
        *,
        sender: NodeName = SETAGAYA,
        number: int | None = None,
        now: datetime = NOW,
    ) -> tuple[AllottedIndividualNumber, ...]:
        self.asked += 1
        body = IndividualNumberRequest(
            resident_record_codes=tuple(codes),
            changes=tuple(
                IndividualNumberChange(resident_record_code=code, replaced_individual_number=replaced)
                for code, replaced in changes
            ),
        )
        message = received(
            body,
            sender=sender,
            receiver=NATIONAL,
            message_type="individual_number_request",
            number=number or self.asked,
        )
        allotment = await allot_individual_numbers(
            received=message, derivation=DERIVATION, database=self.database, now=now
        )
        return allotment.answers

    async def numbers(self, *codes: str, sender: NodeName = SETAGAYA) -> list[str | None]:
        return [answer.individual_number for answer in await self.ask(codes, sender=sender)]

    async def change(self, resident_record_code: str, replaced: str) -> str | None:
        (answer,) = await self.ask(changes=[(resident_record_code, replaced)])
        return answer.individual_number

    async def know(
        self,
        *codes: str,
        number: str | None = None,
        municipality: str = SETAGAYA.code,
        is_removed: bool = False,
    ) -> None:
        """Put residents on the national register, as M01 or the initial load would."""
        await execute(
            self.node,
            "INSERT INTO identification.record (resident_record_code, individual_number, name, kana, birth_date, sex,"
            " municipality, address, change_reason, changed_on, update_sequence, is_removed, received_at)"
            " SELECT unnest(%s::text[]), %s, 'x', '', '', '', %s, '', '', '', 1, %s, now()",
            [list(codes), number, municipality, is_removed],
        )


@pytest.fixture
async def nation(fresh_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await fresh_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
async def test_every_resident_of_a_full_request_gets_a_number_of_his_or_her_own(nation: Nation) -> None:
    codes = [code(number) for number in range(1000)]
    await nation.know(*codes)

    answers = await nation.ask(codes)

    assert [answer.resident_record_code for answer in answers] == codes
    numbers = [answer.individual_number or "" for answer in answers]
    assert len(set(numbers)) == 1000
    assert all(is_individual_number(number) and number.startswith(TRIAL_ALLOTMENT_PREFIX) for number in numbers)
    assert await find_value(nation.node, TAKEN) == 1000


async def test_who_asks_again_is_told_the_same_number_however_many_ask_at_once(nation: Nation) -> None:
    codes = [code(number) for number in range(20)]
    await nation.know(*codes)

    answers = await asyncio.gather(*[nation.numbers(*codes) for _ in range(6)])

    assert all(numbers == answers[0] for numbers in answers)
    assert await find_value(nation.node, TAKEN) == 20


async def test_a_code_named_twice_in_one_request_has_one_number(nation: Nation) -> None:
    await nation.know(code(1))

    first, second = await nation.numbers(code(1), code(1))

    assert first == second
    assert await find_value(nation.node, TAKEN) == 1


async def test_only_live_residents_of_the_municipality_that_asks_have_answers_and_others_are_all_alike(
    nation: Nation,
) -> None:
    await nation.know(code(1))
    await nation.know(code(2), municipality=MUSASHINO.code)
    await nation.know(code(3), is_removed=True)

    answers = await nation.ask([code(1), code(2), code(3), code(4), "nonsense"])

    assert answers[0].individual_number is not None
    assert {(answer.individual_number, answer.error_code) for answer in answers[1:]} == {(None, "not_found.resident")}
    assert await find_value(nation.node, TAKEN) == 1
    assert await list_rows(nation.node, "SELECT event, actor, detail FROM audit.event") == [
        ("individual_number:allotted", SETAGAYA.text, {"receiver": SETAGAYA.text, "answered": 1, "refused": 4})
    ]


async def test_a_designated_city_asks_for_the_residents_of_its_wards(nation: Nation) -> None:
    await nation.know(code(1), municipality=A_WARD_OF_SAPPORO)

    assert await nation.numbers(code(1), sender=SAPPORO) != [None]


async def test_a_number_that_came_with_the_initial_load_is_the_resident_s_number(nation: Nation) -> None:
    await nation.know(code(1), number=individual_number(1))

    assert await nation.numbers(code(1)) == [individual_number(1)]
    assert await find_value(nation.node, TAKEN) == 0


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
@pytest.mark.parametrize("is_removed", [False, True])
async def test_a_number_that_a_loaded_resident_has_is_passed_over(nation: Nation, *, is_removed: bool) -> None:
    first = DERIVATION.derive(ResidentRecordCode(code(1)), 1).value
    await nation.know(code(2), number=first, is_removed=is_removed)
    await nation.know(code(1))

    assert await nation.numbers(code(1)) == [DERIVATION.derive(ResidentRecordCode(code(1)), 2).value]


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_DERIVATION)
async def test_a_number_that_was_ever_given_is_passed_over(nation: Nation) -> None:
    first = DERIVATION.derive(ResidentRecordCode(code(1)), 1).value
    await execute(
        nation.node,
        "INSERT INTO allotment.individual_number VALUES (%s, %s, 7, '131121', now(), 'x')",
        [first, code(9)],
    )
    await nation.know(code(1))

    assert await nation.numbers(code(1)) == [DERIVATION.derive(ResidentRecordCode(code(1)), 2).value]


async def test_a_misused_number_is_changed_once_and_the_old_one_is_never_given_again(nation: Nation) -> None:
    await nation.know(code(1))
    (old,) = await nation.numbers(code(1))
    assert old is not None

    new = await nation.change(code(1), old)
    again = await nation.change(code(1), old)

    assert new != old
    assert again == new
    assert await nation.numbers(code(1)) == [new]
    assert await find_value(nation.node, TAKEN) == 2
    assert await list_rows(
        nation.node,
        "SELECT resident_record_code, detail FROM audit.event WHERE event = 'individual_number:replaced'",
    ) == [(code(1), {"receiver": SETAGAYA.text, "serial": 2})]
    assert await nation.change(code(1), new or "") not in {old, new, None}


async def test_a_loaded_number_that_is_changed_stays_taken_for_ever(nation: Nation) -> None:
    old = individual_number(1)
    await nation.know(code(1), number=old)

    new = await nation.change(code(1), old)

    assert new not in {old, None}
    assert (
        await find_value(
            nation.node, "SELECT serial FROM allotment.individual_number WHERE individual_number = %s", [old]
        )
        == 0
    )


async def test_a_change_that_names_somebody_else_s_number_is_refused(nation: Nation) -> None:
    await nation.know(code(1), code(2))
    first, second = await nation.numbers(code(1), code(2))

    (answer,) = await nation.ask(changes=[(code(1), second or "")])

    assert (answer.individual_number, answer.error_code) == (None, "conflict.individual_number")
    assert await nation.numbers(code(1)) == [first]


async def test_who_changed_the_resident_record_code_keeps_the_number_and_may_change_it(nation: Nation) -> None:
    await nation.know(code(1))
    (number,) = await nation.numbers(code(1))
    await execute(nation.node, "DELETE FROM identification.record")
    await nation.know(code(2), number=number)

    assert await nation.numbers(code(1), code(2)) == [None, number]
    new = await nation.change(code(2), number or "")
    assert new not in {number, None}
    assert await nation.change(code(2), number or "") == new


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
async def test_there_is_no_number_before_the_fifth_of_october_2015(nation: Nation) -> None:
    await nation.know(code(1))

    with pytest.raises(NotInForceError):
        await nation.ask([code(1)], now=datetime(2015, 10, 4, 14, 59, tzinfo=UTC))

    assert await nation.ask([code(1)], now=datetime(2015, 10, 4, 15, 0, tzinfo=UTC))


async def test_a_repeated_message_is_refused(nation: Nation) -> None:
    await nation.know(code(1))
    await nation.ask([code(1)], number=5)

    with pytest.raises(ReplayedMessageError):
        await nation.ask([code(1)], number=5)


async def test_nothing_printed_tells_a_code_or_a_number(nation: Nation) -> None:
    await nation.know(code(1))
    answers = await nation.ask([code(1)], [(code(1), individual_number(1))])

    printed = repr(answers) + repr(await list_rows(nation.node, "SELECT detail FROM audit.event"))
    assert code(1) not in printed
    assert (answers[0].individual_number or "?") not in printed


def test_a_request_for_more_than_a_thousand_is_not_of_the_form() -> None:
    body = msgspec.json.encode({"resident_record_codes": [code(1)] * 1001})

    with pytest.raises(MalformedRequestError):
        read_body(msgspec.Raw(body), msgspec.json.Decoder(IndividualNumberRequest))


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "individual-number.key"
    path.write_bytes(bytes(KEY_BYTES))
    path.chmod(0o644)

    with pytest.raises(SecretUnreadableError):
        read_secret(path)
