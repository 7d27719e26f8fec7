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
_WRITE_BUCKETS: Final = """
    INSERT INTO sealing.map_bucket (bucket, persons)
    SELECT bucket, persons
      FROM unnest(%(buckets)s::integer[], %(persons)b::bytea[]) AS written (bucket, persons)
        ON CONFLICT (bucket) DO UPDATE SET persons = excluded.persons
"""
_WRITE_PAGES: Final = """
    INSERT INTO sealing.map_page (level, position, children)
    SELECT %(level)s, position, children
      FROM unnest(%(positions)s::integer[], %(children)b::bytea[]) AS written (position, children)
        ON CONFLICT (position, level) DO UPDATE SET children = excluded.children
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

    async def hold(self, resident_record_codes: Iterable[str]) -> dict[str, PersonState]:
        """Return the state of each of these persons, to be extended; somebody new begins with none.

        What was held before may be written on this occasion: states are not kept over the next call.
        """
        if len(self._buckets) > MOST_HELD:
            await self.write()
        context = key_context(self.log)
        keys = {code: make_key(context, code) for code in resident_record_codes}
        await self._read(bucket_of(number_of(key), DEPTH) for key in keys.values())
        held: dict[str, PersonState] = {}
        for code, key in keys.items():
            bucket = self._buckets[bucket_of(number_of(key), DEPTH)]
            if key not in bucket:
                bucket[key] = PersonState(0, key)
                self.persons += 1
            held[code] = bucket[key]
        return held

    async def write(self) -> bytes:
        """Write everything that changed and return the root."""
        changed: dict[int, bytes] = {}
        packed: list[tuple[int, bytes]] = []
        for number, bucket in self._buckets.items():
            packed.append((number, _pack(bucket)))
            changed[number] = hash_bucket(_list_slots(bucket))
        for rows in _slices(packed):
            names = {"buckets": [number for number, _ in rows], "persons": [content for _, content in rows]}
            await self.unit.execute(_WRITE_BUCKETS, names)
        self._buckets.clear()
        for level in range(DEPTH - 1, -1, -1):
            changed = await self._write_level(level, changed)
        if not changed:
            return await find_root(self.unit)
        return changed[0]

    async def _read(self, buckets: Iterable[int]) -> None:
        missing = list({bucket for bucket in buckets if bucket not in self._buckets})
        for number in missing:
            self._buckets[number] = {}
        if missing:
            cursor = await self.unit.execute(_FIND_BUCKETS, {"buckets": missing})
            for number, persons in await cursor.fetchall():
                self._buckets[number] = _unpack(bytes(persons))

    async def _write_level(self, level: int, changed: dict[int, bytes]) -> dict[int, bytes]:
        grouped = group_by_page(changed)
        written: dict[int, bytes] = {}
        for rows in _slices(list(grouped)):
            pages = await _find_pages(self.unit, level, rows)
            contents = [replace_children(pages.get(position, EMPTY_PAGE), grouped[position]) for position in rows]
            await self.unit.execute(_WRITE_PAGES, {"level": level, "positions": rows, "children": contents})
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


def _list_slots(bucket: dict[bytes, PersonState]) -> list[bytes]:
    return [make_slot(number_of(key), DEPTH, commit_person(key, state.blind)) for key, state in bucket.items()]


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
    cursor = await unit.execute(_FIND_PAGES, {"level": level, "positions": positions})
    return {position: bytes(children) for position, children in await cursor.fetchall()}


def _slices(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS))
