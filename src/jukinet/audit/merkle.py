"""The Merkle log as its writer keeps it (RFC 9162): it grows leaf by leaf, and finds the nodes that a proof needs.

Nodes are kept in pages of 16: page (level, position) has the hashes of 16 complete subtrees of 16^level leaves each,
and is written once, when all are there. What is in no page yet is the edge: fewer than 16 hashes on each level.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
PAGE: Final = 16
_PAGE_LEVELS: Final = 4
EMPTY_ROOT: Final = sha256(b"").digest()

#: A complete subtree: `index`-th of 2^level leaves.
Node: TypeAlias = tuple[int, int]
#: A page of nodes, by level and position.
Page: TypeAlias = tuple[int, int]


def hash_leaf(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def hash_complete(nodes: Sequence[bytes]) -> bytes:
    """Return the hash of 1, 2, 4, 8 or 16 neighbouring subtrees of one size."""
    while len(nodes) > 1:
        nodes = [hash_node(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


@dataclass(slots=True)
class GrowingLog:
    """The log while leaves are appended. `pages` are those completed since it was opened."""

    size: int = 0
    edge: list[list[bytes]] = field(default_factory=list)
    pages: list[tuple[int, int, bytes]] = field(default_factory=list)

    @classmethod
    def open(cls, size: int, edge: bytes) -> GrowingLog:
        """Return the log of this size with the edge that `write_edge` gave."""
        hashes = [edge[at : at + HASH_BYTES] for at in range(0, len(edge), HASH_BYTES)]
        levels: list[list[bytes]] = []
        while size >> (_PAGE_LEVELS * len(levels)):
            count = size >> (_PAGE_LEVELS * len(levels)) & (PAGE - 1)
            levels.append(hashes[:count])
            hashes = hashes[count:]
        return cls(size, levels)

    def write_edge(self) -> bytes:
        """Return the edge as bytes; how many hashes each level has follows from the size."""
        return b"".join(b"".join(level) for level in self.edge)

    def append(self, leaf: bytes) -> int:
        """Append the hash of a leaf; return its index."""
        index = position = self.size
        self.size += 1
        node, level = leaf, 0
        while True:
            if level == len(self.edge):
                self.edge.append([])
            row = self.edge[level]
            row.append(node)
            if len(row) < PAGE:
                return index
            position //= PAGE
            self.pages.append((level, position, b"".join(row)))
            node = hash_complete(row)
            row.clear()
            level += 1

    def root(self) -> bytes:
        """Return the root of the log as it is."""
        peaks: list[bytes] = []
        for row in reversed(self.edge):
            start = 0
            for size in (8, 4, 2, 1):
                if len(row) & size:
                    peaks.append(hash_complete(row[start : start + size]))
                    start += size
        if not peaks:
            return EMPTY_ROOT
        root = peaks.pop()
        while peaks:
            root = hash_node(peaks.pop(), root)
        return root


@dataclass(frozen=True, slots=True)
class NodeReader:
    """Finds the hashes of complete subtrees in pages and in the edge of a log of one size."""

    log: GrowingLog
    pages: Mapping[Page, bytes]

    def find(self, node: Node) -> bytes:
        """Return the hash of a complete subtree; its page must be there if it has one (see `list_pages`)."""
        page, first, count = _place_of(node)
        if is_complete(page, self.log.size):
            nodes = self.pages[page]
            row = [nodes[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(first, first + count)]
        else:
            row = self.log.edge[page[0]][first : first + count]
        return hash_complete(row)

    def find_range(self, nodes: Sequence[Node]) -> bytes:
        """Return the hash of a range of leaves, given the complete subtrees that make it up, from left to right."""
        hashes = [self.find(node) for node in nodes]
        root = hashes.pop()
        while hashes:
            root = hash_node(hashes.pop(), root)
        return root


def list_pages(nodes: Iterable[Node], size: int) -> list[Page]:
    """Return the pages that hold these nodes in a log of this size, each once; what the edge holds has none."""
    pages = {_place_of(node)[0] for node in nodes}
    return sorted(page for page in pages if is_complete(page, size))


def is_complete(page: Page, size: int) -> bool:
    """Return whether the page is whole in a log of this size."""
    level, position = page
    return (position + 1) * PAGE <= size >> (_PAGE_LEVELS * level)


def list_beside(size: int, indexes: Sequence[int]) -> list[Node]:
    """Return the subtrees that, with the leaves at `indexes`, in ascending order, make up the log of this size."""
    return list(_beside(0, size, indexes)) if size else []


def _beside(begin: int, end: int, indexes: Sequence[int]) -> Iterator[Node]:
    size = end - begin
    if not indexes and size & (size - 1) == 0:
        yield size.bit_length() - 1, begin // size
        return
    if size == 1:
        return
    middle = begin + (1 << (size - 1).bit_length() - 1)
    cut = bisect_left(indexes, middle)
    yield from _beside(begin, middle, indexes[:cut])
    yield from _beside(middle, end, indexes[cut:])


def list_consistency(old_size: int, size: int) -> list[list[Node]]:
    """Return the consistency proof from a log of `old_size` to one of `size`, each hash as its subtrees (RFC 9162)."""
    if old_size in {0, size}:
        return []
    proof: list[list[Node]] = []
    begin, end, is_whole = 0, size, True
    while old_size != end:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if old_size <= middle:
            proof.append(list(_beside(middle, end, ())))
            end = middle
        else:
            proof.append(list(_beside(begin, middle, ())))
            begin, is_whole = middle, False
    if not is_whole:
        proof.append(list(_beside(begin, end, ())))
    return proof[::-1]


def _place_of(node: Node) -> tuple[Page, int, int]:
    level, index = node
    page_level, within = divmod(level, _PAGE_LEVELS)
    first = index << within
    return (page_level, first // PAGE), first % PAGE, 1 << within
