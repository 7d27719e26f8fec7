"""The screens of the law of provision, by path."""

from __future__ import annotations

from functools import partial
from typing import Final

from jukinet.national.web.law_desk import LawDesk
from jukinet.national.web.law_proposals import decide, propose, show_proposal, show_proposals, show_proposing
from jukinet.national.web.law_search import show_affair, show_law, show_law_days
from jukinet.operator_web.screens import MenuItem, Screen

LAW_MENU: Final = MenuItem("/law", "law.menu", "k")


def law_screens(desk: LawDesk) -> list[Screen]:
    """Return the screens."""
    return [
        Screen("GET", "/law", partial(show_law, desk)),
        Screen("GET", "/law/affair", partial(show_affair, desk)),
        Screen("GET", "/law/days", partial(show_law_days, desk)),
        Screen("GET", "/law/changes", partial(show_proposals, desk)),
        Screen("GET", "/law/propose", partial(show_proposing, desk)),
        Screen("POST", "/law/propose", partial(propose, desk)),
        Screen("GET", "/law/changes/{proposal:int}", partial(show_proposal, desk)),
        Screen("POST", "/law/changes/{proposal:int}", partial(decide, desk)),
    ]
