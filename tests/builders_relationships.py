"""Chains of relationships for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from jukinet.domain.errors import RelationshipNotWrittenSoError
from jukinet.domain.relationships import MOST_GENERATIONS, Atom, Relationship


def _is_written(chain: tuple[Atom, ...]) -> bool:
    try:
        Relationship(chain)
    except RelationshipNotWrittenSoError:
        return False
    return True


def chains(most: int = MOST_GENERATIONS) -> st.SearchStrategy[tuple[Atom, ...]]:
    """Return every chain the register may write."""
    return st.lists(st.sampled_from(Atom), min_size=1, max_size=most).map(tuple[Atom, ...]).filter(_is_written)
