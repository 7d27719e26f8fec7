"""Waking up on NOTIFY. A wake-up is a hint, never a message: the waiter looks at its table each time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow


@dataclass(slots=True)
class Listener:
    """Waits for `NOTIFY channel` on a connection of its own, and connects again when that is lost."""

    conninfo: str = field(repr=False)
    channel: str
    _connection: AsyncConnection[TupleRow] | None = field(default=None, repr=False)

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109  # the time-out is an answer here, not a failure
        """Return True as soon as a notification may have come, False when `timeout` seconds pass without one.

        True is also returned right after (re)connecting: one may have been missed meanwhile. While the
        database is away this just waits: the waiter's own next query tells what is wrong.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while (remaining := deadline - loop.time()) > 0:
            try:
                if self._connection is None:
                    self._connection = await self._connect(remaining)
                    return True
                async for _ in self._connection.notifies(timeout=remaining, stop_after=1):
                    return True
            except (psycopg.Error, TimeoutError):
                await self.close()
                await asyncio.sleep(max(0.0, min(0.2, deadline - loop.time())))
        return False

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()

    async def _connect(self, seconds: float) -> AsyncConnection[TupleRow]:
        async with asyncio.timeout(seconds):
            connection = await AsyncConnection[TupleRow].connect(self.conninfo, autocommit=True)
            try:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
            except BaseException:
                await connection.close()
                raise
            return connection
