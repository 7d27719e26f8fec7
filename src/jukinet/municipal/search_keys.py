"""What a resident is found by: names, readings and addresses folded once, when a version is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.search_keys import address_key_of, digest_of, list_name_keys


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
    further = (address_key, version.birth_date)
    return [
        SearchKey(version.resident_number, digest_of((*names, *further)), *names, *further)
        for names in list_name_keys(version)
    ]


def keys_of_history(versions: Iterable[Findable]) -> tuple[list[SearchKey], frozenset[bytes]]:
    """Return every key of one resident's versions, given oldest first, and the digests of the last version's."""
    keys: dict[bytes, SearchKey] = {}
    current: frozenset[bytes] = frozenset()
    for version in versions:
        found = search_keys_of(version)
        keys.update((key.digest, key) for key in found)
        current = frozenset(key.digest for key in found)
    return list(keys.values()), current
