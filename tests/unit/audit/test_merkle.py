"""The log is RFC 9162's: known vectors, somebody else's implementation and the verifier agree with the writer."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from jukinet.audit.merkle import (
    EMPTY_ROOT,
    GrowingLog,
    NodeReader,
    hash_leaf,
    list_beside,
    list_consistency,
    list_pages,
)
from jukinet.audit.verifier.merkle import compute_root, require_consistent
from jukinet.audit.verifier.merkle import hash_leaf as hash_leaf_again
from jukinet.domain.errors import ProofRefusedError

#: The leaves and roots that implementations of RFC 6962 and 9162 test themselves with (certificate-transparency).
LEAVES: Final = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS: Final = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def grown(leaves: list[bytes], *, reopened_after: int = 0) -> tuple[GrowingLog, dict[tuple[int, int], bytes]]:
    """Return the log and its pages; it may be closed and opened again on the way, as between two sealings."""
    log = GrowingLog()
    pages: dict[tuple[int, int], bytes] = {}
    for number, leaf in enumerate(leaves):
        if number == reopened_after:
            pages |= {(level, position): nodes for level, position, nodes in log.pages}
            log = GrowingLog.open(log.size, log.write_edge())
        assert log.append(hash_leaf(leaf)) == number
    return log, pages | {(level, position): nodes for level, position, nodes in log.pages}


def leaves_of(size: int) -> list[bytes]:
    return [number.to_bytes(3, "big") for number in range(size)]


@pytest.mark.invariant("I11")
def test_roots_are_those_of_the_known_vectors() -> None:
    assert GrowingLog().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, root in enumerate(ROOTS, start=1):
        assert grown(LEAVES[:size])[0].root().hex() == root


@pytest.mark.invariant("I11")
@settings(deadline=None, max_examples=25)
@given(st.integers(1, 600), st.integers(0, 600))
def test_the_root_is_that_of_another_implementation(size: int, reopened_after: int) -> None:
    leaves = leaves_of(size)
    other = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        other.append_entry(leaf)

    assert grown(leaves, reopened_after=reopened_after)[0].root() == other.get_root()


@pytest.mark.invariant("I11")
@settings(deadline=None, max_examples=30)
@given(st.integers(1, 6_000), st.sets(st.integers(0, 5_999), max_size=40))
def test_leaves_are_proved_to_be_in_the_log(size: int, wanted: set[int]) -> None:
    leaves = leaves_of(size)
    log, pages = grown(leaves)
    indexes = sorted(index for index in wanted if index < size)

    beside = list_beside(size, indexes)
    held = {page: pages[page] for page in list_pages(beside, size)}
    nodes = [NodeReader(log, held).find(node) for node in beside]

    known = {index: hash_leaf_again(leaves[index]) for index in indexes}
    assert compute_root(size, known, nodes) == log.root()
    for index in indexes[:3]:
        forged = {**known, index: hash_leaf_again(b"forged")}
        assert compute_root(size, forged, nodes) != log.root()
    for wrong in ([*nodes, bytes(32)], nodes[:-1]):
        if wrong != nodes:
            with pytest.raises(ProofRefusedError):
                compute_root(size, known, wrong)


@pytest.mark.invariant("I11")
@settings(deadline=None, max_examples=30)
@given(st.integers(1, 400), st.integers(1, 400))
def test_an_earlier_log_is_proved_to_be_the_beginning_of_a_later_one(one: int, two: int) -> None:
    old_size, size = sorted((one, two))
    leaves = leaves_of(size)
    old, (log, pages) = grown(leaves[:old_size])[0], grown(leaves)
    other = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        other.append_entry(leaf)

    reader = NodeReader(log, pages)
    proof = [reader.find_range(nodes) for nodes in list_consistency(old_size, size)]

    require_consistent(old_size, old.root(), size, log.root(), proof)
    # Somebody else's proof between the same two logs holds by our verifier's rules of them, and ours are the same logs.
    verify_consistency(old.root(), log.root(), other.prove_consistency(old_size, size))
    with pytest.raises(ProofRefusedError):
        require_consistent(old_size, hash_leaf(b"forged"), size, log.root(), proof)
    for wrong in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]]):
        if wrong != proof and not (old_size == size and wrong == []):
            with pytest.raises(ProofRefusedError):
                require_consistent(old_size, old.root(), size, log.root(), wrong)


def test_a_proof_of_one_leaf_holds_for_another_implementation() -> None:
    leaves = leaves_of(700)
    other = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        other.append_entry(leaf)
    log, _ = grown(leaves)

    for index in (0, 255, 256, 511, 699):
        verify_inclusion(other.get_leaf(index + 1), log.root(), other.prove_inclusion(index + 1))
        assert other.get_leaf(index + 1) == hash_leaf(leaves[index])


def test_every_later_root_differs() -> None:
    roots = [grown(leaves_of(size))[0].root() for size in range(70)]

    assert all(before != after for before, after in pairwise(roots))
    assert len(set(roots)) == len(roots)
