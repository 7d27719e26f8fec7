"""What a screen is: a path, and a function from a visit to a page or to another place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from jukinet.domain.clock import Clock
from jukinet.operator_web.doors import Door
from jukinet.operator_web.language import Catalogue, Language, Words
from jukinet.operator_web.store import OpenSession
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName

#: Most forms are shorter; a screen that takes files says how long they may be.
MOST_BODY: Final = 64 * 1024
#: How a page asks for itself anew, without anybody doing anything.
RENEWAL: Final = "refresh"
AUTOMATIC: Final = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a signed-in operator, as a screen sees it."""

    session: OpenSession
    words: Words
    now: datetime
    #: The numbers in the path, by name.
    numbers: Mapping[str, int]
    query: Mapping[str, str] = field(repr=False)
    #: What was typed; empty unless the request is a POST.
    form: Mapping[str, str] = field(repr=False)
    #: Hash of the session's token: for keeping what was searched.
    token_hash: bytes = field(repr=False)
    #: The content of the files that were chosen, by the name of their field.
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def operator_id(self) -> str:
        """Return who is signed in."""
        return self.session.operator_id

    @property
    def language(self) -> Language:
        """Return the language of the screens."""
        return self.words.language


@dataclass(frozen=True, slots=True)
class Page:
    """A page to show: its template and what the template is given."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    status: int = 200
    #: After so many seconds the browser asks again, with no script. Such a page leads to one that stands still.
    refresh_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another place to go to, perhaps with a text (by its id) saying what was done."""

    path: str
    done: str | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """What a script on the page asked for; shown by it, never by itself."""

    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document to print: the browser shows it and keeps nothing of it."""

    content: bytes = field(repr=False)
    #: What the browser calls it, of ASCII letters, figures and hyphens, without the ending.
    name: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep: the browser saves it under this name and never shows it on our pages."""

    content: bytes = field(repr=False)
    name: str
    media_type: str


Answer: TypeAlias = Page | Redirect | Data | Pdf | Download


@dataclass(frozen=True, slots=True)
class Screen:
    """One method on one path. Numbers in the path are written `{resident_number:int}`."""

    method: Literal["GET", "POST"]
    path: str
    show: Callable[[Visit], Awaitable[Answer]]
    #: No longer form, with its files, is read.
    most_body: int = MOST_BODY
    #: Whether it is shown to whoever has not signed in; its visit is nobody's.
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu, reached by Alt and its key from every page."""

    path: str
    text: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The screens of one node."""

    name: NodeName
    database: Database
    clock: Clock
    screens: Sequence[Screen]
    menu: Sequence[MenuItem]
    #: The package that has the node's templates, such as jukinet.municipal.web.
    templates: Sequence[str]
    catalogues: Sequence[Catalogue]
    #: Whether these are real residents; otherwise every page says that they are not.
    is_production: bool = False
    #: What people call the node, where its name does not say it: an agency is called by its organ.
    title: str | None = None
    #: Who comes in, and how; operators where it is None.
    door: Door | None = None
    sign_in_template: str = "shared/sign_in.html"
