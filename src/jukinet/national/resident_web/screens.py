"""Every page of the residents' site, at a port of its own on the national node."""

from __future__ import annotations

from typing import Final

from litestar import Litestar

from jukinet.audit.wording import Describer
from jukinet.domain.clock import Clock
from jukinet.national.resident_web.door import ResidentDoor
from jukinet.national.resident_web.pages import ResidentPages
from jukinet.national.resident_web.texts import TEXTS
from jukinet.operator_web.screens import MenuItem, Screen, Site
from jukinet.operator_web.site import make_site
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName

_MENU: Final = (
    MenuItem("/", "uses.menu", "t"),
    MenuItem("/record", "record.menu", "r"),
    MenuItem("/account", "account.menu", "a"),
)


def make_resident_screens(
    *, name: NodeName, database: Database, clock: Clock, describer: Describer, is_production: bool = False
) -> Litestar:
    """Return the application with the residents' pages."""
    door = ResidentDoor(database)
    pages = ResidentPages(name=name, database=database, clock=clock, describer=describer, door=door)
    return make_site(
        Site(
            name=name,
            database=database,
            clock=clock,
            screens=[
                Screen("GET", "/", pages.show_uses),
                Screen("POST", "/", pages.show_more),
                Screen("POST", "/proof", pages.provide_proof),
                Screen("GET", "/verifier", pages.show_verifier, is_open=True),
                Screen("GET", "/record", pages.ask_record),
                Screen("POST", "/record", pages.show_record),
                Screen("GET", "/account", pages.show_account),
                Screen("POST", "/account", pages.close_account),
                Screen("GET", "/open", pages.show_opening, is_open=True),
                Screen("POST", "/open", pages.take_opening, is_open=True),
            ],
            menu=_MENU,
            templates=("jukinet.national.resident_web",),
            catalogues=(TEXTS,),
            is_production=is_production,
            door=door,
            sign_in_template="national/sign_in.html",
            title="本人用ページ",
        )
    )
