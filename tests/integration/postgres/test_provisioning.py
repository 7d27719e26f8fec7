from __future__ import annotations

import secrets
import stat
from pathlib import Path
from typing import Final

import pytest
from psycopg import sql

from jukinet.domain.errors import ConfigurationError, DatabaseUnavailableError, InternalError
from jukinet.postgres.database import DatabaseConfig, connect, open_database
from jukinet.postgres.embedded import EmbeddedServer
from jukinet.postgres.provisioning import NodeDatabase, database_name_of, provision_node_database
from tests.fixtures_postgres import MakeDatabase

SAMPLE: Final = ("tests.integration.postgres.sample_migrations",)


@pytest.fixture
async def node(database_server: EmbeddedServer, tmp_path: Path) -> NodeDatabase:
    return await provision_node_database(database_server.admin, new_name(), tmp_path / "secrets")


def new_name() -> str:
    return f"jukinet_provisioned_{secrets.token_hex(4)}"


async def current_user(config: DatabaseConfig) -> str:
    async with connect(config) as unit:
        row = await (await unit.execute("SELECT current_user")).fetchone()
    assert row is not None
    return str(row[0])


async def test_each_role_signs_in_with_its_own_password(node: NodeDatabase) -> None:
    assert await current_user(node.owner) == f"{node.name}_owner"
    assert await current_user(node.app) == node.app_role == f"{node.name}_app"


async def test_password_files_are_for_this_account_only(node: NodeDatabase) -> None:
    for config in (node.owner, node.app):
        assert config.password_file is not None
        assert stat.S_IMODE(config.password_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(config.password_file.parent.stat().st_mode) == 0o700
        assert config.password_file.read_text(encoding="utf-8").strip() not in repr(node)


async def test_provisioning_again_changes_nothing(
    node: NodeDatabase, database_server: EmbeddedServer, tmp_path: Path
) -> None:
    again = await provision_node_database(database_server.admin, node.name, tmp_path / "secrets")

    assert again == node
    assert await current_user(node.app) == node.app_role


async def test_lost_password_files_are_made_anew(
    node: NodeDatabase, database_server: EmbeddedServer, tmp_path: Path
) -> None:
    for file in (tmp_path / "secrets").iterdir():
        file.unlink()

    again = await provision_node_database(database_server.admin, node.name, tmp_path / "secrets")

    assert await current_user(again.app) == node.app_role


async def test_nobody_else_may_connect(node: NodeDatabase, database_server: EmbeddedServer, tmp_path: Path) -> None:
    stranger = await provision_node_database(database_server.admin, new_name(), tmp_path / "others")
    trespassing = DatabaseConfig(
        url=stranger.app.url.replace(f"@/{stranger.name}", f"@/{node.name}"), password_file=stranger.app.password_file
    )

    with pytest.raises(DatabaseUnavailableError):
        await open_database(trespassing)


async def test_the_application_can_make_nothing_and_is_nobody_special(node: NodeDatabase) -> None:
    async with connect(node.app) as unit:
        row = await (
            await unit.execute(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,"
                " has_schema_privilege('public', 'USAGE'),"
                " has_database_privilege(current_database(), 'CREATE'),"
                " has_database_privilege(current_database(), 'TEMPORARY')"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).fetchone()

    assert row == (False,) * 8


async def test_an_administrator_who_is_no_superuser_can_provision(
    database_server: EmbeddedServer, tmp_path: Path
) -> None:
    role = new_name()
    password_file = tmp_path / "limited.password"
    password_file.write_text("only for this test", encoding="utf-8")
    password_file.chmod(0o600)
    async with connect(database_server.admin) as unit:
        await unit.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD 'only for this test'").format(
                sql.Identifier(role)
            )
        )
    admin = DatabaseConfig(url=database_server.admin.url.replace("postgres@", f"{role}@"), password_file=password_file)

    node = await provision_node_database(admin, new_name(), tmp_path / "secrets")
    again = await provision_node_database(admin, node.name, tmp_path / "secrets")

    assert await current_user(again.app) == node.app_role


@pytest.mark.parametrize(
    "statement", ["UPDATE shop.use_log SET sequence = 2", "DELETE FROM shop.use_log", "TRUNCATE shop.use_log"]
)
async def test_an_append_only_table_can_be_changed_by_nobody_but_its_owner(
    fresh_database: MakeDatabase, statement: str
) -> None:
    node = await fresh_database(SAMPLE)
    async with connect(node.app) as unit:
        await unit.execute("INSERT INTO shop.use_log (code, sequence, occurred_at) VALUES ('a', 1, now())")

        with pytest.raises(InternalError, match="SQLSTATE 42501"):
            async with connect(node.app) as other:
                await other.execute(statement.encode())

        row = await (await unit.execute("SELECT sequence FROM shop.use_log")).fetchone()
    assert row == (1,)


@pytest.mark.parametrize("name", ["Jukinet", "jukinet-national", 'x"; DROP', "", "a" * 60])
async def test_a_name_that_is_no_plain_identifier_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        await provision_node_database(DatabaseConfig(url="postgresql:///x"), name, tmp_path)


def test_a_nodes_database_is_named_after_its_kind_and_code() -> None:
    assert database_name_of("municipal", "131121") == "jukinet_municipal_131121"
    assert database_name_of("national") == "jukinet_national"
