"""Typing an address (住所の入力): the town from the real towns of the municipality, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jukinet.domain.addresses import Town, compose_address, fold_address, list_towns
from jukinet.domain.errors import InvalidValueError, MalformedAddressError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.operator_web.forms import Form, Problem


def town_label(town: Town) -> str:
    """Return a town as it is chosen."""
    return town.name + town.koaza


@lru_cache(maxsize=64)
def _by_key(municipality: str) -> Mapping[str, Town]:
    towns = list_towns(LocalGovernmentCode.parse(municipality))
    return {fold_address(town_label(town)): town for town in reversed(towns)}


def list_town_labels(municipality: str) -> list[str]:
    """Return the towns to choose from, in the order of the address data."""
    return [town_label(town) for town in list_towns(LocalGovernmentCode.parse(municipality))]


def read_address(form: Form, municipality: str) -> str | None:
    """Return the address that was typed; None, and problems of the form, when it cannot be one.

    Figures and variants may be written either way: 飯田橋1丁目 is 飯田橋一丁目.
    """
    town = form.read("town", lambda text: _find_town(municipality, text), text_of_problem="relocation.town.unknown")
    lot = form.read("lot", str)
    if town is None or lot is None:
        return None
    try:
        return compose_address(
            municipality=town.municipality, town=town.name, koaza=town.koaza, lot=lot, building=form.text("building")
        )
    except InvalidValueError as error:
        form.problems.append(Problem("lot", error))
        return None


def _find_town(municipality: str, text: str) -> Town:
    towns = _by_key(municipality)
    if not towns:
        # The address data has no town of this municipality: what is typed is taken as it is.
        return Town(LocalGovernmentCode.parse(municipality), "", text, "")
    town = towns.get(fold_address(text))
    if town is None:
        raise MalformedAddressError(field="town")
    return town
