"""Residents sign in at the node that organs ask: whoever tries passwords takes nothing away from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest

from jukinet.audit.use_page import list_uses_page
from jukinet.audit.wording import Describer
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MalformedRequestError, SignInRefusedError
from jukinet.national.app import MIGRATIONS
from jukinet.national.person_store import add_account
from jukinet.national.resident_web.door import ResidentDoor
from jukinet.national.usecases import open_account as opening
from jukinet.operator_web import accounts, passwords
from jukinet.postgres.database import Database, open_database
from tests.builders import NOW, ORGANS, code
from tests.fixtures_postgres import MakeDatabase

ACCOUNT = "123412341234"
PASSWORD = "a quiet long password"


@pytest.fixture
async def database(embedded_database: MakeDatabase) -> AsyncIterator[Database]:
    """Give a national node's database with one connection, and an account whose letter says SECRET."""
    node = await embedded_database(MIGRATIONS)
    database = await open_database(msgspec.structs.replace(node.app, pool_min=1, pool_max=1))
    async with database.transaction() as unit:
        await add_account(
            unit,
            account_number=ACCOUNT,
            resident_record_code=code(1),
            enrolled_by="municipal/131016",
            code_hash=sha256(b"SECRET").digest(),
            code_until=civil_day(NOW) + timedelta(days=30),
            now=NOW,
        )
    await opening.open_account(account_number=ACCOUNT, code="secret", password=PASSWORD, database=database, now=NOW)
    yield database
    await database.close()


@pytest.mark.parametrize("kind", ["resident", "operator"])
async def test_a_password_is_checked_without_keeping_a_connection_from_others(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    answered: list[object] = []

    async def check_while_somebody_asks(password_hash: str | None, password: str) -> bool:
        async with database.connection() as connection:
            answered.append(await (await connection.execute("SELECT 1")).fetchone())
        return await passwords.is_right_password(password_hash, password)

    monkeypatch.setattr(opening if kind == "resident" else accounts, "is_right_password", check_while_somebody_asks)
    if kind == "resident":
        await opening.sign_in_resident(account_number=ACCOUNT, password=PASSWORD, database=database, now=NOW)
    else:
        with pytest.raises(SignInRefusedError):
            await accounts.sign_in(operator_id="nobody", password=PASSWORD, database=database, now=NOW)

    assert answered == [(1,)]


async def test_an_account_that_is_closed_while_the_password_is_checked_opens_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check_while_it_is_closed(password_hash: str | None, password: str) -> bool:
        await opening.close_own_account(account_number=ACCOUNT, database=database, now=NOW)
        return await passwords.is_right_password(password_hash, password)

    monkeypatch.setattr(opening, "is_right_password", check_while_it_is_closed)

    with pytest.raises(SignInRefusedError):
        await opening.sign_in_resident(account_number=ACCOUNT, password=PASSWORD, database=database, now=NOW)


@pytest.mark.parametrize("number", ["1234\x001234", "12341234123４", ""])
async def test_what_can_be_no_account_number_is_refused_as_a_wrong_one(database: Database, number: str) -> None:
    with pytest.raises(SignInRefusedError):
        await ResidentDoor(database).sign_in(name=number, password=PASSWORD, now=NOW)


@pytest.mark.parametrize("after", ["\x00 agency/nenkin 0", "a agency/\x00 0"])
async def test_where_no_page_can_have_ended_is_refused(database: Database, after: str) -> None:
    async with database.connection() as unit:
        with pytest.raises(MalformedRequestError):
            await list_uses_page(unit, code(1), describer=Describer(ORGANS), after=after)
