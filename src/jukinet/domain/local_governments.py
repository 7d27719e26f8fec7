"""Local governments (地方公共団体) as of 2024-01-01: 47 prefectures, 1,741 municipalities, 171 wards.

The Ministry's list also names six villages of the Northern Territories. They keep no register, so they can be
found by code but are not among the municipalities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Final

from jukinet.domain import bundled
from jukinet.domain.errors import UnknownLocalGovernmentError
from jukinet.domain.local_government_code import LocalGovernmentCode


class LocalGovernmentKind(Enum):
    """What kind of local government (地方公共団体の種類) it is."""

    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated_city"
    CITY = "city"
    SPECIAL_WARD = "special_ward"
    TOWN = "town"
    VILLAGE = "village"
    NORTHERN_TERRITORIES_VILLAGE = "northern_territories_village"
    #: A ward of a designated city (行政区): it keeps the register, the city runs the computer (Order art. 31).
    DESIGNATED_WARD = "designated_ward"

    @property
    def is_municipality(self) -> bool:
        """Return whether it is one of the 1,741 municipalities (市町村・特別区)."""
        return self in _MUNICIPALITY_KINDS


_MUNICIPALITY_KINDS: Final = frozenset(
    {
        LocalGovernmentKind.DESIGNATED_CITY,
        LocalGovernmentKind.CITY,
        LocalGovernmentKind.SPECIAL_WARD,
        LocalGovernmentKind.TOWN,
        LocalGovernmentKind.VILLAGE,
    }
)
_NORTHERN_TERRITORIES: Final = frozenset({"016951", "016969", "016977", "016985", "016993", "017001"})


@dataclass(frozen=True, slots=True)
class LocalGovernment:
    """A local government (地方公共団体). `name` of a ward includes its city's: 札幌市中央区."""

    code: LocalGovernmentCode
    kind: LocalGovernmentKind
    prefecture_name: str
    #: Empty for a prefecture.
    municipality_name: str
    kana: str
    #: Of a ward, the designated city it belongs to.
    designated_city: LocalGovernmentCode | None = field(default=None)

    @property
    def name(self) -> str:
        """Return its own name: 東京都, 千代田区, 札幌市中央区."""
        return self.municipality_name or self.prefecture_name

    @property
    def full_name(self) -> str:
        """Return its name after its prefecture's: 東京都千代田区."""
        return self.prefecture_name + self.municipality_name


@cache
def _by_code() -> dict[str, LocalGovernment]:
    rows = bundled.local_government_rows()
    cities = {
        (prefecture, name): LocalGovernmentCode(code)
        for code, kind, prefecture, name, *_ in rows
        if kind == LocalGovernmentKind.DESIGNATED_CITY.value
    }
    found: dict[str, LocalGovernment] = {}
    for code, kind_text, prefecture, name, kana, *_ in rows:
        kind = LocalGovernmentKind(kind_text)
        if code in _NORTHERN_TERRITORIES:
            kind = LocalGovernmentKind.NORTHERN_TERRITORIES_VILLAGE
        city = cities[prefecture, name[: name.index("市") + 1]] if kind is LocalGovernmentKind.DESIGNATED_WARD else None
        found[code] = LocalGovernment(LocalGovernmentCode(code), kind, prefecture, name, kana, city)
    return found


@cache
def municipality_codes() -> frozenset[str]:
    """Return the codes that may stand as a resident's municipality: municipalities and wards. For hot paths."""
    return frozenset(
        code
        for code, government in _by_code().items()
        if government.kind.is_municipality or government.kind is LocalGovernmentKind.DESIGNATED_WARD
    )


def find_local_government(code: LocalGovernmentCode | str) -> LocalGovernment:
    """Return the local government with this code.

    Raises:
        MalformedLocalGovernmentCodeError: a text that is not six digits.
        LocalGovernmentCodeCheckDigitError: a text whose check digit does not agree.
        UnknownLocalGovernmentError: nobody has this code.
    """
    parsed = code if isinstance(code, LocalGovernmentCode) else LocalGovernmentCode.parse(code)
    government = _by_code().get(parsed.value)
    if government is None:
        raise UnknownLocalGovernmentError
    return government


def _of_kinds(*kinds: LocalGovernmentKind) -> tuple[LocalGovernment, ...]:
    return tuple(government for government in _by_code().values() if government.kind in kinds)


@cache
def list_municipalities() -> tuple[LocalGovernment, ...]:
    """Return the 1,741 municipalities (市町村・特別区) in the order of their codes."""
    return _of_kinds(*_MUNICIPALITY_KINDS)


@cache
def list_prefectures() -> tuple[LocalGovernment, ...]:
    """Return the 47 prefectures in the order of their codes."""
    return _of_kinds(LocalGovernmentKind.PREFECTURE)


@cache
def list_wards() -> tuple[LocalGovernment, ...]:
    """Return the 171 wards of designated cities in the order of their codes."""
    return _of_kinds(LocalGovernmentKind.DESIGNATED_WARD)


@cache
def wards_of(city: LocalGovernmentCode) -> tuple[LocalGovernment, ...]:
    """Return the wards of a designated city; empty for every other local government."""
    return tuple(ward for ward in list_wards() if ward.designated_city == city)


def municipality_of(code: LocalGovernmentCode) -> LocalGovernment:
    """Return the municipality whose node keeps this resident: a ward's city, else the municipality itself.

    Raises:
        UnknownLocalGovernmentError: nobody has this code, or it is no municipality's.
    """
    government = find_local_government(code)
    if government.designated_city is not None:
        government = find_local_government(government.designated_city)
    if not government.kind.is_municipality:
        raise UnknownLocalGovernmentError
    return government
