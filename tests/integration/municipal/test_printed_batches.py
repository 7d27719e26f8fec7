"""All notices that wait are printed in one go: a sheet for each person, what cannot be drawn left out and named."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from jukinet.domain.acts.correction import Correction
from jukinet.domain.acts.numbers import CodeChange
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.code_notices import NoticeDelivery
from jukinet.domain.errors import (
    CodeNoticeStateError,
    DocumentSigningKeyError,
    GlyphMissingError,
    MissingItemError,
    PersonNoticeStateError,
)
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.document_office import DocumentOffice, issuer_of
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.print_code_notices import (
    look_over_code_notices,
    print_code_notices,
    send_code_notices,
)
from jukinet.municipal.usecases.print_person_notices import (
    look_over_person_notices,
    print_person_notices,
    send_person_notices,
)
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import SETAGAYA, TODAY, act, code, execute, list_rows, opened, populate, resident
from tests.builders_documents import texts_of
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase

PRINTED: Final = (
    "SELECT event, detail FROM audit.event WHERE event IN ('code_notice:printed', 'person_notice:printed')"
    " ORDER BY detail"
)
NAMES: Final = {1: "試験\u3000葵", 2: "試験\u3000凛", 3: "試験\u3000湊"}


@dataclass
class Counter:
    node: NodeDatabase
    database: Database
    office: DocumentOffice

    async def change_code(self, number: int) -> str:
        changed = await change_resident_record_code(
            change=CodeChange(resident_number=number),
            notification=Notification(
                notified_on=TODAY,
                notifier=Notifier.SELF,
                identity_check=IdentityCheck.PHOTO_DOCUMENT,
                documents=frozenset({SeenDocument.CODE_CHANGE_REQUEST}),
            ),
            act=act(),
            database=self.database,
            choice=random.Random(number),
        )
        return changed.resident_record_code

    async def lack_a_glyph(self) -> None:
        """Let the third name have a character the font lacks, as a register taken over from elsewhere may have."""
        await execute(
            self.node,
            "UPDATE register.resident_record SET name = %s WHERE resident_number = 3",
            ["葛\U000e0101城\u3000湊"],
        )

    async def correct_birth_date(self, number: int) -> None:
        await record_correction(
            correction=Correction(
                procedure=Procedure.EX_OFFICIO_CORRECTION,
                resident_number=number,
                items={"birth_date": "1989-09-09"},
                arose_on=CivilDate.of(TODAY),
            ),
            notification=Notification.ex_officio(TODAY, documents=frozenset({SeenDocument.INVESTIGATION_REPORT})),
            act=act(),
            database=self.database,
        )

    async def print_codes(self, *numbers: int) -> bytes:
        return await print_code_notices(notice_numbers=numbers, act=act(), office=self.office, database=self.database)


@pytest.fixture
async def counter(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Counter]:
    node = await embedded_database(MIGRATIONS)
    people = [resident(number, name=name) for number, name in NAMES.items()]
    await populate(node, *people, codes=[code(number) for number in range(5000, 5010)])
    async with opened(node) as database:
        yield Counter(node, database, office_under(tmp_path))


async def test_each_sheet_has_one_person_and_the_one_that_cannot_be_drawn_is_named(counter: Counter) -> None:
    codes = [await counter.change_code(number) for number in NAMES]
    await counter.lack_a_glyph()
    batch = await look_over_code_notices(act=act(), office=counter.office, database=counter.database)
    assert batch.notice_numbers == (1, 2)
    ((left),) = batch.left_out
    assert (left.notice_number, left.resident_number, type(left.error)) == (3, 3, GlyphMissingError)

    pages = texts_of(await counter.print_codes(*batch.notice_numbers))

    assert len(pages) == 2
    for place, page in enumerate(pages):
        plain = page.replace("-", "")
        assert [one in plain for one in codes[:2]] == [place == 0, place == 1]
        assert ["試験葵" in page, "試験凛" in page] == [place == 0, place == 1]
        assert "1／1頁" in page
    assert await list_rows(counter.node, PRINTED) == [
        ("code_notice:printed", {"notice_number": number, "resident_number": number}) for number in (1, 2)
    ]


async def test_one_glyph_that_is_missing_prints_and_logs_nothing(counter: Counter) -> None:
    for number in NAMES:
        await counter.change_code(number)
    await counter.lack_a_glyph()

    with pytest.raises(GlyphMissingError):
        await counter.print_codes(1, 2, 3)
    with pytest.raises(DocumentSigningKeyError):
        await print_code_notices(
            notice_numbers=[1],
            act=act(),
            office=DocumentOffice(issuer=issuer_of(SETAGAYA)),
            database=counter.database,
        )
    assert await list_rows(counter.node, PRINTED) == []


async def test_what_was_sent_together_waits_no_more(counter: Counter) -> None:
    await counter.change_code(1)
    await counter.change_code(2)
    await send_code_notices(
        notice_numbers=[1, 2], delivery=NoticeDelivery.REGISTERED_MAIL, act=act(), database=counter.database
    )

    batch = await look_over_code_notices(act=act(), office=counter.office, database=counter.database)
    assert (batch.notice_numbers, batch.left_out) == ((), ())
    with pytest.raises(CodeNoticeStateError):
        await counter.print_codes(1)
    with pytest.raises(MissingItemError):
        await counter.print_codes()


async def test_a_sheet_of_a_code_that_was_changed_since_is_left_out(counter: Counter) -> None:
    await counter.change_code(1)
    await counter.change_code(1)

    batch = await look_over_code_notices(act=act(), office=counter.office, database=counter.database)

    assert batch.notice_numbers == (2,)
    assert [(one.notice_number, type(one.error)) for one in batch.left_out] == [(1, CodeNoticeStateError)]


async def test_letters_go_together_each_about_its_own_person(counter: Counter) -> None:
    for number in NAMES:
        await counter.correct_birth_date(number)
    await counter.lack_a_glyph()
    batch = await look_over_person_notices(act=act(), office=counter.office, database=counter.database)
    assert [one.notice_number for one in batch.left_out] == [3]

    content = await print_person_notices(
        notice_numbers=batch.notice_numbers, act=act(), office=counter.office, database=counter.database
    )
    pages = texts_of(content)
    await send_person_notices(notice_numbers=batch.notice_numbers, act=act(), database=counter.database)

    assert [["試験葵" in page, "試験凛" in page] for page in pages] == [[True, False], [False, True]]
    assert all("世田谷区長に対して審査請求" in page for page in pages)
    assert await list_rows(counter.node, PRINTED) == [
        ("person_notice:printed", {"notice_number": number, "resident_number": number}) for number in (1, 2)
    ]
    with pytest.raises(PersonNoticeStateError):
        await print_person_notices(notice_numbers=[1], act=act(), office=counter.office, database=counter.database)
