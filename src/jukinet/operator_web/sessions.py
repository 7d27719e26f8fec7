"""Sessions (利用中の接続): kept by the server; the browser holds only a random token that says which one is its own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import SessionExpiredError
from jukinet.operator_web.store import (
    OpenSession,
    add_session,
    remove_expired_sessions,
    remove_session,
    use_session,
)
from jukinet.postgres.database import Database, Unit

#: A session nobody uses for this long has ended.
IDLE: Final = timedelta(minutes=15)
#: No session lasts longer, however much it is used.
LONGEST: Final = timedelta(hours=12)
_TOKEN_BYTES: Final = 32


def new_token() -> str:
    """Return 256 random bits as text for a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """Return what the database keeps of a token. It has 256 random bits: no salt, no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


def form_token_of(token: str) -> str:
    """Return the token that every form of this session carries; other sites cannot know it (CSRF)."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(given: str, token: str) -> bool:
    """Return whether a form carries the token of this session."""
    return hmac.compare_digest(given.encode(), form_token_of(token).encode())


async def open_session(unit: Unit, operator_id: str, *, now: datetime) -> str:
    """Open a session in the transaction of the sign-in and return its token; expired ones are forgotten."""
    await remove_expired_sessions(unit, opened_after=now - LONGEST, seen_after=now - IDLE)
    token = new_token()
    await add_session(unit, token_hash=hash_of(token), operator_id=operator_id, now=now)
    return token


async def find_session(unit: Unit, token: str, *, now: datetime, prolongs: bool = True) -> OpenSession:
    """Return the open session of this token and prolong it, unless nobody asked; raise SessionExpiredError."""
    session = await use_session(
        unit,
        token_hash=hash_of(token),
        now=now,
        opened_after=now - LONGEST,
        seen_after=now - IDLE,
        prolongs=prolongs,
    )
    if session is None:
        raise SessionExpiredError
    return session


async def sign_out(*, token: str, operator_id: str, database: Database, now: datetime) -> None:
    """Close the session, on the audit log."""
    async with database.transaction() as unit:
        await remove_session(unit, token_hash=hash_of(token))
        await append(unit, [Entry(event=AuditEvent.SIGNED_OUT, occurred_at=now, actor=operator_id)])
