"""Every screen of the prefectural node: those of all servers, what the prefecture does itself, requests of persons."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Litestar

from jukinet.audit.wording import Describer
from jukinet.disclosure.office import AnswerOffice
from jukinet.disclosure.web.desk import RequestDesk
from jukinet.disclosure.web.screens import REQUESTS_MENU, request_screens
from jukinet.disclosure.web.screens import TEMPLATES as REQUEST_TEMPLATES
from jukinet.disclosure.web.texts import TEXTS as REQUEST_TEXTS
from jukinet.domain.provision_law import ProvisionLaw, bundled_law
from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.publication import PublicationScreens
from jukinet.identification.web.screens import (
    PUBLICATION_MENU,
    QUARANTINE_MENU,
    TEMPLATES,
    TOP_MENU,
    USES_MENU,
    publication_screens,
    server_screens,
    uses_screens,
)
from jukinet.identification.web.texts import TEXTS
from jukinet.identification.web.texts_publication import TEXTS as PUBLICATION_TEXTS
from jukinet.identification.web.texts_uses import TEXTS as USES_TEXTS
from jukinet.identification.web.uses import UsesScreens
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.operator_web.asking.screens import ASKING_MENU, asking_screens
from jukinet.operator_web.asking.texts import TEXTS as ASKING_TEXTS
from jukinet.operator_web.audit_screens import EVENTS_MENU
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site
from jukinet.prefectural.web.statistics import show_form, take_form
from jukinet.prefectural.web.texts import TEXTS as OWN_TEXTS

_STATISTICS_MENU: Final = MenuItem("/statistics", "statistics.menu", "k")


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
            screens=[*server_screens(desk), *asking_screens(asking), *_own_screens(desk), *request_screens(requests)],
            menu=(
                TOP_MENU,
                QUARANTINE_MENU,
                *((ASKING_MENU,) if asking else ()),
                USES_MENU,
                PUBLICATION_MENU,
                _STATISTICS_MENU,
                REQUESTS_MENU,
                EVENTS_MENU,
            ),
            templates=(TEMPLATES, "jukinet.prefectural.web", REQUEST_TEMPLATES),
            catalogues=(TEXTS, ASKING_TEXTS, USES_TEXTS, PUBLICATION_TEXTS, OWN_TEXTS, REQUEST_TEXTS),
            is_production=is_production,
        )
    )


def _own_screens(desk: ServerDesk) -> list[Screen]:
    """Return what this prefecture gave: of whom, how often, and the statistics made of its residents."""
    return [
        # The log of a prefecture is not sealed: there is no proof to hand out.
        *uses_screens(UsesScreens(desk, Describer({}), has_proof=False)),
        *publication_screens(PublicationScreens(desk, _law, {})),
        Screen("GET", "/statistics", partial(show_form, desk)),
        Screen("POST", "/statistics", partial(take_form, desk)),
    ]


async def _law() -> ProvisionLaw:
    # Affairs in words: changes of the law are known to the nation alone, and their affairs stay without a text here.
    return bundled_law()
