"""A hash tree over persons that proves who is in it and who is not, and shows nothing of anybody else.

A person's key is a public hash of the resident record code, so that a person has one place and no other. The key's
first nibbles, as many as the tree is deep, lead through pages of 16 children to a bucket; a bucket is a list of slots.
A slot is the next 16 bits of the key and a commitment to the whole key and a value nobody can guess. To prove a person
present or absent, the bucket and the pages above it are shown: of another person that is 16 bits of a hash, at most.

    slot   = the 16 bits of the key after the bucket's nibbles ‖ SHA-256(04 ‖ key ‖ blind)
    bucket = SHA-256(02 ‖ slots in ascending order), or 32 zero bytes without any
    page   = SHA-256(03 ‖ 16 children), or 32 zero bytes if all are
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

FANOUT: Final = 16
HASH_BYTES: Final = 32
#: The hash of what is empty: no bytes have it.
EMPTY: Final = bytes(HASH_BYTES)
EMPTY_PAGE: Final = EMPTY * FANOUT
SLOT_BYTES: Final = 2 + HASH_BYTES
_PREFIX_BITS: Final = 16
_NIBBLE_BITS: Final = 4
#: Bits of the key that are looked at as a number; enough for twelve levels and a prefix.
_NUMBER_BITS: Final = 64


def key_context(context: str) -> bytes:
    """Return what goes before a resident record code when its key in the tree of this name is made."""
    return b"jukinet-person\x00" + context.encode() + b"\x00"


def make_key(context: bytes, resident_record_code: str) -> bytes:
    """Return the person's key, given `key_context` of the tree."""
    return sha256(context + resident_record_code.encode()).digest()


def number_of(key: bytes) -> int:
    """Return the leading 64 bits of a key."""
    return int.from_bytes(key[:8], "big")


def bucket_of(number: int, depth: int) -> int:
    """Return the number of the bucket where a key with these leading bits belongs."""
    return number >> (_NUMBER_BITS - _NIBBLE_BITS * depth)


def make_slot(number: int, depth: int, commitment: bytes) -> bytes:
    """Return the slot of a key with these leading bits."""
    prefix = number >> (_NUMBER_BITS - _NIBBLE_BITS * depth - _PREFIX_BITS) & 0xFFFF
    return prefix.to_bytes(2, "big") + commitment


def commit_person(key: bytes, blind: bytes) -> bytes:
    """Return the commitment to one person: without `blind` nobody can tell whose it is."""
    return sha256(b"\x04" + key + blind).digest()


def hash_bucket(slots: list[bytes]) -> bytes:
    """Return the hash of a bucket with these slots, in any order."""
    return sha256(b"\x02" + b"".join(sorted(slots))).digest() if slots else EMPTY


def hash_page(children: bytes) -> bytes:
    """Return the hash of a page with these 16 children."""
    return EMPTY if children == EMPTY_PAGE else sha256(b"\x03" + children).digest()


def replace_children(page: bytes, changed: Mapping[int, bytes]) -> bytes:
    """Return the page with the changed children in their places."""
    children = bytearray(page)
    for place, digest in changed.items():
        children[place * HASH_BYTES : (place + 1) * HASH_BYTES] = digest
    return bytes(children)


def group_by_page(changed: Mapping[int, bytes]) -> dict[int, dict[int, bytes]]:
    """Return changed nodes of one level by their page in the level above, and their place on it."""
    pages: dict[int, dict[int, bytes]] = {}
    for position, digest in changed.items():
        pages.setdefault(position // FANOUT, {})[position % FANOUT] = digest
    return pages
