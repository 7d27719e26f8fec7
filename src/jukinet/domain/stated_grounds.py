"""What a request for identification information states about itself, item by item, as it stands on the use log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jukinet.domain.errors import MalformedRequestError, MissingItemError

_LONGEST_TEXT: Final = 200
_WIDE_SPACE: Final = "\u3000"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedGround:
    """The ground as it is stated. A person reads it on the log."""

    affair: str
    purpose: str
    matter_number: str
    official: str
    #: Empty where none is stated.
    office: str = ""


def require_stated(stated: StatedGround) -> None:
    """Refuse a ground that is not stated, or not in words that a person can read on the log.

    Raises:
        MissingItemError: an item is blank or too long.
        MalformedRequestError: an item has control or invisible characters, or characters that do not exist.
    """
    texts = {
        "affair": stated.affair,
        "purpose": stated.purpose,
        "matter_number": stated.matter_number,
        "official": stated.official,
        "office": stated.office or "-",
    }
    for name, text in texts.items():
        if not text.strip() or len(text) > _LONGEST_TEXT:
            message = f"This item is needed, with at most {_LONGEST_TEXT} characters."
            raise MissingItemError(message, field=name)
        if not text.replace(_WIDE_SPACE, " ").isprintable():
            raise MalformedRequestError("This item has a character that cannot be shown.", field=name)
