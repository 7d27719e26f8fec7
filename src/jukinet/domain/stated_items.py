"""What an organ states of a person (申出事項), read once; and how it agrees with a record (照合), by folding.

Names agree folded as a search folds them, by any name the person goes by. A date known in part agrees in part with
every date it may be. An address agrees in part where one of the two says less than the other: no building, no town.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from jukinet.domain.addresses import require_address
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ImpossibleDateError,
    MalformedAddressError,
    MalformedDateError,
    UnknownCodeListValueError,
)
from jukinet.domain.identification import Sex
from jukinet.domain.kana import fold_kana, fold_kanji, require_kana
from jukinet.domain.names import require_name
from jukinet.domain.provision_results import Agreement
from jukinet.domain.search_keys import Place, address_key_of, list_name_keys, list_names, list_places

_SEXES: Final = frozenset(sex.value for sex in Sex)
_UNKNOWN_SEXES: Final = frozenset({Sex.UNKNOWN.value, Sex.NOT_APPLICABLE.value})
_TOWN: Final = re.compile("[^0-9]*")


class RecordedItems(Protocol):
    """A record, as far as it is compared."""

    # fmt: off
    @property
    def name(self) -> str: ...  # noqa: D102 - the items are those of IdentificationInformation
    @property
    def kana(self) -> str: ...  # noqa: D102
    @property
    def former_surname(self) -> str | None: ...  # noqa: D102
    @property
    def alias(self) -> str | None: ...  # noqa: D102
    @property
    def birth_date(self) -> str: ...  # noqa: D102
    @property
    def sex(self) -> str: ...  # noqa: D102
    @property
    def municipality(self) -> str: ...  # noqa: D102
    @property
    def address(self) -> str: ...  # noqa: D102
    # fmt: on


class FormerKeys(NamedTuple):
    """What somebody was found by at some time: one name at one address, folded."""

    kana_key: str
    name_key: str
    municipality: str
    address_key: str
    birth_date: str

    def __repr__(self) -> str:
        return "FormerKeys(***)"


class Compared(NamedTuple):
    """How each stated item agrees."""

    name: Agreement
    kana: Agreement
    birth_date: Agreement
    sex: Agreement
    address: Agreement

    def __repr__(self) -> str:
        return "Compared(***)"


@dataclass(frozen=True, slots=True, repr=False)
class StatedPerson:
    """What was stated, valid and folded. What was not stated is None, or empty."""

    name: str | None = None
    name_key: str | None = None
    kana: str | None = None
    kana_key: str | None = None
    is_kana_prefix: bool = False
    birth_date: CivilDate | None = None
    sex: str | None = None
    address: str | None = None
    places: tuple[Place, ...] = field(default=())

    def __repr__(self) -> str:
        """Show the type only."""
        return "StatedPerson(***)"

    def compare(self, recorded: RecordedItems) -> Compared:
        """Return how what was stated agrees with a record as it stands."""
        return Compared(
            name=self._compare_name(recorded),
            kana=self._compare_kana(recorded),
            birth_date=self._compare_birth_date(recorded.birth_date),
            sex=self._compare_sex(recorded.sex),
            address=self._compare_address(recorded),
        )

    def compare_former(self, former: FormerKeys) -> Compared:
        """Return how what was stated agrees with what was recorded at some time; sex is not kept by time."""
        kana = Agreement.NOT_STATED if self.kana_key is None else self._compare_kana_key(former.kana_key)
        name = Agreement.NOT_STATED if self.name_key is None else _folded(self.name_key == former.name_key)
        address = Agreement.NOT_STATED
        if self.address is not None:
            address = self._compare_places(former.municipality, former.address_key)
        return Compared(name, kana, self._compare_birth_date(former.birth_date), Agreement.NOT_STATED, address)

    def _compare_name(self, recorded: RecordedItems) -> Agreement:
        if self.name is None:
            return Agreement.NOT_STATED
        if self.name in list_names(recorded):
            return Agreement.AGREES
        return _folded(any(keys.name_key == self.name_key for keys in list_name_keys(recorded)))

    def _compare_kana(self, recorded: RecordedItems) -> Agreement:
        if self.kana is None:
            return Agreement.NOT_STATED
        if self.kana == recorded.kana:
            return Agreement.AGREES
        return self._compare_kana_key(fold_kana(recorded.kana))

    def _compare_kana_key(self, kana_key: str) -> Agreement:
        stated = self.kana_key or ""
        if kana_key == stated:
            return Agreement.AGREES_FOLDED
        if self.is_kana_prefix and kana_key.startswith(stated):
            return Agreement.AGREES_IN_PART
        return Agreement.DIFFERS

    def _compare_birth_date(self, wire: str) -> Agreement:
        if self.birth_date is None:
            return Agreement.NOT_STATED
        if self.birth_date.wire == wire:
            return Agreement.AGREES
        recorded = CivilDate.from_wire(wire, may_be_irregular=True)
        if self.birth_date.is_exact and recorded.is_exact:
            return Agreement.DIFFERS
        (first, last), (begin, end) = self.birth_date.span, recorded.span
        return Agreement.AGREES_IN_PART if first <= end and begin <= last else Agreement.DIFFERS

    def _compare_sex(self, sex: str) -> Agreement:
        if self.sex is None:
            return Agreement.NOT_STATED
        if self.sex == sex:
            return Agreement.AGREES
        return Agreement.AGREES_IN_PART if sex in _UNKNOWN_SEXES else Agreement.DIFFERS

    def _compare_address(self, recorded: RecordedItems) -> Agreement:
        if self.address is None:
            return Agreement.NOT_STATED
        if self.address == recorded.address:
            return Agreement.AGREES
        return self._compare_places(recorded.municipality, address_key_of(recorded.municipality, recorded.address))

    def _compare_places(self, municipality: str, key: str) -> Agreement:
        stated = [place.key for place in self.places if place.municipality == municipality]
        if key in stated:
            return Agreement.AGREES_FOLDED
        return Agreement.AGREES_IN_PART if any(_agree_in_part(one, key) for one in stated) else Agreement.DIFFERS


def _folded(is_same: bool) -> Agreement:  # noqa: FBT001 - the answer itself
    return Agreement.AGREES_FOLDED if is_same else Agreement.DIFFERS


def _agree_in_part(stated: str, recorded: str) -> bool:
    """Return whether one key says the same as the other and less: without the building, the lot or the town."""
    if _begins_with(recorded, stated) or (_has_lot(recorded) and _begins_with(stated, recorded)):
        return True
    # 東京都世田谷区1番1号: the town was left out, the lot was not.
    return stated[:1].isdigit() and _begins_with(_TOWN.sub("", recorded, count=1), stated)


def _begins_with(whole: str, beginning: str) -> bool:
    """Return whether `beginning` is the beginning, and no number is cut in two."""
    if not whole.startswith(beginning):
        return False
    after = whole[len(beginning) : len(beginning) + 1]
    return not (beginning[-1:].isdigit() and after.isdigit())


def _has_lot(key: str) -> bool:
    return any(character.isdigit() for character in key)


def has_lot(agreement: Agreement, stated: StatedPerson) -> bool:
    """Return whether an address agrees down to a house number, and not only by its town or municipality."""
    return agreement.agrees and any(_has_lot(place.key) for place in stated.places)


def read_stated_person(
    *,
    name: str | None = None,
    kana: str | None = None,
    is_kana_prefix: bool = False,
    birth_date: str | None = None,
    sex: str | None = None,
    address: str | None = None,
) -> StatedPerson:
    """Return what was stated, if all of it can be such an item.

    Raises:
        InvalidValueError: one of its leaves, naming the item; MalformedAddressError where no municipality's name
            stands at the beginning of the address.
    """
    if name is not None:
        require_name(name, field="name")
    if kana is not None:
        kana = unicodedata.normalize("NFKC", kana).replace(" ", "\u3000")
        require_kana(kana, field="kana")
    if sex is not None and sex not in _SEXES:
        raise UnknownCodeListValueError(field="sex")
    return StatedPerson(
        name=name,
        name_key=None if name is None else fold_kanji(name),
        kana=kana,
        kana_key=None if kana is None else fold_kana(kana),
        is_kana_prefix=is_kana_prefix,
        birth_date=None if birth_date is None else _read_birth_date(birth_date),
        sex=sex,
        address=address,
        places=() if address is None else _read_places(address),
    )


@lru_cache(maxsize=50_000)
def _read_birth_date(wire: str) -> CivilDate:
    try:
        return CivilDate.from_wire(wire, may_be_irregular=True)
    except (MalformedDateError, ImpossibleDateError) as error:
        raise type(error)(field="birth_date") from None


def _read_places(address: str) -> tuple[Place, ...]:
    require_address(address, field="address")
    places = tuple(list_places(address))
    if not places:
        raise MalformedAddressError("An address begins with its municipality or prefecture.", field="address")
    return places
