"""Passwords (パスワード): hashed with argon2id, never kept, never shown."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from jukinet.domain.errors import MalformedPasswordError

PASSWORD_MIN_LENGTH: Final = 10
_PASSWORD_MAX_LENGTH: Final = 200


def require_possible_password(password: str) -> None:
    """Raise MalformedPasswordError for one that is too short, or too long to be typed."""
    if not PASSWORD_MIN_LENGTH <= len(password) <= _PASSWORD_MAX_LENGTH:
        raise MalformedPasswordError(field="password")


async def hash_password(password: str) -> str:
    """Return what is kept of a password; it takes its time, beside the event loop."""
    return await asyncio.to_thread(_hasher().hash, password)


async def is_right_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the one; takes as long for nobody's (None), and is then wrong."""
    return await asyncio.to_thread(_is_right, password_hash, password[:_PASSWORD_MAX_LENGTH])


def _is_right(password_hash: str | None, password: str) -> bool:
    try:
        _hasher().verify(_hash_of_nothing() if password_hash is None else password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _hasher() -> PasswordHasher:
    """Return the hasher: argon2id with the parameters RFC 9106 recommends where memory is short."""
    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)


@cache
def _hash_of_nothing() -> str:
    return _hasher().hash("")
