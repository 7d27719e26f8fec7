"""What a resident is found by: names, readings and addresses folded once, when a version is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from jukinet.domain.addresses import fold_address, list_beginnings
from jukinet.domain.kana import fold_kana, fold_kanji
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record import ResidentRecord

_DIGEST_BYTES: Final = 12
_SEPARATOR: Final = "\x1f"
_SPACES: Final = " \u3000"


@dataclass(frozen=True, slots=True)
class Findable:
    """What of a version matters to a search."""

    resident_number: int
    name: str = field(repr=False)
    kana: str = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    municipality: str = field(repr=False)
    address: str = field(repr=False)
    is_removed: bool = field(repr=False)

    @classmethod
    def of(cls, record: ResidentRecord) -> Findable:
        """Return what matters of a record."""
        return cls(
            record.resident_number,
            record.name,
            record.kana,
            record.former_surname,
            record.alias,
            record.birth_date,
            record.municipality,
            record.address,
            record.is_removed,
        )


@dataclass(frozen=True, slots=True)
class SearchKey:
    """One name at one address, folded, as the table keeps it."""

    resident_number: int
    digest: bytes = field(repr=False)
    kana_key: str = field(repr=False)
    given_kana_key: str = field(repr=False)
    name_key: str = field(repr=False)
    given_name_key: str = field(repr=False)
    address_key: str = field(repr=False)
    birth_date: str = field(repr=False)


def search_keys_of(version: Findable) -> list[SearchKey]:
    """Return the keys of one version: its name, and its alias and former surname where there are any."""
    address_key = address_key_of(version.municipality, version.address)
    return [
        _key(version, name_keys, kana_keys, address_key) for name_keys, kana_keys in dict.fromkeys(_names_of(version))
    ]


def _names_of(version: Findable) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    kana = _fold_reading(version.kana)
    yield _fold_name(version.name), kana
    if version.alias:
        yield _fold_name(version.alias), kana
    if version.former_surname:
        _, given = _parts(version.name)
        yield _fold_name(f"{version.former_surname}\u3000{given}"), kana


def _key(version: Findable, name: tuple[str, str], kana: tuple[str, str], address_key: str) -> SearchKey:
    texts = (*kana, *name, address_key, version.birth_date)
    digest = hashlib.blake2b(_SEPARATOR.join(texts).encode(), digest_size=_DIGEST_BYTES).digest()
    return SearchKey(version.resident_number, digest, *texts)


def address_key_of(municipality: str, address: str) -> str:
    """Return the key of an address of the municipality: what stands after the municipality's name."""
    for beginning in list_beginnings(LocalGovernmentCode.parse(municipality)):
        if address.startswith(beginning):
            return fold_address(address[len(beginning) :])
    return fold_address(address)


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


def keys_of_history(versions: Iterable[Findable]) -> tuple[list[SearchKey], frozenset[bytes]]:
    """Return every key of one resident's versions, given oldest first, and the digests of the last version's."""
    keys: dict[bytes, SearchKey] = {}
    current: frozenset[bytes] = frozenset()
    for version in versions:
        found = search_keys_of(version)
        keys.update((key.digest, key) for key in found)
        current = frozenset(key.digest for key in found)
    return list(keys.values()), current
