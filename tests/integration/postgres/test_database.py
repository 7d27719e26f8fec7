from __future__ import annotations

import asyncio
import secrets
import traceback
from pathlib import Path
from typing import Final

import msgspec
import psycopg
import pytest
from psycopg import sql

from jukinet.domain.errors import (
    AlreadyExistsError,
    BusyError,
    ConfigurationError,
    ConstraintViolatedError,
    DatabaseUnavailableError,
    InternalError,
    MigrationError,
    SecretUnreadableError,
)
from jukinet.postgres.database import Database, DatabaseConfig, Unit, connect, open_database
from jukinet.postgres.embedded import EmbeddedServer
from jukinet.postgres.failures import violations_as
from tests.fixtures_postgres import MakeDatabase

SAMPLE: Final = ("tests.integration.postgres.sample_migrations",)
PLANTED: Final = "24727059608"


async def add_customer(unit: Unit, code: str = PLANTED) -> None:
    await unit.execute("INSERT INTO shop.customer (code, name) VALUES (%(code)s, 'x')", {"code": code})


async def add_customer_or_refuse(unit: Unit) -> None:
    with violations_as({"customer_pkey": AlreadyExistsError}):
        await add_customer(unit)


async def count_customers(database: Database) -> int:
    async with database.connection() as unit:
        row = await (await unit.execute("SELECT count(*) FROM shop.customer")).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_transaction_is_recorded_when_its_block_ends(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async with database.transaction() as unit:
        await add_customer(unit)

    assert await count_customers(database) == 1
    await database.close()


@pytest.mark.invariant("I4")
@pytest.mark.parametrize("setting", ["off", "local"])
async def test_what_is_committed_is_durable_whatever_the_role_was_set_to(
    fresh_database: MakeDatabase, setting: str
) -> None:
    node = await fresh_database(SAMPLE)
    async with connect(node.app) as unit:
        await unit.execute(sql.SQL("ALTER ROLE CURRENT_USER SET synchronous_commit = {}").format(setting))
    database = await open_database(node.app)

    async with database.connection() as pooled, connect(node.app) as single:
        found = [await (await unit.execute("SHOW synchronous_commit")).fetchone() for unit in (pooled, single)]

    await database.close()
    async with connect(node.app) as unit:
        await unit.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")
    assert found == [("on" if setting == "off" else setting,)] * 2


async def test_a_transaction_that_raises_records_nothing(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async def add_and_refuse() -> None:
        async with database.transaction() as unit:
            await add_customer(unit)
            raise AlreadyExistsError

    with pytest.raises(AlreadyExistsError):
        await add_and_refuse()

    assert await count_customers(database) == 0
    await database.close()


async def test_a_violated_constraint_is_named_and_the_value_is_not(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)
    async with database.transaction() as unit:
        await add_customer(unit)

    with pytest.raises(ConstraintViolatedError) as caught:
        async with database.transaction() as unit:
            await add_customer(unit)

    assert caught.value.constraint_name == "customer_pkey"
    assert PLANTED not in told_by(caught.value)
    await database.close()


async def test_a_store_can_say_what_a_violation_means(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)
    async with database.transaction() as unit:
        await add_customer(unit)

    with pytest.raises(AlreadyExistsError) as caught:
        async with database.transaction() as unit:
            await add_customer_or_refuse(unit)

    assert PLANTED not in told_by(caught.value)
    await database.close()


async def test_no_error_carries_a_value_that_the_database_quoted(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    with pytest.raises(InternalError, match="SQLSTATE 22") as caught:
        async with database.transaction() as unit:
            await unit.execute("SELECT CAST(%(code)s || 'x' AS integer)", {"code": PLANTED})

    assert PLANTED not in told_by(caught.value)
    await database.close()


async def test_the_servers_log_has_no_value_either(
    embedded_database: MakeDatabase, embedded_server: EmbeddedServer
) -> None:
    database = await open_database((await embedded_database(SAMPLE)).app)

    for _ in range(2):
        try:
            async with database.transaction() as unit:
                await add_customer(unit, "88888888888")
        except ConstraintViolatedError:
            continue
    with pytest.raises(InternalError):
        async with database.transaction() as unit:
            await unit.execute("SELECT CAST('88888888888x' AS integer)")

    assert "88888888888" not in embedded_server.log_file.read_text(encoding="utf-8")
    await database.close()


async def test_a_missing_table_asks_for_migration(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    with pytest.raises(MigrationError):
        async with database.connection() as unit:
            await unit.execute("SELECT code FROM shop.cellar")

    await database.close()


async def test_a_full_pool_is_busy_and_not_unavailable(
    fresh_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jukinet.postgres.database._POOL_TIMEOUT_SECONDS", 0.2)
    config = msgspec.structs.replace((await fresh_database(SAMPLE)).app, pool_max=1)
    database = await open_database(config)

    async with database.connection():
        with pytest.raises(BusyError):
            async with database.connection():
                pass

    await database.close()


async def test_a_pool_recovers_when_the_server_ended_its_connections(fresh_database: MakeDatabase) -> None:
    config = msgspec.structs.replace((await fresh_database(SAMPLE)).app, pool_min=3)
    database = await open_database(config)

    with pytest.raises(DatabaseUnavailableError):
        async with database.connection() as unit:
            # The server ends the session that asks last.
            await unit.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() ORDER BY pid = pg_backend_pid()"
            )

    assert [await count_customers(database) for _ in range(4)] == [0, 0, 0, 0]
    await database.close()


@pytest.mark.parametrize("url", ["postgresql://nobody@/x?host=/nowhere", "postgresql://x@127.0.0.1:1/y"])
async def test_a_server_that_does_not_answer_is_named_with_a_cure(url: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match=r"cannot be reached: start it, or correct database\.url"):
        await open_database(DatabaseConfig(url=url))


async def test_a_wrong_password_points_to_the_password_file(fresh_database: MakeDatabase, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.password"
    password = secrets.token_hex(8)
    wrong.write_text(password)
    wrong.chmod(0o600)
    config = msgspec.structs.replace((await fresh_database(SAMPLE)).app, password_file=wrong)

    with pytest.raises(DatabaseUnavailableError, match="correct the password file") as caught:
        await open_database(config)

    assert password not in told_by(caught.value)


async def test_a_missing_database_says_how_to_make_it(fresh_database: MakeDatabase) -> None:
    node = await fresh_database(SAMPLE)
    config = msgspec.structs.replace(node.app, url=node.app.url.replace(node.name, "jukinet_missing"))

    with pytest.raises(DatabaseUnavailableError, match="jukinet db provision"):
        await open_database(config)


async def test_a_url_that_is_none_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError) as caught:
        await open_database(DatabaseConfig(url="what?"))

    assert caught.value.field == "database.url"


async def test_an_unreadable_password_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretUnreadableError, match=r"missing\.password"):
        await open_database(DatabaseConfig(url="postgresql:///x", password_file=tmp_path / "missing.password"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
async def test_a_password_file_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "open.password"
    file.write_text(PLANTED)
    file.chmod(mode)

    with pytest.raises(SecretUnreadableError, match="chmod 600") as caught:
        await open_database(DatabaseConfig(url="postgresql:///x", password_file=file))

    assert PLANTED not in told_by(caught.value)


async def test_a_listener_wakes_on_a_notification(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async with database.listen("outbox") as listener:
        assert await listener.wait(5)  # the first look is always due
        waiting = asyncio.create_task(listener.wait(30))
        async with database.transaction() as unit:
            await unit.execute("NOTIFY outbox")
        async with asyncio.timeout(5):
            assert await waiting

    await database.close()


async def test_a_notification_sent_while_nobody_waits_is_not_lost(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async with database.listen("outbox") as listener:
        await listener.wait(5)
        async with database.connection() as unit:
            await unit.execute("NOTIFY outbox")
            await unit.execute("NOTIFY outbox, 'again'")
        async with asyncio.timeout(5):
            assert await listener.wait(30)

    await database.close()


async def test_a_listener_without_notification_gives_up_in_time(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async with database.listen("outbox") as listener:
        await listener.wait(5)
        assert not await listener.wait(0.05)

    await database.close()


async def test_a_listener_that_lost_its_connection_connects_again_and_wakes(fresh_database: MakeDatabase) -> None:
    database = await open_database((await fresh_database(SAMPLE)).app)

    async with database.listen("outbox") as listener:
        await listener.wait(5)
        waiting = asyncio.create_task(listener.wait(30))
        async with database.connection() as unit:
            await unit.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = current_user AND datname = current_database() AND query LIKE 'LISTEN%%'"
            )
        async with asyncio.timeout(5):
            assert await waiting

    await database.close()


def told_by(error: BaseException) -> str:
    """Return everything a log could write about `error` and about what it hides (source lines aside)."""
    told = "".join(traceback.format_exception_only(error)) + repr(error) + str(vars(error))
    if isinstance(error, psycopg.Error):
        told += f"{error.diag.message_primary} {error.diag.message_detail} {error.pgconn}"
    hidden = error.__context__ or error.__cause__
    return told + (told_by(hidden) if hidden else "")
