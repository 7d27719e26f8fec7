"""Characters of names (文字): MJ id, Unicode with variation selector, Juki unified code, shrunk form.

One text means one MJ character. The plain code means the MJ character that the plain code is implemented as; every
other form of it needs its selector. A compatibility ideograph is written with its selector, because normalisation
would replace it; its plain code is understood when read. All 19,563 kanji that have a Juki unified code
(住基ネット統一文字コード) so convert both ways without loss. The signs, kana and letters of U+0020–33FF and U+FF00–FFEF
have the code of their Unicode. What cannot be converted is replaced by 〓 and its position reported, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from jukinet.domain import bundled
from jukinet.domain.errors import LossyCharacterConversionError
from jukinet.domain.repertoire import plain_characters, units

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Stands where a character could not be converted (下駄記号).
GETA: Final = "〓"
_GETA_CODE: Final = "J+3013"
_SAME_AS_UNICODE: Final = (range(0x20, 0x3400), range(0xFF00, 0xFFF0))


@dataclass(frozen=True, slots=True, repr=False)
class Conversion:
    """What a conversion gave. A text is somebody's name and stays out of `repr`."""

    text: str
    #: Positions, counted in characters with their selectors, that lost their shape.
    lost_positions: tuple[int, ...]

    @property
    def loses(self) -> bool:
        """Return whether any character lost its shape."""
        return bool(self.lost_positions)

    def require_lossless(self, *, field: str | None = None) -> str:
        """Return the text.

        Raises:
            LossyCharacterConversionError: a character lost its shape.
        """
        if self.lost_positions:
            position = self.lost_positions[0] + 1
            raise LossyCharacterConversionError(f"Character {position} cannot be converted.", field=field)
        return self.text

    def __repr__(self) -> str:
        """Show the type and whether it loses only."""
        return f"Conversion(***, loses={self.loses})"


@cache
def _text_by_mj_id() -> dict[str, str]:
    return {mj_id: text for mj_id, text, _, _ in bundled.character_rows() if text}


@cache
def _mj_id_by_text() -> dict[str, str]:
    found: dict[str, str] = {}
    for mj_id, text, others, _ in bundled.character_rows():
        for form in (text, *others.split()):
            if form:
                found[form] = mj_id
    return found


@cache
def _juki_code_by_mj_id() -> dict[str, str]:
    return {mj_id: code for mj_id, _, _, code in bundled.character_rows() if code}


@cache
def _text_by_juki_code() -> dict[str, str]:
    return {code: text for _, text, _, code in bundled.character_rows() if code}


@cache
def _shrunk_by_mj_id() -> dict[str, str]:
    return {mj_id: candidates for mj_id, candidates in bundled.character_shrink_rows()}  # noqa: C416 - typed pairs


def list_juki_codes() -> tuple[str, ...]:
    """Return the Juki unified codes that have an MJ character, in the order of the table."""
    return tuple(_text_by_juki_code())


def find_mj_id(unit: str) -> str | None:
    """Return the MJ id that a character, with its selector if it has one, means; None for kana, letters and signs."""
    return _mj_id_by_text().get(unit)


def find_text_of_mj_id(mj_id: str) -> str:
    """Return the text that means this MJ character.

    Raises:
        LossyCharacterConversionError: the table has no such MJ id, or no text of its own for it.
    """
    text = _text_by_mj_id().get(mj_id)
    if text is None:
        raise LossyCharacterConversionError
    return text


def _juki_code(unit: str) -> str | None:
    mj_id = find_mj_id(unit)
    if mj_id is not None:
        return _juki_code_by_mj_id().get(mj_id)
    if unit in plain_characters() and any(ord(unit) in block for block in _SAME_AS_UNICODE):
        return f"J+{ord(unit):04X}"
    return None


def to_juki_codes(text: str) -> Conversion:
    """Convert a text to Juki unified codes, parted by spaces: "J+90CA J+8FBA"."""
    codes = [_juki_code(unit) for unit in units(text)]
    lost = tuple(position for position, code in enumerate(codes) if code is None)
    return Conversion(" ".join(code or _GETA_CODE for code in codes), lost)


def _text_of_juki_code(code: str) -> str | None:
    text = _text_by_juki_code().get(code)
    if text is not None:
        return text
    try:
        character = chr(int(code.removeprefix("J+"), 16))
    except (ValueError, OverflowError):
        return None
    return character if _juki_code(character) == code else None


def from_juki_codes(codes: str) -> Conversion:
    """Convert Juki unified codes, parted by spaces, to Unicode with variation selectors."""
    texts = [_text_of_juki_code(code) for code in codes.split()]
    lost = tuple(position for position, text in enumerate(texts) if text is None)
    return Conversion("".join(text or GETA for text in texts), lost)


def list_shrunk_forms(unit: str) -> tuple[str, ...]:
    """Return what a character may shrink to (縮退候補), the most trustworthy first; empty where nothing is listed."""
    mj_id = find_mj_id(unit)
    return () if mj_id is None else tuple(_shrunk_by_mj_id().get(mj_id, ""))


def _shrunk(unit: str) -> tuple[str, bool]:
    """Return the shrunk form and whether the shape was lost."""
    if find_mj_id(unit) is None:
        known = unit in plain_characters()
        return (unit if known else GETA), not known
    form = next(iter(list_shrunk_forms(unit)), unit[0])
    return form, find_mj_id(form) != find_mj_id(unit)


def shrink(text: str) -> Conversion:
    """Convert a text to plain characters of JIS X 0213 where the shrink map (縮退マップ) knows one."""
    forms = [_shrunk(unit) for unit in units(text)]
    lost = tuple(position for position, (_, loses) in enumerate(forms) if loses)
    return Conversion("".join(form for form, _ in forms), lost)


def canonical_text(text: str) -> str:
    """Return the same characters, each in the one text that means it: an idle selector goes, a needed one comes."""
    return "".join(_canonical_units(units(text)))


def _canonical_units(parts: Iterable[str]) -> Iterable[str]:
    for unit in parts:
        mj_id = find_mj_id(unit)
        yield unit if mj_id is None else _text_by_mj_id().get(mj_id, unit)
