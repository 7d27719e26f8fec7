"""Which law is in force: the date decides (I12).

Each era begins on the day its law came into force and lasts until the next begins.
"""

from __future__ import annotations

from datetime import date
from enum import Enum


class LegalEra(Enum):
    """A period under one state of the law; the value is its first day."""

    #: First-phase services: codes allotted, provision to administrative organs.
    FIRST_PHASE = date(2002, 8, 5)
    #: Second-phase services: wide-area issuance, special move-in, the Juki card.
    SECOND_PHASE = date(2003, 8, 25)
    #: Foreign residents on the register; the card survives a move.
    FOREIGN_RESIDENTS = date(2012, 7, 9)
    #: Individual Number; the Act's chapter IV-2 renumbered; end of the Juki card in December.
    INDIVIDUAL_NUMBER = date(2015, 10, 5)
    #: Move-out notified to the destination in advance.
    ONLINE_MOVE_OUT = date(2023, 2, 6)
    #: Name in kana is a statutory item.
    NAME_IN_KANA = date(2025, 5, 26)

    @property
    def begins_on(self) -> date:
        """Return the first day of the era."""
        return self.value


def era_on(day: date) -> LegalEra | None:
    """Return the era `day` lies in, or None before the network existed (2002-08-05)."""
    current: LegalEra | None = None
    for era in LegalEra:
        if era.begins_on <= day:
            current = era
    return current
