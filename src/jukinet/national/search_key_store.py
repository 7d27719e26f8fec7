"""Every statement that keeps what people are found by: with each notice, for who has no key yet, and in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from psycopg import sql

from jukinet.domain.search_keys import address_key_of, digest_of, list_name_keys
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice

_ADD: Final = """
    INSERT INTO identification.search_key
           (resident_record_code, digest, kana_key, name_key, municipality, address_key, birth_date)
    SELECT *
      FROM unnest(%(resident_record_codes)s::text[], %(digests)s::bytea[], %(kana_keys)s::text[],
                  %(name_keys)s::text[], %(municipalities)s::text[], %(address_keys)s::text[], %(birth_dates)s::text[])
        ON CONFLICT (resident_record_code, digest) DO NOTHING
"""

#: Whoever gets another code is found by the past under that code.
_MOVE: Final = """
    WITH changed AS (
        SELECT *
          FROM unnest(%(previous)s::text[], %(present)s::text[]) AS changed (previous, present)
    ), moved AS (
        DELETE FROM identification.search_key AS key
         USING changed
         WHERE key.resident_record_code = changed.previous
     RETURNING changed.present, key.digest, key.kana_key, key.name_key, key.municipality, key.address_key,
               key.birth_date
    )
    INSERT INTO identification.search_key
           (resident_record_code, digest, kana_key, name_key, municipality, address_key, birth_date)
    SELECT present, digest, kana_key, name_key, municipality, address_key, birth_date
      FROM moved
        ON CONFLICT (resident_record_code, digest) DO NOTHING
"""

#: The next people in order of their codes, with all that is or was recorded of them.
_LIST_NEXT: Final = """
    WITH next AS (
        SELECT resident_record_code
          FROM identification.record
         WHERE resident_record_code > %(after)s
         ORDER BY resident_record_code
         LIMIT %(limit)s
    )
    SELECT resident_record_code, name, kana, former_surname, alias, birth_date, municipality, address
      FROM identification.record
     WHERE resident_record_code IN (SELECT resident_record_code FROM next)
     UNION ALL
    SELECT resident_record_code, name, kana, former_surname, alias, birth_date, municipality, address
      FROM identification.superseded_record
     WHERE resident_record_code IN (SELECT resident_record_code FROM next)
     ORDER BY resident_record_code
"""

_FIND_PROGRESS: Final = "SELECT after, is_complete FROM identification.search_filling"
_NOTE_PROGRESS: Final = "UPDATE identification.search_filling SET after = %(after)s, is_complete = %(is_complete)s"

#: As the migration makes them. Building them afterwards is several times as fast as keeping them up row by row.
_DROP_INDEXES: Final = """
    ALTER TABLE identification.search_key DROP CONSTRAINT search_key_pkey;
    DROP INDEX identification.search_key_birth_date;
    DROP INDEX identification.search_key_kana;
    DROP INDEX identification.search_key_name;
"""
_BUILD_INDEXES: Final = """
    ALTER TABLE identification.search_key ADD CONSTRAINT search_key_pkey PRIMARY KEY (resident_record_code, digest);
    CREATE INDEX search_key_birth_date ON identification.search_key (birth_date, kana_key, municipality);
    CREATE INDEX search_key_kana ON identification.search_key (municipality, kana_key);
    CREATE INDEX search_key_name ON identification.search_key (name_key, municipality, birth_date);
"""
_FORGET: Final = "TRUNCATE identification.search_key"

_COLUMNS: Final = (
    "resident_record_code",
    "digest",
    "kana_key",
    "name_key",
    "municipality",
    "address_key",
    "birth_date",
)
_COPY: Final = sql.SQL("COPY identification.search_key ({columns}) FROM STDIN").format(
    columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
)


class Recorded(NamedTuple):
    """What of a version matters to a search."""

    resident_record_code: str
    name: str
    kana: str
    former_surname: str | None
    alias: str | None
    birth_date: str
    municipality: str
    address: str

    def __repr__(self) -> str:
        return "Recorded(***)"


_Row = tuple[str, bytes, str, str, str, str, str]


def list_rows(version: Recorded | IdentificationNotice) -> Iterator[_Row]:
    """Yield the rows of one version: one per name somebody goes by."""
    municipality, birth_date = version.municipality, version.birth_date
    address_key = address_key_of(municipality, version.address)
    for keys in list_name_keys(version):
        texts = (keys.kana_key, keys.name_key, municipality, address_key, birth_date)
        yield version.resident_record_code, digest_of(texts), *texts


async def keep_search_keys(unit: Unit, notices: Sequence[IdentificationNotice]) -> None:
    """Keep what people are found by from these notices on, in the transaction that applies them."""
    changed = [(notice.previous_resident_record_code, notice) for notice in notices]
    moved = [(previous, notice.resident_record_code) for previous, notice in changed if previous]
    if moved:
        parameters = {"previous": [old for old, _ in moved], "present": [new for _, new in moved]}
        await unit.execute(_MOVE, parameters)
    await add_versions(unit, notices)


async def add_versions(unit: Unit, versions: Iterable[Recorded | IdentificationNotice]) -> None:
    """Add the keys of versions, those that are not there yet."""
    rows = {row[:2]: row for version in versions for row in list_rows(version)}
    await _add(unit, rows.values())


async def _add(unit: Unit, rows: Iterable[_Row]) -> None:
    # One transaction at a time applies notices, so in any order two never wait for each other.
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    names = (
        "resident_record_codes",
        "digests",
        "kana_keys",
        "name_keys",
        "municipalities",
        "address_keys",
        "birth_dates",
    )
    await unit.execute(_ADD, dict(zip(names, map(list, columns), strict=True)))


async def fill_search_keys(unit: Unit, *, limit: int) -> int:
    """Add the keys of the next `limit` people; return how many they were, 0 where everybody had a turn.

    The caller has taken the turn of those who apply notices.
    """
    row = await (await unit.execute(_FIND_PROGRESS)).fetchone()
    if row is None or row[1]:
        return 0
    people = await _list_next(unit, row[0], limit)
    await _add(unit, [row for own in people.values() for row in own.values()])
    await note_progress(unit, after=max(people, default=row[0]), is_complete=not people)
    return len(people)


async def copy_search_keys(unit: Unit, *, after: str, limit: int) -> tuple[str, int]:
    """Copy in the keys of the next `limit` people beyond a code, where nobody has any; return the last and how many."""
    people = await _list_next(unit, after, limit)
    async with unit.cursor() as cursor, cursor.copy(_COPY) as copy:
        for own in people.values():
            await copy.write("".join(map(_line, own.values())))
    return max(people, default=after), len(people)


async def _list_next(unit: Unit, after: str, limit: int) -> dict[str, dict[bytes, _Row]]:
    cursor = await unit.execute(_LIST_NEXT, {"after": after, "limit": limit})
    people: dict[str, dict[bytes, _Row]] = {}
    for version in map(Recorded._make, await cursor.fetchall()):
        own = people.setdefault(version.resident_record_code, {})
        own.update((row[1], row) for row in list_rows(version))
    return people


async def note_progress(unit: Unit, *, after: str, is_complete: bool) -> None:
    """Note how far the filling has come."""
    await unit.execute(_NOTE_PROGRESS, {"after": after, "is_complete": is_complete})


def _line(row: _Row) -> str:
    code, digest, *texts = row
    escaped = [text.replace("\\", "\\\\") if "\\" in text else text for text in texts]
    return "\t".join((code, f"\\\\x{digest.hex()}", *escaped)) + "\n"


async def forget_search_keys(unit: Unit) -> None:
    """Forget every key and the indexes, in the transaction that makes them anew; only the owner of the table may."""
    await unit.execute(_DROP_INDEXES)
    await unit.execute(_FORGET)


async def build_indexes(unit: Unit) -> None:
    """Build the indexes again."""
    await unit.execute(_BUILD_INDEXES)
