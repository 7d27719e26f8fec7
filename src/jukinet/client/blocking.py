"""The same client for programs without an event loop: it runs one of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from jukinet.client.agency import AgencyClient, Outcome, Request
from jukinet.client.connection import Connection
from jukinet.client.feed import FeedClient
from jukinet.protocol.agency_api import AffairList, DoubtList, DoubtReceipt, DoubtRequest, Health, PersonAnswer

_Answer = TypeVar("_Answer")


class BlockingAgencyClient:
    """Asks, and waits. Use it as a context manager; not from several threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._runner: Final = asyncio.Runner()
        self._client: Final = AgencyClient(connection)

    def __enter__(self) -> Self:
        self._runner.run(self._client.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._client.close())
        self._runner.close()

    def ask(self, request: Request, *, key: str | None = None) -> PersonAnswer:
        """Ask one request of any kind; raise as `AgencyClient.ask` does."""
        return self._runner.run(self._client.ask(request, key=key))

    def ask_all(self, requests: Iterable[Request], *, at_once: int = 8) -> Iterator[Outcome]:
        """Ask many times side by side, and yield each outcome as it comes."""
        outcomes = self._client.ask_all(requests, at_once=at_once)

        async def following() -> Outcome | None:
            return await anext(outcomes, None)

        while (outcome := self._runner.run(following())) is not None:
            yield outcome

    def report_doubt(self, request: DoubtRequest, *, key: str | None = None) -> DoubtReceipt:
        """Report that what was given cannot be right."""
        return self._runner.run(self._client.report_doubt(request, key=key))

    def list_doubts(self) -> DoubtList:
        """Return how far this organ's reports of doubt are."""
        return self._runner.run(self._client.list_doubts())

    def run(self, said: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Wait for anything an `AgencyClient` says, such as `client.run(client.feed.list_events(after=12))`."""
        return self._runner.run(said)

    @property
    def feed(self) -> FeedClient:
        """Return the change feed, to be said with `run`."""
        return self._client.feed

    def list_affairs(self) -> AffairList:
        """Return which affairs and items this organ may ask for today."""
        return self._runner.run(self._client.list_affairs())

    def find_health(self) -> Health:
        """Return whether the agency node can do its work."""
        return self._runner.run(self._client.find_health())
