"""Blocks of lines by four items without a fault, read all at once: most lines of most files are such.

What is not wholly plain is left to `protocol.batch_lines`, which says line by line what is wrong; both give the same
rows, and tests hold them to it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from jukinet.domain.addresses import ADDRESS_MAX_LENGTH
from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.identification import Sex
from jukinet.domain.names import NAME_MAX_LENGTH
from jukinet.domain.repertoire import is_variation_selector, require_repertoire

_REFERENCES: Final = re.compile("(?:[0-9A-Za-z_-]{1,20}\n)+")
_SEXES: Final = frozenset(sex.value for sex in Sex)
_COLUMNS: Final = 5


def plain_item_rows(content: bytes, *, first_line: int) -> bytes | None:
    """Return the rows of a block of CSV lines by four items without a fault; None for every other block."""
    rows = _split(content)
    if rows is None or not _are_plain(rows):
        return None
    return "".join(
        [
            f"{number:010d}\t{reference:<20}\t{name}\t{birth_date}\t{sex}\t{address}\n"
            for number, (reference, name, birth_date, sex, address) in enumerate(rows, start=first_line)
        ]
    ).encode()


def _split(content: bytes) -> list[list[str]] | None:
    try:
        text = content.decode()
        lines = text.removesuffix("\n").split("\n")
        rows = list(csv.reader(lines, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    # A quotation that goes on in the next line makes fewer rows than lines; a tab or a backslash is no plain text.
    is_whole = len(rows) == len(lines) and text.endswith("\n") and all(len(row) == _COLUMNS for row in rows)
    return rows if is_whole and not any(character in text for character in "\t\\\r") else None


def _are_plain(rows: Sequence[Sequence[str]]) -> bool:
    references, names, birth_dates, sexes, addresses = zip(*rows, strict=True)
    return (
        _SEXES.issuperset(sexes)
        and _REFERENCES.fullmatch("\n".join(references) + "\n") is not None
        and _are_texts(names, NAME_MAX_LENGTH)
        and _are_texts(addresses, ADDRESS_MAX_LENGTH)
        and all(map(_is_date, birth_dates))
        and _are_in_repertoire([*names, *addresses])
    )


def _are_texts(texts: Sequence[str], longest: int) -> bool:
    return all(text == text.strip() for text in texts) and min(map(len, texts)) >= 1 and max(map(len, texts)) <= longest


@lru_cache(maxsize=100_000)
def _is_date(text: str) -> bool:
    # Everybody's birth dates are few different ones.
    try:
        require_civil_date_wire(text, "birth_date", may_be_irregular=True)
    except InvalidValueError:
        return False
    return True


def _are_in_repertoire(texts: Sequence[str]) -> bool:
    """Return whether every text is in the repertoire; only those with a selector are looked at one by one."""
    counts = np.bincount(np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32))
    characters = "".join(map(chr, np.flatnonzero(counts).tolist()))
    selectors = "".join(filter(is_variation_selector, characters))
    try:
        require_repertoire("".join(character for character in characters if character not in selectors))
        if selectors:
            has_selector = re.compile(f"[{selectors}]").search
            for text in filter(has_selector, texts):
                require_repertoire(text)
    except InvalidValueError:
        return False
    return True
