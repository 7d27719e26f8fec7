"""Every screen of the national node."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Litestar

from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.screens import QUARANTINE_MENU, TEMPLATES, TOP_MENU, server_screens
from jukinet.identification.web.texts import TEXTS as SERVER_TEXTS
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.web.law_desk import LawDesk
from jukinet.national.web.law_screens import LAW_MENU, law_screens
from jukinet.national.web.law_texts import TEXTS as LAW_TEXTS
from jukinet.national.web.texts import TEXTS
from jukinet.national.web.uses import show_uses, show_uses_form
from jukinet.operator_web.audit_screens import EVENTS_MENU
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site

_USES_MENU: Final = MenuItem("/uses", "uses.menu", "u")


def make_screens(desk: ServerDesk, *, law: LawKeeper | None = None, is_production: bool = False) -> Litestar:
    """Return the application with the screens of the national node; `law` is shared with what answers."""
    law_desk = LawDesk(desk.database, law or LawKeeper(desk.database))
    uses = [
        Screen("GET", "/uses", partial(show_uses_form, desk)),
        Screen("POST", "/uses", partial(show_uses, desk)),
    ]
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=[*server_screens(desk), *uses, *law_screens(law_desk)],
            menu=(TOP_MENU, QUARANTINE_MENU, _USES_MENU, LAW_MENU, EVENTS_MENU),
            templates=(TEMPLATES, "jukinet.national.web"),
            catalogues=(SERVER_TEXTS, TEXTS, LAW_TEXTS),
            is_production=is_production,
        )
    )
