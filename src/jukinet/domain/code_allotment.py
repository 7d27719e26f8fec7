"""Allotment of resident record codes (住民票コードの指定): to whom, and how many.

Source: Act (–2015) art. 30-7(1)(2); Act (2015–) art. 30-2; Regulation (–2015) art. 14, 15.
"""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import (
    AllotmentQuotaError,
    JukinetError,
    PeerNotPermittedError,
    UnknownCodeListValueError,
)
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.rules import Rule, enforces

#: The most codes one request may ask for.
MOST_CODES: Final = 10_000
#: The most codes one municipality is given in one day, where the configuration says nothing else.
DAILY_QUOTA: Final = 10_000


def require_possible_quantity(quantity: int) -> None:
    """Refuse a quantity that no request may ask for.

    Raises:
        UnknownCodeListValueError: it is not 1 to 10,000.
    """
    if not 1 <= quantity <= MOST_CODES:
        raise UnknownCodeListValueError(f"The quantity is 1 to {MOST_CODES}.", field="quantity")


@enforces(Rule.ALLOTMENT_WITHIN_PREFECTURE)
def require_municipality_of(prefecture: str, municipality: str) -> None:
    """Refuse to allot codes, asked for by a prefecture, to anything but a municipality of its area.

    Raises:
        PeerNotPermittedError: there is no such municipality, or it lies in another prefecture.
    """
    try:
        found = find_local_government(municipality)
    except JukinetError:
        raise PeerNotPermittedError("There is no such municipality.", field="municipality") from None
    if not found.kind.is_municipality or found.code.prefecture_code.value != prefecture:
        raise PeerNotPermittedError("A prefecture asks only for its own municipalities.", field="municipality")


@enforces(Rule.ALLOTMENT_QUOTA)
def require_within_quota(*, quantity: int, allotted_today: int, quota: int) -> None:
    """Refuse more codes than a municipality is given in one day.

    Raises:
        AllotmentQuotaError: with these, it would have more than `quota` today.
    """
    if allotted_today + quantity > quota:
        left = max(0, quota - allotted_today)
        raise AllotmentQuotaError(
            f"A municipality is given at most {quota} codes a day; {left} are left today.", field="quantity"
        )
