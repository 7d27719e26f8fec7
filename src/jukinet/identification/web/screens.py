"""The screens that every server has."""

from __future__ import annotations

from functools import partial
from typing import Final

from jukinet.identification.web.desk import ServerDesk
from jukinet.identification.web.overview import show_top
from jukinet.identification.web.publication import PublicationScreens
from jukinet.identification.web.quarantine import settle_notice, show_list, show_notice
from jukinet.identification.web.uses import UsesScreens
from jukinet.operator_web.audit_screens import audit_screens
from jukinet.operator_web.screens import MenuItem, Screen

TOP_MENU: Final = MenuItem("/", "top.menu", "t")
QUARANTINE_MENU: Final = MenuItem("/quarantine", "quarantine.menu", "h")
USES_MENU: Final = MenuItem("/uses", "uses.menu", "u")
PUBLICATION_MENU: Final = MenuItem("/publication", "publication.menu", "p")
TEMPLATES: Final = "jukinet.identification.web"


def server_screens(desk: ServerDesk) -> list[Screen]:
    """Return the state, the quarantine and the operation log of a server."""
    return [
        Screen("GET", "/", partial(show_top, desk)),
        Screen("GET", "/quarantine", partial(show_list, desk)),
        Screen("GET", "/quarantine/{arrival:int}", partial(show_notice, desk)),
        Screen("POST", "/quarantine/{arrival:int}", partial(settle_notice, desk)),
        *audit_screens(desk.database),
    ]


def uses_screens(uses: UsesScreens) -> list[Screen]:
    """Return the uses of one person's information."""
    return [Screen("GET", "/uses", uses.show_form), Screen("POST", "/uses", uses.show_uses)]


def publication_screens(publication: PublicationScreens) -> list[Screen]:
    """Return the yearly publication."""
    return [
        Screen("GET", "/publication", publication.show_form),
        Screen("POST", "/publication", publication.take_form),
    ]
