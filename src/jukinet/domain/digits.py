"""Numbers as people write them: full-width digits, spaces and hyphens, brought to plain ASCII digits."""

from __future__ import annotations

from typing import Final

#: Full-width digits become ASCII digits.
FULL_WIDTH_DIGITS: Final = {ord("０") + digit: str(digit) for digit in range(10)}

#: What people put between groups of digits: spaces, hyphens, dashes, minus signs and the long-vowel mark.
SEPARATORS: Final = " \t\u3000-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fc\uff70"

_PLAIN: Final[dict[int, str | None]] = {**FULL_WIDTH_DIGITS, **dict.fromkeys(map(ord, SEPARATORS))}


def plain_digits(text: str) -> str:
    """Return `text` without separators and with ASCII digits; every other character is left as it is."""
    return text.translate(_PLAIN)


def is_digits(text: str, length: int) -> bool:
    """Return whether `text` is exactly `length` ASCII digits."""
    return len(text) == length and text.isascii() and text.isdigit()
