"""A query repeated under its idempotency key is answered with the same answer, and logged once.

An organ that lost an answer repeats its query under a new message id. Within some minutes it gets what it was given, or
what is just being given. Answers are kept in memory only, and only so long; who repeats a query later, or after this
node was started anew, is given and logged anew: a use is never left out of the log.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

import msgspec

from jukinet.domain.errors import BusyError, IdempotencyKeyError

#: Longer than a program waits before it tries again; short, because it is a person's data.
KEPT_SECONDS: Final = 300.0
#: By organ. More than that are not lost answers.
_MOST_KEPT: Final = 10_000

_Answer = TypeVar("_Answer")
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Kept:
    digest: bytes
    answering: asyncio.Task[Any] = field(repr=False)


class RepeatedQueries:
    """The answers of the last minutes to queries that have a key."""

    def __init__(self, kept_seconds: float = KEPT_SECONDS) -> None:
        self._kept_seconds: Final = kept_seconds
        self._kept: Final[dict[str, dict[str, _Kept]]] = {}

    @property
    def count(self) -> int:
        """Return how many answers are kept."""
        return sum(map(len, self._kept.values()))

    async def once(
        self, sender: str, key: str, query: msgspec.Struct, answer: Callable[[], Awaitable[_Answer]]
    ) -> _Answer:
        """Return the answer to `query`: the one given under this key already, or what `answer` gives.

        A refusal is not kept: who repeats a refused query is judged anew.

        Raises:
            IdempotencyKeyError: this sender used the key for another query.
            BusyError: this sender has too many keys at once.
        """
        own = self._kept.setdefault(sender, {})
        digest = hashlib.blake2b(type(query).__name__.encode() + _encode(query), digest_size=16).digest()
        kept = own.get(key)
        if kept is None:
            if len(own) >= _MOST_KEPT:
                raise BusyError(field="idempotency_key")
            kept = own[key] = _Kept(digest, asyncio.ensure_future(_awaited(answer)))
            kept.answering.add_done_callback(lambda done: self._keep(sender, key, done))
        elif kept.digest != digest:
            raise IdempotencyKeyError(field="idempotency_key")
        # Whoever gives up waiting does not take the answer from who repeats the query.
        return cast("_Answer", await asyncio.shield(kept.answering))

    def _keep(self, sender: str, key: str, done: asyncio.Task[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._forget(sender, key)
        else:
            asyncio.get_running_loop().call_later(self._kept_seconds, self._forget, sender, key)

    def _forget(self, sender: str, key: str) -> None:
        own = self._kept.get(sender, {})
        own.pop(key, None)
        if not own:
            self._kept.pop(sender, None)


async def _awaited(answer: Callable[[], Awaitable[_Answer]]) -> _Answer:
    return await answer()
