"""Kinds of foreign residents (法第30条の45の表の区分), and which items of a residence card each of them has.

Source: Act art. 30-45; Regulation art. 47 for the passport that says that the card will follow.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MalformedCardNumberError, ResidenceItemsError, UnknownCodeListValueError
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.rules import Rule, enforces

#: Statuses without a period (無期限).
UNLIMITED: Final = frozenset({"永住者", "高度専門職２号"})
_CARD_NUMBER: Final = re.compile("[A-Z]{2}[0-9]{8}[A-Z]{2}")


class ResidenceKind(Enum):
    """A kind of foreign resident, as the register writes it."""

    MID_TO_LONG_TERM = "中長期在留者"
    SPECIAL_PERMANENT = "特別永住者"
    TEMPORARY_REFUGE = "一時庇護許可者"
    PROVISIONAL_STAY = "仮滞在許可者"
    TRANSITIONAL_BY_BIRTH = "出生による経過滞在者"
    TRANSITIONAL_BY_LOSS = "国籍喪失による経過滞在者"

    @property
    def is_transitional(self) -> bool:
        """Return whether it is a transitional stay (経過滞在): it needs no permit for sixty days."""
        return self in {ResidenceKind.TRANSITIONAL_BY_BIRTH, ResidenceKind.TRANSITIONAL_BY_LOSS}


def find_residence_kind(text: str) -> ResidenceKind:
    """Return the kind written so; raise UnknownCodeListValueError."""
    for kind in ResidenceKind:
        if kind.value == text:
            return kind
    raise UnknownCodeListValueError(field="residence_kind")


@enforces(Rule.ITEMS_OF_THE_RESIDENCE_KIND)
def require_foreign_items(items: ForeignItems, *, is_card_to_follow: bool = False) -> None:
    """Refuse items that a foreign resident of this kind does not have, and those that are missing.

    Raises:
        ResidenceItemsError: naming the first item that is missing or out of place.
        UnknownCodeListValueError, MalformedCardNumberError, InvalidValueError: an item is none.
    """
    kind = find_residence_kind(items.residence_kind)
    require_repertoire(items.nationality, field="nationality")
    CivilDate.from_wire(items.became_foreign_resident_on, may_be_irregular=True)
    has_period = kind in {
        ResidenceKind.MID_TO_LONG_TERM,
        ResidenceKind.TEMPORARY_REFUGE,
        ResidenceKind.PROVISIONAL_STAY,
    } and (items.residence_status not in UNLIMITED)
    has_card = kind in {ResidenceKind.MID_TO_LONG_TERM, ResidenceKind.SPECIAL_PERMANENT}
    _require(items.residence_status, "residence_status", is_needed=kind is ResidenceKind.MID_TO_LONG_TERM)
    _require(items.residence_period, "residence_period", is_needed=has_period)
    if kind is ResidenceKind.MID_TO_LONG_TERM or items.residence_until is not None:
        _require(items.residence_until, "residence_until", is_needed=has_period)
    if items.residence_card_number is not None or not is_card_to_follow:
        _require(items.residence_card_number, "residence_card_number", is_needed=has_card)
    if items.residence_until is not None:
        CivilDate.from_wire(items.residence_until).require_exact()
    if items.residence_card_number is not None and _CARD_NUMBER.fullmatch(items.residence_card_number) is None:
        raise MalformedCardNumberError(field="residence_card_number")


def _require(item: str | None, name: str, *, is_needed: bool) -> None:
    if (item is not None) != is_needed:
        raise ResidenceItemsError(field=name)
    if item is not None:
        require_repertoire(item, field=name)
