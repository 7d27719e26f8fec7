"""The residents' door: accounts that a municipality enrolled, in place of operators."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from jukinet.domain.errors import BusyError, RateLimitError, SessionExpiredError
from jukinet.national.person_store import use_session
from jukinet.national.usecases.open_account import sign_in_resident, sign_out_resident
from jukinet.node_process.rate_limits import RateLimit, RateLimits
from jukinet.operator_web.sessions import IDLE, LONGEST, hash_of
from jukinet.operator_web.store import OpenSession
from jukinet.postgres.database import Database

_ALL = "resident_page"
#: Hashing a password takes memory and time: so many in a second from everybody together, so many at once.
ATTEMPTS = RateLimit(per_second=20.0, burst=100)


@dataclass(frozen=True, slots=True)
class ResidentDoor:
    """Who signs in at the resident's page."""

    database: Database
    limits: RateLimits = field(default_factory=lambda: RateLimits(ATTEMPTS, {}))

    async def sign_in(self, *, name: str, password: str, now: datetime) -> str:
        """Open a session for a resident; raise SignInRefusedError, or BusyError when too many try."""
        self.take_attempt(now)
        number = plain_account_number(name)
        return await sign_in_resident(account_number=number, password=password, database=self.database, now=now)

    def take_attempt(self, now: datetime) -> None:
        """Count an attempt that hashes a password; raise BusyError when there are too many."""
        try:
            self.limits.take(_ALL, now=now)
        except RateLimitError:
            raise BusyError from None

    async def find_session(self, token: str, *, now: datetime, prolongs: bool = True) -> OpenSession:
        """Return a resident's session."""
        async with self.database.connection() as connection:
            session = await use_session(
                connection,
                token_hash=hash_of(token),
                now=now,
                opened_after=now - LONGEST,
                seen_after=now - IDLE,
                prolongs=prolongs,
            )
        if session is None:
            raise SessionExpiredError
        return session

    async def sign_out(self, *, token: str, session: OpenSession, now: datetime) -> None:
        """Close a resident's session."""
        await sign_out_resident(token=token, account_number=session.operator_id, database=self.database, now=now)


def plain_account_number(typed: str) -> str:
    """Return an account number without the hyphens and spaces of the letter; nobody's where it can be none."""
    plain = "".join(typed.split()).replace("-", "")
    return plain if plain.isascii() and plain.isdigit() else ""
