"""Glyphs (字形) of the document font: what it cannot draw is refused before it is printed.

A font without a variation sequence draws the base character instead and says nothing. So every pair of a base and a
selector is looked up in the font's cmap (format 14) first, and every character in formats 4 and 12.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError

from jukinet.domain.errors import FontMissingError, GlyphMissingError
from jukinet.domain.repertoire import units

#: The family the templates name, as the font names itself.
FAMILY: Final = "IPAmjMincho"
FILE_NAME: Final = "ipamjm.ttf"
#: The Debian package that brings it.
PACKAGE: Final = "fonts-ipamj-mincho"
#: Where the package of one system or another, or a person, puts it.
KNOWN_PLACES: Final = (
    Path("/usr/share/fonts/truetype/ipamj") / FILE_NAME,
    Path("/usr/share/fonts/ipamj-mincho") / FILE_NAME,
    Path("/usr/local/share/fonts") / FILE_NAME,
    Path("/Library/Fonts") / FILE_NAME,
)
_SEQUENCES_FORMAT: Final = 14


@dataclass(frozen=True, slots=True)
class DocumentFont:
    """The font and what it can draw: characters, and sequences of a character and its selector."""

    path: Path
    characters: frozenset[int] = field(repr=False)
    sequences: frozenset[tuple[int, int]] = field(repr=False)

    def can_draw(self, unit: str) -> bool:
        """Return whether the font has this character, with its variation selector if it has one."""
        if len(unit) == 1:
            return ord(unit) in self.characters
        return len(unit) == len("葛󠄂") and (ord(unit[0]), ord(unit[1])) in self.sequences


def load_font(path: Path | None = None) -> DocumentFont:
    """Return the document font at `path`, or where its package puts it. Each file is read once.

    Raises:
        FontMissingError: it is not there, or is no font with variation sequences.
    """
    places = KNOWN_PLACES if path is None else (path,)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        looked = ", ".join(str(place) for place in places)
        raise FontMissingError(
            f"The document font {FAMILY} is missing (looked at {looked}): run `sudo apt-get install {PACKAGE}`.",
            field="font",
        )
    return _read_font(found)


def find_missing(text: str, font: DocumentFont) -> tuple[tuple[int, str], ...]:
    """Return position, from 1, and character of everything in `text` that the font cannot draw."""
    return tuple((place, unit) for place, unit in enumerate(units(text), start=1) if not font.can_draw(unit))


def require_drawable(text: str, font: DocumentFont, *, field: str) -> None:
    """Refuse a text the font cannot draw as it is registered.

    Raises:
        GlyphMissingError: with the position and the code points, never the text.
    """
    missing = find_missing(text, font)
    if missing:
        place, unit = missing[0]
        points = " ".join(f"U+{ord(part):04X}" for part in unit)
        raise GlyphMissingError(
            f"The document font has no glyph for character {place} ({points}): nothing was printed.", field=field
        )


@cache
def _read_font(path: Path) -> DocumentFont:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            family = font["name"].getBestFamilyName()
            tables = font["cmap"].tables
            characters = {point for table in tables if table.format != _SEQUENCES_FORMAT for point in table.cmap}
            sequences = {
                (base, selector)
                for table in tables
                if table.format == _SEQUENCES_FORMAT
                for selector, pairs in table.uvsDict.items()
                for base, _ in pairs
            }
    except (TTLibError, OSError, KeyError):
        raise FontMissingError(f"{path} is no font this program can read.", field="font") from None
    if family != FAMILY:
        raise FontMissingError(f"{path} is the font {family}, not {FAMILY}.", field="font")
    return DocumentFont(path=path, characters=frozenset(characters), sequences=frozenset(sequences))
