"""Search keys for names: readings folded as the standard specification folds them, kanji by family of variants.

Standard specification of resident record systems 2.1.2. A key must be one text, so its rules are closed: because
voicing is ignored (チ = ヂ, ツ = ヅ, ハ = バ) and ヂ = ジ, ズ = ヅ, ワ = ハ, also シ and チ, ス and ツ, ワ and バ share
a key. A search may find more than was meant, never less; what it finds shows the reading as registered.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from jukinet.domain import bundled
from jukinet.domain.errors import MalformedKanaError
from jukinet.domain.repertoire import VARIATION_SELECTORS

#: The dashes that people type for the long-vowel mark; its presence is ignored.
DASHES: Final = "ー―－‐ｰ-‑–—−"
_SPACES: Final = " \u3000"

_HIRAGANA_TO_KATAKANA: Final = 0x60
_HIRAGANA: Final = (*range(0x3041, 0x3097), 0x309D, 0x309E)
_DAKUTEN: Final = "\u3099\u309a"
_SMALL: Final = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
#: What remains equal after voicing and size are gone.
_EQUAL: Final = {"ヲ": "オ", "ワ": "ハ", "チ": "シ", "ツ": "ス"}

_VU: Final = re.compile("ヴ([ァィェォ])")
_VU_ROW: Final = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ"}
_SMALL_HIRAGANA: Final = str.maketrans("ぁぃぇぉ", "ァィェォ")
#: ウ after a syllable of the オ row is its long vowel.
_LONG_O: Final = re.compile("(?<=[オコソトノホモヨロ])ウ")

_KANA_TEXT: Final = re.compile("[ァ-ヺー・ヽヾぁ-ゖゝゞ \u3000]+")
_KANA_MAX_LENGTH: Final = 150


def _folded(character: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFD", character) if part not in _DAKUTEN)
    plain = _SMALL.get(plain, plain)
    return _EQUAL.get(plain, plain)


@cache
def _fold_table() -> dict[int, str | None]:
    katakana = {code: _folded(chr(code)) for code in range(0x30A1, 0x30FB)}
    hiragana = {
        code: katakana.get(code + _HIRAGANA_TO_KATAKANA, chr(code + _HIRAGANA_TO_KATAKANA)) for code in _HIRAGANA
    }
    ignored: dict[int, str | None] = dict.fromkeys(map(ord, DASHES + _SPACES))
    return {**katakana, **hiragana, **ignored}


def fold_kana(text: str) -> str:
    """Return the search key of a reading: hiragana, katakana and half-width kana, all rules of 2.1.2 applied."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("ゔ", "ヴ")
    if "ヴ" in text:
        text = _VU.sub(lambda found: _VU_ROW[found[1]], text.translate(_SMALL_HIRAGANA)).replace("ヴ", "ブ")
    return _LONG_O.sub("オ", text.translate(_fold_table())).upper()


@cache
def _kanji_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(VARIATION_SELECTORS)
    table.update(dict.fromkeys(map(ord, _SPACES)))
    for family in bundled.character_families():
        table.update(dict.fromkeys(map(ord, family[1:]), family[0]))
    return table


def fold_kanji(text: str) -> str:
    """Return the search key of a written name: variants by their family, no selectors, no spaces, one width."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.translate(_kanji_table()).upper()


def require_kana(text: str, *, field: str | None = None) -> None:
    """Refuse a text that is not a reading in full-width kana, at most 150 characters.

    Raises:
        MalformedKanaError: it is empty, too long, or has another character.
    """
    if len(text) > _KANA_MAX_LENGTH or _KANA_TEXT.fullmatch(text) is None:
        raise MalformedKanaError(field=field)
