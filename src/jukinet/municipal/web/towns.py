"""Typing an address (住所の入力): the town from the real towns of the municipality, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from jukinet.domain.addresses import Town, compose_address, fold_address, list_towns
from jukinet.domain.errors import MalformedAddressError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.web.cases import Asking
from jukinet.operator_web.fields import Field, ShownWhen


def town_label(town: Town) -> str:
    """Return a town as it is chosen."""
    return town.name + town.koaza


@lru_cache(maxsize=64)
def _by_key(municipality: str) -> Mapping[str, Town]:
    towns = list_towns(LocalGovernmentCode.parse(municipality))
    return {fold_address(town_label(town)): town for town in reversed(towns)}


@lru_cache(maxsize=64)
def list_town_labels(municipality: str) -> tuple[str, ...]:
    """Return the towns to choose from, in the order of the address data."""
    return tuple(town_label(town) for town in list_towns(LocalGovernmentCode.parse(municipality)))


def address_fields(
    ask: Asking, municipality: str, *, has_focus: bool = False, shown_when: ShownWhen | None = None, begins: str = ""
) -> list[Field]:
    """Return the fields of an address in the municipality: `town`, `lot`, `building`."""
    address = Asking(ask.case, "address", ask.prefix)
    return [
        address(
            "town",
            read=partial(find_town, municipality),
            suggestions=list_town_labels(municipality),
            text_of_problem="address.town.unknown",
            has_focus=has_focus,
            shown_when=shown_when,
            begins=begins,
        ),
        address("lot", shown_when=shown_when),
        address("building", is_needed=False, shown_when=shown_when),
    ]


def compose_typed_address(values: Mapping[str, Any]) -> str:
    """Return the address that the fields say.

    Figures and variants may be written either way: 飯田橋1丁目 is 飯田橋一丁目.

    Raises:
        MalformedAddressError, CharacterOutsideRepertoireError: it can't be an address.
    """
    town: Town = values["town"]
    return compose_address(
        municipality=town.municipality,
        town=town.name,
        koaza=town.koaza,
        lot=values["lot"],
        building=values.get("building") or "",
    )


def find_town(municipality: str, text: str) -> Town:
    """Return the town of the municipality that was typed; raise MalformedAddressError."""
    towns = _by_key(municipality)
    if not towns:
        # The address data has no town of this municipality: what is typed is taken as it is.
        return Town(LocalGovernmentCode.parse(municipality), "", text, "")
    town = towns.get(fold_address(text))
    if town is None:
        raise MalformedAddressError(field="town")
    return town
