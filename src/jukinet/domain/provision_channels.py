"""The channels of provision (提供の根拠): which article lets whom have identification information about whom.

Chapter IV-2 of the Act was renumbered on 2015-10-05, so each channel has an article before and from that day. The
articles until 2015-10-04 are those of the bundled Act; those from 2015-10-05 are cited from general knowledge, not from
a text at hand (docs/provision.md).
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import NamedTuple

from jukinet.domain.eras import LegalEra
from jukinet.domain.provision_users import UserKind


class Reach(Enum):
    """About whose residents a channel gives."""

    NATIONWIDE = "nationwide"
    OWN_PREFECTURE = "own_prefecture"
    OTHER_PREFECTURES = "other_prefectures"
    #: Only residents of the local government whose ordinance gives.
    GIVER = "giver"


class Kind(Enum):
    """What makes a channel: a row of a table, a purpose of the Act itself, or an ordinance."""

    TABLE = "table"
    ACT = "act"
    ORDINANCE = "ordinance"


class _Terms(NamedTuple):
    tag: str
    until_2015: str
    from_2015: str
    user: UserKind
    reach: Reach
    kind: Kind
    #: Whether the resident record code goes along after 2015-10-04 too.
    keeps_code: bool = False


class Channel(Enum):
    """A ground of provision in the Act."""

    #: Appended Table 1: organs of the state and corporations.
    ORGANS = _Terms("table-1", "第30条の7第3項", "第30条の9", UserKind.ORGAN, Reach.NATIONWIDE, Kind.TABLE)
    #: Appended Table 2: municipalities about residents of their own prefecture.
    MUNICIPALITIES = _Terms(
        "table-2",
        "第30条の7第4項第1号",
        "第30条の10第1項第1号",
        UserKind.MUNICIPALITY,
        Reach.OWN_PREFECTURE,
        Kind.TABLE,
    )
    #: Appended Table 3: prefectures about residents of other prefectures.
    OTHER_PREFECTURES = _Terms(
        "table-3",
        "第30条の7第5項第1号",
        "第30条の11第1項第1号",
        UserKind.PREFECTURE,
        Reach.OTHER_PREFECTURES,
        Kind.TABLE,
    )
    #: Appended Table 4: municipalities about residents of other prefectures.
    OTHER_MUNICIPALITIES = _Terms(
        "table-4",
        "第30条の7第6項第1号",
        "第30条の12第1項第1号",
        UserKind.MUNICIPALITY,
        Reach.OTHER_PREFECTURES,
        Kind.TABLE,
    )
    #: Appended Table 5: the governor's own use.
    OWN_USE = _Terms(
        "table-5",
        "第30条の8第1項第1号",
        "第30条の15第1項第1号",
        UserKind.PREFECTURE,
        Reach.OWN_PREFECTURE,
        Kind.TABLE,
    )
    #: 住民基本台帳に関する事務 of a municipality, about residents of its prefecture.
    REGISTER = _Terms(
        "register-2",
        "第30条の7第4項第3号",
        "第30条の10第1項第2号",
        UserKind.MUNICIPALITY,
        Reach.OWN_PREFECTURE,
        Kind.ACT,
        keeps_code=True,
    )
    #: A governor's help with correct registers, about residents of other prefectures.
    REGISTER_OF_PREFECTURES = _Terms(
        "register-3",
        "第30条の7第5項第3号",
        "第30条の11第1項第2号",
        UserKind.PREFECTURE,
        Reach.OTHER_PREFECTURES,
        Kind.ACT,
        keeps_code=True,
    )
    #: 住民基本台帳に関する事務 of a municipality, about residents of other prefectures.
    REGISTER_ELSEWHERE = _Terms(
        "register-4",
        "第30条の7第6項第3号",
        "第30条の12第1項第2号",
        UserKind.MUNICIPALITY,
        Reach.OTHER_PREFECTURES,
        Kind.ACT,
        keeps_code=True,
    )
    #: An affair to which the person has consented.
    CONSENT = _Terms(
        "consent-5",
        "第30条の8第1項第3号",
        "第30条の15第1項第3号",
        UserKind.PREFECTURE,
        Reach.OWN_PREFECTURE,
        Kind.ACT,
    )
    STATISTICS = _Terms(
        "statistics-5",
        "第30条の8第1項第4号",
        "第30条の15第1項第4号",
        UserKind.PREFECTURE,
        Reach.OWN_PREFECTURE,
        Kind.ACT,
    )
    #: A prefecture's ordinance for municipalities inside it.
    ORDINANCE_MUNICIPALITIES = _Terms(
        "ordinance-municipalities",
        "第30条の7第4項第2号",
        "第30条の13第1項",
        UserKind.MUNICIPALITY,
        Reach.OWN_PREFECTURE,
        Kind.ORDINANCE,
    )
    #: A prefecture's ordinance for other prefectures.
    ORDINANCE_OTHER_PREFECTURES = _Terms(
        "ordinance-other-prefectures",
        "第30条の7第5項第2号",
        "第30条の13第2項",
        UserKind.PREFECTURE,
        Reach.GIVER,
        Kind.ORDINANCE,
    )
    #: A prefecture's ordinance for municipalities of other prefectures.
    ORDINANCE_OTHER_MUNICIPALITIES = _Terms(
        "ordinance-other-municipalities",
        "第30条の7第6項第2号",
        "第30条の13第3項",
        UserKind.MUNICIPALITY,
        Reach.GIVER,
        Kind.ORDINANCE,
    )
    #: A prefecture's ordinance for its governor.
    ORDINANCE_OWN_USE = _Terms(
        "ordinance-own-use",
        "第30条の8第1項第2号",
        "第30条の15第1項第2号",
        UserKind.PREFECTURE,
        Reach.OWN_PREFECTURE,
        Kind.ORDINANCE,
    )
    #: A prefecture's ordinance for its other executives, such as the board of education.
    ORDINANCE_OWN_EXECUTIVES = _Terms(
        "ordinance-own-executives",
        "第30条の8第2項",
        "第30条の15第2項第2号",
        UserKind.PREFECTURE,
        Reach.OWN_PREFECTURE,
        Kind.ORDINANCE,
    )
    #: A municipality's ordinance for other municipalities.
    ORDINANCE_BETWEEN_MUNICIPALITIES = _Terms(
        "ordinance-between-municipalities",
        "第30条の6",
        "第30条の14",
        UserKind.MUNICIPALITY,
        Reach.GIVER,
        Kind.ORDINANCE,
    )

    @property
    def tag(self) -> str:
        """Return its stable name, in rows and on the wire."""
        return self.value.tag

    @property
    def user(self) -> UserKind:
        """Return who may be given by it."""
        return self.value.user

    @property
    def reach(self) -> Reach:
        """Return about whose residents it gives."""
        return self.value.reach

    @property
    def kind(self) -> Kind:
        """Return what makes it."""
        return self.value.kind

    @property
    def keeps_code(self) -> bool:
        """Return whether the resident record code is still given from 2015-10-05."""
        return self.value.keeps_code

    def article_on(self, day: date) -> str:
        """Return the article of the Act in force on `day`, in Japanese."""
        is_renumbered = day >= LegalEra.INDIVIDUAL_NUMBER.begins_on
        return "住民基本台帳法" + (self.value.from_2015 if is_renumbered else self.value.until_2015)


#: The channel of each Appended Table.
TABLE_CHANNELS = {
    1: Channel.ORGANS,
    2: Channel.MUNICIPALITIES,
    3: Channel.OTHER_PREFECTURES,
    4: Channel.OTHER_MUNICIPALITIES,
    5: Channel.OWN_USE,
}


def find_channel(tag: str) -> Channel | None:
    """Return the channel with this tag, or None."""
    return next((channel for channel in Channel if channel.tag == tag), None)
