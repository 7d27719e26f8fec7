"""Addresses (住所): the towns of each municipality, composing an address, its search key, and where it lies."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from jukinet.domain import bundled
from jukinet.domain.errors import MalformedAddressError
from jukinet.domain.kana import fold_kanji
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government, wards_of
from jukinet.domain.repertoire import require_repertoire

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The longest address, in code points, building included.
ADDRESS_MAX_LENGTH: Final = 200
POSTAL_CODE_LENGTH: Final = 7

_KANJI_FIGURES: Final = {figure: number for number, figure in enumerate("〇一二三四五六七八九")}
_TEN: Final = "十"
_KANJI_NUMBER: Final = re.compile("([〇一二三四五六七八九十]+)(丁目|番地|番|号|条|線)")
_HYPHENS: Final = re.compile("[‐‑‒–—―−ー]")
_LOT_WORDS: Final = re.compile("(丁目|番地|番|号)の?")
_TRAILING_HYPHEN: Final = re.compile("-+(?=[^0-9-]|$)")
_OAZA: Final = re.compile("(大字|字)")


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町字) of a municipality, as the address data lists it."""

    municipality: LocalGovernmentCode
    #: District (郡) of a town or village; else empty.
    district: str
    #: 大字・町丁目.
    name: str
    #: 小字; most often empty.
    koaza: str


@cache
def _rows_by_code() -> dict[str, list[tuple[str, str]]]:
    rows: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, district, names in bundled.town_rows():
        rows[code].append((district, names))
    return dict(rows)


def _own_towns(municipality: LocalGovernmentCode) -> Iterator[Town]:
    for district, names in _rows_by_code().get(municipality.value, ()):
        for name in names.split("|"):
            town, _, koaza = name.partition(",")
            yield Town(municipality, district, town, koaza)


@lru_cache(maxsize=256)
def list_towns(municipality: LocalGovernmentCode) -> tuple[Town, ...]:
    """Return the towns of a municipality or ward; of a designated city, those of all its wards.

    Empty for the few the address data lacks: the wards of Hamamatsu of 2024, Yusuhara and Toshima.

    Raises:
        UnknownLocalGovernmentError: nobody has this code.
    """
    find_local_government(municipality)
    wards = [ward.code for ward in wards_of(municipality)]
    return tuple(town for code in (municipality, *wards) for town in _own_towns(code))


def _district_of(code: str) -> str:
    """Return the district (郡) a town or village lies in, empty where there is none or the data lacks it."""
    return next((district for district, _ in _rows_by_code().get(code, ()) if district), "")


def compose_address(
    *, municipality: LocalGovernmentCode, town: str, lot: str, building: str = "", koaza: str = ""
) -> str:
    """Return an address as a resident record writes it: 東京都千代田区飯田橋一丁目1番1号　飯田橋ハイツ101.

    Raises:
        UnknownLocalGovernmentError: nobody has this code.
        MalformedAddressError: it would be too long.
        CharacterOutsideRepertoireError: a character is outside the repertoire.
    """
    government = find_local_government(municipality)
    district = _district_of(municipality.value)
    place = f"{government.prefecture_name}{district}{government.municipality_name}{town}{koaza}{lot}"
    address = f"{place}\u3000{building}" if building else place
    require_address(address, field="address")
    return address


def require_address(text: str, *, field: str) -> None:
    """Refuse a text that cannot be an address.

    Raises:
        MalformedAddressError: it is empty, longer than 200, or begins or ends with a space.
        CharacterOutsideRepertoireError: it has a character outside the repertoire.
    """
    if not text or len(text) > ADDRESS_MAX_LENGTH or text[0].isspace() or text[-1].isspace():
        raise MalformedAddressError(field=field)
    require_repertoire(text, field=field)


@cache
def list_beginnings(code: LocalGovernmentCode) -> tuple[str, ...]:
    """Return how an address in this municipality may begin, with and without prefecture and district."""
    government = find_local_government(code)
    name = government.municipality_name
    if not name:
        return (government.prefecture_name,)
    district = _district_of(code.value)
    places = {name, district + name}
    return tuple(sorted(places | {government.prefecture_name + place for place in places}))


def require_address_in(municipality: LocalGovernmentCode, text: str, *, field: str = "address") -> None:
    """Refuse an address that does not begin with the municipality's name.

    Prefecture and district (郡) may be left out, as resident records of many municipalities do.

    Raises:
        UnknownLocalGovernmentError: nobody has this code.
        MalformedAddressError: it lies elsewhere, or cannot be an address.
        CharacterOutsideRepertoireError: it has a character outside the repertoire.
    """
    require_address(text, field=field)
    if not text.startswith(list_beginnings(municipality)):
        raise MalformedAddressError(field=field)


def require_postal_code(text: str, *, field: str) -> None:
    """Refuse a postal code (郵便番号) that is not seven ASCII digits.

    Raises:
        MalformedAddressError: it is not.
    """
    if len(text) != POSTAL_CODE_LENGTH or not (text.isascii() and text.isdigit()):
        raise MalformedAddressError("A postal code has exactly 7 digits.", field=field)


def _figures(found: re.Match[str]) -> str:
    """Return a kanji number below 100, or one written figure by figure, in ASCII digits."""
    number, word = found[1], found[2]
    if _TEN not in number:
        return "".join(str(_KANJI_FIGURES[figure]) for figure in number) + word
    tens, _, ones = number.partition(_TEN)
    if len(tens) > 1 or len(ones) > 1 or ones == _TEN:
        return number + word
    return f"{(_KANJI_FIGURES[tens] if tens else 1) * 10 + (_KANJI_FIGURES[ones] if ones else 0)}{word}"


@lru_cache(maxsize=1 << 14)
def fold_address(text: str) -> str:
    """Return the search key of an address: 一丁目２番３号 and 1-2-3 are one; width, spaces, 大字 and variants fold.

    The long-vowel mark between kana of a building's name folds to a hyphen like every dash.
    """
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text))
    plain = _KANJI_NUMBER.sub(_figures, plain)
    plain = fold_kanji(_OAZA.sub("", _LOT_WORDS.sub("-", plain)))
    return _TRAILING_HYPHEN.sub("", re.sub("-+", "-", plain)).replace("ケ", "ヶ")
