"""Resident record code (住民票コード): ten random digits and a check digit.

The check digit follows Ministry notice 436 of 2002: weights 2–7 from the right, modulus 11, remainders 0 and 1
both give 0. The Individual Number and the local government code have rules of their own; none is shared.

Reserved ranges. Codes of generated residents begin with 9, codes allotted by a national node that is not
configured for production begin with 8 (docs/synthetic-data.md). A real code may begin with any digit, so the first
digit of a code proves nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jukinet.domain.digits import is_digits, plain_digits
from jukinet.domain.errors import MalformedResidentRecordCodeError, ResidentRecordCodeCheckDigitError
from jukinet.domain.rules import Rule, enforces

if TYPE_CHECKING:
    from random import Random

LENGTH: Final = 11
BODY_LENGTH: Final = 10

#: First digit of every generated resident's code.
SYNTHETIC_PREFIX: Final = "9"
#: First digit of every code allotted by a national node that is not configured for production.
TRIAL_ALLOTMENT_PREFIX: Final = "8"

#: The check digit as an ASCII character, by remainder: two remainders would need two digits, the notice maps both to 0.
_CHECK_CHARACTERS: Final = b"00987654321"
#: What the ASCII codes of ten digits add to the weighted sum beyond the digits themselves.
_ASCII_EXCESS: Final = 48 * (5 + 4 + 3 + 2 + 7 + 6 + 5 + 4 + 3 + 2)


def _check_character(body: bytes) -> int:
    a, b, c, d, e, f, g, h, i, j = body
    weighted = 5 * (a + g) + 4 * (b + h) + 3 * (c + i) + 2 * (d + j) + 7 * e + 6 * f
    return _CHECK_CHARACTERS[(weighted - _ASCII_EXCESS) % 11]


def check_digit(body: str) -> str:
    """Return the check digit of a body of ten ASCII digits.

    Raises:
        MalformedResidentRecordCodeError: `body` is not ten digits.
    """
    if not is_digits(body, BODY_LENGTH):
        raise MalformedResidentRecordCodeError
    return chr(_check_character(body.encode("ascii")))


def is_resident_record_code(text: str) -> bool:
    """Return whether `text` is exactly eleven ASCII digits with the right check digit. For hot paths."""
    if len(text) != LENGTH or not text.isascii() or not text.isdigit():
        return False
    a, b, c, d, e, f, g, h, i, j, last = text.encode()
    weighted = 5 * (a + g) + 4 * (b + h) + 3 * (c + i) + 2 * (d + j) + 7 * e + 6 * f
    return _CHECK_CHARACTERS[(weighted - _ASCII_EXCESS) % 11] == last


@enforces(Rule.CODE_FORMAT)
def require_resident_record_code(text: str, *, field: str | None = None) -> None:
    """Refuse `text` unless it is a resident record code in plain digits.

    Raises:
        MalformedResidentRecordCodeError: it is not eleven ASCII digits.
        ResidentRecordCodeCheckDigitError: the check digit does not agree.
    """
    if is_resident_record_code(text):
        return
    if not is_digits(text, LENGTH):
        raise MalformedResidentRecordCodeError(field=field)
    raise ResidentRecordCodeCheckDigitError(field=field)


@dataclass(frozen=True, slots=True, order=True, repr=False)
class ResidentRecordCode:
    """A resident record code (住民票コード) whose check digit is right."""

    value: str

    def __post_init__(self) -> None:
        """Refuse a value that is not a resident record code."""
        require_resident_record_code(self.value)

    @classmethod
    def parse(cls, text: str) -> ResidentRecordCode:
        """Read a code as people write it: full-width digits, spaces and hyphens are accepted.

        Raises:
            MalformedResidentRecordCodeError: it is not eleven digits.
            ResidentRecordCodeCheckDigitError: the check digit does not agree.
        """
        return cls(plain_digits(text))

    @classmethod
    def from_body(cls, body: str) -> ResidentRecordCode:
        """Return the code made of ten digits and their check digit."""
        return cls(body + check_digit(body))

    @classmethod
    def generate(cls, random: Random, prefix: str = "") -> ResidentRecordCode:
        """Draw a code at random, beginning with `prefix`."""
        missing = BODY_LENGTH - len(prefix)
        drawn = f"{random.randrange(10**missing):0{missing}d}" if missing > 0 else ""
        return cls.from_body(prefix + drawn)

    def __repr__(self) -> str:
        """Show the type only: a code is personal data."""
        return "ResidentRecordCode(***)"

    __str__ = __repr__
