"""The two languages of the screens (日本語・英語) and their catalogues of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language of the screens."""

    JAPANESE = "ja"
    ENGLISH = "en"

    @property
    def label(self) -> str:
        """Return its own name in itself."""
        return {Language.JAPANESE: "日本語", Language.ENGLISH: "English"}[self]

    @property
    def other(self) -> Language:
        """Return the other one."""
        return Language.ENGLISH if self is Language.JAPANESE else Language.JAPANESE


def find_language(text: str | None) -> Language:
    """Return the language a cookie asks for; Japanese unless it asks for English."""
    return Language.ENGLISH if text == Language.ENGLISH.value else Language.JAPANESE


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one package by id, in both languages."""

    japanese: Mapping[str, str]
    english: Mapping[str, str]

    def of(self, language: Language) -> Mapping[str, str]:
        """Return the texts in a language."""
        return self.english if language is Language.ENGLISH else self.japanese


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a page: several catalogues in one language."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text with this id; raise KeyError when no catalogue has it."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in self.texts


def words_of(catalogues: Sequence[Catalogue], language: Language) -> Words:
    """Return the texts of all catalogues in one language."""
    texts: dict[str, str] = {}
    for catalogue in catalogues:
        texts.update(catalogue.of(language))
    return Words(language, texts)
