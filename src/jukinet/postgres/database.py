"""A node's database: its pool of connections, its transactions, and the edge where database errors become ours."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from jukinet.domain.errors import (
    BusyError,
    ConfigurationError,
    DatabaseUnavailableError,
    DatabaseVersionError,
    SecretUnreadableError,
)
from jukinet.postgres.failures import blank, translate_failure
from jukinet.postgres.listening import Listener

#: A connection inside one transaction: what a store's method is given.
Unit: TypeAlias = AsyncConnection[TupleRow]

#: Major versions of PostgreSQL that are supported, both included.
OLDEST_VERSION: Final = 15
NEWEST_VERSION: Final = 18

# A role may have durability turned off for itself, even by itself: what stands on a commit would not know (I3, I4).
_REQUIRE_DURABILITY: Final = """
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""

_OTHERS: Final = 0o077
_CONNECT_TIMEOUT_SECONDS: Final = 5
_POOL_TIMEOUT_SECONDS: Final = 10.0
#: The pool doubles its pause from attempt to attempt until it gives up. Its own five minutes would leave a node
#: without a database for a minute more after a slow recovery.
_RECONNECT_SECONDS: Final = 2.0


class DatabaseConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a database is and as whom to sign in. The password is in a file, never in the configuration."""

    url: str
    password_file: Path | None = None
    pool_min: int = 1
    pool_max: int = 10


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Make it with `open_database`; close it with `close`."""

    config: DatabaseConfig
    _pool: AsyncConnectionPool[Unit] = field(repr=False)
    _conninfo: str = field(repr=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Unit, None]:
        """Give a connection in a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            DatabaseUnavailableError: the server is gone; nothing is known to be recorded.
            StorageFullError: the server's disk is full; nothing was recorded.
            ConstraintViolatedError: a constraint was violated and no store answered for it.
            BusyError: no connection came free in time, or another transaction was in the way.
        """
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Unit, None]:
        """Give a connection outside any transaction: every statement commits by itself. For reading.

        Raises as `transaction` does.
        """
        try:
            async with self._pool.connection(timeout=_POOL_TIMEOUT_SECONDS) as connection:
                yield connection
        except PoolTimeout:
            raise await self._explain_timeout() from None
        except psycopg.Error as failure:
            refusal = translate_failure(failure)
            if isinstance(refusal, DatabaseUnavailableError):
                # The idle connections were probably lost together with this one: replace them now,
                # or each would fail one caller.
                await self._pool.check()
                raise DatabaseUnavailableError(_unreachable(self._conninfo)) from None
            raise refusal from None

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncGenerator[Listener, None]:
        """Give a listener that wakes on `NOTIFY channel`. It has a connection of its own."""
        listener = Listener(conninfo=self._conninfo, channel=channel)
        try:
            yield listener
        finally:
            await listener.close()

    async def close(self) -> None:
        """Close every connection. Blocks in progress lose theirs."""
        await self._pool.close()

    async def _explain_timeout(self) -> DatabaseUnavailableError | BusyError:
        try:
            probe = await AsyncConnection[TupleRow].connect(self._conninfo)
        except psycopg.Error:
            return DatabaseUnavailableError(_unreachable(self._conninfo))
        await probe.close()
        return BusyError()


async def open_database(config: DatabaseConfig) -> Database:
    """Connect to the database and return it with a filled pool.

    Raises:
        ConfigurationError: the URL is not one.
        SecretUnreadableError: the password file cannot be read.
        DatabaseUnavailableError: nobody answers, or the role, password or database name is not accepted.
        DatabaseVersionError: the server is not PostgreSQL 15 to 18.
    """
    conninfo = find_conninfo(config)
    async with connect(config):
        pass
    pool = _TirelessPool(
        conninfo,
        min_size=config.pool_min,
        max_size=max(config.pool_min, config.pool_max),
        kwargs={"autocommit": True},
        configure=_require_durability,
        open=False,
        timeout=_POOL_TIMEOUT_SECONDS,
        reconnect_timeout=_RECONNECT_SECONDS,
        name="jukinet",
    )
    try:
        await pool.open(wait=True, timeout=_POOL_TIMEOUT_SECONDS)
    except psycopg.Error as failure:
        await pool.close()
        raise _explain_refused_connection(failure, conninfo) from None
    return Database(config, pool, conninfo)


class _TirelessPool(AsyncConnectionPool[Unit]):
    """A pool that goes on trying to reach the server as long as somebody waits for a connection."""

    async def reconnect_failed(self) -> None:
        """Start the next row of attempts. Without it those who wait would do so until a newcomer asks."""
        async with self._lock:
            if self._waiting:
                self._maybe_grow_pool()


@asynccontextmanager
async def connect(config: DatabaseConfig) -> AsyncGenerator[Unit, None]:
    """Give one connection of its own, outside any transaction, and close it after. Raises as `open_database`."""
    conninfo = find_conninfo(config)
    try:
        connection = await AsyncConnection[TupleRow].connect(conninfo, autocommit=True)
    except psycopg.Error as failure:
        raise _explain_refused_connection(failure, conninfo) from None
    try:
        _require_supported_version(connection)
        await _require_durability(connection)
        yield connection
    except psycopg.Error as failure:
        raise translate_failure(failure) from None
    finally:
        await connection.close()


def find_conninfo(config: DatabaseConfig) -> str:
    """Return the connection string of `config` with its password. Keep it out of logs.

    Raises:
        ConfigurationError: the URL is not one.
        SecretUnreadableError: the password file cannot be read.
    """
    try:
        parameters = conninfo_to_dict(config.url)
    except psycopg.ProgrammingError:
        message = "database.url is not of the form postgresql://role@host:port/database."
        raise ConfigurationError(message, field="database.url") from None
    if config.password_file is not None:
        parameters["password"] = _read_password(config.password_file)
    parameters.setdefault("connect_timeout", _CONNECT_TIMEOUT_SECONDS)
    parameters.setdefault("application_name", "jukinet")
    return make_conninfo("", **parameters)


async def _require_durability(connection: Unit) -> None:
    await connection.execute(_REQUIRE_DURABILITY)


def _read_password(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read().strip()
    except (OSError, UnicodeDecodeError):
        message = f"The password file {path} cannot be read: correct database.password_file or its permissions."
        raise SecretUnreadableError(message) from None
    if mode & _OTHERS:
        raise SecretUnreadableError(f"Others may read the password file {path}: run `chmod 600 {path}`.")
    return content


def _require_supported_version(connection: Unit) -> None:
    major = connection.info.server_version // 10_000
    if not OLDEST_VERSION <= major <= NEWEST_VERSION:
        message = f"The database is PostgreSQL {major}; PostgreSQL {OLDEST_VERSION} to {NEWEST_VERSION} is needed."
        raise DatabaseVersionError(message)


def _explain_refused_connection(failure: psycopg.Error, conninfo: str) -> DatabaseUnavailableError:
    text = str(failure)
    blank(failure)
    parameters = conninfo_to_dict(conninfo)
    if "password authentication failed" in text or "no password supplied" in text:
        reason = f"the server does not accept the password of role {parameters.get('user')}: correct the password file."
    elif "does not exist" in text:
        reason = "the server has no such role or database: run `jukinet db provision`, or correct database.url."
    elif "too many clients" in text or "remaining connection slots" in text:
        reason = "the server has no connection left: raise its max_connections or lower database.pool_max."
    else:
        reason = "start it, or correct database.url in the configuration."
    return DatabaseUnavailableError(f"The database {_place(conninfo)} cannot be reached: {reason}")


def _unreachable(conninfo: str) -> str:
    return f"The database {_place(conninfo)} cannot be reached: start it, or correct database.url."


def _place(conninfo: str) -> str:
    parameters = conninfo_to_dict(conninfo)
    host = parameters.get("host") or parameters.get("hostaddr") or "the default socket"
    return f"{parameters.get('dbname')} at {host} port {parameters.get('port') or 5432}"
