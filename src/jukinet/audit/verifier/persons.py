"""The hash tree over persons: that a person is in it with this value, or is not in it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from jukinet.audit.verifier.refusing import read_hash, read_hex, read_item, require

_NOTHING = bytes(32)
_SLOT_BYTES = 34
_DEEPEST = 12
_CHILDREN = 16


def find_key(name: str, person: str) -> bytes:
    """Return a person's key in the tree of this name."""
    return sha256(b"jukinet-person\x00" + name.encode() + b"\x00" + person.encode()).digest()


def require_person(root: bytes, key: bytes, proof: object, *, blind: bytes | None, depth: int) -> None:
    """Raise ProofRefusedError unless the tree has this person with `blind`, or, where that is None, has not.

    A slot that begins with the same bits must be shown to be of somebody else, so that nobody has two places.
    """
    require(0 <= depth <= _DEEPEST, "This is not the depth of a tree.", "depth")
    slots = [read_hex(slot, "slots") for slot in read_item(proof, "slots", list)]
    _require_root(root, key, slots, read_item(proof, "pages", list), depth)
    prefix = _nibbles(key, depth, 4)
    alike = [slot[2:] for slot in slots if _nibbles(slot, 0, 4) == prefix]
    others = [_commit_other(other, key) for other in read_item(proof, "others", list)]
    own = [] if blind is None else [sha256(b"\x04" + key + blind).digest()]
    require(len(set(others)) == len(others), "Somebody is shown twice.", "others")
    if blind is None:
        require(sorted(alike) == sorted(others), "The person may be in the tree after all.", "slots")
    else:
        require(own[0] in alike, "The tree has something else about this person.", "slots")
        require(sorted(alike) == sorted([*others, *own]), "The person may have another place in the tree.", "slots")


def _commit_other(other: object, key: bytes) -> bytes:
    theirs = read_hash(read_item(other, "key", str), "others")
    require(theirs != key, "Somebody else has the key of this person.", "others")
    return sha256(b"\x04" + theirs + read_hash(read_item(other, "blind", str), "others")).digest()


def _require_root(root: bytes, key: bytes, slots: list[bytes], pages: list[Any], depth: int) -> None:
    require(all(len(slot) == _SLOT_BYTES for slot in slots), "A slot has 34 bytes.", "slots")
    require(slots == sorted(set(slots)), "The slots are not in order.", "slots")
    require(len(pages) == depth, "The tree has another depth.", "pages")
    node = sha256(b"\x02" + b"".join(slots)).digest() if slots else _NOTHING
    for level in range(depth - 1, -1, -1):
        page = pages[level]
        require(isinstance(page, list) and len(page) == _CHILDREN, "A page has 16 children.", "pages")
        children = [read_hash(child, "pages") for child in page]
        require(children[_nibbles(key, level, 1)] == node, "The pages do not belong together.", "pages")
        content = b"".join(children)
        node = sha256(b"\x03" + content).digest() if any(content) else _NOTHING
    require(node == root, "The tree is not the one that was signed.", "pages")


def _nibbles(content: bytes, first: int, count: int) -> int:
    return int(content.hex()[first : first + count], 16)
