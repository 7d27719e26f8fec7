"""Every statement on what residents are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from psycopg import sql

from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.search_keys import Findable, SearchKey, keys_of_history, search_keys_of
from jukinet.municipal.search_words import Word
from jukinet.postgres.database import Unit

#: More are not counted: nobody reads so long a list.
MOST_COUNTED: Final = 1_000

_SEARCH: Final = """
    WITH found AS (
        SELECT key.resident_number, key.is_current,
               (%(address)s::text IS NOT NULL
                OR (%(address_1)s::text IS NOT NULL AND NOT coalesce(key.name_key LIKE %(name_1)s
                    OR key.given_name_key LIKE %(name_1)s OR key.kana_key LIKE %(kana_1)s
                    OR key.given_kana_key LIKE %(kana_1)s, false))
                OR (%(address_2)s::text IS NOT NULL AND NOT coalesce(key.name_key LIKE %(name_2)s
                    OR key.given_name_key LIKE %(name_2)s OR key.kana_key LIKE %(kana_2)s
                    OR key.given_kana_key LIKE %(kana_2)s, false))
                OR (%(address_3)s::text IS NOT NULL AND NOT coalesce(key.name_key LIKE %(name_3)s
                    OR key.given_name_key LIKE %(name_3)s OR key.kana_key LIKE %(kana_3)s
                    OR key.given_kana_key LIKE %(kana_3)s, false))) AS is_by_address
          FROM register.search_key AS key
         WHERE (%(resident_numbers)s::bigint[] IS NULL OR key.resident_number = ANY(%(resident_numbers)s))
           AND (%(kana)s::text IS NULL OR key.kana_key LIKE %(kana)s)
           AND (%(name)s::text IS NULL OR key.name_key LIKE %(name)s)
           AND (%(address)s::text IS NULL OR key.address_key LIKE %(address)s)
           AND (%(birth_date)s::text IS NULL OR key.birth_date LIKE %(birth_date)s)
           AND (NOT %(has_word_1)s OR key.kana_key LIKE %(kana_1)s
                OR (key.given_kana_key <> '' AND key.given_kana_key LIKE %(kana_1)s)
                OR key.name_key LIKE %(name_1)s
                OR (key.given_name_key <> '' AND key.given_name_key LIKE %(name_1)s)
                OR key.address_key LIKE %(address_1)s)
           AND (NOT %(has_word_2)s OR key.kana_key LIKE %(kana_2)s
                OR (key.given_kana_key <> '' AND key.given_kana_key LIKE %(kana_2)s)
                OR key.name_key LIKE %(name_2)s
                OR (key.given_name_key <> '' AND key.given_name_key LIKE %(name_2)s)
                OR key.address_key LIKE %(address_2)s)
           AND (NOT %(has_word_3)s OR key.kana_key LIKE %(kana_3)s
                OR (key.given_kana_key <> '' AND key.given_kana_key LIKE %(kana_3)s)
                OR key.name_key LIKE %(name_3)s
                OR (key.given_name_key <> '' AND key.given_name_key LIKE %(name_3)s)
                OR key.address_key LIKE %(address_3)s)
           AND (%(has_former)s OR key.is_current)
           AND (%(has_removed)s OR NOT key.is_removed)
         LIMIT %(most)s
    ), person AS (
        SELECT found.resident_number, bool_or(found.is_current) AS is_current,
               bool_and(found.is_by_address) AS is_by_address
          FROM found
         GROUP BY found.resident_number
    ), hit AS (
        SELECT person.resident_number, person.is_current, record.household_number, record.name, record.kana,
               record.alias, record.former_surname, record.birth_date, record.sex, record.relationship, record.address,
               record.is_removed, record.is_protected, record.change_reason, record.changed_on,
               record.nationality IS NOT NULL AS is_foreign,
               EXISTS (SELECT 1
                         FROM register.resident_record AS mate
                         JOIN register.resident USING (resident_number, version)
                        WHERE mate.household_number = record.household_number AND mate.is_protected) AS is_hidden,
               person.is_by_address
          FROM person
          JOIN register.resident AS handle USING (resident_number)
          JOIN register.resident_record AS record USING (resident_number, version)
    )
    SELECT hit.resident_number, hit.household_number, hit.name, hit.kana, hit.alias, hit.former_surname,
           hit.birth_date, hit.sex, hit.relationship, hit.address, hit.is_removed, hit.is_protected, hit.is_hidden,
           hit.is_current, hit.change_reason, hit.changed_on, hit.is_foreign, count(*) OVER ()
      FROM hit
     WHERE NOT (hit.is_hidden AND hit.is_by_address)
     ORDER BY hit.is_removed, hit.kana COLLATE "C", hit.birth_date, hit.resident_number
     LIMIT %(limit)s
"""

_LIST_OF_CODE: Final = """
    SELECT resident_number
      FROM register.resident
     WHERE resident_record_code = %(resident_record_code)s AND NOT is_former
     UNION
    SELECT resident_number FROM register.resident_record WHERE resident_record_code = %(resident_record_code)s
"""

_LIST_OF_INDIVIDUAL_NUMBER: Final = """
    SELECT DISTINCT resident_number
      FROM register.resident_record
     WHERE individual_number = %(individual_number)s
"""

_LIST_OF_NUMBERS: Final = """
    SELECT resident_number FROM register.resident WHERE resident_number = ANY(%(resident_numbers)s)
     UNION
    SELECT record.resident_number
      FROM register.resident_record AS record
      JOIN register.resident USING (resident_number, version)
     WHERE record.household_number = ANY(%(household_numbers)s)
"""

_MARK: Final = """
    UPDATE register.search_key AS kept
       SET is_current = (kept.digest = ANY(%(digests)s)), is_removed = %(is_removed)s
     WHERE kept.resident_number = %(resident_number)s
       AND (kept.is_current <> (kept.digest = ANY(%(digests)s)) OR kept.is_removed <> %(is_removed)s)
"""

_ADD: Final = """
    INSERT INTO register.search_key
           (resident_number, digest, kana_key, given_kana_key, name_key, given_name_key, address_key, birth_date,
            is_current, is_removed)
    VALUES (%(resident_number)s, %(digest)s, %(kana_key)s, %(given_kana_key)s, %(name_key)s, %(given_name_key)s,
            %(address_key)s, %(birth_date)s, true, %(is_removed)s)
        ON CONFLICT (resident_number, digest) DO NOTHING
"""

#: The next residents in order of their numbers, those without a key only, with all their versions.
_LIST_WITHOUT_KEYS: Final = """
    SELECT record.resident_number, record.name, record.kana, record.former_surname, record.alias, record.birth_date,
           record.municipality, record.address, record.is_removed
      FROM (SELECT handle.resident_number
              FROM register.resident AS handle
             WHERE handle.resident_number > %(after)s
               AND NOT EXISTS (SELECT 1 FROM register.search_key AS key
                                WHERE key.resident_number = handle.resident_number)
             ORDER BY handle.resident_number
             LIMIT %(limit)s) AS missing
      JOIN register.resident_record AS record USING (resident_number)
     ORDER BY record.resident_number, record.version
"""

_FORGET: Final = "DELETE FROM register.search_key"

_COLUMNS: Final = (
    "resident_number",
    "digest",
    "kana_key",
    "given_kana_key",
    "name_key",
    "given_name_key",
    "address_key",
    "birth_date",
    "is_current",
    "is_removed",
)
_COPY: Final = sql.SQL("COPY register.search_key ({columns}) FROM STDIN").format(
    columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
)
_COPY_TYPES: Final = ("int8", "bytea", "text", "text", "text", "text", "text", "text", "bool", "bool")
_WORDS: Final = 3
#: Beyond every number of a resident.
_LARGEST_NUMBER: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to search by, folded; a key that is None is not used. Every key given must agree."""

    kana: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    #: A wire date, or its beginning.
    birth_date: str | None = field(default=None, repr=False)
    words: tuple[Word, ...] = field(default=(), repr=False)
    resident_record_code: str | None = field(default=None, repr=False)
    individual_number: str | None = field(default=None, repr=False)
    #: A resident number or a household number; which of them may it be.
    number: int | None = None
    household_number: int | None = None
    has_removed: bool = False
    has_former: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One resident who was found, as the list shows the present record."""

    resident_number: int
    household_number: int
    name: str = field(repr=False)
    kana: str = field(repr=False)
    alias: str | None = field(repr=False)
    former_surname: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    relationship: str = field(repr=False)
    address: str = field(repr=False)
    is_removed: bool
    is_protected: bool = field(repr=False)
    #: Whether somebody of the household is protected: where it lives is not shown.
    is_hidden: bool = field(repr=False)
    #: False where only a former name or address agrees.
    is_current: bool
    change_reason: str
    changed_on: str = field(repr=False)
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, and how many there are; at `MOST_COUNTED` counting stopped."""

    hits: list[Hit] = field(repr=False)
    count: int

    @property
    def is_counted_in_full(self) -> bool:
        """Return whether `count` is the number of all hits."""
        return self.count < MOST_COUNTED


async def search(unit: Unit, search: Search, *, limit: int) -> Found:
    """Return the residents who agree with every key, by reading. Whoever is hidden is not found by address."""
    numbers = await _list_numbers(unit, search)
    parameters = {
        "resident_numbers": numbers,
        "kana": _prefix(search.kana),
        "name": _prefix(search.name),
        "address": _prefix(search.address),
        "birth_date": _prefix(search.birth_date),
        "has_removed": search.has_removed,
        "has_former": search.has_former,
        "most": MOST_COUNTED,
        "limit": limit,
    }
    for place in range(1, _WORDS + 1):
        word = search.words[place - 1] if place <= len(search.words) else None
        parameters[f"has_word_{place}"] = word is not None
        parameters[f"kana_{place}"] = _prefix(word.kana if word else None)
        parameters[f"name_{place}"] = _prefix(word.name if word else None)
        parameters[f"address_{place}"] = _prefix(word.address if word else None)
    # Never prepared: a plan made without the values would read the whole table.
    rows = await (await unit.execute(_SEARCH, parameters, prepare=False)).fetchall()
    return Found([Hit(*row[:-1]) for row in rows], int(rows[0][-1]) if rows else 0)


async def _list_numbers(unit: Unit, search: Search) -> list[int] | None:
    """Return whom the numbers given point to; None when none was given."""
    found: list[set[int]] = []
    if search.resident_record_code is not None:
        parameters = {"resident_record_code": search.resident_record_code}
        found.append({n for (n,) in await (await unit.execute(_LIST_OF_CODE, parameters)).fetchall()})
    if search.individual_number is not None:
        whole = {"individual_number": search.individual_number}
        found.append({n for (n,) in await (await unit.execute(_LIST_OF_INDIVIDUAL_NUMBER, whole)).fetchall()})
    if search.number is not None or search.household_number is not None:
        own = [n for n in (search.number,) if n is not None and n <= _LARGEST_NUMBER]
        shared = [n for n in (search.household_number,) if n is not None and n <= _LARGEST_NUMBER]
        numbers = {"resident_numbers": own, "household_numbers": shared}
        found.append({n for (n,) in await (await unit.execute(_LIST_OF_NUMBERS, numbers)).fetchall()})
    return sorted(set.intersection(*found)) if found else None


async def keep_search_keys(unit: Unit, record: ResidentRecord) -> None:
    """Keep what the resident is found by from this version on, in the transaction that writes the version."""
    await keep_all_search_keys(unit, [record])


async def keep_all_search_keys(unit: Unit, records: Iterable[ResidentRecord]) -> None:
    """Do the same for many residents at once, such as those of a street that is renamed."""
    marks: list[dict[str, object]] = []
    added: list[dict[str, object]] = []
    for record in records:
        keys = search_keys_of(Findable.of(record))
        digests = [key.digest for key in keys]
        marks.append(
            {
                "resident_number": record.resident_number,
                "digests": digests,
                "is_removed": record.is_removed,
            }
        )
        added += [_parameters(key, is_removed=record.is_removed) for key in keys]
    async with unit.cursor() as cursor:
        await cursor.executemany(_MARK, marks)
        await cursor.executemany(_ADD, added)


def _parameters(key: SearchKey, *, is_removed: bool) -> dict[str, object]:
    return {
        "resident_number": key.resident_number,
        "digest": key.digest,
        "kana_key": key.kana_key,
        "given_kana_key": key.given_kana_key,
        "name_key": key.name_key,
        "given_name_key": key.given_name_key,
        "address_key": key.address_key,
        "birth_date": key.birth_date,
        "is_removed": is_removed,
    }


async def forget_search_keys(unit: Unit) -> None:
    """Forget every key: what follows is `fill_search_keys`."""
    await unit.execute(_FORGET)


async def fill_search_keys(unit: Unit, *, after: int, limit: int) -> tuple[int, int]:
    """Add the keys of the next `limit` residents, beyond number `after`, who have none.

    Returns the last number and how many residents it were; no resident where all have their keys.
    """
    cursor = await unit.execute(_LIST_WITHOUT_KEYS, {"after": after, "limit": limit})
    rows = [Findable(*row) for row in await cursor.fetchall()]
    count = 0
    async with unit.cursor() as writing, writing.copy(_COPY) as copy:
        copy.set_types(_COPY_TYPES)
        for number, versions in groupby(rows, key=attrgetter("resident_number")):
            after, count = number, count + 1
            for row in _rows_of(list(versions)):
                await copy.write_row(row)
    return after, count


def _rows_of(versions: Sequence[Findable]) -> list[tuple[object, ...]]:
    keys, current = keys_of_history(versions)
    is_removed = versions[-1].is_removed
    return [
        (
            key.resident_number,
            key.digest,
            key.kana_key,
            key.given_kana_key,
            key.name_key,
            key.given_name_key,
            key.address_key,
            key.birth_date,
            key.digest in current,
            is_removed,
        )
        for key in keys
    ]


def _prefix(text: str | None) -> str | None:
    if text is None:
        return None
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
