"""Reports of doubt from the organ to the municipality and back: every hop, lost answers, and what is kept where."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, timedelta
from typing import Final, cast

import msgspec
import pytest

from jukinet.agency.doubt_store import Reporter
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtState, answer_due_on
from jukinet.domain.errors import (
    DoubtAnsweredError,
    DoubtNotCorrectedError,
    IdempotencyKeyError,
    MissingItemError,
    PeerNotPermittedError,
)
from jukinet.domain.rules import Rule
from jukinet.municipal.usecases.answer_doubt import answer_doubt
from jukinet.national.usecases.tell_doubt_statuses import tell_doubt_statuses
from jukinet.postgres.database import Database
from jukinet.prefectural.usecases.hand_on_doubts import hand_on_doubt_answers, require_own
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.doubts import DoubtAnswer, DoubtReferral, DoubtStatusQuery
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import PASSPORT, PENSION, TOKYO, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.doubts.parties import Parties, opened_parties
from tests.integration.web.municipality import CHIYODA, HANAKO, RESIDENTS, TARO, TODAY

KEPT: Final = "SELECT organ, office, due_on FROM register.doubt_report WHERE report_number = %s"
STATE: Final = "SELECT state FROM register.doubt_report WHERE report_number = %s"
STATE_OF_NATION: Final = "SELECT state FROM doubt.report WHERE report_number = %s"
HELD: Final = "SELECT stated->>'address' FROM register.doubt_report WHERE report_number = %s"
RECEIVED: Final = "SELECT count(*) FROM audit.event WHERE event = 'doubt:received' AND detail->>'report_number' = %s"
REPORTS_OF_USE: Final = "SELECT report_number FROM request.doubt_report WHERE use_log_id = %s"
ELSEWHERE: Final = "東京都千代田区一番町9番地"
#: Everything a node wrote, as text.
_EVERYTHING: Final = {
    PENSION: (
        "SELECT concat(report.*, event.*) FROM request.doubt_report AS report FULL JOIN audit.event ON false",
        "SELECT convert_from(notices, 'UTF8') FROM delivery.outbox",
    ),
    NATIONAL: (
        "SELECT concat(report.*, event.*) FROM doubt.report FULL JOIN audit.event ON false",
        "SELECT convert_from(notices, 'UTF8') FROM delivery.outbox",
    ),
    TOKYO: (
        "SELECT concat(event.*) FROM audit.event",
        "SELECT convert_from(notices, 'UTF8') FROM delivery.outbox",
    ),
}


@pytest.fixture
async def parties(embedded_database: MakeDatabase) -> AsyncGenerator[Parties]:
    async with opened_parties(embedded_database) as opened:
        yield opened


async def answer(parties: Parties, report: str, outcome: DoubtState, *, days: int | None = None) -> None:
    await answer_doubt(
        doubt_number=await parties.doubt_number(report),
        outcome=outcome,
        expected_on=None if days is None else civil_day(parties.now) + timedelta(days=days),
        operator_id="clerk",
        node=CHIYODA,
        database=parties.databases[CHIYODA],
        now=parties.now,
    )


async def test_a_doubt_reaches_the_clerk_and_the_answer_the_organ(parties: Parties) -> None:
    report = await parties.report(await parties.provide(HANAKO), office="支給課", contact="03-0000-0000")
    assert (await parties.states())[report] == "reported"

    await parties.carry()
    referred = (await parties.states())[report]
    ((organ, office, due_on),) = await parties.rows(CHIYODA, KEPT, report)
    await answer(parties, report, DoubtState.UNDER_INVESTIGATION, days=30)
    await parties.carry()
    investigated = (await parties.states())[report]
    await answer(parties, report, DoubtState.RECORD_IS_RIGHT)
    await parties.carry()

    assert (referred, investigated) == ("referred", "under_investigation")
    assert (organ, office) == ("日本年金機構", "支給課")
    assert due_on == answer_due_on(civil_day(TODAY))
    assert (await parties.states())[report] == "record_is_right"


@pytest.mark.invariant("I3")
async def test_what_is_said_again_because_its_answer_was_lost_is_one_report_and_one_answer(parties: Parties) -> None:
    said: Counter[str] = Counter()

    def lose_the_first(message_type: str) -> bool:
        said[message_type] += 1
        return message_type != "doubt_status" and said[message_type] == 1

    parties.lose = lose_the_first
    report = await parties.report(await parties.provide(HANAKO))
    await parties.carry()
    await answer(parties, report, DoubtState.RECORD_IS_RIGHT)
    await parties.carry()

    assert min(said[one] for one in said if one != "doubt_status") == 2
    assert len(said) == 6
    assert await parties.rows(NATIONAL, STATE_OF_NATION, report) == [("record_is_right",)]
    assert await parties.rows(CHIYODA, STATE, report) == [("record_is_right",)]
    assert await parties.rows(CHIYODA, RECEIVED, report) == [(1,)]


@pytest.mark.rule(Rule.DOUBT_ONLY_OF_WHAT_WAS_GIVEN)
async def test_an_organ_doubts_only_its_own_uses_and_the_items_it_was_given(parties: Parties) -> None:
    of_others = await parties.report(await parties.provide(HANAKO, agency=PASSPORT))
    use = await parties.provide(HANAKO, items="name,change")
    beyond = await parties.report(use, reason="differs", items=("address",))
    given = await parties.report(use, reason="differs", items=("name",))

    await parties.carry()

    rows = await parties.rows(PENSION, "SELECT report_number, state, error_code FROM request.doubt_report")
    found = {number: (state, code) for number, state, code in rows}
    assert found[of_others] == ("refused", "not_found.use")
    assert found[beyond] == ("refused", "permission.doubt_beyond_provision")
    assert found[given] == ("referred", None)
    assert await parties.rows(CHIYODA, STATE, beyond) == []


@pytest.mark.invariant("I5")
async def test_an_organ_that_doubts_is_not_told_where_the_person_lives_now(parties: Parties) -> None:
    report = await parties.report(await parties.provide(HANAKO, items="name"))
    await parties.carry()
    await answer(parties, report, DoubtState.RECORD_IS_RIGHT)
    await parties.carry()

    told = await tell_doubt_statuses(
        query=DoubtStatusQuery(report_numbers=(report,)), agency=PENSION, database=parties.databases[NATIONAL]
    )
    known = [await parties.rows(PENSION, statement) for statement in _EVERYTHING[PENSION]]

    assert told.reports[0].state == "record_is_right"
    assert CHIYODA.code not in msgspec.json.encode(told).decode()
    assert CHIYODA.code not in str(known)


@pytest.mark.invariant("I11")
async def test_a_doubt_of_a_use_that_is_withheld_names_nobody_who_made_it(parties: Parties) -> None:
    use = await parties.provide(HANAKO, withheld_until=civil_day(TODAY) + timedelta(days=90))
    parties.now += timedelta(hours=5)
    report = await parties.report(use, office="捜査第一課", contact="03-0000-0000")
    await parties.carry()

    ((kept,),) = await parties.rows(CHIYODA, "SELECT kept::text FROM register.doubt_report AS kept")
    ((state,),) = await parties.rows(CHIYODA, STATE, report)

    assert state == "referred"
    for betrays in ("日本年金機構", "捜査第一課", "03-0000-0000", f"{TODAY.astimezone(UTC):%Y-%m-%d %H:%M}"):
        assert betrays not in kept


@pytest.mark.parametrize(
    "doubt",
    [
        Doubt(use_log_id="1", reason="differs", evidence="visit"),
        Doubt(use_log_id="1", reason="deceased", evidence="visit", items=("name",)),
        Doubt(
            use_log_id="1", reason="differs", evidence="visit", items=("sex",), stated=StatedItems(name="山田　華子")
        ),
        Doubt(use_log_id=" ", reason="deceased", evidence="visit"),
    ],
)
async def test_nothing_is_stated_but_what_is_doubted(doubt: Doubt) -> None:
    reporter = Reporter(official="a1234", matter_number="年金-1")
    with pytest.raises(MissingItemError):
        # It is refused before any database is asked for.
        await report_doubt(doubt=doubt, reporter=reporter, database=cast("Database", None), now=TODAY)


@pytest.mark.rule(Rule.DOUBT_IS_ANSWERED)
async def test_corrected_is_answered_only_after_a_correction_and_only_once(parties: Parties) -> None:
    report = await parties.report(await parties.provide(TARO), evidence="returned_mail")
    await parties.carry()

    with pytest.raises(DoubtNotCorrectedError):
        await answer(parties, report, DoubtState.CORRECTED)
    with pytest.raises(MissingItemError):
        await answer(parties, report, DoubtState.UNDER_INVESTIGATION)
    await parties.change(TARO)
    await answer(parties, report, DoubtState.CORRECTED)
    with pytest.raises(DoubtAnsweredError):
        await answer(parties, report, DoubtState.RECORD_IS_RIGHT)
    await parties.carry()

    assert (await parties.states())[report] == "corrected"


async def test_what_the_organ_holds_is_with_the_municipality_alone_until_the_last_answer(parties: Parties) -> None:
    stated = StatedItems(address=ELSEWHERE)
    use = await parties.provide(HANAKO)
    report = await parties.report(use, reason="differs", evidence="returned_mail", items=("address",), stated=stated)
    await parties.carry()

    written = [
        text
        for name, statements in _EVERYTHING.items()
        for one in statements
        for (text,) in await parties.rows(name, one)
    ]
    held = await parties.rows(CHIYODA, HELD, report)
    await answer(parties, report, DoubtState.RECORD_IS_RIGHT)
    await parties.carry()

    assert written
    assert [text for text in written if ELSEWHERE in text] == []
    assert held == [(ELSEWHERE,)]
    assert await parties.rows(CHIYODA, HELD, report) == [(None,)]


async def test_the_same_key_is_the_same_report_and_another_content_is_refused(parties: Parties) -> None:
    use = await parties.provide(HANAKO)

    first = await parties.report(use, key="0123456789abcdef")
    again = await parties.report(use, key="0123456789abcdef")
    with pytest.raises(IdempotencyKeyError):
        await parties.report(use, key="0123456789abcdef", evidence="visit")

    assert first == again
    assert len(await parties.rows(PENSION, REPORTS_OF_USE, use)) == 1


@pytest.mark.rule(Rule.ERRORS_ARE_REPORTED_TO_THE_MUNICIPALITY)
async def test_an_answer_of_no_possible_day_is_set_apart_and_stops_nothing(parties: Parties) -> None:
    answers = [
        DoubtAnswer(
            notice_number=f"0193f3a0-0000-7000-8000-{number:012d}",
            report_number="0193f3a0-0000-7000-8000-000000000009",
            municipality=CHIYODA.code,
            outcome="record_is_right",
            answered_on=day,
        )
        for number, day in enumerate(["tomorrow", "2026-11-20"])
    ]

    await hand_on_doubt_answers(
        received=received(tuple(answers), sender=CHIYODA, receiver=TOKYO, message_type="doubt_answer", number=9_000),
        database=parties.databases[TOKYO],
        now=parties.now,
    )

    ((events,),) = await parties.rows(TOKYO, "SELECT count(*) FROM audit.event WHERE event = 'doubt:answered'")
    assert events == 1


def test_a_prefecture_hands_on_to_its_own_municipalities_alone() -> None:
    number = "0193f3a0-0000-7000-8000-000000000000"
    referral = DoubtReferral(
        notice_number=number,
        report_number=number,
        resident_record_code=RESIDENTS[0].resident_record_code,
        municipality=CHIYODA.code,
        organ="日本年金機構",
        reason="deceased",
        evidence="statement",
        provided_at=TODAY,
        reported_on="2026-11-20",
        due_on="2026-12-04",
    )

    require_own(referral, TOKYO)
    with pytest.raises(PeerNotPermittedError):
        require_own(referral, NodeName.parse("prefectural/200000"))
