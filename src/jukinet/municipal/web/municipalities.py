"""Typing a municipality (市区町村の入力): any of the 1,741, or a ward, by name, by reading or by code."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from jukinet.domain.errors import UnknownLocalGovernmentError
from jukinet.domain.kana import fold_kana, fold_kanji
from jukinet.domain.local_governments import LocalGovernment, list_municipalities, list_wards
from jukinet.municipal.web.cases import Asking
from jukinet.operator_web.fields import Field

_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
#: A shorter text is no beginning of a name.
_LEAST: Final = 2
#: Countries people come from or go to most; any other may be typed.
COUNTRIES: Final = (
    "アメリカ合衆国",
    "イギリス",
    "イタリア",
    "インド",
    "インドネシア",
    "オーストラリア",
    "オランダ",
    "カナダ",
    "シンガポール",
    "スペイン",
    "スリランカ",
    "タイ",
    "ドイツ",
    "ニュージーランド",
    "ネパール",
    "バングラデシュ",
    "フィリピン",
    "フランス",
    "ブラジル",
    "ベトナム",
    "ペルー",
    "マレーシア",
    "ミャンマー",
    "モンゴル",
    "台湾",
    "韓国",
    "中国",
)


def municipality_field(ask: Asking, name: str, **details: Any) -> Field:  # noqa: ANN401 - any item of a field
    """Return the field of a municipality; what is typed may be its reading."""
    return ask(
        name,
        read=find_municipality,
        suggestions=tuple(_labels()),
        notes_of_suggestions=_labels(),
        text_of_problem="municipality.unknown",
        **details,
    )


def find_municipality(text: str) -> LocalGovernment:
    """Return the one municipality or ward that the text can mean; raise UnknownLocalGovernmentError."""
    found = set(_by_key().get(_key(text), ()) or _beginning_with(_key(text)))
    if len(found) != 1:
        raise UnknownLocalGovernmentError(field="municipality")
    return found.pop()


def _beginning_with(key: str) -> list[LocalGovernment]:
    """Return what the text is the beginning of: せたがや is enough for せたがやく."""
    if len(key) < _LEAST or key.isdigit():
        return []
    return [one for name, ones in _by_key().items() if name.startswith(key) for one in ones]


def country_field(ask: Asking, name: str, **details: Any) -> Field:  # noqa: ANN401 - any item of a field
    """Return the field of a country."""
    return ask(name, suggestions=COUNTRIES, **details)


@cache
def _labels() -> Mapping[str, str]:
    """Return the reading of every municipality and ward, by its full name."""
    return {one.full_name: one.kana.translate(_TO_HIRAGANA) for one in (*list_municipalities(), *list_wards())}


@cache
def _by_key() -> Mapping[str, tuple[LocalGovernment, ...]]:
    found: defaultdict[str, list[LocalGovernment]] = defaultdict(list)
    for one in (*list_municipalities(), *list_wards()):
        for key in {_key(one.full_name), _key(one.name), _key(one.kana), one.code.value, one.code.value[:5]}:
            found[key].append(one)
    return {key: tuple(ones) for key, ones in found.items()}


def _key(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    is_kana = all("ぁ" <= letter <= "ゖ" or "ァ" <= letter <= "ー" for letter in plain)
    return fold_kana(plain) if is_kana else fold_kanji(plain)
