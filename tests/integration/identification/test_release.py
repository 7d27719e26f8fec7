"""What an operator does with a notice in quarantine, and what then becomes of those behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from jukinet.domain.errors import (
    CharacterOutsideRepertoireError,
    ConflictError,
    JukinetError,
    MalformedRequestError,
    QuarantinedRecordNotFoundError,
)
from jukinet.identification.release import Settlement, dismiss_notice, release_notice
from jukinet.prefectural.app import MIGRATIONS
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from tests.builders import NOW, code, notice, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.identification.test_receive import EVERYTHING, HISTORY, RECORD, Prefecture

BAD = "葵\ufffd"


@pytest.fixture
async def prefecture(embedded_database: MakeDatabase) -> AsyncIterator[Prefecture]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Prefecture(node, database)


def settlement(arrival: int) -> Settlement:
    return Settlement(
        arrival=arrival,
        operator_id="operator",
        now=NOW,
        forwarding=FORWARDING,
        require_competent=require_competent,
    )


async def release(prefecture: Prefecture, arrival: int, corrections: Mapping[str, str | int | None]) -> None:
    await release_notice(settlement=settlement(arrival), corrections=corrections, database=prefecture.database)


async def quarantined(prefecture: Prefecture) -> int:
    (row,) = await prefecture.rows("SELECT arrival FROM delivery.held_notice WHERE state = 'quarantined'")
    return int(row[0])


@pytest.mark.invariant("I2")
async def test_a_corrected_notice_is_applied_with_everything_that_waited_behind_it(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2, name=BAD), notice(1, 3), notice(1, 4))

    await release(prefecture, await quarantined(prefecture), {"name": "試験\u3000茜"})

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 4
    assert await prefecture.rows(HISTORY, code(1)) == [(1,), (2,), (3,)]
    assert [(one.update_sequence, one.name) for one in await prefecture.forwarded()][1:3] == [
        (2, "試験\u3000茜"),
        (3, notice().name),
    ]
    assert await prefecture.rows("SELECT state, settled_by FROM delivery.held_notice ORDER BY update_sequence") == [
        ("applied", "operator"),
        ("applied", "order"),
        ("applied", "order"),
    ]


async def test_a_notice_is_released_as_it_is_once_the_reason_is_gone(prefecture: Prefecture) -> None:
    # What stood in the way was the competence; meanwhile it has been put right.
    await prefecture.tell(notice(1, municipality="132039"))

    settled = settlement(await quarantined(prefecture))
    permitted = Settlement(
        arrival=settled.arrival,
        operator_id="operator",
        now=NOW,
        forwarding=None,
        require_competent=lambda _sender, _notice: None,
    )
    await release_notice(settlement=permitted, corrections={}, database=prefecture.database)

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 1
    assert ("quarantine:released",) in await prefecture.rows("SELECT event FROM audit.event")


async def test_a_notice_that_is_still_wrong_stays_and_nothing_else_changes(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, name=BAD))
    before = await prefecture.rows(EVERYTHING)
    arrival = await quarantined(prefecture)

    with pytest.raises(CharacterOutsideRepertoireError) as caught:
        await release(prefecture, arrival, {"name": "まだ\ufffd"})

    assert caught.value.field == "name"
    assert "\ufffd" not in str(caught.value)
    assert await prefecture.rows(EVERYTHING) == before
    assert await quarantined(prefecture) == arrival


@pytest.mark.parametrize(
    "corrections", [{"salary": "1"}, {"name": None}, {"update_sequence": "x"}, {"update_sequence": 2**31}]
)
async def test_a_correction_that_no_notice_has_is_refused(
    prefecture: Prefecture, corrections: Mapping[str, str | int | None]
) -> None:
    await prefecture.tell(notice(1, name=BAD))

    with pytest.raises(MalformedRequestError):
        await release(prefecture, await quarantined(prefecture), corrections)


async def test_a_notice_whose_turn_has_not_come_is_not_released(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, 2, name=BAD))

    with pytest.raises(ConflictError):
        await release(prefecture, await quarantined(prefecture), {"name": "試験"})

    assert await prefecture.rows("SELECT state FROM delivery.held_notice") == [("quarantined",)]


@pytest.mark.invariant("I2")
async def test_after_a_dismissal_the_sender_says_it_right_and_what_waited_follows(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2, name=BAD), notice(1, 3))

    await dismiss_notice(settlement=settlement(await quarantined(prefecture)), database=prefecture.database)
    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 1
    await prefecture.tell(notice(1, 2))

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 3
    assert await prefecture.rows("SELECT state FROM delivery.held_notice ORDER BY update_sequence") == [
        ("superseded",),
        ("applied",),
    ]


async def test_a_right_notice_of_the_sender_ends_the_quarantine_of_the_wrong_one(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, name=BAD), notice(1, 2))

    await prefecture.tell(notice(1))

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 2
    assert await prefecture.rows("SELECT state FROM delivery.held_notice ORDER BY update_sequence") == [
        ("superseded",),
        ("applied",),
    ]


async def test_a_code_that_was_wrong_is_corrected_like_any_item(prefecture: Prefecture) -> None:
    mistyped = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)
    await prefecture.tell(notice(1, resident_record_code=mistyped))

    await release(prefecture, await quarantined(prefecture), {"resident_record_code": code(1)})

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 1


@pytest.mark.parametrize("act", ["release", "dismiss"])
async def test_what_is_not_in_quarantine_cannot_be_settled(prefecture: Prefecture, act: str) -> None:
    await prefecture.tell(notice(1, 2))
    ((waiting,),) = await prefecture.rows("SELECT arrival FROM delivery.held_notice")

    for arrival in (waiting, waiting + 1000):
        with pytest.raises(QuarantinedRecordNotFoundError):
            if act == "release":
                await release(prefecture, arrival, {})
            else:
                await dismiss_notice(settlement=settlement(arrival), database=prefecture.database)


async def test_a_notice_is_settled_once_however_many_operators_try(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, name=BAD))
    arrival = await quarantined(prefecture)
    await release(prefecture, arrival, {"name": "試験"})

    with pytest.raises(JukinetError):
        await release(prefecture, arrival, {"name": "試験"})

    assert [one.name for one in await prefecture.forwarded()] == ["試験"]


async def test_every_settlement_is_on_the_log_by_item_and_without_its_value(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, name=BAD), notice(2, name=BAD))
    rows = await prefecture.rows("SELECT arrival FROM delivery.held_notice ORDER BY arrival")
    await release(prefecture, rows[0][0], {"name": "試験\u3000茜"})
    await dismiss_notice(settlement=settlement(rows[1][0]), database=prefecture.database)

    log = await prefecture.rows(
        "SELECT event, actor, detail FROM audit.event WHERE event LIKE 'quarantine:%%' ORDER BY event_id"
    )

    # Both stand at one instant, so their order is that of two random ids.
    by_event = {event: (actor, detail) for event, actor, detail in log}
    assert by_event["quarantine:corrected"] == (
        "operator",
        {"arrival": rows[0][0], "update_sequence": 1, "items": ["name"]},
    )
    assert by_event["quarantine:dismissed"] == ("operator", {"arrival": rows[1][0], "update_sequence": 1})
    assert "茜" not in str(log)
