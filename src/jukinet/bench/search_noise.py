"""What officials write instead of what is recorded: labelled queries about known residents, by kind of noise."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from jukinet.domain import bundled
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.kana import fold_kana
from jukinet.domain.names import require_name

Stated = dict[str, str]

_HIRAGANA: Final = 0x60
_KATAKANA: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロ"
_UNVOICED: Final = str.maketrans("ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "カキクケコサシスセソタチツテトハヒフヘホ")
_LARGE: Final = str.maketrans("ャュョッ", "ヤユヨツ")
_LOT: Final = re.compile("[0-9].*")
_TRIES: Final = 20


class Resident(NamedTuple):
    """A resident as recorded, and an address recorded before, of those who have one."""

    resident_record_code: str
    name: str
    kana: str
    birth_date: str
    sex: str
    municipality: str
    address: str
    beginning: str
    former_address: str

    def __repr__(self) -> str:
        return "Resident(***)"


class Noise(NamedTuple):
    """A kind of noise. `has_two_right`: whether two of name, birth date and address still say what is recorded."""

    make: Callable[[Resident, random.Random], Stated | None]
    has_two_right: bool = True
    is_recorded: bool = True


def _clean(one: Resident, _: random.Random) -> Stated:
    return {"name": one.name, "kana": one.kana, "birth_date": one.birth_date, "sex": one.sex, "address": one.address}


def _name_and_date(one: Resident, _: random.Random) -> Stated:
    return {"name": one.name, "birth_date": one.birth_date}


@cache
def _families() -> Mapping[str, str]:
    return {character: family for family in bundled.character_families() for character in family}


def _variant_kanji(one: Resident, choice: random.Random) -> Stated | None:
    places = [place for place, character in enumerate(one.name) if len(_families().get(character, "")) > 1]
    for _ in range(_TRIES if places else 0):
        place = choice.choice(places)
        other = choice.choice(_families()[one.name[place]])
        name = one.name[:place] + other + one.name[place + 1 :]
        if name == one.name or not _is_name(name):
            continue
        return {"name": name, "birth_date": one.birth_date}
    return None


def _is_name(name: str) -> bool:
    try:
        require_name(name, field="name")
    except InvalidValueError:
        return False
    return True


def _folded_kana(one: Resident, choice: random.Random) -> Stated | None:
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: text.translate(_UNVOICED),
        lambda text: text.translate(_LARGE),
        lambda text: text.replace("\u3000", ""),
        lambda text: text,
    )
    kana = choice.choice(ways)(_katakana(one.kana))
    return {"kana": kana, "birth_date": one.birth_date} if kana and kana != one.kana else None


def _katakana(text: str) -> str:
    return "".join(chr(ord(letter) + _HIRAGANA) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


def _slipped_kana(one: Resident, choice: random.Random) -> Stated | None:
    kana = _katakana(one.kana)
    letters = [place for place, letter in enumerate(kana) if letter in _KATAKANA]
    if not letters:
        return None
    place = choice.choice(letters)
    before, letter, after = kana[:place], kana[place], kana[place + 1 :]
    slipped = choice.choice(
        (before + choice.choice(_KATAKANA) + after, before + after, before + after[:1] + letter + after[1:])
    )
    if fold_kana(slipped) == fold_kana(one.kana) or not slipped.strip("\u3000") or slipped != slipped.strip("\u3000"):
        return None
    return {"kana": slipped, "birth_date": one.birth_date, "sex": one.sex, "address": one.address}


def _old_address(one: Resident, _: random.Random) -> Stated:
    return {"name": one.name, "address": one.former_address}


def _unknown_address(one: Resident, choice: random.Random) -> Stated:
    address = f"{one.beginning}大字架空{choice.randrange(1, 999)}番地"
    return {"name": one.name, "birth_date": one.birth_date, "address": address}


def _swapped_digits(one: Resident, choice: random.Random) -> Stated | None:
    figures = list(one.birth_date)
    for _ in range(_TRIES):
        place = choice.choice((2, 3, 5, 6, 8))
        other = place + (2 if place in {3, 6} else 1)
        swapped = figures[:]
        swapped[place], swapped[other] = swapped[other], swapped[place]
        birth_date = "".join(swapped)
        if birth_date != one.birth_date and _is_date(birth_date):
            return {"name": one.name, "birth_date": birth_date, "sex": one.sex, "address": one.address}
    return None


def _is_date(wire: str) -> bool:
    try:
        return CivilDate.from_wire(wire).is_exact
    except InvalidValueError:
        return False


def _missing_town(one: Resident, _: random.Random) -> Stated | None:
    lot = _LOT.search(one.address.removeprefix(one.beginning))
    if lot is None:
        return None
    return {"name": one.name, "birth_date": one.birth_date, "address": one.beginning + lot[0]}


def _missing_building(one: Resident, _: random.Random) -> Stated | None:
    address, has_building, _building = one.address.partition("\u3000")
    return {"kana": one.kana, "address": address} if has_building else None


def _month_only(one: Resident, _: random.Random) -> Stated:
    return {"name": one.name, "birth_date": f"{one.birth_date[:7]}-XX", "address": one.address}


def _two_wrong(one: Resident, choice: random.Random) -> Stated | None:
    slipped, swapped = _slipped_kana(one, choice), _swapped_digits(one, choice)
    return {**slipped, "birth_date": swapped["birth_date"]} if slipped and swapped else None


def _unrecorded(one: Resident, choice: random.Random) -> Stated:
    day = choice.randrange(1, 28)
    birth_date = f"{choice.randrange(1930, 2024)}-{choice.randrange(1, 13):02}-{day:02}"
    address = f"{one.beginning}{choice.randrange(1, 999)}番地"
    return {"name": one.name, "kana": one.kana, "birth_date": birth_date, "sex": one.sex, "address": address}


#: By name. The last two are controls: nobody is to be found by them, and above all nobody else.
NOISES: Final[Mapping[str, Noise]] = MappingProxyType(
    {
        "none": Noise(_clean),
        "name_and_date": Noise(_name_and_date),
        "variant_kanji": Noise(_variant_kanji),
        "folded_kana": Noise(_folded_kana),
        "slipped_kana": Noise(_slipped_kana),
        "old_address": Noise(_old_address),
        "unknown_address": Noise(_unknown_address),
        "swapped_digits": Noise(_swapped_digits),
        "missing_town": Noise(_missing_town),
        "missing_building": Noise(_missing_building),
        "month_only": Noise(_month_only),
        "two_wrong": Noise(_two_wrong, has_two_right=False),
        "unrecorded": Noise(_unrecorded, has_two_right=False, is_recorded=False),
    }
)
