"""The terms on which an organ may follow people (変更の継続提供の条件): for how long, and by which number."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.domain.errors import DateOutOfOrderError, ItemNotGrantedError
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import Grant
from jukinet.domain.rules import Rule, enforces

#: A subscription is for at most so long, and then somebody states its ground afresh.
LONGEST_TERM: Final = timedelta(days=366)


class FollowedBy(Enum):
    """What an organ names a person by; the value is as the use log has it."""

    RESIDENT_RECORD_CODE = "resident_record_code"
    INDIVIDUAL_NUMBER = "individual_number"
    FOUR_ITEMS = "four_items"


def require_term(expires_on: date, *, today: date) -> None:
    """Refuse a last day that is past, or further away than a ground holds without being stated afresh.

    Raises:
        DateOutOfOrderError: it is.
    """
    if expires_on < today:
        raise DateOutOfOrderError("The last day of a subscription lies in the past.", field="expires_on")
    if expires_on - today > LONGEST_TERM:
        message = f"A subscription is for at most {LONGEST_TERM.days} days; renew it before it ends."
        raise DateOutOfOrderError(message, field="expires_on")


def is_in_term(expires_on: date, *, today: date) -> bool:
    """Return whether a subscription still counts: its last day is one of its days."""
    return today <= expires_on


@enforces(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
def require_number(grant: Grant, by: AbstractSet[FollowedBy]) -> None:
    """Refuse to follow people by a number this organ may not be given for this affair.

    Raises:
        ItemNotGrantedError: the code from 2015-10-05, or an Individual Number for an affair that may not use it.
    """
    wanted = {ProvisionItem(one.value) for one in by}
    if not wanted <= grant.items:
        refused = ", ".join(item.value for item in ProvisionItem if item in wanted - grant.items)
        raise ItemNotGrantedError(f"Nobody may be followed by {refused} for this affair on this day.", field="persons")
