"""The client: one method for each operation, and many requests at once as a stream of outcomes.

What gets no answer is repeated under the same idempotency key, so that it is answered the same and logged once. What is
refused is not repeated, except for a rate limit, after the pause the node asks for.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self, TypeAlias, TypeVar

import aiohttp
import msgspec

from jukinet.client.connection import Connection
from jukinet.client.errors import AgencyApiError, RateLimitedError, RefusedError, UnavailableError
from jukinet.client.feed import FeedClient
from jukinet.protocol.agency_api import (
    AffairList,
    ConfirmationRequest,
    DoubtList,
    DoubtReceipt,
    DoubtRequest,
    Ground,
    Health,
    Item,
    PersonAnswer,
    Problem,
    SearchRequest,
    VerificationRequest,
)
from jukinet.protocol.confirmation import StatedItems

#: A request about one person.
Request: TypeAlias = ConfirmationRequest | VerificationRequest | SearchRequest

_PATHS: Final = {
    ConfirmationRequest: "/v1/confirmations",
    VerificationRequest: "/v1/verifications",
    SearchRequest: "/v1/searches",
}
_DOUBTS: Final = "/v1/doubt-reports"
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_TOO_MANY: Final = 429
#: The node, or the one behind it, could not answer at the moment.
_TRANSIENT: Final = frozenset({_TOO_MANY, 502, 503})
_KEY_BYTES: Final = 24
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many requests: exactly one of `answer` and `error` is there."""

    #: The place of the request among those given, from 0.
    index: int
    request: Request = field(repr=False)
    answer: PersonAnswer | None = field(default=None, repr=False)
    error: AgencyApiError | None = None


class AgencyClient:
    """Asks in the name of one organ's system. Use it as an async context manager."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection
        self._session: aiohttp.ClientSession | None = None
        self._encode: Final = msgspec.json.Encoder().encode
        self._problems: Final = msgspec.json.Decoder(Problem)
        #: The change feed.
        self.feed: Final = FeedClient(self)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=self._connection.connections, ssl=self._connection.tls())
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def confirm(
        self,
        ground: Ground,
        *,
        items: Iterable[Item],
        resident_record_code: str | None = None,
        individual_number: str | None = None,
        key: str | None = None,
    ) -> PersonAnswer:
        """Confirm one person by resident record code or Individual Number; raise as `ask` does."""
        request = ConfirmationRequest(
            ground=ground,
            items=tuple(items),
            resident_record_code=resident_record_code,
            individual_number=individual_number,
        )
        return await self.ask(request, key=key)

    async def verify(
        self,
        ground: Ground,
        stated: StatedItems,
        *,
        resident_record_code: str | None = None,
        individual_number: str | None = None,
        key: str | None = None,
    ) -> PersonAnswer:
        """Compare what is held of a person with the record; raise as `ask` does."""
        request = VerificationRequest(
            ground=ground,
            stated=stated,
            resident_record_code=resident_record_code,
            individual_number=individual_number,
        )
        return await self.ask(request, key=key)

    async def search(
        self,
        ground: Ground,
        stated: StatedItems,
        *,
        items: Iterable[Item] | None = None,
        is_kana_prefix: bool = False,
        key: str | None = None,
    ) -> PersonAnswer:
        """Find one person by at least two of name, birth date and address; raise as `ask` does.

        Without `items` only whether somebody agrees is answered.
        """
        asked = None if items is None else tuple(items)
        request = SearchRequest(ground=ground, stated=stated, items=asked, is_kana_prefix=is_kana_prefix)
        return await self.ask(request, key=key)

    async def ask(self, request: Request, *, key: str | None = None) -> PersonAnswer:
        """Ask, and repeat under one idempotency key (`key`, or a new one) while there is no answer.

        Raises:
            RefusedError: by the law or the form: with code, field and rule.
            RateLimitedError: asked too often, after every pause.
            UnavailableError: no answer after every attempt.
        """
        own = key or secrets.token_urlsafe(_KEY_BYTES)
        return await self.send("POST", _PATHS[type(request)], PersonAnswer, body=self._encode(request), key=own)

    async def ask_all(self, requests: Iterable[Request], *, at_once: int = 8) -> AsyncIterator[Outcome]:
        """Ask many times, `at_once` side by side, and yield each outcome as it comes.

        A failure ends none of the others.

        `requests` may be endless: no more are taken than are being asked.
        """
        waiting = enumerate(requests)
        running: set[asyncio.Task[Outcome]] = set()
        try:
            while True:
                while len(running) < at_once and (following := next(waiting, None)) is not None:
                    running.add(asyncio.create_task(self._outcome(*following)))
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def report_doubt(self, request: DoubtRequest, *, key: str | None = None) -> DoubtReceipt:
        """Report that what was given cannot be right; raise as `ask` does. Repeated, it is one report."""
        own = key or secrets.token_urlsafe(_KEY_BYTES)
        return await self.send("POST", _DOUBTS, DoubtReceipt, body=self._encode(request), key=own)

    async def list_doubts(self) -> DoubtList:
        """Return how far this organ's reports of doubt are; raise as `ask` does."""
        return await self.send("GET", "/v1/doubt-statuses", DoubtList)

    async def list_affairs(self) -> AffairList:
        """Return which affairs and items this organ may ask for today; raise as `ask` does."""
        return await self.send("GET", "/v1/affairs", AffairList)

    async def find_health(self) -> Health:
        """Return whether the agency node can do its work; raise as `ask` does."""
        return await self.send("GET", "/v1/health", Health)

    async def _outcome(self, index: int, request: Request) -> Outcome:
        try:
            return Outcome(index, request, answer=await self.ask(request))
        except AgencyApiError as error:
            return Outcome(index, request, error=error)

    async def send(
        self, method: str, path: str, kind: type[_Answer], *, body: bytes | None = None, key: str | None = None
    ) -> _Answer:
        """Say one request of the API, and repeat it while there is no answer; raise as `ask` does."""
        _, content, _ = await self._repeat(method, path, body, {} if key is None else {"Idempotency-Key": key}, key)
        return _read(content, kind)

    async def send_tagged(self, path: str, kind: type[_Answer], tag: str | None) -> tuple[_Answer | None, str | None]:
        """Read what is there with its ETag; None where it is what `tag` says is there already; raise as `ask` does."""
        headers = {} if tag is None else {"If-None-Match": tag}
        status, content, found = await self._repeat("GET", path, None, headers, None)
        return None if status == _NOT_MODIFIED else _read(content, kind), found

    async def _repeat(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], key: str | None
    ) -> tuple[int, bytes, str | None]:
        pause = self._connection.first_pause
        for attempt in range(1, self._connection.attempts + 1):
            is_last = attempt == self._connection.attempts
            try:
                status, content, tag = await self._exchange(method, path, body, headers)
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                if is_last or isinstance(error, aiohttp.ClientSSLError):
                    raise UnavailableError(f"No answer ({type(error).__name__}).", key=key) from None
                wait = pause
            else:
                if status in {_OK, _NOT_MODIFIED}:
                    return status, content, tag
                problem = self._problem(status, content, key)
                if is_last or status not in _TRANSIENT:
                    raise _error_of(problem, key)
                wait = max(pause, float(problem.retry_after_seconds or 0))
            await asyncio.sleep(wait + secrets.randbelow(100) / 1_000)
            pause *= 2
        raise UnavailableError("There was no attempt: `attempts` is at least 1.", key=key)

    async def _exchange(
        self, method: str, path: str, body: bytes | None, more: dict[str, str]
    ) -> tuple[int, bytes, str | None]:
        if self._session is None:
            raise UnavailableError("The client is not open: use it as `async with AgencyClient(...)`.")
        headers = {"Accept": "application/json, application/problem+json", **more}
        if body is not None:
            headers["Content-Type"] = "application/json"
        async with (
            asyncio.timeout(self._connection.deadline),
            self._session.request(
                method,
                self._connection.address + path,
                data=body,
                headers=headers,
                server_hostname=self._connection.server_name,
                allow_redirects=False,
            ) as response,
        ):
            return response.status, await response.read(), response.headers.get("ETag")

    def _problem(self, status: int, content: bytes, key: str | None) -> Problem:
        try:
            return self._problems.decode(content)
        except msgspec.MsgspecError:
            raise UnavailableError(f"What answers there is no agency node (status {status}).", key=key) from None


def _read(content: bytes, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError:
        raise UnavailableError("The answer is not of the documented form.") from None


def _error_of(problem: Problem, key: str | None) -> AgencyApiError:
    if problem.status == _TOO_MANY:
        return RateLimitedError(problem)
    if problem.status in _TRANSIENT:
        return UnavailableError(f"{problem.code}: {problem.detail}", key=key, problem=problem)
    return RefusedError(problem)
