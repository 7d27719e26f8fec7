"""How a date is written when it is known only in part (不詳日): the fourteen patterns of the standard specification.

Each pattern has a canonical wire form and a Japanese form. The wire form follows EDTF (ISO 8601-2) where it has
one: `XX` unknown, `~` about (頃), `?` estimated (推定), `/` a span, month 21 spring. Early and middle of a month
have no EDTF form and are written `;early` and `;middle~`.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Final


class DatePattern(Enum):
    """What is known of a date; the value is its wire form and its Japanese form."""

    EXACT = ("{y}-{m}-{d}", "{era}{y}年{m}月{d}日")
    ABOUT_YEAR = ("{y}-XX-XX~", "{era}{y}年頃")
    ABOUT_MONTH = ("{y}-{m}-XX~", "{era}{y}年{m}月頃")
    ABOUT_DAY = ("{y}-{m}-{d}~", "{era}{y}年{m}月{d}日頃")
    ESTIMATED_DAY = ("{y}-{m}-{d}?", "推定{era}{y}年{m}月{d}日")
    ESTIMATED_MONTH = ("{y}-{m}-XX?", "推定{era}{y}年{m}月")
    SPRING = ("{y}-21-XX", "{era}{y}年春")
    EARLY_IN_MONTH = ("{y}-{m}-XX;early", "{era}{y}年{m}月上旬")
    ABOUT_MIDDLE_OF_MONTH = ("{y}-{m}-XX;middle~", "{era}{y}年{m}月中旬頃")
    UNKNOWN = ("XXXX-XX-XX", "年月日不詳")
    YEAR_ONLY = ("{y}-XX-XX", "{era}{y}年 月日不詳")
    MONTH_ONLY = ("{y}-{m}-XX", "{era}{y}年{m}月 日不詳")
    UNTIL_ABOUT = ("{y}-{m}-{d}/{y}-{m2}-{d2}~", "{era}{y}年{m}月{d}日から{m2}月{d2}日頃までの間")
    ESTIMATED_SPAN = ("{y}-{m}-{d}?/{y}-{m}-{d2}", "{era}{y}年{m}月推定{d}日から{d2}日までの間")
    ABOUT_SPAN = ("{y}-{m}-{d}~/{y}-{m}-{d2}~", "{era}{y}年{m}月{d}日頃から{d2}日頃までの間")

    def __init__(self, wire: str, japanese: str) -> None:
        self.wire = wire
        self.japanese = japanese

    @property
    def has_year(self) -> bool:
        """Return whether the year is known."""
        return "{y}" in self.wire

    @property
    def has_month(self) -> bool:
        """Return whether the month is known."""
        return "{m}" in self.wire

    @property
    def has_day(self) -> bool:
        """Return whether a day is given, be it estimated."""
        return "{d}" in self.wire

    @property
    def has_end_month(self) -> bool:
        """Return whether it is a span that names its last month."""
        return "{m2}" in self.wire

    @property
    def has_end_day(self) -> bool:
        """Return whether it is a span of days."""
        return "{d2}" in self.wire


_ERA_SUFFIX: Final = r"(?:@(?P<era>[MTSH]))?"


def _expression(template: str, placeholders: dict[str, str]) -> str:
    """Return `template` as a regular expression; a placeholder met again must repeat the same text."""
    seen: set[str] = set()
    parts: list[str] = []
    for part in re.split(r"(\{\w+\})", template):
        name = part.strip("{}")
        if part != f"{{{name}}}":
            parts.append(re.escape(part))
        elif name in seen:
            parts.append(f"(?P={name})")
        else:
            seen.add(name)
            parts.append(f"(?P<{name}>{placeholders[name]})")
    return "".join(parts)


@cache
def wire_expressions() -> tuple[tuple[DatePattern, re.Pattern[str]], ...]:
    """Return each pattern with the expression that reads its wire form."""
    two = "[0-9]{2}"
    placeholders = {"y": "[0-9]{4}", "m": two, "d": two, "m2": two, "d2": two}
    return tuple(
        (pattern, re.compile(_expression(pattern.wire, placeholders) + _ERA_SUFFIX)) for pattern in DatePattern
    )


@cache
def japanese_expressions() -> tuple[tuple[DatePattern, re.Pattern[str]], ...]:
    """Return each pattern with the expression that reads its Japanese form, written without spaces."""
    two = "[0-9]{1,2}"
    era = "明治|大正|昭和|平成|令和|[MTSHR]|西暦|"
    placeholders = {"era": era, "y": "[0-9]{1,4}", "m": two, "d": two, "m2": two, "d2": two}
    return tuple(
        (pattern, re.compile(_expression(pattern.japanese.replace(" ", ""), placeholders))) for pattern in DatePattern
    )
