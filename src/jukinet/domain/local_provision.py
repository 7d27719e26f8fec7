"""Provision to local governments (別表第二から第五まで・条例): which node answers, and what the affair asks for first.

Source: Act (–2015) art. 30-7(4)–(6), 30-8; Act (2015–) art. 30-10 to 30-15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jukinet.domain.errors import (
    ConsentUndatedError,
    ItemNotGrantedError,
    OfficeNotPermittedError,
    StatisticsOnlyError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_channels import Channel, Reach
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import is_reached
from jukinet.domain.rules import Rule, enforces

#: What is given only where it is asked for by name.
NUMBERS = frozenset({ProvisionItem.INDIVIDUAL_NUMBER, ProvisionItem.RESIDENT_RECORD_CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGrant:
    """What a local government may be given for an affair today, as the nation told its prefecture."""

    affair: str
    channel: Channel
    ground: str
    items: frozenset[ProvisionItem]
    offices: tuple[str, ...]
    #: Where the user is.
    place: LocalGovernmentCode
    #: Whose ordinance gives, where one does.
    giver: LocalGovernmentCode | None = None

    @property
    def is_answered_by_prefecture(self) -> bool:
        """Return whether whom it reaches are residents of the user's own prefecture; else the nation answers."""
        if self.channel.reach is Reach.GIVER and self.giver is not None:
            return self.giver.prefecture_code == self.place.prefecture_code
        return self.channel.reach is Reach.OWN_PREFECTURE

    def covers(self, municipality: LocalGovernmentCode) -> bool:
        """Return whether it reaches a resident of this municipality."""
        return is_reached(self.channel.reach, municipality, place=self.place, giver=self.giver)

    @enforces(Rule.CONSENT_BEFORE_USE)
    def require_use(
        self, asked: Iterable[ProvisionItem] | None, *, office: str, consented_on: date | None, today: date
    ) -> frozenset[ProvisionItem]:
        """Return the items of the answer; None asks for all that are granted but the numbers.

        Raises:
            StatisticsOnlyError: one person is asked for in order to count people.
            ConsentUndatedError: the affair rests on consent, and no day of it is stated; or it rests on none.
            OfficeNotPermittedError: offices are registered, and not this one.
            ItemNotGrantedError: an item is not given for this affair.
        """
        if self.channel is Channel.STATISTICS:
            raise StatisticsOnlyError(field="affair")
        rests_on_consent = self.channel is Channel.CONSENT
        if rests_on_consent is not (consented_on is not None) or (consented_on is not None and consented_on > today):
            raise ConsentUndatedError(field="consented_on")
        if self.offices and office not in self.offices:
            raise OfficeNotPermittedError(field="office")
        if asked is None:
            return self.items - NUMBERS
        wanted = frozenset(asked)
        if not wanted <= self.items:
            raise ItemNotGrantedError(field="items")
        return wanted
