from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
import pytest

from jukinet.domain.errors import (
    DatabaseUnavailableError,
    DatabaseVersionError,
    SecretUnreadableError,
    StorageFullError,
)
from jukinet.postgres.database import Database, connect, open_database
from jukinet.postgres.embedded import EmbeddedServer, find_embedded_programs, start_embedded, stop_embedded
from jukinet.postgres.server_process import find_postmaster, is_in_use, wait_until
from jukinet.postgres.server_settings import shared_buffers_of
from jukinet.postgres.service_account import ServiceAccount, find_runnable_programs
from tests.fixtures_postgres import DEBIAN_PROGRAMS

is_root: Final = os.geteuid() == 0
only_root: Final = pytest.mark.skipif(not is_root, reason="only root can lend an account or mount a disk")

#: Runs in a process of its own: starts the server, as another account when one is named, and leaves.
_STARTER: Final = """
import asyncio, concurrent.futures.thread, encodings.ascii, os, sys
from pathlib import Path
from jukinet.postgres.embedded import start_embedded
if int(sys.argv[3]):
    os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[3]))
asyncio.run(start_embedded(Path(sys.argv[1]), programs=Path(sys.argv[2])))
"""


@pytest.fixture
async def directory(tmp_path: Path) -> AsyncIterator[Path]:
    """Give a directory for a server of the test's own; it is under 0700 directories, as pytest makes them."""
    place = tmp_path / "server"
    yield place
    await stop_embedded(place)


@pytest.fixture(scope="module", params=[find_embedded_programs(), DEBIAN_PROGRAMS], ids=["embedded18", "debian15"])
def own_server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """Give a server as every node has it: the one the tests share does not wait for the disk."""
    programs: Path = request.param
    if not programs.exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    place = Path(tempfile.mkdtemp(prefix="jukinet-own-"))
    place.chmod(0o711)
    # In a thread of its own: the event loop of the tests is not ours to run.
    with ThreadPoolExecutor(1) as executor:
        yield executor.submit(asyncio.run, start_embedded(place / "server", programs=programs)).result()
        executor.submit(asyncio.run, stop_embedded(place / "server")).result()
    shutil.rmtree(place)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a directory that every account can reach."""
    place = Path(tempfile.mkdtemp(prefix="jukinet-open-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def postmaster_of(server: EmbeddedServer) -> int:
    number = find_postmaster(server.directory / "data")
    assert number is not None
    return number


def account_of(process_id: int) -> int:
    return Path(f"/proc/{process_id}").stat().st_uid


async def read_setting(server: EmbeddedServer, name: str) -> str:
    async with connect(server.admin) as unit:
        row = await (await unit.execute("SELECT current_setting(%(name)s)", {"name": name})).fetchone()
    assert row is not None
    return str(row[0])


async def write_row(server: EmbeddedServer) -> None:
    async with connect(server.admin) as unit:
        await unit.execute("CREATE TABLE kept (code text)")
        await unit.execute("INSERT INTO kept (code) VALUES ('kept')")


async def read_rows(server: EmbeddedServer) -> list[tuple[object, ...]]:
    async with connect(server.admin) as unit:
        return list(await (await unit.execute("SELECT code FROM kept")).fetchall())


async def test_it_starts_attaches_stops_and_starts_again_with_its_data(directory: Path) -> None:
    first = await start_embedded(directory)
    await write_row(first)
    number = postmaster_of(first)

    attached = await start_embedded(directory)
    assert (attached, postmaster_of(attached)) == (first, number)

    await attached.stop()
    assert not is_in_use(directory / "data")
    assert not first.socket_directory.exists()

    again = await start_embedded(directory)
    assert again == first, "a configuration that names the socket stays valid"
    assert await read_rows(again) == [("kept",)]


async def ask_again_and_again(database: Database) -> None:
    """Ask until an answer comes."""
    while True:
        with suppress(DatabaseUnavailableError):
            async with database.connection() as unit:
                await unit.execute("SELECT 1")
            return
        await asyncio.sleep(0.2)


async def test_stopping_what_does_not_run_does_nothing(directory: Path) -> None:
    await stop_embedded(directory)
    server = await start_embedded(directory)

    await server.stop()
    await server.stop()

    assert not is_in_use(directory / "data")


async def test_starters_at_the_same_time_share_one_server(directory: Path) -> None:
    servers = await asyncio.gather(*(start_embedded(directory) for _ in range(3)))

    assert len({postmaster_of(server) for server in servers}) == 1


async def test_after_kill_9_it_starts_again_and_has_what_was_confirmed(directory: Path) -> None:
    server = await start_embedded(directory)
    await write_row(server)
    os.kill(postmaster_of(server), signal.SIGKILL)
    assert wait_until(lambda: find_postmaster(directory / "data") is None, seconds=10)

    again = await start_embedded(directory)

    assert await read_rows(again) == [("kept",)]


async def test_a_pool_is_back_at_work_seconds_after_the_server_is_however_long_it_was_away(directory: Path) -> None:
    server = await start_embedded(directory)
    await write_row(server)
    database = await open_database(msgspec.structs.replace(server.admin, pool_min=2))
    await server.stop()
    clerks = [asyncio.create_task(ask_again_and_again(database)) for _ in range(3)]
    # Attempts with pauses that double come 1, 3, 7 and 15 seconds after the loss.
    await asyncio.sleep(8)

    again = await start_embedded(directory)

    assert again.admin == server.admin
    async with asyncio.timeout(4):
        await asyncio.gather(*clerks)
    await database.close()


async def test_a_server_whose_socket_was_swept_away_is_started_again(directory: Path) -> None:
    server = await start_embedded(directory)
    await write_row(server)
    shutil.rmtree(server.socket_directory)

    again = await start_embedded(directory)

    assert await read_rows(again) == [("kept",)]


async def test_a_stale_process_id_that_now_is_another_servers_is_seen_through(
    directory: Path, embedded_server: EmbeddedServer
) -> None:
    server = await start_embedded(directory)
    await write_row(server)
    file = directory / "data" / "postmaster.pid"
    lines = file.read_text(encoding="utf-8").splitlines()
    await server.stop()
    file.write_text("\n".join([str(postmaster_of(embedded_server)), *lines[1:]]), encoding="utf-8")

    again = await start_embedded(directory)

    assert await read_rows(again) == [("kept",)]
    assert postmaster_of(again) != postmaster_of(embedded_server)


async def test_a_first_start_that_was_cut_off_is_begun_anew(directory: Path) -> None:
    (directory / "data.unfinished" / "base").mkdir(parents=True)
    (directory / "data.unfinished" / "PG_VERSION").write_text("18", encoding="utf-8")

    server = await start_embedded(directory)

    assert await read_setting(server, "server_version_num") >= "180000"


async def test_it_outlives_the_program_that_started_it(directory: Path) -> None:
    start_in_another_process(directory, find_embedded_programs(), account=0)

    server = await start_embedded(directory)

    await write_row(server)
    assert await read_rows(server) == [("kept",)]


@only_root
async def test_an_ordinary_user_runs_it_as_himself(open_place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    programs = find_runnable_programs(find_embedded_programs(), ServiceAccount(nobody.pw_uid, nobody.pw_gid))
    place = open_place / "server"
    os.chown(open_place, nobody.pw_uid, nobody.pw_gid)

    start_in_another_process(place, programs, account=nobody.pw_uid)

    try:
        server = await start_embedded(place, programs=programs)
        number = postmaster_of(server)
        assert account_of(number) == nobody.pw_uid
        assert server.socket_directory == place / "run"
        assert (place / "superuser.password").stat().st_uid == nobody.pw_uid
        assert await read_setting(server, "data_directory") == str(place / "data")
    finally:
        await stop_embedded(place)


@only_root
async def test_root_runs_it_as_somebody_else_even_when_programs_and_data_are_out_of_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = find_embedded_programs().parent.parent
    for place in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(place, closed / place.name, ignore=shutil.ignore_patterns("include", "pginstall"))

    server = await start_embedded(closed / "server", programs=closed / package.name / "pginstall18" / "bin")

    try:
        assert account_of(postmaster_of(server)) != 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert not server.bin_directory.is_relative_to(closed)
        assert await read_setting(server, "is_superuser") == "on"
        pgbench = await asyncio.create_subprocess_exec(server.bin_directory / "pgbench", "--version")
        assert await pgbench.wait() == 0
    finally:
        await server.stop()


async def test_a_path_too_long_for_a_socket_gets_a_short_one(directory: Path) -> None:
    long_directory = directory / "/".join(["a-rather-long-name-of-a-folder"] * 5)

    server = await start_embedded(long_directory)

    try:
        assert len(os.fsencode(server.socket_directory)) < 90
        assert stat.S_IMODE(server.socket_directory.stat().st_mode) == 0o700
        assert await read_setting(server, "is_superuser") == "on"
    finally:
        await server.stop()


async def test_it_works_in_a_folder_with_a_japanese_name_and_a_space(tmp_path: Path) -> None:
    server = await start_embedded(tmp_path / "住基 ネット's")

    try:
        assert await read_setting(server, "is_superuser") == "on"
    finally:
        await server.stop()


async def test_nobody_is_let_in_without_the_password_and_the_files_are_closed(embedded_server: EmbeddedServer) -> None:
    admin = embedded_server.admin
    with pytest.raises(DatabaseUnavailableError, match="password"):
        await open_database(type(admin)(url=admin.url))

    assert admin.password_file is not None
    assert stat.S_IMODE(admin.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(embedded_server.log_file.stat().st_mode) == 0o600
    assert stat.S_IMODE((embedded_server.directory / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE(embedded_server.socket_directory.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("listen_addresses", ""),
        ("log_error_verbosity", "terse"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
    ],
)
async def test_it_is_set_up_to_keep_what_it_confirmed_and_to_tell_nobody(
    own_server: EmbeddedServer, setting: str, value: str
) -> None:
    assert await read_setting(own_server, setting) == value


@pytest.mark.skipif(not DEBIAN_PROGRAMS.exists(), reason="Debian's PostgreSQL 15 is not installed")
async def test_data_of_another_major_version_is_refused(directory: Path) -> None:
    await (await start_embedded(directory)).stop()

    with pytest.raises(DatabaseVersionError, match="of PostgreSQL 18, the program is 15"):
        await start_embedded(directory, programs=DEBIAN_PROGRAMS)


async def test_a_server_that_cannot_start_names_its_log(directory: Path) -> None:
    await (await start_embedded(directory)).stop()
    (directory / "data" / "pg_hba.conf").write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(DatabaseUnavailableError, match=str(directory / "log")):
        await start_embedded(directory)


async def test_a_lost_superuser_password_is_an_error_that_names_the_file(directory: Path) -> None:
    server = await start_embedded(directory)
    (directory / "superuser.password").unlink()

    with pytest.raises(SecretUnreadableError, match=r"superuser\.password"):
        await read_setting(server, "fsync")


@only_root
async def test_a_full_disk_is_called_so_at_the_first_start_and_later(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", mebibytes=20) as disk, pytest.raises(StorageFullError):
        await start_embedded(disk / "server")
    with small_disk(tmp_path / "larger", mebibytes=120) as disk:
        server = await start_embedded(disk / "server")
        with pytest.raises(StorageFullError):
            await fill(server)
        await server.stop()


async def fill(server: EmbeddedServer) -> None:
    database = await open_database(server.admin)
    try:
        async with database.transaction() as unit:
            # Unlogged, so that it is the table and not the write-ahead log that finds the disk full.
            await unit.execute("CREATE UNLOGGED TABLE large (filling text)")
            await unit.execute("INSERT INTO large (filling) SELECT repeat('x', 1000) FROM generate_series(1, 200000)")
    finally:
        await database.close()


@contextmanager
def small_disk(place: Path, *, mebibytes: int) -> Generator[Path, None, None]:
    place.mkdir()
    mount = ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["/usr/bin/umount", str(place)], check=True)


@pytest.mark.parametrize(("memory", "mebibytes"), [(512 * 1024**2, 128), (8 * 1024**3, 1024), (1024**4, 4096)])
def test_the_buffer_cache_is_an_eighth_of_the_memory_within_bounds(memory: int, mebibytes: int) -> None:
    assert shared_buffers_of(memory) == mebibytes


def start_in_another_process(directory: Path, programs: Path, *, account: int) -> None:
    subprocess.run([sys.executable, "-c", _STARTER, str(directory), str(programs), str(account)], check=True)
