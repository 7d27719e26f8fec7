"""The reasons a resident system may give (異動事由): the standard's words or their codes."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import UnknownCodeListValueError

#: Words of the list that change no item of the network, and stand in two kinds of it.
_REWRITTEN: Final = ("改製", "再製")


@cache
def _by_word() -> dict[str, ActReason]:
    words = {_folded(reason.label): reason for reason in ActReason}
    # The words of Regulation art. 11 where they differ from the standard's.
    by_change = {reason.change_reason: reason for reason in reversed(ActReason)}
    for change in ChangeReason:
        words.setdefault(_folded(change.label), by_change[change])
    # A record that is rewritten is the record it was.
    words.update(dict.fromkeys(_REWRITTEN, ActReason.HOUSEHOLD_CHANGE))
    return {**words, **{reason.value: reason for reason in ActReason}}


def find_reason(text: str) -> ActReason:
    """Return the reason; raise UnknownCodeListValueError."""
    reason = _by_word().get(_folded(text))
    if reason is None:
        raise UnknownCodeListValueError(field="reason")
    return reason


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")
