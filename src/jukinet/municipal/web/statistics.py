"""The statistics (統計): births, deaths and moves by month, residents by town, and the age pyramid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.domain.addresses import list_beginnings
from jukinet.domain.clock import civil_day
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.statistics_store import Month, TownCount, count_ages, count_all, count_months, count_towns
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Visit

_MONTHS: Final = 12
_BANDS: Final = 21
_BAND_YEARS: Final = 5
_CHARTED_TOWNS: Final = 20
#: Of the drawings, in units of the drawing itself: they grow with the page.
_HALF: Final = 320
_CHART_HEIGHT: Final = 200
_KINDS: Final = ("births", "deaths", "move_ins", "move_outs")
_MALE, _FEMALE = "1", "2"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a drawing."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """One band of ages of the pyramid."""

    first: int
    last: int | None
    male: int
    female: int
    bars: Sequence[Bar]


async def show_statistics(desk: Desk, visit: Visit) -> Answer:
    """Show the figures of the last twelve months and of today. They are counted when they are asked for."""
    today = civil_day(visit.now)
    since, until = _month_before(today, _MONTHS - 1), _month_before(today, -1)
    code = LocalGovernmentCode.parse(desk.name.code)
    beginning = "^(?:" + "|".join(map(re.escape, sorted(list_beginnings(code), key=len, reverse=True))) + "){1,1}?"
    async with desk.database.connection() as connection:
        counted = {month.month: month for month in await count_months(connection, since=since, until=until)}
        towns = await count_towns(connection, beginning=beginning)
        ages = await count_ages(connection, today=today)
        totals = await count_all(connection)
    months = [
        counted.get(_month_before(today, back), Month(_month_before(today, back), 0, 0, 0, 0))
        for back in reversed(range(_MONTHS))
    ]
    values = {
        "totals": totals,
        "months": months,
        "month_bars": _month_bars(months),
        "most_in_month": max((getattr(one, kind) for one in months for kind in _KINDS), default=0),
        "kinds": _KINDS,
        "bands": _bands(ages),
        "towns": towns,
        "charted": _charted(towns),
        "half": _HALF,
        "height": _CHART_HEIGHT,
    }
    return Page("municipal/statistics.html", values)


def _month_before(today: date, back: int) -> str:
    months = today.year * _MONTHS + today.month - 1 - back
    return f"{months // _MONTHS:04}-{months % _MONTHS + 1:02}"


def _month_bars(months: Sequence[Month]) -> list[Bar]:
    most = max([1, *(getattr(one, kind) for one in months for kind in _KINDS)])
    bars: list[Bar] = []
    for place, month in enumerate(months):
        for order, kind in enumerate(_KINDS):
            height = getattr(month, kind) / most * _CHART_HEIGHT
            bars.append(Bar(kind, place * 60 + 6 + order * 12, _CHART_HEIGHT - height, 11, height))
    return bars


def _bands(ages: Mapping[tuple[str, int], int]) -> list[Band]:
    most = max([1, *ages.values()])
    bands: list[Band] = []
    for band in reversed(range(_BANDS)):
        male, female = ages.get((_MALE, band), 0), ages.get((_FEMALE, band), 0)
        y = (_BANDS - 1 - band) * 16
        left, right = male / most * _HALF, female / most * _HALF
        bars = [Bar("male", _HALF - left, y, left, 14), Bar("female", _HALF + 60, y, right, 14)]
        last = None if band == _BANDS - 1 else band * _BAND_YEARS + _BAND_YEARS - 1
        bands.append(Band(band * _BAND_YEARS, last, male, female, bars))
    return bands


def _charted(towns: Sequence[TownCount]) -> list[tuple[TownCount, float]]:
    """Return the largest towns, each with the length of its bar."""
    most = max([1, *(town.residents for town in towns)])
    return [(town, town.residents / most * 420) for town in towns[:_CHARTED_TOWNS]]
