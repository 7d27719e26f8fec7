"""A clerk prints a sheet of a code and a letter from their lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders_documents import texts_of
from tests.builders_issuing import office_under
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import CHIYODA, Municipality, municipality_of
from tests.integration.web.test_number_screens import change_code


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database, office=office_under(tmp_path, CHIYODA)) as municipality:
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def test_a_sheet_of_a_code_is_printed_from_the_list(clerk: Person) -> None:
    await change_code(clerk)
    await clerk.open("/code-notices")
    assert "通知票を印刷" in clerk.text

    printed = await clerk.open("/code-notices/1/print")

    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["cache-control"] == "no-store"
    assert "住民票コード変更通知票" in "".join("".join(texts_of(printed.content)).split())


async def test_all_that_wait_are_printed_and_sent_together(clerk: Person) -> None:
    await change_code(clerk)
    await clerk.open("/code-notices")
    assert "送付を待つものをまとめて印刷する" in clerk.text
    await clerk.open("/code-notices/batch")
    assert "いま印刷できるのは 1 通です" in clerk.text
    numbers, token = clerk.hidden("numbers"), clerk.hidden("form_token")
    printed = await clerk.send("/code-notices/batch", token=token, step="print", numbers=numbers)
    assert printed.headers["content-type"] == "application/pdf"
    assert len(texts_of(printed.content)) == 1

    await clerk.send("/code-notices/batch", token=token, step="sent", numbers=numbers, delivery="registered_mail")

    assert clerk.path == "/code-notices"
    assert "まとめて送付済みとしました" in clerk.text
    await clerk.open("/code-notices/batch")
    assert "いま印刷できるのは 0 通です" in clerk.text


async def test_letters_that_wait_have_their_page_too(clerk: Person) -> None:
    await clerk.open("/person-notices/batch")

    assert "いま印刷できるのは 0 通です" in clerk.text


@pytest.mark.parametrize("path", ["/code-notices/9/print", "/person-notices/9/print"])
async def test_what_is_not_on_the_list_is_not_printed(clerk: Person, path: str) -> None:
    await clerk.open(path)

    assert clerk.page.status_code == 404
