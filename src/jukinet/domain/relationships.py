"""Relationships to the householder (続柄) as the standard specification writes them (1.1.11).

世帯主 | up to four of 夫, 妻, 子, 父, 母, 兄, 姉, 弟, 妹 joined with の | 縁故者 | 同居人. A partner whose marriage
is not reported is 夫（未届） or 妻（未届）; a child who is another child's husband or wife is 子（子の夫） or
子（子の妻）.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from jukinet.domain.errors import (
    RelationshipNotWrittenSoError,
    RelationshipTooDistantError,
    RelationshipWordError,
)
from jukinet.domain.resident_record import HOUSEHOLDER
from jukinet.domain.rules import Rule, enforces

#: The most members of a chain: 子の子の子の子.
MOST_GENERATIONS: Final = 4
#: Kin too distant, or of a kind that has no word (縁故者); one who is no kin (同居人).
RELATIVE: Final = "縁故者"
LODGER: Final = "同居人"
_JOINT: Final = "の"


class Atom(Enum):
    """One member of a chain, in the order in which a household is printed."""

    HUSBAND = "夫"
    WIFE = "妻"
    HUSBAND_UNREPORTED = "夫（未届）"
    WIFE_UNREPORTED = "妻（未届）"
    CHILD = "子"
    CHILD_CHILDS_HUSBAND = "子（子の夫）"
    CHILD_CHILDS_WIFE = "子（子の妻）"
    FATHER = "父"
    MOTHER = "母"
    ELDER_BROTHER = "兄"
    ELDER_SISTER = "姉"
    YOUNGER_BROTHER = "弟"
    YOUNGER_SISTER = "妹"

    @property
    def is_spouse(self) -> bool:
        """Return whether it is a husband or wife, reported or not."""
        return self in _SPOUSES

    @property
    def is_male(self) -> bool | None:
        """Return whether the word says a man, a woman, or neither (子)."""
        if self is Atom.CHILD:
            return None
        return self in _MALE


_SPOUSES: Final = frozenset({Atom.HUSBAND, Atom.WIFE, Atom.HUSBAND_UNREPORTED, Atom.WIFE_UNREPORTED})
_MALE: Final = frozenset(
    {
        Atom.HUSBAND,
        Atom.HUSBAND_UNREPORTED,
        Atom.CHILD_CHILDS_HUSBAND,
        Atom.FATHER,
        Atom.ELDER_BROTHER,
        Atom.YOUNGER_BROTHER,
    }
)
_ORDER: Final = {atom: position for position, atom in enumerate(Atom)}
_SINGLE: Final = (HOUSEHOLDER, RELATIVE, LODGER)
_ATOM: Final = re.compile("|".join(re.escape(atom.value) for atom in sorted(Atom, key=lambda one: -len(one.value))))

#: Words that people write, and how the register writes them.
FORBIDDEN_WORDS: Final = {
    "祖父": "父の父、母の父",
    "祖母": "父の母、母の母",
    "曾祖父": "父の父の父",
    "曾祖母": "父の父の母",
    "孫": "子の子",
    "曾孫": "子の子の子",
    "ひ孫": "子の子の子",
    "玄孫": "子の子の子の子",
    "おじ": "父の兄、父の弟、母の兄、母の弟",
    "伯父": "父の兄、母の兄",
    "叔父": "父の弟、母の弟",
    "おば": "父の姉、父の妹、母の姉、母の妹",
    "伯母": "父の姉、母の姉",
    "叔母": "父の妹、母の妹",
    "おい": "兄の子、姉の子、弟の子、妹の子",
    "甥": "兄の子、姉の子、弟の子、妹の子",
    "めい": "兄の子、姉の子、弟の子、妹の子",
    "姪": "兄の子、姉の子、弟の子、妹の子",
    "いとこ": "父の兄の子、母の妹の子",
    "従兄弟": "父の兄の子、母の妹の子",
    "従姉妹": "父の兄の子、母の妹の子",
    "義父": "妻の父、夫の父",
    "義母": "妻の母、夫の母",
    "養父": "父",
    "養母": "母",
    "継父": "母の夫",
    "継母": "父の妻",
    "婿": "子の夫",
    "嫁": "子の妻",
    "長男": "子",
    "長女": "子",
    "二男": "子",
    "二女": "子",
    "次男": "子",
    "次女": "子",
    "三男": "子",
    "三女": "子",
    "養子": "子",
    "養女": "子",
    "連れ子": "妻の子、夫の子",
    "配偶者": "夫、妻",
    "内縁の夫": "夫（未届）",
    "内縁の妻": "妻（未届）",
    "本人": "世帯主",
    "兄弟": "兄、弟",
    "姉妹": "姉、妹",
    "親族": "縁故者",
    "親戚": "縁故者",
    "家事使用人": "同居人",
    "使用人": "同居人",
    "下宿人": "同居人",
    "寄宿人": "同居人",
    "友人": "同居人",
}
_LONGEST_WORDS_FIRST: Final = tuple(sorted(FORBIDDEN_WORDS, key=lambda word: -len(word)))


@dataclass(frozen=True, slots=True, repr=False)
class Relationship:
    """A relationship to the householder (続柄): a chain, or one of 世帯主, 縁故者 and 同居人."""

    chain: tuple[Atom, ...] = ()
    #: 世帯主, 縁故者 or 同居人; empty for a chain.
    single: str = ""

    def __post_init__(self) -> None:
        """Refuse a chain that is none, is too long, or contradicts itself."""
        if bool(self.chain) == bool(self.single) or (self.single and self.single not in _SINGLE):
            raise RelationshipNotWrittenSoError
        if len(self.chain) > MOST_GENERATIONS:
            raise RelationshipTooDistantError
        if any(_contradict(one, other) for one, other in zip(self.chain, self.chain[1:], strict=False)):
            raise RelationshipNotWrittenSoError("A husband or wife of whom it says cannot have one (夫の妻, 父の夫).")

    @classmethod
    def parse(cls, text: str) -> Relationship:
        """Read a relationship as the register writes it.

        Raises:
            RelationshipWordError: a word the register does not use; the detail says how it writes it.
            RelationshipTooDistantError: more than four generations.
            RelationshipNotWrittenSoError: it is not written so for another reason.
        """
        if text in _SINGLE:
            return cls(single=text)
        word = next((word for word in _LONGEST_WORDS_FIRST if word in text), None)
        if word is not None:
            raise RelationshipWordError(f"Written {FORBIDDEN_WORDS[word]} in the register.")
        atoms: list[Atom] = []
        position = 0
        while position < len(text):
            found = _ATOM.match(text, position)
            if found is None:
                raise RelationshipNotWrittenSoError
            atoms.append(Atom(found.group()))
            position = found.end()
            if position < len(text):
                if text[position] != _JOINT or position + 1 == len(text):
                    raise RelationshipNotWrittenSoError
                position += 1
        return cls(tuple(atoms))

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return self.single or _JOINT.join(atom.value for atom in self.chain)

    @property
    def print_order(self) -> tuple[int, ...]:
        """Return the key of the print order: of several true relationships the one with the least is written."""
        if self.single:
            return (0,) if self.single == HOUSEHOLDER else (MOST_GENERATIONS + 1, _SINGLE.index(self.single))
        return (len(self.chain), *(_ORDER[atom] for atom in self.chain))

    def __repr__(self) -> str:
        """Show the type only: who is whose kin is personal data."""
        return "Relationship(***)"

    __str__ = __repr__


def _contradict(one: Atom, other: Atom) -> bool:
    """Return whether nobody can be `other` of somebody who is `one`: no wife has a wife, no spouse another spouse."""
    return other.is_spouse and (one.is_spouse or (one.is_male is not None and one.is_male is other.is_male))


def highest_of(relationships: tuple[Relationship, ...]) -> Relationship:
    """Return which of several true relationships is written: the higher in the print order."""
    return min(relationships, key=lambda one: one.print_order)


@enforces(Rule.RELATIONSHIP_GRAMMAR)
def require_relationship(text: str, *, field: str) -> Relationship:
    """Return the relationship that a text says; refuse one that the register does not write so.

    Raises:
        RelationshipNotWrittenSoError, RelationshipWordError, RelationshipTooDistantError: naming `field`.
    """
    try:
        return Relationship.parse(text)
    except RelationshipNotWrittenSoError as error:
        raise type(error)(error.detail, field=field) from None
