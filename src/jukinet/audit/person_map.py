"""How many entries each person has and the hash of the last one: a tree over persons, kept in buckets and pages.

The tree of person_tree.py, six levels deep: 16,777,216 buckets, so that of 125 million persons a bucket holds seven or
eight (about 540 bytes). Buckets without anybody and pages without children are not stored. In all it takes
about 9 GB of buckets and 0.6 GB of pages. What one sealing changes is read once, changed in memory and written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from jukinet.audit.person_tree import (
    EMPTY_PAGE,
    FANOUT,
    HASH_BYTES,
    bucket_of,
    commit_person,
    group_by_page,
    hash_bucket,
    hash_page,
    key_context,
    make_key,
    make_slot,
    number_of,
    replace_children,
)
from jukinet.postgres.database import Unit

DEPTH: Final = 6
_BUCKET_BYTES: Final = 3
_PREFIX_END: Final = 5
#: Buckets held in memory before they are written, about 30 MB.
MOST_HELD: Final = 50_000
_COUNT_BYTES: Final = 8
_STATE_BYTES: Final = HASH_BYTES + _COUNT_BYTES + HASH_BYTES
_ROWS: Final = 5_000

_FIND_BUCKETS: Final = "SELECT bucket, persons FROM sealing.map_bucket WHERE bucket = ANY(%(buckets)s::integer[])"
_FIND_PAGES: Final = """
    SELECT position, children
      FROM sealing.map_page
     WHERE position = ANY(%(positions)s::integer[]) AND level = %(level)s
"""
_COPY_BUCKETS: Final = "COPY sealing.map_bucket (bucket, persons) FROM STDIN"
_REPLACE_BUCKETS: Final = """
    UPDATE sealing.map_bucket AS old
       SET persons = written.persons
      FROM unnest(%(buckets)s::integer[], %(persons)b::bytea[]) AS written (bucket, persons)
     WHERE old.bucket = written.bucket
"""
_COPY_PAGES: Final = "COPY sealing.map_page (level, position, children) FROM STDIN"
_REPLACE_PAGES: Final = """
    UPDATE sealing.map_page AS old
       SET children = written.children
      FROM unnest(%(positions)s::integer[], %(children)b::bytea[]) AS written (position, children)
     WHERE old.position = written.position AND old.level = %(level)s
"""


@dataclass(slots=True)
class PersonState:
    """A person's number of entries and the chain of their hashes."""

    count: int
    chain: bytes

    @property
    def blind(self) -> bytes:
        """Return what the tree commits to for this person."""
        return sha256(b"\x05" + self.count.to_bytes(_COUNT_BYTES, "big") + self.chain).digest()

    def extend(self, leaf: bytes) -> None:
        """Take up the hash of the person's next leaf."""
        self.count += 1
        self.chain = sha256(b"\x06" + self.chain + leaf).digest()


@dataclass(slots=True)
class PersonMap:
    """The map of one log while it is changed. `persons` counts who is in it."""

    unit: Unit = field(repr=False)
    log: str
    persons: int
    _buckets: dict[int, dict[bytes, PersonState]] = field(default_factory=dict, repr=False)
    #: Which of them are rows of the table.
    _stored: set[int] = field(default_factory=set[int], repr=False)

    async def hold(self, resident_record_codes: Iterable[str]) -> dict[str, PersonState]:
        """Return the state of each of these persons, to be extended; somebody new begins with none.

        What was held before may be written on this occasion: states are not kept over the next call.
        """
        if len(self._buckets) > MOST_HELD:
            await self.write()
        context = sha256(key_context(self.log))
        keys: dict[str, bytes] = {}
        for code in resident_record_codes:
            (key_of := context.copy()).update(code.encode())
            keys[code] = key_of.digest()
        await self._read({_bucket_of(key) for key in keys.values()})
        held: dict[str, PersonState] = {}
        for code, key in keys.items():
            bucket = self._buckets[_bucket_of(key)]
            if key not in bucket:
                bucket[key] = PersonState(0, key)
                self.persons += 1
            held[code] = bucket[key]
        return held

    async def write(self) -> bytes:
        """Write everything that changed and return the root."""
        changed: dict[int, bytes] = {}
        packed: dict[int, bytes] = {}
        for number, bucket in self._buckets.items():
            packed[number] = _pack(bucket)
            changed[number] = hash_bucket(_list_slots(bucket))
        # In their order, so that neighbours are written to the same place of the table and its index.
        new = sorted(packed.keys() - self._stored)
        async with self.unit.cursor() as cursor, cursor.copy(_COPY_BUCKETS) as copy:
            await copy.write("".join([f"{number}\t\\\\x{packed[number].hex()}\n" for number in new]))
        for rows in _slices(sorted(self._stored)):
            names = {"buckets": rows, "persons": [packed[number] for number in rows]}
            await self.unit.execute(_REPLACE_BUCKETS, names)
        self._buckets.clear()
        self._stored.clear()
        for level in range(DEPTH - 1, -1, -1):
            changed = await self._write_level(level, changed)
        if not changed:
            return await find_root(self.unit)
        return changed[0]

    async def _read(self, buckets: set[int]) -> None:
        missing = list(buckets - self._buckets.keys())
        for number in missing:
            self._buckets[number] = {}
        if missing:
            cursor = await self.unit.execute(_FIND_BUCKETS, {"buckets": missing}, binary=True)
            for number, persons in await cursor.fetchall():
                self._buckets[number] = _unpack(persons)
                self._stored.add(number)

    async def _write_level(self, level: int, changed: dict[int, bytes]) -> dict[int, bytes]:
        grouped = group_by_page(changed)
        written: dict[int, bytes] = {}
        for rows in _slices(sorted(grouped)):
            pages = await _find_pages(self.unit, level, rows)
            contents = [replace_children(pages.get(position, EMPTY_PAGE), grouped[position]) for position in rows]
            new = [at for at, position in enumerate(rows) if position not in pages]
            old = [at for at, position in enumerate(rows) if position in pages]
            async with self.unit.cursor() as cursor, cursor.copy(_COPY_PAGES) as copy:
                await copy.write("".join([f"{level}\t{rows[at]}\t\\\\x{contents[at].hex()}\n" for at in new]))
            names = {"positions": [rows[at] for at in old], "children": [contents[at] for at in old]}
            if old:
                await self.unit.execute(_REPLACE_PAGES, {"level": level, **names})
            written |= {position: hash_page(content) for position, content in zip(rows, contents, strict=True)}
        return written


async def find_root(unit: Unit) -> bytes:
    """Return the root of the map as it is stored."""
    return hash_page((await _find_pages(unit, 0, [0])).get(0, EMPTY_PAGE))


async def prove_person(unit: Unit, log: str, resident_record_code: str) -> dict[str, Any]:
    """Return, as in docs/use-log.md, the proof of what the stored map says, or does not say, of a person."""
    key = make_key(key_context(log), resident_record_code)
    number = number_of(key)
    cursor = await unit.execute(_FIND_BUCKETS, {"buckets": [bucket_of(number, DEPTH)]})
    row = await cursor.fetchone()
    bucket = {} if row is None else _unpack(bytes(row[1]))
    pages: list[list[str]] = []
    for level in range(DEPTH):
        position = bucket_of(number, level)
        content = (await _find_pages(unit, level, [position])).get(position, EMPTY_PAGE)
        pages.append([content[at : at + HASH_BYTES].hex() for at in range(0, FANOUT * HASH_BYTES, HASH_BYTES)])
    own = make_slot(number, DEPTH, b"")
    return {
        "slots": [slot.hex() for slot in sorted(_list_slots(bucket))],
        "pages": pages,
        "others": [
            {"key": other.hex(), "blind": state.blind.hex()}
            for other, state in bucket.items()
            if other != key and make_slot(number_of(other), DEPTH, b"") == own
        ],
    }


def _bucket_of(key: bytes) -> int:
    """Return what `bucket_of` returns at this depth: the first six nibbles."""
    return int.from_bytes(key[:_BUCKET_BYTES], "big")


def _list_slots(bucket: dict[bytes, PersonState]) -> list[bytes]:
    # What `make_slot` returns at this depth: the two bytes after the bucket's, and the commitment.
    return [key[_BUCKET_BYTES:_PREFIX_END] + commit_person(key, state.blind) for key, state in bucket.items()]


def _pack(bucket: dict[bytes, PersonState]) -> bytes:
    states = sorted(bucket.items())
    return b"".join([key + state.count.to_bytes(_COUNT_BYTES, "big") + state.chain for key, state in states])


def _unpack(content: bytes) -> dict[bytes, PersonState]:
    found: dict[bytes, PersonState] = {}
    for at in range(0, len(content), _STATE_BYTES):
        state = content[at : at + _STATE_BYTES]
        count = int.from_bytes(state[HASH_BYTES : HASH_BYTES + _COUNT_BYTES], "big")
        found[state[:HASH_BYTES]] = PersonState(count, state[HASH_BYTES + _COUNT_BYTES :])
    return found


async def _find_pages(unit: Unit, level: int, positions: list[int]) -> dict[int, bytes]:
    cursor = await unit.execute(_FIND_PAGES, {"level": level, "positions": positions}, binary=True)
    return dict(await cursor.fetchall())


def _slices(rows: list[int]) -> Iterable[list[int]]:
    return (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS))
