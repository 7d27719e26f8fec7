"""Every screen of the national node."""

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
from jukinet.domain.provision_law import ProvisionLaw
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
from jukinet.identification.web.texts import TEXTS as SERVER_TEXTS
from jukinet.identification.web.texts_publication import TEXTS as PUBLICATION_TEXTS
from jukinet.identification.web.texts_uses import TEXTS
from jukinet.identification.web.uses import UsesScreens
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.web.doubts import show_doubts
from jukinet.national.web.law_desk import LawDesk
from jukinet.national.web.law_screens import LAW_MENU, law_screens
from jukinet.national.web.law_texts import TEXTS as LAW_TEXTS
from jukinet.national.web.texts_doubts import TEXTS as DOUBT_TEXTS
from jukinet.operator_web.audit_screens import EVENTS_MENU
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site

_DOUBTS_MENU: Final = MenuItem("/doubts", "doubts.menu", "d")
_MENU: Final = (
    TOP_MENU,
    QUARANTINE_MENU,
    USES_MENU,
    LAW_MENU,
    _DOUBTS_MENU,
    PUBLICATION_MENU,
    REQUESTS_MENU,
    EVENTS_MENU,
)


def make_screens(
    desk: ServerDesk,
    describer: Describer,
    *,
    law: LawKeeper | None = None,
    office: AnswerOffice | None = None,
    is_production: bool = False,
) -> Litestar:
    """Return the application with the screens of the national node; `law` is shared with what answers."""
    requests = RequestDesk(name=desk.name, database=desk.database, office=office or AnswerOffice())
    law_desk = LawDesk(desk.database, law or LawKeeper(desk.database))
    own = UsesScreens(desk, describer)

    async def current_law() -> ProvisionLaw:
        return (await law_desk.keeper.current())[0]

    publication = PublicationScreens(desk, current_law, describer.organs)
    uses = [
        *uses_screens(own),
        Screen("POST", "/uses/proof", own.provide_proof),
        Screen("GET", "/uses/verifier", own.show_verifier),
        *publication_screens(publication),
        Screen("GET", "/doubts", partial(show_doubts, desk)),
    ]
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=[*server_screens(desk), *uses, *law_screens(law_desk), *request_screens(requests)],
            menu=_MENU,
            templates=(TEMPLATES, "jukinet.national.web", REQUEST_TEMPLATES),
            catalogues=(SERVER_TEXTS, TEXTS, LAW_TEXTS, DOUBT_TEXTS, PUBLICATION_TEXTS, REQUEST_TEXTS),
            is_production=is_production,
        )
    )
