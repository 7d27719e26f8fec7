"""Every screen of the agency node."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Litestar

from jukinet.agency.web.desk import AgencyDesk
from jukinet.agency.web.doubts import report, show_doubt_form, show_doubts
from jukinet.agency.web.feed import show_feed
from jukinet.agency.web.queries import show_queries
from jukinet.agency.web.texts_doubts import TEXTS as DOUBT_TEXTS
from jukinet.agency.web.texts_feed import TEXTS as FEED_TEXTS
from jukinet.operator_web.asking.screens import asking_screens
from jukinet.operator_web.asking.texts import TEXTS
from jukinet.operator_web.audit_screens import EVENTS_MENU, audit_screens
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site

_MENU: Final = (
    MenuItem("/", "ask.menu", "t"),
    MenuItem("/queries", "queries.menu", "r"),
    MenuItem("/doubts", "doubts.menu", "g"),
    MenuItem("/feed", "feed.menu", "h"),
    EVENTS_MENU,
)


def make_screens(desk: AgencyDesk, *, is_production: bool = False) -> Litestar:
    """Return the application with the screens of an agency node."""
    screens = [
        *asking_screens(desk.asking),
        Screen("GET", "/queries", partial(show_queries, desk)),
        Screen("GET", "/doubts", partial(show_doubts, desk)),
        Screen("GET", "/doubts/new", partial(show_doubt_form, desk)),
        Screen("POST", "/doubts/new", partial(report, desk)),
        Screen("GET", "/feed", partial(show_feed, desk)),
        *audit_screens(desk.database),
    ]
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=screens,
            menu=_MENU,
            templates=("jukinet.agency.web",),
            catalogues=(TEXTS, DOUBT_TEXTS, FEED_TEXTS),
            is_production=is_production,
            title=desk.asking.organ,
        )
    )
