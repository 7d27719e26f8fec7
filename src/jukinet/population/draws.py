"""Chance, by the column: every block has its own stream of 16-bit draws, and a weighted choice is one table look-up.

Only the raw output of the bit generator is used, because that is what numpy keeps the same from release to release:
the same seed gives the same residents for as long as this code does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: A draw lies below this.
DRAW_RANGE: Final = 1 << 16
_DRAWS_PER_WORD: Final = 4


class Draws:
    """A stream of uniform 16-bit draws. Two streams of the same key are the same stream."""

    def __init__(self, *key: int) -> None:
        self._words: Final = np.random.PCG64(np.random.SeedSequence(key))

    def column(self, size: int) -> NDArray[np.uint16]:
        """Return `size` uniform draws from 0 to 65,535."""
        words = self._words.random_raw(-(-size // _DRAWS_PER_WORD))
        return np.asarray(words, dtype="<u8").view("<u2")[:size].astype(np.uint16, copy=False)

    def below(self, bound: int, size: int) -> NDArray[np.intp]:
        """Return `size` uniform whole numbers from 0 to `bound` − 1; `bound` is at most 65,536."""
        return ((self.column(size).astype(np.uint32) * np.uint32(bound)) >> 16).astype(np.intp)

    def chance(self, share: float, size: int) -> NDArray[np.bool_]:
        """Return `size` answers, of which about `share` are yes."""
        return self.column(size).astype(np.uint32) < np.uint32(round(share * DRAW_RANGE))


def choice_table(weights: Sequence[float] | NDArray[np.float64]) -> NDArray[np.uint16]:
    """Return the 65,536 positions that make `table[draw]` a choice of a position with these weights."""
    cumulated = np.cumsum(np.asarray(weights, dtype=np.float64))
    ends = np.rint(cumulated / cumulated[-1] * DRAW_RANGE).astype(np.int64)
    return np.repeat(np.arange(len(ends), dtype=np.uint16), np.diff(ends, prepend=0))
