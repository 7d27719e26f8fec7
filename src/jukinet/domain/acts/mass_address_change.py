"""A mass change of addresses (一括住所変更): the wording changes, nobody moves.

A town gets another name, lots are renumbered, or the house numbering of the Act on Indication of Residential Address
begins. Of the record only the address and its postal code change; since when the resident lives there, where he or she
lived before, and the household stay. It goes up as a minor correction (軽微な修正), which revokes no certificate.
Source: Order art. 12(2)(vii); Regulation (–2015) art. 11(3)(ii), 21-2(iii)–(v).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.addresses import list_beginnings, list_towns, require_address_in, require_postal_code
from jukinet.domain.errors import ImpossibleChangeError, JukinetError, MissingItemError, UnknownCodeListValueError
from jukinet.domain.households import live_members
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces

_SPACE: Final = "\u3000"
#: What may follow the name of a town: nothing, a building, or a lot. 「一丁目」 and 「北」 make it another town.
_LOT: Final = re.compile(
    r"$|[ \u3000]|[0-9０-９]+(?![0-9０-９]|丁目)|[〇一二三四五六七八九十百千]+(?:番|の)"
    r"|[甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥ア-ン][0-9０-９]|字|無番地|番外"
)
_TOWN_OF_PLACE: Final = re.compile(r"[^0-9０-９\u3000 ]+")


class MassChangeKind(Enum):
    """Why many addresses change at once."""

    TOWN_RENAMED = ("town_renamed", "町・字の区域又は名称の変更")
    AREA_CHANGED = ("area_changed", "行政区画・郡・区の名称の変更")
    LOT_RENUMBERED = ("lot_renumbered", "地番の変更")
    RESIDENTIAL_INDICATION = ("residential_indication", "住居表示の実施・変更")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label

    @property
    def is_by_table(self) -> bool:
        """Return whether each address has its own new one; else whole towns change their name."""
        return self in {MassChangeKind.LOT_RENUMBERED, MassChangeKind.RESIDENTIAL_INDICATION}


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One row of what changes: a town or an address, as it stands after the municipality's name, and the new one."""

    row_number: int
    old: str = field(repr=False)
    new: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """What an address becomes, and the row that says so."""

    row_number: int
    address: str = field(repr=False)
    postal_code: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be used, and why."""

    row: AddressRow = field(repr=False)
    error: JukinetError


def find_mass_change_kind(tag: str) -> MassChangeKind:
    """Return the kind with this stable value; raise UnknownCodeListValueError."""
    for kind in MassChangeKind:
        if kind.tag == tag:
            return kind
    raise UnknownCodeListValueError(field="kind")


class AddressRule:
    """Which address becomes which, for one municipality: a pure function of an address."""

    __slots__ = ("_by_table", "_municipality", "_rows")

    def __init__(self, municipality: LocalGovernmentCode, kind: MassChangeKind, rows: Iterable[AddressRow]) -> None:
        self._municipality = municipality
        self._by_table = kind.is_by_table
        self._rows = {_folded(split_address(municipality, row.old)[1]): row for row in rows}

    @property
    def towns(self) -> frozenset[str]:
        """Return how the places begin that the rows speak of: the names of their towns."""
        places = (split_address(self._municipality, row.old)[1] for row in self._rows.values())
        return frozenset(found[0] for place in places if (found := _TOWN_OF_PLACE.match(place)))

    def rewrite(self, municipality: str, address: str) -> NewPlace | None:
        """Return what the address becomes; None where no row speaks of it."""
        beginning, place = split_address(LocalGovernmentCode(municipality), address)
        found = self._find_in_table(place) if self._by_table else self._find_town(municipality, place)
        if found is None:
            return None
        row, rest = found
        new = split_address(self._municipality, row.new)[1]
        return NewPlace(row.row_number, f"{beginning}{new}{rest}", row.postal_code)

    def _find_in_table(self, place: str) -> tuple[AddressRow, str] | None:
        row = self._rows.get(_folded(place))
        if row is not None:
            return row, ""
        # A building keeps its name: the table most often speaks of the lot alone.
        lot, space, building = place.partition(_SPACE)
        row = self._rows.get(_folded(lot)) if space else None
        return None if row is None else (row, f"{_SPACE}{building}")

    def _find_town(self, municipality: str, place: str) -> tuple[AddressRow, str] | None:
        for row in self._rows.values():
            town = split_address(self._municipality, row.old)[1]
            if place.startswith(town) and _ends_town(municipality, town, place[len(town) :]):
                return row, place[len(town) :]
        return None


@enforces(Rule.MASS_CHANGE_IS_A_MINOR_CORRECTION)
def plan_mass_address_change(
    rule: AddressRule, household: Sequence[ResidentRecord], *, effective_on: str
) -> tuple[RecordStep, ...]:
    """Return the steps of one household: each live member whose address a row speaks of; most often all or none.

    Raises:
        MalformedAddressError, CharacterOutsideRepertoireError: what would be written cannot be an address here.
    """
    steps: list[RecordStep] = []
    for member in live_members(household):
        found = rule.rewrite(member.municipality, member.address)
        if found is None or found.address == member.address:
            continue
        require_address_in(LocalGovernmentCode(member.municipality), found.address)
        steps.append(
            revise(
                member,
                reason=ActReason.MINOR_CORRECTION,
                acted_on=effective_on,
                notified_on=None,
                address=found.address,
                postal_code=found.postal_code or member.postal_code,
            )
        )
    return tuple(steps)


def sort_rows(
    municipality: LocalGovernmentCode, rows: Iterable[AddressRow]
) -> tuple[list[AddressRow], list[RefusedRow]]:
    """Return the rows that can be used, and those that cannot with the reason. The first of two for a place counts."""
    good: list[AddressRow] = []
    refused: list[RefusedRow] = []
    known: set[str] = set()
    for row in rows:
        try:
            _require_usable(municipality, row, known)
        except JukinetError as error:
            refused.append(RefusedRow(row, error))
        else:
            known.add(_folded(split_address(municipality, row.old)[1]))
            good.append(row)
    return good, refused


def _require_usable(municipality: LocalGovernmentCode, row: AddressRow, known: set[str]) -> None:
    old, new = split_address(municipality, row.old)[1], split_address(municipality, row.new)[1]
    for text, name in ((old, "old_place"), (new, "new_place")):
        if not text.strip():
            raise MissingItemError("Say both the old and the new place.", field=name)
        require_repertoire(text, field=name)
    beginning = max(list_beginnings(municipality), key=len)
    require_address_in(municipality, beginning + new, field="new_place")
    if old == new:
        raise ImpossibleChangeError("The new place is the old one: there is nothing to change.", field="new_place")
    if _folded(old) in known:
        raise ImpossibleChangeError("An earlier row speaks of this place already.", field="old_place")
    if row.postal_code is not None:
        require_postal_code(row.postal_code, field="postal_code")


def split_address(municipality: LocalGovernmentCode, address: str) -> tuple[str, str]:
    """Return the municipality's name an address begins with, if it does, and what stands after it."""
    for beginning in _longest_first(municipality.value):
        if address.startswith(beginning):
            return beginning, address[len(beginning) :]
    return "", address


@cache
def _longest_first(municipality: str) -> tuple[str, ...]:
    return tuple(sorted(list_beginnings(LocalGovernmentCode(municipality)), key=len, reverse=True))


def _folded(place: str) -> str:
    return unicodedata.normalize("NFKC", place)


def _ends_town(municipality: str, town: str, rest: str) -> bool:
    longer = _longer_towns(municipality).get(town, ())
    if any(rest.startswith(more) for more in longer):
        return False
    return _LOT.match(rest) is not None or rest.startswith(_koaza(municipality).get(town, ()))


@cache
def _longer_towns(municipality: str) -> Mapping[str, tuple[str, ...]]:
    """Return by town how the names of others go on that begin with its name."""
    names = sorted({town.name for town in list_towns(LocalGovernmentCode(municipality)) if town.name})
    return {
        name: tuple(other[len(name) :] for other in names if other != name and other.startswith(name)) for name in names
    }


@cache
def _koaza(municipality: str) -> Mapping[str, tuple[str, ...]]:
    """Return by town its parts (小字): they stay as they are."""
    found: dict[str, set[str]] = {}
    for town in list_towns(LocalGovernmentCode(municipality)):
        if town.koaza:
            found.setdefault(town.name, set()).add(town.koaza)
    return {name: tuple(parts) for name, parts in found.items()}
