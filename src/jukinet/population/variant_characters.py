"""Rare characters of surnames (異体字): which written forms of a name exist beside the usual one.

The everyday alternatives are listed here; the forms that only an ideographic variation sequence can tell apart come
from the MJ table (文字情報一覧表), and of those only the ones that the Juki unified characters have too.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from jukinet.domain import bundled
from jukinet.domain.characters import canonical_text

#: Characters written otherwise in some families, and how.
ALTERNATIVES: Final = {
    "高": "髙",
    "崎": "﨑嵜",
    "辺": "邊邉",
    "斎": "齋",
    "斉": "齊",
    "吉": "𠮷",
    "浜": "濵濱",
    "富": "冨",
    "沢": "澤",
    "島": "嶋",
    "黒": "黑",
    "桜": "櫻",
    "徳": "德",
    "瀬": "瀨",
    "関": "關",
    "広": "廣",
    "真": "眞",
    "曽": "曾",
    "渕": "淵",
}
#: Characters whose variation sequences occur in surnames.
WITH_SEQUENCES: Final = "邊邉葛辻祇榊樋芦逗濱濵齋齊角塚巽溝蓮近薩飴淵徳榎"
#: How often a form that needs a variation sequence is used, against 1 for a form with a character of its own.
SEQUENCE_WEIGHT: Final = 0.25
#: However many forms a name has, together they weigh no more.
MOST_WEIGHT: Final = 2.0


@cache
def _sequences() -> dict[str, tuple[str, ...]]:
    """Return by character the shapes that need a variation selector and have a unified character."""
    found: dict[str, list[str]] = {character: [] for character in WITH_SEQUENCES}
    for _, text, _, unified_code in bundled.character_rows():
        if len(text) > 1 and text[0] in found and unified_code:
            found[text[0]].append(text)
    return {character: tuple(sequences) for character, sequences in found.items()}


def variants_of(name: str, *, known: AbstractSet[str]) -> dict[str, float]:
    """Return the other written forms of a name and their weights: one character at a time is written otherwise.

    Each form is in the one text that means it. Forms that are `known` as names of their own are left out.
    """
    found: dict[str, float] = {}
    for position, character in enumerate(name):
        before, after = name[:position], name[position + 1 :]
        for other in (character, *ALTERNATIVES.get(character, "")):
            if other != character:
                found[canonical_text(before + other + after)] = 1.0
            for sequence in _sequences().get(other, ()):
                found[before + sequence + after] = SEQUENCE_WEIGHT
    weights = {form: weight for form, weight in found.items() if form not in known}
    scale = min(1.0, MOST_WEIGHT / (sum(weights.values()) or MOST_WEIGHT))
    return {form: weight * scale for form, weight in weights.items()}
