"""What the screens of the law work with, and the few readings they share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.domain.clock import civil_day
from jukinet.domain.provision_changes import (
    BeginningOfAffair,
    EndOfAffair,
    EndOfOffice,
    ItemsOfAffair,
    LawChange,
    NewAffair,
    NewOffice,
)
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_withholding import UsesWithheld
from jukinet.national.law_keeper import LawKeeper
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Visit
from jukinet.postgres.database import Database


@dataclass(frozen=True, slots=True)
class LawDesk:
    """The law as the screens see it."""

    database: Database
    keeper: LawKeeper


def read_day(form: Form, visit: Visit) -> date:
    """Return the day typed, or today; a day that cannot be read is a problem of the form."""
    if not form.text("day"):
        return civil_day(visit.now)
    return form.read_day("day") or civil_day(visit.now)


def kind_of(change: LawChange) -> str:
    """Return the name a change has in texts and paths."""
    act = change.act
    if isinstance(act, NewAffair):
        return "ordinance" if act.ordinance is not None else "affair"
    names = {
        EndOfAffair: "end",
        ItemsOfAffair: "items",
        BeginningOfAffair: "beginning",
        UsesWithheld: "withheld",
        NewOffice: "office",
        EndOfOffice: "office_end",
    }
    return names[type(act)]


def ticked_items(form: Form) -> frozenset[ProvisionItem]:
    """Return the items that are ticked."""
    return frozenset(item for item in ProvisionItem if form.text(f"items-{item.value}") == "on")


def ticks_of(items: frozenset[ProvisionItem]) -> dict[str, str]:
    """Return the ticks of a form in which these items are ticked."""
    return {f"items-{item.value}": "on" for item in items}
