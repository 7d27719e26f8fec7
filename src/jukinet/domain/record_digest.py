"""The digest by which two nodes find out whether they hold the same of a resident (整合性確認).

The items of one record, each `-` where it is not there and else `+` and its text, are joined by U+001F, which no item
may hold; the SHA-256 of that in UTF-8 is the record's digest. A block's digest is the SHA-256 of the digests of its
records (32 bytes each), in ascending order of the resident record codes. PostgreSQL computes the same: see the stores
that ask for it, and the test that compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

#: What municipality and prefecture compare: everything a notice carries.
NOTICE_DIGEST_ITEMS: Final = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "postal_code",
    "change_reason",
    "changed_on",
    "previous_resident_record_code",
    "update_sequence",
)
#: What resident system and communication server compare: the items of the resident, not how they came about.
RESIDENT_DIGEST_ITEMS: Final = NOTICE_DIGEST_ITEMS[:11]
#: Residents in one block, where the blocks are cut by us.
BLOCK_RESIDENTS: Final = 500
FIRST_CODE: Final = "00000000000"
LAST_CODE: Final = "99999999999"
_SEPARATOR: Final = "\x1f"


def record_digest(items: Iterable[str | int | None]) -> bytes:
    """Return the digest of one record's items, in the order of one of the two lists."""
    text = _SEPARATOR.join("-" if item is None else f"+{item}" for item in items)
    return hashlib.sha256(text.encode()).digest()


def block_digest(digests: Iterable[bytes]) -> str:
    """Return the digest of a block, in hexadecimal, of its records' digests in ascending order of their codes."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()


def block_ranges(resident_record_codes: Sequence[str], *, size: int = BLOCK_RESIDENTS) -> list[tuple[str, str]]:
    """Return ranges that hold at most `size` of these ascending codes each, and all codes there can be together."""
    starts = [FIRST_CODE, *resident_record_codes[size::size]]
    ends = [f"{int(start) - 1:011d}" for start in starts[1:]]
    return list(zip(starts, [*ends, LAST_CODE], strict=True))
