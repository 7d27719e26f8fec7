"""What the screens of a query work with: which node it is, and its line to where it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDesk:
    """The node as those who ask see it."""

    #: Who asks: the organ of the Appended Tables, or the local government; None where that is not configured.
    organ: str | None
    #: Sends a query about the person with a code or a number.
    ask: Callable[[ConfirmationQuery], Awaitable[ConfirmationAnswer]] = field(repr=False)
    #: Asks what may be asked for today.
    list_affairs: Callable[[], Awaitable[GrantsAnswer]] = field(repr=False)
    #: Sends a search by the four basic items; None where there is none.
    search: Callable[[PersonSearchQuery], Awaitable[PersonSearchAnswer]] | None = field(default=None, repr=False)
    #: Where the form is.
    path: str = "/"
    #: Whether the node keeps its queries, and lets doubts be reported, on pages of its own.
    has_own_pages: bool = False
