from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from jukinet.domain.errors import MigrationError
from jukinet.postgres.database import connect
from jukinet.postgres.migrations import apply_migrations, list_migrations, list_pending, require_migrated
from jukinet.postgres.provisioning import NodeDatabase
from tests.fixtures_postgres import MakeDatabase, fixed_clock

EMPTY: Final[tuple[str, ...]] = ()


class Package:
    """A package of migrations that a test writes file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        folder.mkdir()

    def write(self, file_name: str, text: str) -> None:
        (self.folder / file_name).write_text(text, encoding="utf-8")


@pytest.fixture
def package(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Package]:
    sys.path.insert(0, str(tmp_path))
    name = f"migrations_{abs(hash(request.node.nodeid))}"
    yield Package(tmp_path / name)
    sys.path.remove(str(tmp_path))
    sys.modules.pop(name, None)


async def apply(node: NodeDatabase, *packages: str) -> list[str]:
    # The application's role belongs to the template of the test's database.
    applied = await apply_migrations(node.owner, packages, app_role=app_role_of(node), clock=fixed_clock)
    return [migration.name for migration in applied]


def app_role_of(node: NodeDatabase) -> str:
    return node.app.url.removeprefix("postgresql://").split("@")[0]


async def test_what_is_pending_is_applied_once_in_order(fresh_database: MakeDatabase, package: Package) -> None:
    node = await fresh_database(EMPTY)
    package.write("0002_add_beta.sql", "ALTER TABLE alpha ADD COLUMN beta text;")
    package.write("0001_create_alpha.sql", "CREATE TABLE public.alpha (code text);".replace("public.", ""))

    first = await apply_in_public(node, package)
    second = await apply_in_public(node, package)

    assert (first, second) == (["create_alpha", "add_beta"], [])


async def apply_in_public(node: NodeDatabase, package: Package) -> list[str]:
    async with connect(node.owner) as unit:
        await unit.execute("GRANT ALL ON SCHEMA public TO CURRENT_USER")
    return await apply(node, package.name)


async def test_it_is_recorded_when_by_the_clock_that_was_passed_in(
    fresh_database: MakeDatabase, package: Package
) -> None:
    node = await fresh_database(EMPTY)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha;")

    await apply(node, package.name)

    async with connect(node.app) as unit:
        rows = await (await unit.execute("SELECT number, name, applied_at FROM migration.applied")).fetchall()
    assert rows == [(1, "create_alpha", fixed_clock())]


async def test_an_edited_file_is_refused(fresh_database: MakeDatabase, package: Package) -> None:
    node = await fresh_database(EMPTY)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha;")
    await apply(node, package.name)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha; CREATE SCHEMA beta;")

    with pytest.raises(MigrationError, match="0001_create_alpha was edited after it was applied"):
        await apply(node, package.name)


async def test_a_number_below_an_applied_one_is_refused(fresh_database: MakeDatabase, package: Package) -> None:
    node = await fresh_database(EMPTY)
    package.write("0002_create_beta.sql", "CREATE SCHEMA beta;")
    await apply(node, package.name)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha;")

    with pytest.raises(MigrationError, match="give it the next number"):
        await apply(node, package.name)


async def test_a_migration_that_fails_leaves_nothing_of_itself_and_all_before_it(
    fresh_database: MakeDatabase, package: Package
) -> None:
    node = await fresh_database(EMPTY)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha;")
    package.write("0002_create_beta.sql", "CREATE SCHEMA beta; SELECT CAST('24727059608x' AS integer);")

    with pytest.raises(MigrationError, match="0002_create_beta was not applied") as caught:
        await apply(node, package.name)

    assert "24727059608" not in str(caught.value)
    async with connect(node.owner) as unit:
        rows = await (
            await unit.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('alpha', 'beta')")
        ).fetchall()
        pending = await list_pending(unit, [package.name])
    assert rows == [("alpha",)]
    assert [migration.name for migration in pending] == ["create_beta"]


async def test_runners_at_the_same_time_apply_everything_once(fresh_database: MakeDatabase, package: Package) -> None:
    node = await fresh_database(EMPTY)
    for number in range(1, 6):
        package.write(f"{number:04}_create_s{number}.sql", f"CREATE SCHEMA s{number}; SELECT pg_sleep(0.01);")

    outcomes = await asyncio.gather(*(apply(node, package.name) for _ in range(4)))

    assert sorted(len(names) for names in outcomes) == [0, 0, 0, 5]


async def test_a_migration_that_would_wait_for_a_long_lock_gives_up(
    fresh_database: MakeDatabase, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jukinet.postgres.migrations._LOCK_TIMEOUT", "SET lock_timeout = '50ms'")
    node = await fresh_database(EMPTY)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha; CREATE TABLE alpha.one (code text);")
    await apply(node, package.name)
    package.write("0002_add_beta.sql", "ALTER TABLE alpha.one ADD COLUMN beta text;")

    async with connect(node.owner) as unit, unit.transaction():
        await unit.execute("SELECT code FROM alpha.one")
        with pytest.raises(MigrationError, match="busy"):
            await apply(node, package.name)


async def test_a_node_starts_only_on_a_database_that_has_everything(
    fresh_database: MakeDatabase, package: Package
) -> None:
    node = await fresh_database(EMPTY)
    package.write("0001_create_alpha.sql", "CREATE SCHEMA alpha;")

    async with connect(node.app) as unit:
        with pytest.raises(MigrationError, match="run `jukinet db migrate`"):
            await require_migrated(unit, [package.name])
    await apply(node, package.name)

    async with connect(node.app) as unit:
        await require_migrated(unit, [package.name])


async def test_the_application_may_only_do_what_a_migration_granted(
    fresh_database: MakeDatabase, package: Package
) -> None:
    node = await fresh_database(EMPTY)
    package.write(
        "0001_create_alpha.sql",
        'CREATE SCHEMA alpha; CREATE TABLE alpha."{one}" (code text); GRANT USAGE ON SCHEMA alpha TO :"app_role";',
    )

    await apply(node, package.name)

    async with connect(node.app) as unit:
        row = await (
            await unit.execute(
                "SELECT has_schema_privilege('alpha', 'USAGE'), has_table_privilege('alpha.\"{one}\"', 'SELECT')"
            )
        ).fetchone()
    assert row == (True, False)


@pytest.mark.parametrize("file_name", ["1_create_alpha.sql", "0001-create-alpha.sql", "0001_alpha.sql"])
def test_a_file_that_is_not_named_by_the_rule_is_refused(package: Package, file_name: str) -> None:
    package.write(file_name, "SELECT 1;")

    with pytest.raises(MigrationError, match="NNNN_verb_noun"):
        list_migrations([package.name])


def test_two_files_of_one_number_are_refused(package: Package) -> None:
    package.write("0001_create_alpha.sql", "SELECT 1;")
    package.write("0001_create_beta.sql", "SELECT 1;")

    with pytest.raises(MigrationError, match="same number"):
        list_migrations([package.name])


def test_packages_keep_the_order_they_are_given_in(package: Package) -> None:
    package.write("0001_create_alpha.sql", "SELECT 1;")

    found = list_migrations([package.name, "tests.integration.postgres.sample_migrations"])

    assert [migration.name for migration in found] == ["create_alpha", "create_shop", "add_unfit"]
