"""Text, by the column: tables of UTF-8 values, and rows joined from pieces without a loop over the rows.

A piece is either the same bytes in every row or one value per row, padded with NUL. Rows are laid out in a matrix and
the padding is taken away at the end: no value contains NUL. No value contains anything either that COPY text or JSON
would have to escape, which `text_table` makes sure of; so a value looks the same in every output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Piece: TypeAlias = bytes | NDArray[np.bytes_]

_NEEDS_ESCAPE: Final = re.compile(r'[\x00-\x1f\x7f"\\]')
_PADDING: Final = b"\0"


def text_table(values: Iterable[str]) -> NDArray[np.bytes_]:
    """Return the values as a table of UTF-8; raise ValueError for one that would need escaping somewhere."""
    kept = tuple(values)
    if any(_NEEDS_ESCAPE.search(value) for value in kept):
        message = "a bundled value holds a control character, a quotation mark or a backslash"
        raise ValueError(message)
    return np.array([value.encode() for value in kept], dtype=np.bytes_)


def _width(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece.dtype.itemsize


def joined_rows(pieces: Sequence[Piece], count: int) -> bytes:
    """Return `count` rows, each the pieces of its position one after the other."""
    matrix = np.empty((count, sum(map(_width, pieces))), dtype=np.uint8)
    start = 0
    for piece in pieces:
        end = start + _width(piece)
        if isinstance(piece, bytes):
            matrix[:, start:end] = np.frombuffer(piece, dtype=np.uint8)
        elif end > start:
            matrix[:, start:end] = np.ascontiguousarray(piece).view(np.uint8).reshape(count, -1)
        start = end
    return matrix.tobytes().translate(None, _PADDING)


def optional(present: NDArray[np.bool_], value: bytes, otherwise: bytes = b"") -> NDArray[np.bytes_]:
    """Return a piece that is `value` where something is present and `otherwise` where it is not."""
    return np.array([otherwise, value], dtype=np.bytes_)[present.astype(np.intp)]
