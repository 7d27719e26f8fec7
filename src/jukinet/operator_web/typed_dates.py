"""Dates as clerks type them: 昭和55年3月1日, S55.3.1, 昭和55.3.1, 1980-03-01, 19800301, and 550301 without its era."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ImpossibleDateError, InvalidValueError, MalformedDateError
from jukinet.domain.wareki import CalendarEra, find_calendar_era

_ERA_NAME: Final = re.compile("(明治|大正|昭和|平成|令和)(?=(?:[0-9]+|元)[-/.])")
_SIX: Final = re.compile("([0-9]{2})([0-9]{2})([0-9]{2})")
_EIGHT: Final = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")
_LETTER_SIX: Final = re.compile("([MTSHRmtshr])([0-9]{2})([0-9]{2})([0-9]{2})")


def read_typed_date(text: str, *, today: date | None = None, may_be_irregular: bool = False) -> CivilDate:
    """Return the date. Six figures without an era lie in the last era in which they are not after `today`.

    Raises:
        MalformedDateError: it is no date, or six figures where no `today` is given.
        ImpossibleDateError: there is no such day, or it is irregular and may not be.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    plain = _ERA_NAME.sub(_letter, plain).replace("元", "1") if "元年" not in plain else plain
    if found := _EIGHT.fullmatch(plain):
        return CivilDate.parse(f"{found[1]}-{found[2]}-{found[3]}")
    if found := _LETTER_SIX.fullmatch(plain):
        return CivilDate.parse(f"{found[1]}{found[2]}.{found[3]}.{found[4]}")
    if found := _SIX.fullmatch(plain):
        return _last_past(found[1], found[2], found[3], today)
    return CivilDate.parse(plain, may_be_irregular=may_be_irregular)


def read_day_or_today(text: str, today: date) -> date:
    """Return the day that was typed, today where nothing was; raise as `read_typed_date`."""
    return read_typed_date(text, today=today).require_exact() if text.strip() else today


def _letter(found: re.Match[str]) -> str:
    era = find_calendar_era(found[1])
    return era.letter if era else found[1]


def _last_past(year: str, month: str, day: str, today: date | None) -> CivilDate:
    if today is None:
        raise MalformedDateError
    for era in reversed(CalendarEra):
        try:
            found = CivilDate.parse(f"{era.letter}{year}.{month}.{day}")
        except InvalidValueError:
            continue
        if found.require_exact() <= today:
            return found
    raise ImpossibleDateError
