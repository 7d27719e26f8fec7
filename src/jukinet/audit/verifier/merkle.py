"""RFC 9162: the root of a log from some of its leaves, and that an earlier log is the beginning of a later one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from jukinet.audit.verifier.refusing import require

_LARGEST_TREE = 2**48


def hash_leaf(content: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def compute_root(tree_size: int, leaves: Mapping[int, bytes], nodes: Sequence[bytes]) -> bytes:
    """Return the root of a log of `tree_size` leaves of which these are known by their index.

    `nodes` are the complete subtrees without a known leaf, from left to right, none of which could be part of a larger
    one. For one leaf they are its inclusion proof, ordered by place. Every node must be needed.
    """
    require(0 < tree_size <= _LARGEST_TREE, "This is not the size of a log.", "tree_size")
    indexes = sorted(leaves)
    require(not indexes or (indexes[0] >= 0 and indexes[-1] < tree_size), "No such leaf in this log.", "index")
    rest = iter(nodes)
    root = _hash_range(0, tree_size, indexes, leaves, rest)
    require(next(rest, None) is None, "There are more nodes than the log needs.", "nodes")
    return root


def _hash_range(
    begin: int, end: int, indexes: Sequence[int], leaves: Mapping[int, bytes], nodes: Iterator[bytes]
) -> bytes:
    size = end - begin
    if not indexes and size & (size - 1) == 0:
        node = next(nodes, None)
        require(node is not None, "Nodes are missing.", "nodes")
        return node or b""
    if size == 1:
        return leaves[begin]
    middle = begin + (1 << (size - 1).bit_length() - 1)
    cut = bisect_left(indexes, middle)
    left = _hash_range(begin, middle, indexes[:cut], leaves, nodes)
    return hash_node(left, _hash_range(middle, end, indexes[cut:], leaves, nodes))


def require_consistent(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofRefusedError unless the log of `old_size` is the beginning of that of `size` (RFC 9162, 2.1.4.2)."""
    field = "consistency"
    require(0 < old_size <= size, "The earlier log is larger than the later one.", field)
    if old_size == size:
        require(not proof and old_root == root, "Two logs of one size differ.", field)
        return
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    require(path, "The proof is empty.", field)
    first, second = old_size - 1, size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    earlier = later = path[0]
    for node in path[1:]:
        require(second != 0, "The proof is too long.", field)
        if first & 1 or first == second:
            earlier, later = hash_node(node, earlier), hash_node(node, later)
            while not first & 1 and first != 0:
                first, second = first >> 1, second >> 1
        else:
            later = hash_node(later, node)
        first, second = first >> 1, second >> 1
    require(second == 0, "The proof is too short.", field)
    require(earlier == old_root, "The earlier log is not the one that was signed.", field)
    require(later == root, "The earlier log is not the beginning of the later one.", field)
