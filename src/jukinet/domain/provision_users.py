"""Who may ask for identification information (提供を受ける機関): an organ, a municipality or a prefecture.

The Appended Tables name an organ by its name (Table 1), and municipalities and prefectures by their office: 市町村長,
指定都市の長, 広島市の長. Which of those a municipality is follows from its code where the bundled list of local
governments says so. What it does not say (a core city, a city a cabinet order names) has to be stated, or is denied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from jukinet.domain.errors import UnknownLocalGovernmentError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import LocalGovernment, LocalGovernmentKind, find_local_government

MAYOR: Final = "市町村長"
ELECTION_COMMISSION: Final = "選挙管理委員会"
GOVERNOR: Final = "都道府県知事"
DESIGNATED_CITY_MAYOR: Final = "指定都市の長"
_OWN_HEADS: Final = {"341002": "広島市の長", "422011": "長崎市の長"}
_OWN_GOVERNORS: Final = {"070009": "福島県知事", "470007": "沖縄県知事"}


class UserKind(Enum):
    """The three kinds of users the law knows."""

    ORGAN = "organ"
    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"


@dataclass(frozen=True, slots=True)
class ProvisionUser:
    """Who asks. `organs` are the names under which the tables and ordinances list it."""

    kind: UserKind
    organs: frozenset[str]
    #: Of a municipality or a prefecture; the law asks whether a person lives there.
    place: LocalGovernmentCode | None = None

    @classmethod
    def organ(cls, name: str) -> ProvisionUser:
        """Return an organ of Appended Table 1, named as the table names it."""
        return cls(UserKind.ORGAN, frozenset({name}))

    @classmethod
    def municipality(cls, code: LocalGovernmentCode | str, *, further: Iterable[str] = ()) -> ProvisionUser:
        """Return a municipality's executives; `further` are offices the list of local governments does not tell.

        Raises:
            UnknownLocalGovernmentError: nobody has this code, or it is no municipality's.
        """
        government = find_local_government(code)
        if not government.kind.is_municipality:
            raise UnknownLocalGovernmentError(field="place")
        names = {MAYOR, ELECTION_COMMISSION, *_heads(government), *further}
        return cls(UserKind.MUNICIPALITY, frozenset(names), government.code)

    @classmethod
    def prefecture(cls, code: LocalGovernmentCode | str, *, further: Iterable[str] = ()) -> ProvisionUser:
        """Return a prefecture's executives; `further` are those an ordinance names beside the governor.

        Raises:
            UnknownLocalGovernmentError: nobody has this code, or it is no prefecture's.
        """
        government = find_local_government(code)
        if government.kind is not LocalGovernmentKind.PREFECTURE:
            raise UnknownLocalGovernmentError(field="place")
        own = {_OWN_GOVERNORS[government.code.value]} if government.code.value in _OWN_GOVERNORS else set[str]()
        return cls(UserKind.PREFECTURE, frozenset({GOVERNOR, *own, *further}), government.code)


def _heads(government: LocalGovernment) -> tuple[str, ...]:
    heads = tuple(_OWN_HEADS[code] for code in (government.code.value,) if code in _OWN_HEADS)
    if government.kind is LocalGovernmentKind.DESIGNATED_CITY:
        return (DESIGNATED_CITY_MAYOR, *heads)
    return heads
