"""Blocks of numbers without a fault, read all at once: most lines of most files are such.

What is not wholly plain is left to `protocol.batch_lines`, which says line by line what is wrong; both give the same
rows, and tests hold them to it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.provision_batches import BatchKey, BatchLayout

_Bytes: TypeAlias = NDArray[np.uint8]

_LINE_FEED: Final = 0x0A
_RETURN: Final = 0x0D
_COMMA: Final = 0x2C
_SPACE: Final = 0x20
_TAB: Final = 0x09
_ZERO: Final = 0x30
_REFERENCE_BYTES: Final = 20
_NUMBER_DIGITS: Final = 10
_MODULUS: Final = 11
#: The weights of the check digits (`domain.resident_record_code`, `domain.individual_number`).
_WEIGHTS: Final = {
    BatchKey.RESIDENT_RECORD_CODE: np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], np.uint16),
    BatchKey.INDIVIDUAL_NUMBER: np.array([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], np.uint16),
}
_CHECK_DIGITS: Final = np.frombuffer(b"00987654321", np.uint8)
_IN_REFERENCE: Final = np.isin(
    np.arange(256), np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-", np.uint8)
)


def plain_rows(content: bytes, layout: BatchLayout, key: BatchKey, *, first_line: int) -> bytes | None:
    """Return the rows of a block without a fault, by number and not in JSON; None for every other block."""
    weights = _WEIGHTS.get(key)
    if weights is None or layout is BatchLayout.JSONL or not content:
        return None
    block = np.frombuffer(content, np.uint8)
    if block[-1] != _LINE_FEED:
        return None
    columns = _fixed_columns(block, len(weights) + 1) if layout is BatchLayout.FIXED_WIDTH else None
    if layout is BatchLayout.CSV:
        columns = _csv_columns(block, len(weights) + 1)
    if columns is None or not _are_plain(*columns, weights):
        return None
    return _join(*columns, first_line)


def _fixed_columns(block: _Bytes, digits: int) -> tuple[_Bytes, _Bytes] | None:
    width = _REFERENCE_BYTES + digits + 1
    if len(block) % width:
        return None
    table = block.reshape(-1, width)
    if not (table[:, -1] == _LINE_FEED).all():
        return None
    return table[:, :_REFERENCE_BYTES], table[:, _REFERENCE_BYTES:-1]


def _csv_columns(block: _Bytes, digits: int) -> tuple[_Bytes, _Bytes] | None:
    ends = np.flatnonzero(block == _LINE_FEED)
    starts = np.concatenate((np.zeros(1, ends.dtype), ends[:-1] + 1))
    ends = ends - (block[ends - 1] == _RETURN)
    commas = ends - digits - 1
    lengths = commas - starts
    if lengths.min() < 1 or lengths.max() > _REFERENCE_BYTES or not (block[commas] == _COMMA).all():
        return None
    places = starts[:, None] + np.arange(_REFERENCE_BYTES)
    references = block[np.minimum(places, len(block) - 1)]
    is_beyond = np.arange(_REFERENCE_BYTES) >= lengths[:, None]
    # A space inside would be taken for the padding.
    if (references[~is_beyond] == _SPACE).any():
        return None
    references[is_beyond] = _SPACE
    return references, block[commas[:, None] + np.arange(1, digits + 1)]


def _are_plain(references: _Bytes, keys: _Bytes, weights: NDArray[np.uint16]) -> bool:
    is_padding = references == _SPACE
    is_padded_at_end = not (is_padding[:, :-1] & ~is_padding[:, 1:]).any()
    if is_padding[:, 0].any() or not is_padded_at_end or not (_IN_REFERENCE[references] | is_padding).all():
        return False
    digits = keys - _ZERO  # below the digit 0 it comes round to more than 9
    if (digits > 9).any():  # noqa: PLR2004 - the last digit
        return False
    remainders = (digits[:, :-1] @ weights) % _MODULUS
    return bool((_CHECK_DIGITS[remainders] == keys[:, -1]).all())


def _join(references: _Bytes, keys: _Bytes, first_line: int) -> bytes:
    count, digits = keys.shape
    numbers = first_line + np.arange(count, dtype=np.int64)
    powers = 10 ** np.arange(_NUMBER_DIGITS - 1, -1, -1, dtype=np.int64)
    table = np.empty((count, _NUMBER_DIGITS + _REFERENCE_BYTES + digits + 3), np.uint8)
    table[:, :_NUMBER_DIGITS] = numbers[:, None] // powers % 10 + _ZERO
    table[:, _NUMBER_DIGITS] = _TAB
    start = _NUMBER_DIGITS + 1
    table[:, start : start + _REFERENCE_BYTES] = references
    table[:, start + _REFERENCE_BYTES] = _TAB
    table[:, start + _REFERENCE_BYTES + 1 : -1] = keys
    table[:, -1] = _LINE_FEED
    return table.tobytes()
