"""What the screens of an agency work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from jukinet.agency.doubt_store import Reporter
from jukinet.agency.usecases.report_doubt import Doubt
from jukinet.domain.clock import Clock
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDesk:
    """The node as its screens see it. `organ` is the organ of the Appended Tables it is."""

    name: NodeName
    database: Database
    clock: Clock
    organ: str | None
    #: Sends a query about the person with a code or a number.
    ask: Callable[[ConfirmationQuery], Awaitable[ConfirmationAnswer]] = field(repr=False)
    #: Sends a search by the four basic items.
    search: Callable[[PersonSearchQuery], Awaitable[PersonSearchAnswer]] = field(repr=False)
    #: Asks what the organ may ask for today.
    list_affairs: Callable[[], Awaitable[GrantsAnswer]] = field(repr=False)
    #: Reports a doubt about what was given, and returns the number of the report.
    report: Callable[[Doubt, Reporter], Awaitable[str]] = field(repr=False)
    #: How long the queries are kept, to be told on the screen.
    kept_days: int = 1_096
    #: How long the events of the change feed are kept.
    feed_kept_days: int = 92
