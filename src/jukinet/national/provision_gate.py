"""What every query of an organ passes before anybody is looked for: its rate, its key, the law."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol, TypeVar

import msgspec

from jukinet.domain.clock import Clock
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.stated_grounds import StatedGround
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.repeated_queries import RepeatedQueries
from jukinet.national.usecases.authorise_provision import Authorisation, authorise_provision
from jukinet.node_process.rate_limits import RateLimits
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName

_Answer = TypeVar("_Answer")


class Grounded(Protocol):
    """A query that states its ground."""

    # fmt: off
    @property
    def affair(self) -> str: ...  # noqa: D102 - the items are those of ConfirmationQuery
    @property
    def purpose(self) -> str: ...  # noqa: D102
    @property
    def matter_number(self) -> str: ...  # noqa: D102
    @property
    def official(self) -> str: ...  # noqa: D102
    @property
    def office(self) -> str: ...  # noqa: D102
    # fmt: on


class ProvisionGate:
    """One for a node: its limits and its memory are shared by all kinds of queries."""

    def __init__(
        self, *, organs: Mapping[str, str], law: LawKeeper, limits: RateLimits, database: Database, clock: Clock
    ) -> None:
        self._organs: Final = organs
        self._law: Final = law
        self._limits: Final = limits
        self._database: Final = database
        self._clock: Final = clock
        self._repeated: Final = RepeatedQueries()

    async def admit(
        self,
        sender: NodeName,
        key: str | None,
        query: msgspec.Struct,
        answer: Callable[[], Awaitable[_Answer]],
    ) -> _Answer:
        """Return what `answer` gives, or gave to the same query under the same idempotency key.

        Raises:
            RateLimitError: the organ asks more often than is agreed.
            IdempotencyKeyError: the key was used for another query.
        """
        self._limits.take(sender.code, now=self._clock())
        if key is None:
            return await answer()
        return await self._repeated.once(sender.text, key, query, answer)

    async def authorise(
        self,
        sender: NodeName,
        query: Grounded,
        items: Iterable[ProvisionItem] | None,
        *,
        message_id: str,
        now: datetime,
    ) -> Authorisation:
        """Return the grant and the items of the answer; raise as `authorise_provision` does."""
        ground = StatedGround(
            affair=query.affair,
            purpose=query.purpose,
            matter_number=query.matter_number,
            official=query.official,
            office=query.office,
        )
        return await authorise_provision(
            sender=sender,
            stated=ground,
            items=items,
            organs=self._organs,
            keeper=self._law,
            database=self._database,
            now=now,
            message_id=message_id,
        )
