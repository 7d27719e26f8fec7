"""Every screen of the prefectural node: those that all servers have, and the requests of persons."""

from __future__ import annotations

from litestar import Litestar

from jukinet.disclosure.office import AnswerOffice
from jukinet.disclosure.web.desk import RequestDesk
from jukinet.disclosure.web.screens import REQUESTS_MENU, request_screens
from jukinet.disclosure.web.screens import TEMPLATES as REQUEST_TEMPLATES
from jukinet.disclosure.web.texts import TEXTS as REQUEST_TEXTS
from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.screens import QUARANTINE_MENU, TEMPLATES, TOP_MENU, server_screens
from jukinet.identification.web.texts import TEXTS
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.operator_web.asking.screens import ASKING_MENU, asking_screens
from jukinet.operator_web.asking.texts import TEXTS as ASKING_TEXTS
from jukinet.operator_web.audit_screens import EVENTS_MENU
from jukinet.operator_web.screens import Site
from jukinet.operator_web.site import make_site


def make_screens(
    desk: ServerDesk,
    asking: AskingDesk | None = None,
    *,
    office: AnswerOffice | None = None,
    is_production: bool = False,
) -> Litestar:
    """Return the application with the screens of a prefectural node; without an office it prints no letters."""
    requests = RequestDesk(name=desk.name, database=desk.database, office=office or AnswerOffice())
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=[*server_screens(desk), *asking_screens(asking), *request_screens(requests)],
            menu=(TOP_MENU, QUARANTINE_MENU, *((ASKING_MENU,) if asking else ()), REQUESTS_MENU, EVENTS_MENU),
            templates=(TEMPLATES, REQUEST_TEMPLATES),
            catalogues=(TEXTS, ASKING_TEXTS, REQUEST_TEXTS),
            is_production=is_production,
        )
    )
