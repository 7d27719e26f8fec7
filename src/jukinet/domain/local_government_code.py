"""Local government code (全国地方公共団体コード): prefecture, municipality and a check digit, six digits in all.

The check digit is (11 − (6a+5b+4c+3d+2e) mod 11) mod 10: remainder 0 gives 1 and remainder 1 gives 0. Other codes
treat these remainders differently, so nothing is shared with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jukinet.domain.digits import is_digits, plain_digits
from jukinet.domain.errors import LocalGovernmentCodeCheckDigitError, MalformedLocalGovernmentCodeError

LENGTH: Final = 6
BODY_LENGTH: Final = 5
PREFECTURE_DIGITS: Final = 2


def check_digit(body: str) -> str:
    """Return the check digit of a body of five ASCII digits.

    Raises:
        MalformedLocalGovernmentCodeError: `body` is not five digits.
    """
    if not is_digits(body, BODY_LENGTH):
        raise MalformedLocalGovernmentCodeError
    a, b, c, d, e = map(int, body)
    return str((11 - (6 * a + 5 * b + 4 * c + 3 * d + 2 * e) % 11) % 10)


def is_local_government_code(text: str) -> bool:
    """Return whether `text` is exactly six ASCII digits with the right check digit; it need not exist."""
    return is_digits(text, LENGTH) and check_digit(text[:BODY_LENGTH]) == text[BODY_LENGTH]


@dataclass(frozen=True, slots=True, order=True)
class LocalGovernmentCode:
    """A local government code (全国地方公共団体コード) whose check digit is right, whether or not it is in use."""

    value: str

    def __post_init__(self) -> None:
        """Refuse a value that is not a local government code."""
        if not is_digits(self.value, LENGTH):
            raise MalformedLocalGovernmentCodeError
        if check_digit(self.value[:BODY_LENGTH]) != self.value[BODY_LENGTH]:
            raise LocalGovernmentCodeCheckDigitError

    @classmethod
    def parse(cls, text: str) -> LocalGovernmentCode:
        """Read a code as people write it: full-width digits, spaces and hyphens are accepted.

        Raises:
            MalformedLocalGovernmentCodeError: it is not six digits.
            LocalGovernmentCodeCheckDigitError: the check digit does not agree.
        """
        return cls(plain_digits(text))

    @classmethod
    def from_body(cls, body: str) -> LocalGovernmentCode:
        """Return the code made of five digits and their check digit."""
        return cls(body + check_digit(body))

    @property
    def prefecture_code(self) -> LocalGovernmentCode:
        """Return the code of the prefecture it lies in, such as 130001 for 131016."""
        return LocalGovernmentCode.from_body(self.value[:PREFECTURE_DIGITS] + "000")

    @property
    def is_prefecture(self) -> bool:
        """Return whether it is the code of a prefecture itself."""
        return self.value[PREFECTURE_DIGITS:BODY_LENGTH] == "000"

    def __str__(self) -> str:
        """Show the six digits: a municipality is no secret."""
        return self.value
