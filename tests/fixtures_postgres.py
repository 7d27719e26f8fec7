"""Real PostgreSQL for tests: the embedded server and, where Debian's PostgreSQL 15 is present, that too.

* `fresh_database`: a function that gives a new migrated database; the test runs once per server.
* `embedded_database`: the same, on the embedded server only.
* `database_server`, `embedded_server`: the servers themselves.

Servers start when first asked for, are shared by every worker of the session, and end with it.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from psycopg import sql

from jukinet.postgres import embedded
from jukinet.postgres.database import DatabaseConfig, connect
from jukinet.postgres.embedded import EmbeddedServer, find_embedded_programs, start_embedded
from jukinet.postgres.migrations import apply_migrations, list_migrations
from jukinet.postgres.provisioning import NodeDatabase, provision_node_database
from jukinet.postgres.server_settings import list_server_settings

#: Give it the migration packages in order; it gives a new database that has them.
MakeDatabase: TypeAlias = Callable[[Sequence[str]], Awaitable[NodeDatabase]]

DEBIAN_PROGRAMS: Final = Path("/usr/lib/postgresql/15/bin")
_SERVERS_VARIABLE: Final = "JUKINET_TEST_SERVERS"
_PROCESS_VARIABLE: Final = "JUKINET_TEST_PROCESS"
_CLONE: Final = sql.SQL("CREATE DATABASE {clone} TEMPLATE {template} OWNER {owner}")
_RESTRICT: Final = sql.SQL("REVOKE ALL ON DATABASE {clone} FROM PUBLIC; GRANT CONNECT ON DATABASE {clone} TO {app}")
#: Nothing here outlives the power: a test of what does starts a server of its own. Killed processes lose nothing by it.
_FORGETFUL: Final = {"fsync": "off", "full_page_writes": "off"}
#: What a migration granted on the template's database itself, a clone does not inherit.
_HAS_TEMPORARY: Final = "SELECT has_database_privilege(%(app)s, %(template)s, 'TEMPORARY')"
_GRANT_TEMPORARY: Final = sql.SQL("GRANT TEMPORARY ON DATABASE {clone} TO {app}")
_DROP: Final = sql.SQL("DROP DATABASE {clone} WITH (FORCE)")


def fixed_clock() -> datetime:
    return datetime(2013, 11, 26, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    # Workers of xdist are started later and inherit both.
    if not hasattr(config, "workerinput"):
        os.environ[_SERVERS_VARIABLE] = str(Path(tempfile.gettempdir()) / f"jukinet-tests-{secrets.token_hex(4)}")
        os.environ[_PROCESS_VARIABLE] = str(os.getpid())


@pytest.fixture(scope="session")
def embedded_server() -> EmbeddedServer:
    return _start_shared("embedded18", find_embedded_programs())


@pytest.fixture(scope="session", params=["embedded18", "debian15"])
def database_server(request: pytest.FixtureRequest) -> EmbeddedServer:
    name = str(request.param)
    if name == "embedded18":
        return _start_shared(name, find_embedded_programs())
    if not DEBIAN_PROGRAMS.exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    return _start_shared(name, DEBIAN_PROGRAMS)


@pytest.fixture
async def fresh_database(database_server: EmbeddedServer) -> AsyncIterator[MakeDatabase]:
    async for make_database in _make_databases(database_server):
        yield make_database


@pytest.fixture
async def embedded_database(embedded_server: EmbeddedServer) -> AsyncIterator[MakeDatabase]:
    async for make_database in _make_databases(embedded_server):
        yield make_database


async def _make_databases(server: EmbeddedServer) -> AsyncIterator[MakeDatabase]:
    clones: list[str] = []

    async def make_database(packages: Sequence[str]) -> NodeDatabase:
        template = await _provide_template(server, tuple(packages))
        clone = f"jukinet_test_{secrets.token_hex(6)}"
        names = {
            "clone": sql.Identifier(clone),
            "template": sql.Identifier(template.name),
            "owner": sql.Identifier(f"{template.name}_owner"),
            "app": sql.Identifier(template.app_role),
        }
        async with connect(server.admin) as unit:
            await unit.execute(_CLONE.format(**names))
            await unit.execute(_RESTRICT.format(**names))
            roles = {"app": template.app_role, "template": template.name}
            if (await (await unit.execute(_HAS_TEMPORARY, roles)).fetchone()) == (True,):
                await unit.execute(_GRANT_TEMPORARY.format(**names))
        clones.append(clone)
        return NodeDatabase(
            clone, _moved(template.owner, template.name, clone), _moved(template.app, template.name, clone)
        )

    yield make_database
    async with connect(server.admin) as unit:
        for clone in clones:
            await unit.execute(_DROP.format(clone=sql.Identifier(clone)))


async def _provide_template(server: EmbeddedServer, packages: tuple[str, ...]) -> NodeDatabase:
    """Provision and migrate once per session; afterwards this only finds that it is done."""
    digest = hashlib.sha256(repr(list_migrations(packages)).encode()).hexdigest()[:12]
    name = f"jukinet_template_{digest}"
    with _locked(server.directory / f"{name}.lock"):
        done = server.directory / f"{name}.done"
        template = NodeDatabase(
            name,
            *(
                DatabaseConfig(
                    url=f"postgresql://{name}_{role}@/{name}?host={server.socket_directory}",
                    password_file=server.directory / "secrets" / f"{name}_{role}.password",
                )
                for role in ("owner", "app")
            ),
        )
        if not done.exists():
            template = await provision_node_database(server.admin, name, server.directory / "secrets")
            await apply_migrations(template.owner, packages, app_role=template.app_role, clock=fixed_clock)
            done.touch()
    return template


def _moved(config: DatabaseConfig, template: str, clone: str) -> DatabaseConfig:
    return DatabaseConfig(
        url=config.url.replace(f"@/{template}?", f"@/{clone}?"), password_file=config.password_file, pool_max=4
    )


def _start_shared(name: str, programs: Path) -> EmbeddedServer:
    directory = Path(os.environ[_SERVERS_VARIABLE])
    directory.mkdir(mode=0o711, exist_ok=True)
    with _locked(directory / "keeper.lock"):
        if not (directory / "keeper.started").exists():
            _start_keeper(directory)
            (directory / "keeper.started").touch()
    # In a thread of its own: the event loop of the tests is not ours to run.
    with ThreadPoolExecutor(1) as executor, pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "list_server_settings", _list_forgetful_settings)
        return executor.submit(asyncio.run, start_embedded(directory / name, programs=programs)).result()


def _list_forgetful_settings(socket_directory: Path) -> dict[str, str]:
    return {**list_server_settings(socket_directory), **_FORGETFUL}


def _start_keeper(directory: Path) -> None:
    keeper = Path(__file__).with_name("server_keeper.py")
    command = [sys.executable, str(keeper), os.environ[_PROCESS_VARIABLE], str(directory)]
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=nothing, setsid=True)


@contextmanager
def _locked(file: Path) -> Generator[None, None, None]:
    with file.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
