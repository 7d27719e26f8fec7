"""Make HTML of pages: the templates, what every template is given, and the pages that say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from jukinet.domain.errors import JukinetError
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Language, Words, words_of
from jukinet.operator_web.messages import Message, message_of, message_of_code
from jukinet.operator_web.naming import clock_time, day_text, instant_text, node_title, receiver_title
from jukinet.operator_web.screens import Page, Site
from jukinet.operator_web.store import OpenSession
from jukinet.operator_web.texts import TEXTS

_NOT_FOUND: Final = frozenset({404, 405})
_INTERNAL: Final = 500
#: What a page never repeats as hidden fields when it is asked for in the other language.
_NOT_REPEATED: Final = frozenset({"password", "step", "form_token", "switch_language"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """What stands around a page: who looks at it, in which language, from where."""

    language: Language
    path: str
    #: Id of a text that says what was just done.
    done: str | None = None
    session: OpenSession | None = None
    form_token: str = field(default="", repr=False)
    #: What was posted to get this page; None for a page that can simply be asked for again.
    posted: Mapping[str, str] | None = field(default=None, repr=False)


class Renderer:
    """The templates of one site."""

    def __init__(self, site: Site) -> None:
        self._site: Final = site
        self._environment: Final = _environment_of(tuple(site.templates))
        catalogues = (TEXTS, *site.catalogues)
        self._words: Final = {language: words_of(catalogues, language) for language in Language}

    def words(self, language: Language) -> Words:
        """Return the texts in a language."""
        return self._words[language]

    def render(self, page: Page, frame: PageFrame) -> str:
        """Return the HTML of a page."""
        values = {**self._frame_values(frame), "form": Form({}), **page.values}
        return self._environment.get_template(page.template).render(values)

    def render_refusal(self, error: JukinetError, status: int, frame: PageFrame) -> str:
        """Return the page that says why a request was refused, and what to do next."""
        message = message_of(error, frame.language)
        return self.render(Page("shared/refusal.html", {"message": message, "code": error.code}, status), frame)

    def render_request_refusal(self, status: int, frame: PageFrame) -> str:
        """Return the page for a request that fits no screen."""
        words = self._words[frame.language]
        kind = "not_found" if status in _NOT_FOUND else "internal" if status >= _INTERNAL else "request"
        message = Message(words(f"refusal.{kind}"), words(f"refusal.{kind}.advice"))
        values = {"message": message, "code": f"http.{status}"}
        return self.render(Page("shared/refusal.html", values, status), frame)

    def _frame_values(self, frame: PageFrame) -> dict[str, Any]:
        language, words = frame.language, self._words[frame.language]
        posted = frame.posted
        return {
            "t": words,
            "language": language,
            "site_title": self._site.title or node_title(self._site.name, language),
            "site_kind": words(f"kind.{self._site.name.kind.value}"),
            "is_production": self._site.is_production,
            "menu": self._site.menu,
            "path": frame.path,
            "session": frame.session,
            "form_token": frame.form_token,
            "posted": None if posted is None else {n: v for n, v in posted.items() if n not in _NOT_REPEATED},
            "done": _done_text(frame.done, words),
            "day": partial(day_text, language=language),
            "instant": partial(instant_text, language=language),
            "clock_time": clock_time,
            "node": partial(receiver_title, language=language),
            "message_of": partial(message_of, language=language),
            "message_of_code": partial(message_of_code, language=language),
        }


@cache
def _environment_of(packages: tuple[str, ...]) -> Environment:
    """Return the templates of these packages: compiled once per process, whichever sites show them."""
    loaders = {package.split(".")[1]: PackageLoader(package) for package in packages}
    loaders["shared"] = PackageLoader("jukinet.operator_web")
    return Environment(
        loader=PrefixLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _done_text(key: str | None, words: Words) -> str | None:
    return words(key) if key is not None and key.startswith("done.") and words.has(key) else None
