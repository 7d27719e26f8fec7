"""M15, what the certification side is told (異動等情報): that a change makes a person's certificates void.

It is told that name, birth date, sex or address were modified, or that the record was removed, and never of a minor
correction (軽微な修正): a new name of a town voids nobody's certificate. It is given the code, the reason and the date,
and no other item.

Source: Act (–2015) art. 30-8(3)(4), 30-11(9), Regulation (–2015) art. 21-2, 27-2. Of the Act from 2015-10-05 no text is
at hand: that art. 30-15 continues them is known, and checked against nothing.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from jukinet.domain.changes import ChangeKind, find_change_reason
from jukinet.domain.eras import LegalEra
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.rules import Rule, enforces

#: How the use log names it, as affair and as method.
CERTIFICATION_LINKAGE: Final = "certification_linkage"
#: What is given, and nothing else.
LINKAGE_ITEMS: Final = frozenset({ProvisionItem.RESIDENT_RECORD_CODE, ProvisionItem.CHANGE})
#: Of these a modification voids certificates.
_CERTIFIED: Final = frozenset({ProvisionItem.NAME, ProvisionItem.BIRTH_DATE, ProvisionItem.SEX, ProvisionItem.ADDRESS})


@enforces(Rule.CERTIFICATION_LINKAGE_WITHOUT_MINOR_CORRECTIONS)
def voids_certificates(reason: str, items: AbstractSet[ProvisionItem]) -> bool:
    """Return whether the certification side is told of a change with this reason that changed these items.

    Raises:
        UnknownCodeListValueError: the Regulation lists no such reason.
    """
    known = find_change_reason(reason)
    if known.kind is ChangeKind.REMOVAL:
        return True
    return known.kind is ChangeKind.MODIFICATION and not known.is_minor and not items.isdisjoint(_CERTIFIED)


def linkage_ground(day: date) -> str:
    """Return the legal ground in Japanese, with the article of the era."""
    article = "第30条の15" if day >= LegalEra.INDIVIDUAL_NUMBER.begins_on else "第30条の11第9項"
    return f"住民基本台帳法{article}"
