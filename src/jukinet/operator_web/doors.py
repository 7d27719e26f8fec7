"""Who comes in at a site, and how: operators by default; the residents' site has accounts of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jukinet.operator_web.accounts import sign_in
from jukinet.operator_web.sessions import find_session, sign_out
from jukinet.operator_web.store import OpenSession
from jukinet.postgres.database import Database


class Door(Protocol):
    """Proves who signs in, and knows the sessions."""

    async def sign_in(self, *, name: str, password: str, now: datetime) -> str:
        """Open a session and return its token; raise SignInRefusedError, which never says why."""
        ...

    async def find_session(self, token: str, *, now: datetime, prolongs: bool = True) -> OpenSession:
        """Return the open session of this token; raise SessionExpiredError."""
        ...

    async def sign_out(self, *, token: str, session: OpenSession, now: datetime) -> None:
        """Close the session, on the audit log."""
        ...


@dataclass(frozen=True, slots=True)
class OperatorDoor:
    """The door for operators."""

    database: Database

    async def sign_in(self, *, name: str, password: str, now: datetime) -> str:
        """Open a session for an operator."""
        return await sign_in(operator_id=name, password=password, database=self.database, now=now)

    async def find_session(self, token: str, *, now: datetime, prolongs: bool = True) -> OpenSession:
        """Return an operator's session."""
        async with self.database.connection() as connection:
            return await find_session(connection, token, now=now, prolongs=prolongs)

    async def sign_out(self, *, token: str, session: OpenSession, now: datetime) -> None:
        """Close an operator's session."""
        await sign_out(token=token, operator_id=session.operator_id, database=self.database, now=now)
