"""Passwords hashed cheaply: a test that signs in does not wait for what makes guessing dear.

Node processes that a test starts hash as they always do, and so does `production_hasher`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest
from argon2 import PasswordHasher, Type

from jukinet.operator_web import passwords

production_hasher: Final = passwords._hasher


@cache
def _cheap_hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", _cheap_hasher)
        yield
