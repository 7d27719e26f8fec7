"""One box that understands what was typed: a code, a number, a date, a reading, a name or an address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import InvalidValueError, MissingItemError
from jukinet.domain.kana import fold_kana, fold_kanji
from jukinet.domain.search_keys import address_key_of
from jukinet.domain.wareki import find_calendar_era

#: As many words are looked for; what follows belongs to the last one.
MOST_WORDS: Final = 3
CODE_LENGTH: Final = 11
INDIVIDUAL_NUMBER_LENGTH: Final = 12

_KANA: Final = re.compile("[ぁ-ゖゝゞァ-ヺー・ヽヾｦ-ﾟ]+")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'.-]*")
_LOT: Final = re.compile(r"[0-9]+[-の番丁].*|[〇一二三四五六七八九十]+(?:丁目).*")
#: 昭和55.3.1, between 昭和55年3月1日 and S55.3.1.
_ERA_NAME: Final = re.compile("(明治|大正|昭和|平成|令和)(?=(?:[0-9]+|元)[-/.])")
_MONTH_WESTERN: Final = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})月?")
_MONTH_WAREKI: Final = re.compile(r"([A-Za-z]|明治|大正|昭和|平成|令和)([0-9]{1,2}|元)(?:[-/.]|年)([0-9]{1,2})月?")
_YEAR_WESTERN: Final = re.compile(r"([0-9]{4})年")
_YEAR_WAREKI: Final = re.compile(r"([A-Za-z]|明治|大正|昭和|平成|令和)([0-9]{1,2}|元)年")
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be the beginning of several things; what it can't be is None."""

    kana: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Understood:
    """What the words of the box say."""

    words: list[Word] = field(default_factory=list, repr=False)
    birth_date: str | None = field(default=None, repr=False)
    resident_record_code: str | None = field(default=None, repr=False)
    individual_number: str | None = field(default=None, repr=False)
    number: int | None = None


def understand(text: str, *, municipality: str) -> Understood:
    """Return what was typed. Words stand apart by spaces; each must agree.

    Raises:
        MissingItemError: nothing was typed that can be looked for.
    """
    found = Understood()
    for typed in _joined(unicodedata.normalize("NFKC", text).split()):
        _add(found, typed, municipality)
    if found == Understood():
        raise MissingItemError(field="q")
    return found


def _joined(typed: list[str]) -> list[str]:
    """Return the words. A house number belongs to the town before it; Latin words are one name."""
    joined: list[str] = []
    for word in typed:
        if joined and _LATIN.fullmatch(word) and _LATIN.fullmatch(joined[-1].replace(" ", "")):
            joined[-1] += f" {word}"
        elif joined and _LOT.fullmatch(word) and not _is_date(word):
            joined[-1] += word
        else:
            joined.append(word)
    if len(joined) > MOST_WORDS:
        words = [word for word in joined if not _is_date(word) and not word.isdigit()]
        others = [word for word in joined if _is_date(word) or word.isdigit()]
        joined = [*words[: MOST_WORDS - 1], "".join(words[MOST_WORDS - 1 :]), *others]
    return [word for word in joined if word]


def _is_date(word: str) -> bool:
    return read_birth_date(word) is not None


def _add(found: Understood, word: str, municipality: str) -> None:
    digits = word.replace("-", "")
    birth_date = read_birth_date(word)
    if word.isdigit() and len(word) < CODE_LENGTH and birth_date is None:
        found.number = int(word)
    elif digits.isdigit() and len(digits) == CODE_LENGTH:
        found.resident_record_code = digits
    elif digits.isdigit() and len(digits) == INDIVIDUAL_NUMBER_LENGTH:
        found.individual_number = digits
    elif birth_date is not None:
        found.birth_date = birth_date
    else:
        kana = fold_kana(word) if _KANA.fullmatch(word) else None
        found.words.append(Word(kana, fold_kanji(word), address_key_of(municipality, word)))


def read_birth_date(text: str) -> str | None:
    """Return a wire date, or the beginning of one where only year and month are given; None when it is no date."""
    plain = _ERA_NAME.sub(_letter, unicodedata.normalize("NFKC", text).strip())
    if plain.isdigit() and len(plain) != len("19800301"):
        return None
    try:
        if plain.isdigit():
            return CivilDate.parse(f"{plain[:4]}-{plain[4:6]}-{plain[6:]}").wire
        return CivilDate.parse(plain, may_be_irregular=True).wire
    except InvalidValueError:
        return _beginning(plain)


def _letter(found: re.Match[str]) -> str:
    era = find_calendar_era(found[1])
    return era.letter if era else found[1]


def _beginning(plain: str) -> str | None:
    if found := _MONTH_WESTERN.fullmatch(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _YEAR_WESTERN.fullmatch(plain):
        return f"{int(found[1]):04}-"
    month = _MONTH_WAREKI.fullmatch(plain)
    found = month or _YEAR_WAREKI.fullmatch(plain)
    era = find_calendar_era(found[1].upper()) if found else None
    if found is None or era is None:
        return None
    year = era.western_year(1 if found[2] == "元" else int(found[2]))
    return _month(year, int(found[3])) if month else f"{year:04}-"


def _month(year: int, month: int) -> str | None:
    return f"{year:04}-{month:02}-" if 1 <= month <= _DECEMBER else None
