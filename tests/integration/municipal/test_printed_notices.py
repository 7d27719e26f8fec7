"""Notices are printed from the register: the sheet of a code and the letter about an ex officio act."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jukinet.documents.signing import verify_signed
from jukinet.domain.acts.correction import Correction
from jukinet.domain.acts.numbers import CodeChange
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    CodeNoticeNotFoundError,
    CodeNoticeStateError,
    DocumentSigningKeyError,
    PersonNoticeNotFoundError,
    PersonNoticeStateError,
)
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.person_notices import PersonNoticeEvent
from jukinet.domain.procedures import Procedure
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.document_office import DocumentOffice, issuer_of
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.print_code_notice import print_code_notice
from jukinet.municipal.usecases.print_person_notice import print_person_notice
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.municipal.usecases.settle_person_notice import settle_person_notice
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import ADDRESS, NOW, SETAGAYA, TODAY, act, code, list_rows, opened, populate, resident
from tests.builders_documents import texts_of
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase

PRINTED = "SELECT event, detail FROM audit.event WHERE event IN ('code_notice:printed', 'person_notice:printed')"


@dataclass
class Counter:
    node: NodeDatabase
    database: Database
    office: DocumentOffice

    async def change_code(self) -> str:
        changed = await change_resident_record_code(
            change=CodeChange(resident_number=1),
            notification=Notification(
                notified_on=TODAY,
                notifier=Notifier.SELF,
                identity_check=IdentityCheck.PHOTO_DOCUMENT,
                documents=frozenset({SeenDocument.CODE_CHANGE_REQUEST}),
            ),
            act=act(),
            database=self.database,
            choice=random.Random(1),
        )
        return changed.resident_record_code

    async def correct_name(self, name: str) -> None:
        await record_correction(
            correction=Correction(
                procedure=Procedure.EX_OFFICIO_CORRECTION,
                resident_number=1,
                items={"name": name},
                arose_on=CivilDate.of(TODAY),
            ),
            notification=Notification.ex_officio(TODAY, documents=frozenset({SeenDocument.INVESTIGATION_REPORT})),
            act=act(),
            database=self.database,
        )

    async def print_code(self, number: int, office: DocumentOffice | None = None) -> bytes:
        return await print_code_notice(
            notice_number=number, act=act(), office=office or self.office, database=self.database
        )

    async def print_letter(self, number: int) -> bytes:
        return await print_person_notice(notice_number=number, act=act(), office=self.office, database=self.database)


@pytest.fixture
async def counter(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Counter]:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(1), codes=[code(number) for number in range(5000, 5010)])
    async with opened(node) as database:
        yield Counter(node, database, office_under(tmp_path))


def said(pdf: bytes) -> str:
    return "".join("".join(texts_of(pdf)).split())


async def test_the_sheet_of_a_code_says_it_to_one_person_at_home_and_is_signed(counter: Counter) -> None:
    new_code = await counter.change_code()

    pdf = await counter.print_code(1)

    assert new_code in said(pdf).replace("-", "")
    assert ADDRESS in said(pdf)
    assert "131121-C0000001" in said(pdf)
    signer = counter.office.require_signer()
    verdict = await asyncio.to_thread(verify_signed, pdf, signer.chain[-1:], at=NOW)
    assert (verdict.is_intact, verdict.is_whole, verdict.signer) == (True, True, SETAGAYA.text)


async def test_every_printing_is_on_the_log_without_code_and_address(counter: Counter) -> None:
    await counter.change_code()

    await counter.print_code(1)
    await counter.print_code(1)

    assert (
        await list_rows(counter.node, PRINTED)
        == [("code_notice:printed", {"notice_number": 1, "resident_number": 1})] * 2
    )


async def test_a_sheet_for_a_code_that_was_changed_since_is_not_printed(counter: Counter) -> None:
    await counter.change_code()
    await counter.change_code()

    with pytest.raises(CodeNoticeStateError):
        await counter.print_code(1)
    with pytest.raises(CodeNoticeNotFoundError):
        await counter.print_code(3)
    assert await list_rows(counter.node, PRINTED) == []
    assert (await counter.print_code(2)).startswith(b"%PDF")


async def test_nothing_is_on_the_log_where_nothing_could_be_printed(counter: Counter) -> None:
    await counter.change_code()

    with pytest.raises(DocumentSigningKeyError):
        await counter.print_code(1, DocumentOffice(issuer=issuer_of(SETAGAYA)))
    assert await list_rows(counter.node, PRINTED) == []


async def test_a_letter_says_what_was_corrected_before_and_after(counter: Counter) -> None:
    async with counter.database.connection() as unit:
        before = (await find_resident(unit, 1)).name
    await counter.correct_name("試験　花代")

    pdf = await counter.print_letter(1)

    assert "".join(before.split()) in said(pdf)
    assert "試験花代" in said(pdf)
    assert ADDRESS in said(pdf)
    assert await list_rows(counter.node, PRINTED) == [
        ("person_notice:printed", {"notice_number": 1, "resident_number": 1})
    ]


async def test_a_letter_that_public_notice_replaced_is_not_printed(counter: Counter) -> None:
    await counter.correct_name("試験　花代")
    for event in (PersonNoticeEvent.SENT, PersonNoticeEvent.RETURNED, PersonNoticeEvent.POSTED):
        await settle_person_notice(
            notice_number=1, event=event, happened_on=TODAY, act=act(), database=counter.database
        )

    with pytest.raises(PersonNoticeStateError):
        await counter.print_letter(1)
    with pytest.raises(PersonNoticeNotFoundError):
        await counter.print_letter(2)
