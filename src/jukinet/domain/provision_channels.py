"""The channels of provision (提供の根拠): which article lets whom have identification information about whom.

Chapter IV-2 of the Act was renumbered on 2015-10-05, so each channel has an article before and from that day. The
articles until 2015-10-04 are those of the bundled Act; those from 2015-10-05 are cited from general knowledge, not from
a text at hand (docs/provision.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

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


class Channel(Enum):
    """A ground of provision in the Act; the value is its name in rows and on the wire."""

    #: Appended Table 1: organs of the state and corporations.
    ORGANS = "table-1"
    #: Appended Table 2: municipalities about residents of their own prefecture.
    MUNICIPALITIES = "table-2"
    #: Appended Table 3: prefectures about residents of other prefectures.
    OTHER_PREFECTURES = "table-3"
    #: Appended Table 4: municipalities about residents of other prefectures.
    OTHER_MUNICIPALITIES = "table-4"
    #: Appended Table 5: the governor's own use.
    OWN_USE = "table-5"
    #: 住民基本台帳に関する事務 of a municipality, about residents of its prefecture.
    REGISTER = "register-2"
    #: A governor's help with correct registers, about residents of other prefectures.
    REGISTER_OF_PREFECTURES = "register-3"
    #: 住民基本台帳に関する事務 of a municipality, about residents of other prefectures.
    REGISTER_ELSEWHERE = "register-4"
    #: An affair to which the person has consented.
    CONSENT = "consent-5"
    STATISTICS = "statistics-5"
    #: A prefecture's ordinance for municipalities inside it.
    ORDINANCE_MUNICIPALITIES = "ordinance-municipalities"
    #: A prefecture's ordinance for other prefectures.
    ORDINANCE_OTHER_PREFECTURES = "ordinance-other-prefectures"
    #: A prefecture's ordinance for municipalities of other prefectures.
    ORDINANCE_OTHER_MUNICIPALITIES = "ordinance-other-municipalities"
    #: A prefecture's ordinance for its governor.
    ORDINANCE_OWN_USE = "ordinance-own-use"
    #: A prefecture's ordinance for its other executives, such as the board of education.
    ORDINANCE_OWN_EXECUTIVES = "ordinance-own-executives"
    #: A municipality's ordinance for other municipalities.
    ORDINANCE_BETWEEN_MUNICIPALITIES = "ordinance-between-municipalities"

    @property
    def user(self) -> UserKind:
        """Return who may be given by it."""
        return _TERMS[self].user

    @property
    def reach(self) -> Reach:
        """Return about whose residents it gives."""
        return _TERMS[self].reach

    @property
    def kind(self) -> Kind:
        """Return what makes it."""
        return _TERMS[self].kind

    @property
    def keeps_code(self) -> bool:
        """Return whether the resident record code is still given from 2015-10-05: only for the register itself."""
        return self in _REGISTER

    def article_on(self, day: date) -> str:
        """Return the article of the Act in force on `day`, in Japanese."""
        is_renumbered = day >= LegalEra.INDIVIDUAL_NUMBER.begins_on
        return "住民基本台帳法" + (_TERMS[self].from_2015 if is_renumbered else _TERMS[self].until_2015)


class _Terms(NamedTuple):
    until_2015: str
    from_2015: str
    user: UserKind
    reach: Reach
    kind: Kind


_MUNICIPALITY: Final = UserKind.MUNICIPALITY
_PREFECTURE: Final = UserKind.PREFECTURE
_OWN: Final = Reach.OWN_PREFECTURE
_OTHER: Final = Reach.OTHER_PREFECTURES
_REGISTER: Final = frozenset({Channel.REGISTER, Channel.REGISTER_OF_PREFECTURES, Channel.REGISTER_ELSEWHERE})
_TERMS: Final[Mapping[Channel, _Terms]] = {
    Channel.ORGANS: _Terms("第30条の7第3項", "第30条の9", UserKind.ORGAN, Reach.NATIONWIDE, Kind.TABLE),
    Channel.MUNICIPALITIES: _Terms("第30条の7第4項第1号", "第30条の10第1項第1号", _MUNICIPALITY, _OWN, Kind.TABLE),
    Channel.OTHER_PREFECTURES: _Terms("第30条の7第5項第1号", "第30条の11第1項第1号", _PREFECTURE, _OTHER, Kind.TABLE),
    Channel.OTHER_MUNICIPALITIES: _Terms(
        "第30条の7第6項第1号", "第30条の12第1項第1号", _MUNICIPALITY, _OTHER, Kind.TABLE
    ),
    Channel.OWN_USE: _Terms("第30条の8第1項第1号", "第30条の15第1項第1号", _PREFECTURE, _OWN, Kind.TABLE),
    Channel.REGISTER: _Terms("第30条の7第4項第3号", "第30条の10第1項第2号", _MUNICIPALITY, _OWN, Kind.ACT),
    Channel.REGISTER_OF_PREFECTURES: _Terms(
        "第30条の7第5項第3号", "第30条の11第1項第2号", _PREFECTURE, _OTHER, Kind.ACT
    ),
    Channel.REGISTER_ELSEWHERE: _Terms("第30条の7第6項第3号", "第30条の12第1項第2号", _MUNICIPALITY, _OTHER, Kind.ACT),
    Channel.CONSENT: _Terms("第30条の8第1項第3号", "第30条の15第1項第3号", _PREFECTURE, _OWN, Kind.ACT),
    Channel.STATISTICS: _Terms("第30条の8第1項第4号", "第30条の15第1項第4号", _PREFECTURE, _OWN, Kind.ACT),
    Channel.ORDINANCE_MUNICIPALITIES: _Terms(
        "第30条の7第4項第2号", "第30条の13第1項", _MUNICIPALITY, _OWN, Kind.ORDINANCE
    ),
    Channel.ORDINANCE_OTHER_PREFECTURES: _Terms(
        "第30条の7第5項第2号", "第30条の13第2項", _PREFECTURE, Reach.GIVER, Kind.ORDINANCE
    ),
    Channel.ORDINANCE_OTHER_MUNICIPALITIES: _Terms(
        "第30条の7第6項第2号", "第30条の13第3項", _MUNICIPALITY, Reach.GIVER, Kind.ORDINANCE
    ),
    Channel.ORDINANCE_OWN_USE: _Terms("第30条の8第1項第2号", "第30条の15第1項第2号", _PREFECTURE, _OWN, Kind.ORDINANCE),
    Channel.ORDINANCE_OWN_EXECUTIVES: _Terms(
        "第30条の8第2項", "第30条の15第2項第2号", _PREFECTURE, _OWN, Kind.ORDINANCE
    ),
    Channel.ORDINANCE_BETWEEN_MUNICIPALITIES: _Terms(
        "第30条の6", "第30条の14", _MUNICIPALITY, Reach.GIVER, Kind.ORDINANCE
    ),
}

#: The channel of each Appended Table.
TABLE_CHANNELS: Final = {
    1: Channel.ORGANS,
    2: Channel.MUNICIPALITIES,
    3: Channel.OTHER_PREFECTURES,
    4: Channel.OTHER_MUNICIPALITIES,
    5: Channel.OWN_USE,
}
