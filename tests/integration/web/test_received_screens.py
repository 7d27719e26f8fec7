"""What other municipalities have told, or should have; and what receivers held of what was sent to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from jukinet.municipal.moving_notice_store import add_annex_notices, add_move_in_notices
from jukinet.municipal.store import add_version, lock_residents
from jukinet.municipal.usecases.apply_move_in_notices import apply_move_in_notices
from jukinet.municipal.usecases.list_overdue_move_in_notices import list_overdue_move_in_notices
from jukinet.municipal.usecases.recording import Act
from tests.builders import TOKYO, message_id
from tests.builders_moving import annex_notice, move_in_notice
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import CHIYODA, HANAKO, RESIDENTS, TARO, Municipality, municipality_of

MUSASHINO = "municipal/132039"
REPORT = """
    INSERT INTO delivery.reported_quarantine
           (receiver, resident_record_code, update_sequence, reference, error_code, reported_at)
    VALUES ('municipal/132039', '', 0, '01KSAMPLE', 'value.address', now())
"""

REFUSED = """
    INSERT INTO delivery.refused_parcel
           (receiver, position, message_type, notices, notice_count, queued_at, refused_at, error_code)
    VALUES ('prefectural/130001', 7, 'identification_notice', '{}', 1, now(), now(), 'permission.signature')
"""


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def move_out(chiyoda: Municipality, number: int, day: str, **items: object) -> None:
    """Let a resident have moved out on a day, with nobody's word that he or she arrived."""
    gone = replace(
        RESIDENTS[number - 1],
        version=2,
        is_removed=True,
        change_reason="move_out",
        changed_on=day,
        planned_move_out_on=day,
        planned_move_out_to="東京都武蔵野市緑町二丁目2番28号",
        **items,  # type: ignore[arg-type] # the fields are those of the record
    )
    async with chiyoda.database.transaction() as unit:
        await lock_residents(unit, [number])
        await add_version(unit, gone, update_sequence=2)


async def notice_comes(chiyoda: Municipality, **items: str) -> None:
    defaults = {
        "resident_record_code": RESIDENTS[HANAKO - 1].resident_record_code,
        "name": "山田　花子",
        "birth_date": "1985-03-12",
    }
    async with chiyoda.database.transaction() as unit:
        notices = [move_in_notice(1, **{**defaults, **items})]
        await add_move_in_notices(unit, notices, sender=MUSASHINO, now=chiyoda.clock())
    await apply_move_in_notices(node=CHIYODA, database=chiyoda.database, now=chiyoda.clock())


@pytest.mark.procedure("move_in_notice_overdue")
async def test_who_left_three_weeks_ago_and_of_whom_nothing_came_is_listed(chiyoda: Municipality) -> None:
    await move_out(chiyoda, HANAKO, "2026-10-01")
    await move_out(chiyoda, TARO, "2026-11-10")
    act = Act(operator_id="clerk", node=CHIYODA, now=chiyoda.clock())

    found = await list_overdue_move_in_notices(act=act, database=chiyoda.database)
    sooner = await list_overdue_move_in_notices(act=act, database=chiyoda.database, expected=timedelta(days=5))

    assert [one.resident_number for one in found] == [HANAKO]
    assert [one.resident_number for one in sooner] == [HANAKO, TARO]
    assert "山田" not in repr(found)
    assert await chiyoda.rows("SELECT detail->>'hits' FROM audit.event WHERE event = 'resident:searched'") == [
        ("1",),
        ("2",),
    ]


async def test_who_moved_abroad_or_was_confirmed_is_not_listed(chiyoda: Municipality, clerk: Person) -> None:
    await move_out(chiyoda, HANAKO, "2026-10-01", is_moving_abroad=True)
    await move_out(chiyoda, TARO, "2026-10-01", confirmed_move_out_on="2026-10-02")

    await clerk.open("/received")

    assert "転入通知が遅れている人はいません" in clerk.text


async def test_an_overdue_notice_is_a_duty_that_leads_to_who_left(chiyoda: Municipality, clerk: Person) -> None:
    await move_out(chiyoda, HANAKO, "2026-10-01")

    await clerk.open("/")
    assert 'href="/received#overdue"' in clerk.text
    await clerk.open("/received")

    assert "山田　花子" in clerk.text
    assert "東京都武蔵野市緑町" in clerk.text


async def test_a_notice_that_confirms_nothing_is_shown_with_whom_it_may_mean_and_is_dismissed(
    chiyoda: Municipality, clerk: Person
) -> None:
    await notice_comes(chiyoda)
    await clerk.open("/")
    assert 'href="/received#unmatched"' in clerk.text
    await clerk.open("/received")
    assert f'href="/residents/{HANAKO}"' in clerk.text
    assert "転出の届出" in clerk.text or "転出届" in clerk.text

    await clerk.send("/received", step="dismiss", notice_number=message_id(9001), sender=MUSASHINO)

    assert "確かめる転入通知はありません" in clerk.text
    assert await chiyoda.rows("SELECT state, settled_by FROM register.move_in_notice") == [("dismissed", "clerk")]


async def test_a_notice_is_matched_again_once_the_record_is_right(chiyoda: Municipality, clerk: Person) -> None:
    await notice_comes(chiyoda, birth_date="1985-03-13")
    await clerk.open("/received")

    await clerk.send("/received", step="apply", notice_number=message_id(9001), sender=MUSASHINO)
    still = await chiyoda.rows("SELECT state FROM register.move_in_notice")

    assert still == [("unmatched",)]
    assert "もう一度照らし合わせました" in clerk.text
    assert await chiyoda.rows(
        "SELECT count(*) FROM audit.event WHERE event = 'resident:move_in_noticed' AND actor = 'clerk'"
    ) == [(1,)]


async def test_annex_notices_are_there_for_the_family_register_desk(chiyoda: Municipality, clerk: Person) -> None:
    async with chiyoda.database.transaction() as unit:
        await add_annex_notices(unit, [annex_notice()], sender=MUSASHINO, now=chiyoda.clock())

    await clerk.open("/received")

    assert "東京都世田谷区太子堂一丁目1番" in clerk.text
    assert "試験　一郎" in clerk.text


async def test_a_report_on_a_notice_with_a_number_is_counted_and_settled_by_that_number(
    chiyoda: Municipality, clerk: Person
) -> None:
    async with chiyoda.database.transaction() as unit:
        await unit.execute(REPORT.encode())
    await clerk.open("/deliveries")
    assert "通知番号 01KSAMPLE" in clerk.text

    await clerk.send("/deliveries/settled", receiver=MUSASHINO, reference="01KSAMPLE")

    assert "01KSAMPLE" not in clerk.text
    assert await chiyoda.rows("SELECT receiver, reference, settled_by FROM register.settled_notice_report") == [
        (MUSASHINO, "01KSAMPLE", "clerk")
    ]


async def test_a_refused_parcel_is_sent_again_from_the_screen(chiyoda: Municipality, clerk: Person) -> None:
    async with chiyoda.database.transaction() as unit:
        await unit.execute(REFUSED.encode())
    await clerk.open("/deliveries")

    await clerk.send("/deliveries", step="record", receiver=TOKYO.text, position=clerk.hidden("position"))

    assert "送信待ちに戻しました。順番が来ると送られます。" in clerk.text
    assert await chiyoda.rows("SELECT receiver FROM delivery.outbox") == [(TOKYO.text,)]
    assert await chiyoda.rows("SELECT count(*) FROM delivery.refused_parcel") == [(0,)]
