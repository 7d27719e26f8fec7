"""Every screen of the national node."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Litestar

from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.screens import QUARANTINE_MENU, TEMPLATES, TOP_MENU, server_screens
from jukinet.identification.web.texts import TEXTS as SERVER_TEXTS
from jukinet.national.web.texts import TEXTS
from jukinet.national.web.uses import show_uses, show_uses_form
from jukinet.operator_web.audit_screens import EVENTS_MENU
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site

_USES_MENU: Final = MenuItem("/uses", "uses.menu", "u")


def make_screens(desk: ServerDesk, *, is_production: bool = False) -> Litestar:
    """Return the application with the screens of the national node."""
    uses = [
        Screen("GET", "/uses", partial(show_uses_form, desk)),
        Screen("POST", "/uses", partial(show_uses, desk)),
    ]
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=[*server_screens(desk), *uses],
            menu=(TOP_MENU, QUARANTINE_MENU, _USES_MENU, EVENTS_MENU),
            templates=(TEMPLATES, "jukinet.national.web"),
            catalogues=(SERVER_TEXTS, TEXTS),
            is_production=is_production,
        )
    )
