"""Names (氏名) as the register holds them: Unicode with variation selectors, a reading, former surname and alias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jukinet.domain import relationships
from jukinet.domain.errors import MalformedNameError
from jukinet.domain.kana import fold_kana, fold_kanji, require_kana
from jukinet.domain.repertoire import require_repertoire

#: The longest name, in code points. Foreign residents' names in Latin letters are the long ones.
NAME_MAX_LENGTH: Final = 100


def require_name(text: str, *, field: str) -> None:
    """Refuse a text that cannot be a name.

    Raises:
        MalformedNameError: it is empty, longer than 100, or begins or ends with a space.
        CharacterOutsideRepertoireError: it has a character outside the repertoire.
    """
    if not text or len(text) > NAME_MAX_LENGTH or text[0].isspace() or text[-1].isspace():
        raise MalformedNameError(field=field)
    require_repertoire(text, field=field)


def require_relationship(text: str, *, field: str) -> None:
    """Refuse a text that the register does not write as a relationship to the householder (続柄).

    Raises:
        RelationshipNotWrittenSoError: or one of its kind, naming `field`.
    """
    relationships.require_relationship(text, field=field)


@dataclass(frozen=True, slots=True, repr=False)
class PersonName:
    """A person's name (氏名), its reading (振り仮名), and former surname (旧氏) or alias (通称) where there is one."""

    name: str
    #: Empty where none is registered, as for many names in Latin letters.
    kana: str = ""
    former_surname: str | None = None
    alias: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a name or a reading."""
        require_name(self.name, field="name")
        if self.kana:
            require_kana(self.kana, field="kana")
        if self.former_surname is not None:
            require_name(self.former_surname, field="former_surname")
        if self.alias is not None:
            require_name(self.alias, field="alias")

    @property
    def kana_key(self) -> str:
        """Return the search key of the reading."""
        return fold_kana(self.kana)

    @property
    def name_key(self) -> str:
        """Return the search key of the written name."""
        return fold_kanji(self.name)

    def __repr__(self) -> str:
        """Show the type only: a name is personal data."""
        return "PersonName(***)"

    __str__ = __repr__
