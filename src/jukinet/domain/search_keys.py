"""What a person is found by on every tier: names, readings and addresses folded once, when they are recorded.

A name is the name itself, an alias (通称), and a former surname (旧氏) with the given name. An address is found by what
stands after its municipality, because people leave out prefecture and district (郡) as they like.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple, Protocol

from jukinet.domain.addresses import fold_address, list_beginnings
from jukinet.domain.kana import fold_kana, fold_kanji
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_codes, municipality_of, wards_of
from jukinet.domain.repertoire import VARIATION_SELECTORS

_DIGEST_BYTES: Final = 12
_SEPARATOR: Final = "\x1f"
#: No name of a municipality or prefecture is shorter.
_START: Final = 2
_SPACES: Final = " \u3000"
_IGNORED: Final = frozenset(_SPACES) | frozenset(map(chr, VARIATION_SELECTORS))


class Named(Protocol):
    """Whatever has a name as resident records have it."""

    # fmt: off
    @property
    def name(self) -> str: ...  # noqa: D102 - the items are those of IdentificationInformation
    @property
    def kana(self) -> str: ...  # noqa: D102
    @property
    def former_surname(self) -> str | None: ...  # noqa: D102
    @property
    def alias(self) -> str | None: ...  # noqa: D102
    # fmt: on


class NameKeys(NamedTuple):
    """One name, folded: all of it and its second part, as it is read and as it is written."""

    kana_key: str
    given_kana_key: str
    name_key: str
    given_name_key: str

    def __repr__(self) -> str:
        return "NameKeys(***)"


class Place(NamedTuple):
    """A municipality an address may be of, and the key of what follows its name."""

    municipality: str
    key: str

    def __repr__(self) -> str:
        return "Place(***)"


def list_names(named: Named) -> list[str]:
    """Return every name somebody goes by, as it is written: the name, the alias, the former surname's."""
    names = [named.name]
    if named.alias:
        names.append(named.alias)
    if named.former_surname:
        names.append(f"{named.former_surname}\u3000{_parts(named.name)[1]}")
    return names


def list_name_keys(named: Named) -> list[NameKeys]:
    """Return the keys of every name somebody goes by, each once. All have the one reading that is registered."""
    kana_keys = _fold_reading(named.kana)
    return list(dict.fromkeys(NameKeys(*kana_keys, *_fold_name(name)) for name in list_names(named)))


def digest_of(texts: Iterable[str]) -> bytes:
    """Return what tells one set of keys from another."""
    return hashlib.blake2b(_SEPARATOR.join(texts).encode(), digest_size=_DIGEST_BYTES).digest()


def address_key_of(municipality: str, address: str) -> str:
    """Return the key of an address of the municipality: what stands after the municipality's name."""
    for beginning in _beginnings_of(municipality):
        if address.startswith(beginning):
            return fold_address(address[len(beginning) :])
    return fold_address(address)


@cache
def _beginnings_of(municipality: str) -> tuple[str, ...]:
    return list_beginnings(LocalGovernmentCode.parse(municipality))


@cache
def _codes_by_beginning() -> dict[str, tuple[str, ...]]:
    """Return whose addresses begin so. Two municipalities may have one name, such as 府中市."""
    found: dict[str, list[str]] = {}
    for code in sorted(municipality_codes()):
        for beginning in list_beginnings(LocalGovernmentCode(code)):
            found.setdefault(fold_kanji(beginning), []).append(code)
    return {beginning: tuple(codes) for beginning, codes in found.items()}


@cache
def _lengths_by_start() -> dict[str, tuple[int, ...]]:
    """Return how long beginnings with these two first characters are, the longest first."""
    found: dict[str, set[int]] = {}
    for beginning in _codes_by_beginning():
        found.setdefault(beginning[:_START], set()).add(len(beginning))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def _plain(address: str) -> str:
    if not unicodedata.is_normalized("NFKC", address):
        address = unicodedata.normalize("NFKC", address)
    if _IGNORED.isdisjoint(address):
        return address
    return "".join(character for character in address if character not in _IGNORED)


def list_places(address: str) -> list[Place]:
    """Return where an address as people write it may lie: every municipality whose name it begins with.

    An address in a ward may be recorded as its city's, and a city alone means all its wards. Empty where no
    municipality's name stands at the beginning.
    """
    plain = _plain(address)
    folded = fold_kanji(plain)
    for length in _lengths_by_start().get(folded[:_START], ()):
        codes = _codes_by_beginning().get(folded[:length])
        if codes:
            return [place for code in codes for place in _places_in(code, plain[length:], folded, plain)]
    return []


def _places_in(code: str, rest: str, folded: str, plain: str) -> Iterator[Place]:
    municipality = LocalGovernmentCode(code)
    yield Place(code, fold_address(rest))
    if not rest:
        yield from (Place(ward.code.value, "") for ward in wards_of(municipality))
    city = municipality_of(municipality)
    if city.code != municipality:
        name = fold_kanji(city.municipality_name)
        yield Place(city.code.value, fold_address(plain[folded.index(name) + len(name) :]))


def _parts(text: str) -> tuple[str, str]:
    """Return what stands before the first space, and what after it."""
    for place, character in enumerate(text):
        if character in _SPACES:
            return text[:place], text[place + 1 :]
    return text, ""


@lru_cache(maxsize=1 << 16)
def _kana(text: str) -> str:
    return fold_kana(text)


@lru_cache(maxsize=1 << 16)
def _kanji(text: str) -> str:
    return fold_kanji(text)


def _fold_reading(text: str) -> tuple[str, str]:
    """Return the keys of a whole reading and of its second part. Surnames recur, so parts are folded by themselves."""
    surname, given = _parts(text)
    given_key = _kana(given)
    whole = _kana(surname) + given_key
    # A long vowel may reach over the space: さと　うめ is looked for as さとうめ.
    return (fold_kana(whole) if given_key.startswith("ウ") else whole), given_key


def _fold_name(text: str) -> tuple[str, str]:
    surname, given = _parts(text)
    given_key = _kanji(given)
    return _kanji(surname) + given_key, given_key
