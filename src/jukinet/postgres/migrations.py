"""Numbered SQL files, applied once each and never edited: `NNNN_verb_noun.sql` in packages called `migrations`.

A node names its packages in order, for example `("jukinet.delivery.migrations", "jukinet.audit.migrations",
"jukinet.municipal.migrations")`. Files go forward only; each runs in a transaction of its own, as the owner of the
database, and must be safe for the program already running. What was applied stands in `migration.applied`.

Rights. Roles belong to the cluster and their names differ from node to node, so a migration names the
application's role as psql names a variable, and grants to it exactly what the program needs:

    GRANT SELECT, INSERT ON audit.event TO :"app_role";

The runner puts the quoted name there. The same file runs by hand: `psql -v app_role=jukinet_national_app -f FILE`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

from psycopg import sql

from jukinet.domain.clock import Clock
from jukinet.domain.errors import JukinetError, MigrationError
from jukinet.postgres.database import DatabaseConfig, Unit, connect
from jukinet.postgres.failures import translated_failures

_FILE_NAME: Final = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9]+(_[a-z0-9]+)+)\.sql")
_APP_ROLE: Final = ':"app_role"'
#: How long a second runner waits for the first.
_RUNNER_LOCK_TIMEOUT: Final = "SET lock_timeout = '120s'"
_LOCK_TIMEOUT: Final = "SET lock_timeout = '4s'"
#: Locks are per database, so one constant serves every node.
_LOCK_RUNNER: Final = "SELECT pg_advisory_lock(7551, 1)"
_UNLOCK_RUNNER: Final = "SELECT pg_advisory_unlock(7551, 1)"

_CREATE_TABLE: Final = """
    CREATE SCHEMA IF NOT EXISTS migration;
    CREATE TABLE IF NOT EXISTS migration.applied (
        package    text        NOT NULL,
        number     integer     NOT NULL,
        name       text        NOT NULL,
        sha256     text        NOT NULL,
        applied_at timestamptz NOT NULL,
        CONSTRAINT applied_pkey PRIMARY KEY (package, number)
    );
    COMMENT ON SCHEMA migration IS 'データベース構造の変更履歴';
    COMMENT ON TABLE migration.applied IS '適用済みの構造変更';
    COMMENT ON COLUMN migration.applied.package IS '構造変更を定めるパッケージ';
    COMMENT ON COLUMN migration.applied.number IS '番号';
    COMMENT ON COLUMN migration.applied.name IS '名称';
    COMMENT ON COLUMN migration.applied.sha256 IS 'ファイルのハッシュ値';
    COMMENT ON COLUMN migration.applied.applied_at IS '適用日時';
"""
_GRANT_READING: Final = """
    GRANT USAGE ON SCHEMA migration TO :"app_role";
    GRANT SELECT ON migration.applied TO :"app_role";
"""
_HAS_TABLE: Final = "SELECT to_regclass('migration.applied') IS NOT NULL"
_LIST_APPLIED: Final = "SELECT package, number, sha256 FROM migration.applied"
_RECORD_APPLIED: Final = """
    INSERT INTO migration.applied (package, number, name, sha256, applied_at)
    VALUES (%(package)s, %(number)s, %(name)s, %(sha256)s, %(applied_at)s)
"""


@dataclass(frozen=True, slots=True, order=True)
class Migration:
    """One numbered SQL file of a package."""

    package: str
    number: int
    name: str
    sha256: str
    text: str = field(repr=False)


def list_migrations(packages: Sequence[str]) -> tuple[Migration, ...]:
    """Return the migrations of `packages`: packages in the given order, files by number.

    Raises:
        MigrationError: a file is not named `NNNN_verb_noun.sql`, or two files have the same number.
    """
    found: list[Migration] = []
    for package in packages:
        of_package = sorted(_list_of_package(package))
        numbers = [migration.number for migration in of_package]
        if len(set(numbers)) != len(numbers):
            raise MigrationError(f"Two migrations of {package} have the same number.")
        found.extend(of_package)
    return tuple(found)


def _list_of_package(package: str) -> list[Migration]:
    found: list[Migration] = []
    for file in resources.files(package).iterdir():
        if not file.name.endswith(".sql"):
            continue
        match = _FILE_NAME.fullmatch(file.name)
        if match is None:
            raise MigrationError(f"{package}/{file.name} is not named NNNN_verb_noun.sql.")
        text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        found.append(Migration(package, int(match["number"]), match["name"], sha256, text))
    return found


async def list_pending(unit: Unit, packages: Sequence[str]) -> tuple[Migration, ...]:
    """Return the migrations that are not applied yet, in the order they will be.

    Raises:
        MigrationError: a file was edited after it was applied, or a new file has a number below an applied one.
    """
    wanted = list_migrations(packages)
    applied = await _list_applied(unit)
    highest: dict[str, int] = {}
    for package, number in applied:
        highest[package] = max(number, highest.get(package, 0))
    pending: list[Migration] = []
    for migration in wanted:
        sha256 = applied.get((migration.package, migration.number))
        if sha256 is None:
            if migration.number < highest.get(migration.package, 0):
                raise MigrationError(f"{_title(migration)} comes before one that is applied: give it the next number.")
            pending.append(migration)
        elif sha256 != migration.sha256:
            raise MigrationError(f"{_title(migration)} was edited after it was applied: restore it and add a new one.")
    return tuple(pending)


async def require_migrated(unit: Unit, packages: Sequence[str]) -> None:
    """Raise MigrationError unless every migration of `packages` is applied, unedited. A node calls it at start."""
    pending = await list_pending(unit, packages)
    if pending:
        raise MigrationError(
            f"The database lacks {len(pending)} migrations, first {_title(pending[0])}: run `jukinet db migrate`."
        )


async def apply_migrations(
    owner: DatabaseConfig, packages: Sequence[str], *, app_role: str, clock: Clock
) -> tuple[Migration, ...]:
    """Apply what is pending, as the database's owner, and return it. Two runners at once do it once.

    Raises:
        MigrationError: a file was edited, is misnumbered, or PostgreSQL refused it; the ones before it stay applied.
    """
    async with connect(owner) as unit:
        await unit.execute(_RUNNER_LOCK_TIMEOUT)
        await unit.execute(_LOCK_RUNNER)
        try:
            await unit.execute(_LOCK_TIMEOUT)
            if not await _has_table(unit):
                async with unit.transaction():
                    await unit.execute(_CREATE_TABLE)
                    await unit.execute(_with_app_role(_GRANT_READING, app_role))
            pending = await list_pending(unit, packages)
            for migration in pending:
                await _apply(unit, migration, app_role=app_role, clock=clock)
            return pending
        finally:
            # After a lost connection the server has released the lock by itself.
            if not unit.closed:
                await unit.execute(_UNLOCK_RUNNER)


async def _apply(unit: Unit, migration: Migration, *, app_role: str, clock: Clock) -> None:
    try:
        with translated_failures():
            async with unit.transaction():
                await unit.execute(_with_app_role(migration.text, app_role))
                await unit.execute(
                    _RECORD_APPLIED,
                    {
                        "package": migration.package,
                        "number": migration.number,
                        "name": migration.name,
                        "sha256": migration.sha256,
                        "applied_at": clock(),
                    },
                )
    except JukinetError as refusal:
        raise MigrationError(f"{_title(migration)} was not applied: {refusal.detail}") from None


async def _has_table(unit: Unit) -> bool:
    row = await (await unit.execute(_HAS_TABLE)).fetchone()
    return row is not None and bool(row[0])


async def _list_applied(unit: Unit) -> dict[tuple[str, int], str]:
    if not await _has_table(unit):
        return {}
    rows = await (await unit.execute(_LIST_APPLIED)).fetchall()
    return {(package, number): sha256 for package, number, sha256 in rows}


def _with_app_role(text: str, app_role: str) -> bytes:
    return text.replace(_APP_ROLE, sql.Identifier(app_role).as_string()).encode()


def _title(migration: Migration) -> str:
    return f"{migration.package}/{migration.number:04}_{migration.name}"
