"""Japanese names: surnames by their real frequency, given names by sex and generation, rare characters.

Surnames and their bearers are the bundled table's. Given names have no frequencies there, so this module makes them
plausible: a reading belongs to a class by its ending (は〜子, 〜え, 〜み for women; 〜夫, 〜郎, 〜し for men), each
generation has its own shares of the classes, and within a reading the forms whose characters the whole table uses
most are taken. Women born before 1950 may be written in katakana, girls born after 1995 in hiragana.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.domain import bundled
from jukinet.population.draws import choice_table
from jukinet.population.text_tables import text_table
from jukinet.population.variant_characters import variants_of

#: Residents whose surname is written with a rare character.
RARE_SHARE: Final = 0.03
#: First birth year of each generation but the first.
GENERATION_STARTS: Final = (1930, 1950, 1965, 1980, 1995, 2010)
GENERATIONS: Final = len(GENERATION_STARTS) + 1
_KATAKANA_GENERATIONS: Final = (0, 1)
_HIRAGANA_GENERATIONS: Final = (5, 6)
_KANA_SHARE: Final = 0.12
_LONGEST_KANA_NAME: Final = 3
_FORMS_PER_READING: Final = 8
_KATAKANA_OFFSET: Final = ord("ア") - ord("あ")

#: Classes of readings by ending, the first match counts, and their percentages in each generation.
WOMEN: Final = (
    (("こ",), (58, 70, 58, 30, 12, 4, 3)),
    (("え", "よ"), (30, 16, 14, 11, 7, 6, 6)),
    (("み",), (4, 8, 20, 33, 20, 9, 5)),
    ((""), (8, 6, 8, 26, 61, 81, 86)),
)
MEN: Final = (
    (("お",), (22, 24, 14, 6, 2, 1, 2)),
    (("いち", "じ", "ろう", "ぞう", "きち", "さく"), (30, 24, 18, 14, 10, 5, 3)),
    (("し", "る", "む"), (24, 24, 25, 19, 11, 7, 4)),
    (("た", "と", "や", "ま", "き", "すけ", "へい", "せい", "ご", "ん", "く", "が"), (3, 5, 13, 28, 50, 70, 78)),
    ((""), (21, 23, 30, 33, 27, 17, 13)),
)


@dataclass(frozen=True, slots=True)
class SurnameTable:
    """Surnames: written forms and readings, and the tables to draw one of all, or of the usual forms only."""

    written: NDArray[np.bytes_]
    kana: NDArray[np.bytes_]
    all: NDArray[np.uint16]
    usual: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class GivenNameTable:
    """Given names: written forms and readings; `choice[sex, generation, draw]` is a position among them."""

    written: NDArray[np.bytes_]
    kana: NDArray[np.bytes_]
    choice: NDArray[np.uint16]


@cache
def surname_table() -> SurnameTable:
    """Return the surnames with their rare forms, which about 3 % of the residents bear."""
    rows = bundled.surname_rows()
    usual_names = {row[0] for row in rows}
    written = [row[0] for row in rows]
    kana = [row[2] for row in rows]
    weights = [float(row[1]) for row in rows]
    rare_forms = [variants_of(row[0], known=usual_names) for row in rows]
    weights_of_forms = [sum(forms.values()) for forms in rare_forms]
    rare_share = RARE_SHARE * sum(weights) / float(np.dot(weights, weights_of_forms))
    usual = choice_table(weights)
    for position, forms in enumerate(rare_forms):
        if forms:
            usual_bearers = weights[position]
            weights[position] -= usual_bearers * rare_share * weights_of_forms[position]
            written.extend(forms)
            kana.extend([kana[position]] * len(forms))
            weights.extend(usual_bearers * rare_share * weight for weight in forms.values())
    return SurnameTable(text_table(written), text_table(kana), choice_table(weights), usual)


def generation_of(birth_year: int) -> int:
    """Return the generation, from 0, of those born in a year."""
    return bisect_right(GENERATION_STARTS, birth_year)


def _class_of(reading: str, classes: tuple[tuple[tuple[str, ...] | str, tuple[int, ...]], ...]) -> int:
    return next(position for position, (endings, _) in enumerate(classes) if reading.endswith(endings))


def _likely_forms(rows: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each reading with its likeliest written forms and their weights."""
    used = Counter(character for row in rows for form in row[2:] for character in form)
    for kana, _, *forms in rows:
        by_commonness = sorted(
            dict.fromkeys(form for form in forms if len(form) <= _LONGEST_KANA_NAME),
            key=lambda form: -(prod(used[character] for character in form) ** (1 / len(form))),
        )
        yield kana, {form: 1 / rank for rank, form in enumerate(by_commonness[:_FORMS_PER_READING], start=1)}


def _kana_form(kana: str, generation: int, *, female: bool) -> str | None:
    """Return how a name of this generation is written where it is written in kana."""
    if not female or len(kana) > _LONGEST_KANA_NAME:
        return None
    if generation in _KATAKANA_GENERATIONS:
        return "".join(chr(ord(character) + _KATAKANA_OFFSET) for character in kana)
    return kana if generation in _HIRAGANA_GENERATIONS else None


def _generation_weights(
    forms: tuple[tuple[str, dict[str, float]], ...], generation: int, *, female: bool
) -> dict[tuple[str, str], float]:
    """Return the weight of each (written form, reading) in one generation of one sex."""
    classes = WOMEN if female else MEN
    class_sizes = Counter(_class_of(kana, classes) for kana, _ in forms)
    weights: dict[tuple[str, str], float] = {}
    for kana, written_forms in forms:
        position = _class_of(kana, classes)
        share = classes[position][1][generation] / class_sizes[position]
        kana_form = _kana_form(kana, generation, female=female)
        kana_share = _KANA_SHARE if kana_form else 0.0
        if kana_form:
            weights[kana_form, kana] = share * kana_share
        total = sum(written_forms.values())
        for form, weight in written_forms.items():
            weights[form, kana] = weights.get((form, kana), 0.0) + share * (1 - kana_share) * weight / total
    return weights


@cache
def given_name_table() -> GivenNameTable:
    """Return the given names of men (sex 0) and women (sex 1) of every generation."""
    by_group: list[dict[tuple[str, str], float]] = []
    for female in (False, True):
        forms = tuple(_likely_forms(bundled.given_name_rows(female=female)))
        by_group.extend(_generation_weights(forms, generation, female=female) for generation in range(GENERATIONS))
    names = tuple(dict.fromkeys(name for weights in by_group for name in weights))
    choice = np.stack([choice_table([weights.get(name, 0.0) for name in names]) for weights in by_group])
    return GivenNameTable(
        written=text_table(written for written, _ in names),
        kana=text_table(kana for _, kana in names),
        choice=choice.reshape(2, GENERATIONS, -1),
    )
