"""The law of provision as of a day: who may be given which items for which affair, and why (I5).

`ProvisionLaw` is immutable: the bundled Appended Tables with the approved changes applied.
What it does not list is denied. It answers for every day; before its first and after its last an affair is refused.

Source: Act (–2015) art. 30-7(3)–(6), 30-8; Act (2015–) art. 30-9 to 30-15.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from jukinet.domain.appended_tables import TableRow
from jukinet.domain.eras import era_on
from jukinet.domain.errors import (
    AffairEndedError,
    AffairNotListedError,
    AffairNotYetInForceError,
    ItemNotGrantedError,
    NotInForceError,
    PersonOutOfReachError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.provision_affairs import ListedAffair, Ordinance
from jukinet.domain.provision_channels import Channel, Reach
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_tables import list_bundled_affairs
from jukinet.domain.provision_users import ProvisionUser
from jukinet.domain.provision_withholding import Withholding
from jukinet.domain.rules import Rule, enforces

#: Grants kept for repeated questions of one day; more than any node asks for in a day.
_MOST_KEPT: Final = 8192


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user may be given for an affair on a day, and the ground for it."""

    affair: ListedAffair
    user: ProvisionUser
    day: date
    items: frozenset[ProvisionItem]
    #: In Japanese, with the article of the era.
    ground: str

    @property
    def withholding(self) -> Withholding | None:
        """Return how the use is withheld from the person; None where it is shown at once."""
        return self.affair.withholding_on(self.day)

    @property
    def row(self) -> TableRow | None:
        """Return the row of the Appended Table; none for an ordinance and for affairs of the Act itself."""
        return self.affair.row

    @enforces(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
    def require_items(self, asked: Iterable[ProvisionItem]) -> frozenset[ProvisionItem]:
        """Return the items asked for: these, and no others, belong into the answer.

        Raises:
            ItemNotGrantedError: one of them may not be given for this affair on this day.
        """
        wanted = frozenset(asked)
        if not wanted <= self.items:
            refused = ", ".join(item.value for item in ProvisionItem if item in wanted - self.items)
            raise ItemNotGrantedError(f"Not given for this affair on this day: {refused}.", field="items")
        return wanted

    def is_in_reach(self, municipality: LocalGovernmentCode) -> bool:
        """Return whether the ground covers a resident of this municipality."""
        giver = self.affair.ordinance.giver if self.affair.ordinance else None
        return is_reached(self.affair.channel.reach, municipality, place=self.user.place, giver=giver)

    @enforces(Rule.PROVISION_BY_THE_TABLE_OF_THE_PLACE)
    def require_reach(self, municipality: LocalGovernmentCode) -> None:
        """Refuse a resident of a municipality the ground does not cover; raise PersonOutOfReachError."""
        if not self.is_in_reach(municipality):
            raise PersonOutOfReachError(field="affair")


def is_reached(
    reach: Reach,
    municipality: LocalGovernmentCode,
    *,
    place: LocalGovernmentCode | None,
    giver: LocalGovernmentCode | None,
) -> bool:
    """Return whether a channel of this reach covers a resident of this municipality, for a user of this place."""
    if reach is Reach.NATIONWIDE:
        return True
    if reach is Reach.GIVER:
        return giver in {municipality_of(municipality).code, municipality.prefecture_code}
    if place is None:
        return False
    is_own = municipality.prefecture_code == place.prefecture_code
    return is_own is (reach is Reach.OWN_PREFECTURE)


class ProvisionLaw:
    """The affairs in force and to come. Never changed: a change makes another law."""

    __slots__ = ("_affairs", "_grants", "version")

    def __init__(self, affairs: Mapping[str, ListedAffair], *, version: int = 0) -> None:
        self._affairs: Final = dict(affairs)
        #: The number of the last change applied; 0 for the bundled tables alone.
        self.version: Final = version
        self._grants: Final[dict[tuple[ProvisionUser, str, date], Grant]] = {}

    @property
    def affairs(self) -> tuple[ListedAffair, ...]:
        """Return every affair, of every day, in the order of the law."""
        return tuple(self._affairs.values())

    def find_affair(self, affair: str) -> ListedAffair:
        """Return the affair with this id, whether in force or not.

        Raises:
            AffairNotListedError: nothing lists it.
        """
        listed = self._affairs.get(affair)
        if listed is None:
            raise _refused("no table and no ordinance lists an affair with this id")
        return listed

    @enforces(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR)
    def find_grant(self, *, user: ProvisionUser, affair: str, day: date) -> Grant:
        """Return what `user` may be given for `affair` on `day`.

        Raises:
            NotInForceError: the network did not exist on `day`.
            AffairNotListedError: nothing lists this affair, or it is listed for others.
            AffairNotYetInForceError: it is listed, from a later day.
            AffairEndedError: it is listed no longer.
        """
        key = (user, affair, day)
        kept = self._grants.get(key)
        if kept is None:
            kept = self._grant(user, self.find_affair(affair), day)
            if len(self._grants) >= _MOST_KEPT:
                self._grants.clear()
            self._grants[key] = kept
        return kept

    def _grant(self, user: ProvisionUser, affair: ListedAffair, day: date) -> Grant:
        if era_on(day) is None:
            raise NotInForceError
        if user.kind is not affair.channel.user or user.organs.isdisjoint(affair.organs):
            raise _refused(f"{affair.id} is listed for {'、'.join(affair.organs)}, not for {'、'.join(user.organs)}")
        if affair.ordinance is not None and not _is_served(affair.ordinance, affair.channel, user.place):
            raise _refused(f"the ordinance of {affair.ordinance.giver} for {affair.id} does not serve {user.place}")
        require_in_force(affair, day)
        return Grant(affair, user, day, affair.items_on(day), affair.ground_on(day))


def _refused(reason: str) -> AffairNotListedError:
    # A note stays inside: it reaches the log, but neither the answer nor the screen.
    error = AffairNotListedError(field="affair")
    error.add_note(reason)
    return error


def _is_served(ordinance: Ordinance, channel: Channel, place: LocalGovernmentCode | None) -> bool:
    if place is None:
        return False
    if channel is Channel.ORDINANCE_BETWEEN_MUNICIPALITIES:
        return place != ordinance.giver
    is_inside = place.prefecture_code == ordinance.giver
    return is_inside is (channel.reach is Reach.OWN_PREFECTURE)


@enforces(Rule.PROVISION_WITHIN_ITS_DATES)
def require_in_force(affair: ListedAffair, day: date) -> None:
    """Refuse an affair before its first and after its last day.

    Raises:
        AffairNotYetInForceError: before the first; the error says from which day.
        AffairEndedError: after the last; the error says on which day it ended.
    """
    if day < affair.begins_on.day:
        message = f"This affair is in force from {affair.begins_on.day.isoformat()}."
        raise AffairNotYetInForceError(message, field="affair")
    if affair.ends_on is not None and day > affair.ends_on.day:
        raise AffairEndedError(f"This affair was in force until {affair.ends_on.day.isoformat()}.", field="affair")


@cache
def bundled_law() -> ProvisionLaw:
    """Return the law of the bundled tables, without any change."""
    return ProvisionLaw({affair.id: affair for affair in list_bundled_affairs()})
