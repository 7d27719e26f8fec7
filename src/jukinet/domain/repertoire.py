"""The repertoire (文字情報基盤の範囲): which characters a name or an address may hold.

The MJ characters with their registered variation selectors; kana, Latin letters (foreign residents' names), figures
and the signs of JIS X 0208; Roman and circled figures of buildings' names; full-width and half-width forms.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from jukinet.domain import bundled
from jukinet.domain.errors import CharacterOutsideRepertoireError

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIATION_SELECTORS: Final = range(0xE0100, 0xE01F0)

_ASCII: Final = range(0x20, 0x7F)
_HIRAGANA: Final = (*range(0x3041, 0x3097), 0x309D, 0x309E, 0x309F)
_KATAKANA: Final = range(0x30A0, 0x3100)
_SMALL_KATAKANA: Final = range(0x31F0, 0x3200)
_ROMAN_FIGURES: Final = (*range(0x2160, 0x216C), *range(0x2170, 0x217C))
_CIRCLED_FIGURES: Final = range(0x2460, 0x2474)
_DASHES: Final = (0x2010, 0x2013, 0x2014, 0x2015, 0x2212, 0x301C)
_FULL_WIDTH: Final = (*range(0xFF01, 0xFF5F), 0xFFE5)
_HALF_WIDTH_KANA: Final = range(0xFF61, 0xFFA0)
#: Rows of JIS X 0208 with signs, figures, Latin, Greek and Cyrillic letters; row 8 is box drawing.
_JIS_ROWS: Final = (1, 2, 3, 6, 7)
_JIS_CELLS: Final = range(1, 95)


def _jis_signs() -> Iterator[str]:
    for row in _JIS_ROWS:
        for cell in _JIS_CELLS:
            yield from bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp", errors="ignore")


@cache
def plain_characters() -> frozenset[str]:
    """Return every character that is no kanji: kana, letters, figures and signs."""
    blocks = (
        _ASCII,
        _HIRAGANA,
        _KATAKANA,
        _SMALL_KATAKANA,
        _ROMAN_FIGURES,
        _CIRCLED_FIGURES,
        _DASHES,
        _FULL_WIDTH,
        _HALF_WIDTH_KANA,
    )
    return frozenset({chr(code) for block in blocks for code in block} | set(_jis_signs()))


@cache
def _single_characters() -> frozenset[str]:
    """Return every character that may stand without a variation selector."""
    kanji = {text[0] for _, text, others, _ in bundled.character_rows() for text in (text, *others.split()) if text}
    return plain_characters() | kanji


@cache
def _sequences() -> frozenset[str]:
    """Return every registered sequence of a character and its variation selector."""
    rows = bundled.character_rows()
    return frozenset(text for _, own, others, _ in rows for text in (own, *others.split()) if len(text) > 1)


def is_variation_selector(character: str) -> bool:
    """Return whether it is one of the 240 selectors of ideographic variation sequences (IVS)."""
    return ord(character) in VARIATION_SELECTORS


def units(text: str) -> Iterator[str]:
    """Yield the characters of `text`, each with its variation selector if it has one."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not is_variation_selector(text[end]):
            yield text[start:end]
            start = end


def find_outside_repertoire(text: str) -> tuple[int, ...]:
    """Return the positions, counted in characters with their selectors, that are outside the repertoire."""
    single, sequences = _single_characters(), _sequences()
    return tuple(
        position
        for position, unit in enumerate(units(text))
        if not (unit in single if len(unit) == 1 else unit in sequences)
    )


def require_repertoire(text: str, *, field: str | None = None) -> None:
    """Refuse a text with a character outside the repertoire. Fast where no variation selector is used.

    Raises:
        CharacterOutsideRepertoireError: with the position, never the character.
    """
    if _single_characters().issuperset(text):
        return
    outside = find_outside_repertoire(text)
    if outside:
        position = outside[0] + 1
        raise CharacterOutsideRepertoireError(
            f"Character {position} is outside the repertoire of the network (文字情報基盤).", field=field
        )
