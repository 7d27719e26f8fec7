"""Notices of codes: one sheet per person, made with the code, followed until it has arrived or is destroyed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from jukinet.domain.acts.numbers import CodeChange
from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.code_notices import NoticeDelivery, NoticeEvent, NoticeKind, NoticeState
from jukinet.domain.errors import (
    CodeNoticeNotFoundError,
    CodeNoticeStateError,
    DateOutOfOrderError,
    IdentityNotCheckedError,
    MissingItemError,
    RetentionNotOverError,
)
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.code_notice_store import CodeNotice, count_notices, list_notices, list_notices_of
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.issue_code_notice import NoticeIssue, NoticeSheet, issue_code_notice
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.municipal.usecases.record_returned_notice import ReturnedNotice, record_returned_notice
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import (
    NOW,
    TODAY,
    act,
    birth,
    code,
    find_value,
    list_rows,
    notification,
    opened,
    populate,
    report,
    resident,
)
from tests.fixtures_postgres import MakeDatabase

POOL = [code(number) for number in range(5000, 5030)]
REQUEST = Notification(
    notified_on=TODAY,
    notifier=Notifier.SELF,
    identity_check=IdentityCheck.PHOTO_DOCUMENT,
    documents=frozenset({SeenDocument.CODE_CHANGE_REQUEST}),
)


@dataclass
class Office:
    node: NodeDatabase
    database: Database

    async def be_born(self) -> str:
        child = await record_birth(
            birth=birth(),
            notification=report(),
            act=act(),
            database=self.database,
            choice=random.Random(),
        )
        return child.resident_record_code

    async def change_code(self) -> None:
        await change_resident_record_code(
            change=CodeChange(resident_number=1),
            notification=REQUEST,
            act=act(),
            database=self.database,
            choice=random.Random(1),
        )

    async def listed(self, state: NoticeState) -> list[CodeNotice]:
        async with self.database.connection() as connection:
            return await list_notices(connection, state, limit=100)

    async def issue(self, number: int, *, now: datetime = NOW, **items: object) -> NoticeSheet:
        how = items or {"delivery": NoticeDelivery.REGISTERED_MAIL}
        issue = NoticeIssue(notice_number=number, **how)  # type: ignore[arg-type]  # the items a test names
        return await issue_code_notice(issue=issue, act=act(now=now), database=self.database)

    async def note(self, number: int, event: NoticeEvent, on: date, *, now: datetime = NOW, **items: object) -> None:
        returned = ReturnedNotice(notice_number=number, event=event, happened_on=on, **items)  # type: ignore[arg-type]  # likewise
        await record_returned_notice(returned=returned, act=act(now=now), database=self.database)


@pytest.fixture
async def office(embedded_database: MakeDatabase) -> AsyncIterator[Office]:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(1), codes=POOL)
    async with opened(node) as database:
        yield Office(node, database)


async def test_a_birth_makes_one_sheet_with_the_child_s_code(office: Office) -> None:
    born = await office.be_born()

    (notice,) = await office.listed(NoticeState.WAITING)
    assert (notice.kind, notice.resident_record_code) == (NoticeKind.NEW.tag, born)
    assert born not in repr(notice)


@pytest.mark.rule(Rule.CODE_NOTIFIED_IN_WRITING)
async def test_a_changed_code_makes_a_sheet_and_a_relocation_makes_none(office: Office) -> None:
    await office.change_code()
    relocation = Relocation(
        resident_number=1, address="東京都世田谷区三軒茶屋二丁目2番2号", moved_on=CivilDate.of(TODAY)
    )
    await record_relocation(relocation=relocation, notification=notification(), act=act(), database=office.database)

    async with office.database.connection() as connection:
        (notice,) = await list_notices_of(connection, 1)
    assert notice.kind == NoticeKind.CHANGED.tag


async def test_an_act_that_is_taken_back_makes_no_sheet(office: Office) -> None:
    with pytest.raises(IdentityNotCheckedError):
        await change_resident_record_code(
            change=CodeChange(resident_number=1),
            notification=Notification(
                notified_on=TODAY, notifier=Notifier.SELF, identity_check=IdentityCheck.NOT_REQUIRED
            ),
            act=act(),
            database=office.database,
            choice=random.Random(1),
        )

    assert await office.listed(NoticeState.WAITING) == []


async def test_a_sheet_is_issued_once_by_whoever_is_first(office: Office) -> None:
    await office.be_born()

    outcomes = await asyncio.gather(*[office.issue(1) for _ in range(4)], return_exceptions=True)

    assert sum(isinstance(outcome, NoticeSheet) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, CodeNoticeStateError) for outcome in outcomes) == 3
    events = "SELECT event, detail FROM audit.event WHERE event = 'code_notice:recorded'"
    assert await list_rows(office.node, events) == [
        (
            "code_notice:recorded",
            {"notice_number": 1, "resident_number": 2, "event": "issued", "delivery": "registered_mail"},
        )
    ]


async def test_what_is_printed_is_the_present_record(office: Office) -> None:
    born = await office.be_born()

    sheet = await office.issue(1)

    assert (sheet.kind, sheet.resident.resident_record_code, sheet.issued_on) == (NoticeKind.NEW, born, TODAY)


async def test_a_sheet_for_a_code_that_was_changed_since_is_not_issued(office: Office) -> None:
    await office.change_code()
    await office.change_code()

    with pytest.raises(CodeNoticeStateError):
        await office.issue(1)
    assert (await office.issue(2)).kind is NoticeKind.CHANGED


async def test_a_sheet_is_handed_over_at_the_counter_after_an_identity_check(office: Office) -> None:
    await office.be_born()

    with pytest.raises(IdentityNotCheckedError):
        await office.issue(1, identity_check=IdentityCheck.NOT_REQUIRED)
    with pytest.raises(MissingItemError):
        await office.issue(1, delivery=NoticeDelivery.ORDINARY_MAIL, identity_check=IdentityCheck.PHOTO_DOCUMENT)
    await office.issue(1, identity_check=IdentityCheck.PHOTO_DOCUMENT)

    assert len(await office.listed(NoticeState.HANDED_OVER)) == 1


async def test_a_returned_sheet_is_sent_again_comes_back_and_is_destroyed_after_a_year(office: Office) -> None:
    await office.be_born()
    await office.issue(1)
    await office.note(1, NoticeEvent.RETURNED, TODAY)
    await office.note(1, NoticeEvent.SENT_AGAIN, TODAY, delivery=NoticeDelivery.ORDINARY_MAIL)
    await office.note(1, NoticeEvent.RETURNED, TODAY)

    with pytest.raises(RetentionNotOverError):
        await office.note(1, NoticeEvent.DESTROYED, date(2027, 3, 31), now=NOW + timedelta(days=364))
    await office.note(1, NoticeEvent.DESTROYED, date(2027, 4, 1), now=NOW + timedelta(days=365))

    async with office.database.connection() as connection:
        counts = await count_notices(connection)
    assert {state: count for state, count in counts.items() if count} == {NoticeState.DESTROYED: 1}
    assert await find_value(office.node, "SELECT count(*) FROM register.code_notice_event") == 5


async def test_a_returned_sheet_is_handed_over_only_after_an_identity_check(office: Office) -> None:
    await office.be_born()
    await office.issue(1)
    await office.note(1, NoticeEvent.RETURNED, TODAY)

    with pytest.raises(IdentityNotCheckedError):
        await office.note(1, NoticeEvent.HANDED_OVER, TODAY)
    await office.note(1, NoticeEvent.HANDED_OVER, TODAY, identity_check=IdentityCheck.OTHER_DOCUMENTS)

    with pytest.raises(CodeNoticeStateError):
        await office.note(1, NoticeEvent.RETURNED, TODAY)


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_return_before_the_sending_or_in_the_future_is_refused(office: Office, days: int) -> None:
    await office.be_born()
    await office.issue(1)

    with pytest.raises(DateOutOfOrderError):
        await office.note(1, NoticeEvent.RETURNED, TODAY + timedelta(days=days))


async def test_a_sheet_that_is_not_there_is_not_found(office: Office) -> None:
    with pytest.raises(CodeNoticeNotFoundError):
        await office.issue(1)
