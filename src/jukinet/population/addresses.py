"""Addresses (住所) of one municipality: its real towns, plausible numbers, and apartments for some.

A town that ends in 丁目 takes residence indication (21番27号), any other a lot number (1234番地, 123番地5). Which
numbers exist is not known here, so an address as a whole may exist or not; the town does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain.addresses import list_towns
from jukinet.domain.local_governments import LocalGovernment, LocalGovernmentKind, find_local_government
from jukinet.population.draws import Draws, choice_table
from jukinet.population.text_tables import text_table

_BLOCKS: Final = 45
_HOUSES: Final = 30
_LOTS: Final = 2400
_LOT_BRANCHES: Final = 1200
_FLOORS: Final = 6
_ROOMS: Final = 8
#: A town with residence indication is built up: it has more residents.
_BUILT_UP_WEIGHT: Final = 3.0
_NO_TOWN: Final = "（大字なし）"
_BUILDINGS: Final = (
    "コーポ若葉",
    "メゾン青空",
    "ハイツさくら",
    "グリーンハイツ",
    "サンコーポ",
    "第一若竹荘",
    "ひまわり荘",
    "パークハイム",
    "ロイヤルコーポ",
    "メゾンド花水木",
    "シティハイツ",
    "コーポラス梅",
    "リバーサイド",
    "フラワーハイツ",
    "みどりコーポ",
    "エステート本町",
    "ドミール泉",
    "ヴィラ若草",
    "プラザ駅前",
    "県営住宅1号棟",
    "市街地住宅2号棟",
    "サニーコート",
    "ビレッジ北",
    "スカイハイツ",
)
_APARTMENT_SHARES: Final = {
    LocalGovernmentKind.SPECIAL_WARD: 0.62,
    LocalGovernmentKind.DESIGNATED_CITY: 0.48,
    LocalGovernmentKind.DESIGNATED_WARD: 0.48,
    LocalGovernmentKind.CITY: 0.3,
    LocalGovernmentKind.TOWN: 0.12,
    LocalGovernmentKind.VILLAGE: 0.06,
}


@dataclass(frozen=True, slots=True)
class AddressTables:
    """The towns of one municipality, and the numbers and apartments that may follow."""

    town: NDArray[np.bytes_]
    town_choice: NDArray[np.uint16]
    has_residence_indication: NDArray[np.intp]
    #: By whether the town has residence indication, then by draw.
    number_choice: NDArray[np.intp]
    number: NDArray[np.bytes_]
    #: The first is no apartment.
    apartment: NDArray[np.bytes_]
    apartment_share: float


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pieces of each household's address."""

    town: NDArray[np.bytes_]
    number: NDArray[np.bytes_]
    apartment: NDArray[np.bytes_]


def _towns(government: LocalGovernment) -> list[str]:
    """Return the full names of its towns; of a designated city, of its wards' towns."""
    found: dict[str, None] = {}
    for town in list_towns(government.code):
        if town.name != _NO_TOWN:
            place = find_local_government(town.municipality)
            found[f"{place.prefecture_name}{town.district}{place.municipality_name}{town.name}{town.koaza}"] = None
    # For the few that the address data lacks, the lot number follows at once.
    return list(found) or [government.full_name]


def address_tables(government: LocalGovernment) -> AddressTables:
    """Return the address tables of a municipality or ward."""
    towns = _towns(government)
    built_up = np.array([town.endswith("丁目") for town in towns])
    indications = [f"{block}番{house}号" for block in range(1, _BLOCKS + 1) for house in range(1, _HOUSES + 1)]
    lots = [f"{lot}番地" for lot in range(1, _LOTS + 1)]
    lots += [f"{lot}番地{lot * 7 % 19 + 1}" for lot in range(1, _LOT_BRANCHES + 1)]
    rooms = [f"{floor}0{room}号室" for floor in range(1, _FLOORS + 1) for room in range(1, _ROOMS + 1)]
    number_choice = [
        choice_table([1.0] * len(lots)).astype(np.intp) + len(indications),
        choice_table([1.0] * len(indications)).astype(np.intp),
    ]
    return AddressTables(
        town=text_table(towns),
        town_choice=choice_table(np.where(built_up, _BUILT_UP_WEIGHT, 1.0)),
        has_residence_indication=built_up.astype(np.intp),
        number_choice=np.stack(number_choice),
        number=text_table(indications + lots),
        apartment=text_table(["", *(f"　{building}{room}" for building in _BUILDINGS for room in rooms)]),
        apartment_share=_APARTMENT_SHARES[government.kind],
    )


def draw_addresses(tables: AddressTables, draws: Draws, households: int) -> Addresses:
    """Return an address for each household."""
    town = tables.town_choice[draws.column(households)]
    number = tables.number_choice[tables.has_residence_indication[town], draws.column(households)]
    apartment = 1 + draws.below(len(tables.apartment) - 1, households)
    lives_in_one = draws.chance(tables.apartment_share, households)
    return Addresses(tables.town[town], tables.number[number], tables.apartment[np.where(lives_in_one, apartment, 0)])
