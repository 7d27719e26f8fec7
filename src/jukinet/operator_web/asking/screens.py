"""The screens of a query, by path."""

from __future__ import annotations

from functools import partial
from typing import Final

from jukinet.operator_web.asking.confirmation import ask, show_form
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.operator_web.screens import MenuItem, Screen

#: Where a node has other pages first.
ASKING_MENU: Final = MenuItem("/asking", "asking.menu", "y")


def asking_screens(desk: AskingDesk | None) -> list[Screen]:
    """Return the form and its answer; none where nothing can be asked for."""
    if desk is None:
        return []
    return [Screen("GET", desk.path, partial(show_form, desk)), Screen("POST", desk.path, partial(ask, desk))]
