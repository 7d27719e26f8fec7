"""Kinship as steps from person to person, and what two ways that meet in one person may amount to.

A relationship to the householder is a way that begins at the householder. To say it of another householder the way is
walked back first: from the new householder to the old one, and on. Where the two parts meet, steps fold: a parent's
child is a brother or sister, a wife's husband oneself. Some folds are certain, most are what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from typing import Final

from jukinet.domain.relationships import Atom


class Tie(Enum):
    """How one person is tied to the next."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One step to the next person, with what is known of that person."""

    tie: Tie
    is_male: bool | None = None
    #: Of a spouse: whether the marriage is not reported (未届).
    is_unreported: bool = False
    #: Of a sibling: whether the next person is the elder.
    is_elder: bool | None = None
    #: Of a child: the word that says more than 子.
    word: Atom | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """One way the steps may be understood, and whether nothing else can be meant."""

    steps: tuple[Step, ...]
    is_certain: bool = True


_STEPS: Final = {
    Atom.HUSBAND: Step(Tie.SPOUSE, is_male=True),
    Atom.WIFE: Step(Tie.SPOUSE, is_male=False),
    Atom.HUSBAND_UNREPORTED: Step(Tie.SPOUSE, is_male=True, is_unreported=True),
    Atom.WIFE_UNREPORTED: Step(Tie.SPOUSE, is_male=False, is_unreported=True),
    Atom.CHILD: Step(Tie.CHILD),
    Atom.CHILD_CHILDS_HUSBAND: Step(Tie.CHILD, is_male=True, word=Atom.CHILD_CHILDS_HUSBAND),
    Atom.CHILD_CHILDS_WIFE: Step(Tie.CHILD, is_male=False, word=Atom.CHILD_CHILDS_WIFE),
    Atom.FATHER: Step(Tie.PARENT, is_male=True),
    Atom.MOTHER: Step(Tie.PARENT, is_male=False),
    Atom.ELDER_BROTHER: Step(Tie.SIBLING, is_male=True, is_elder=True),
    Atom.ELDER_SISTER: Step(Tie.SIBLING, is_male=False, is_elder=True),
    Atom.YOUNGER_BROTHER: Step(Tie.SIBLING, is_male=True, is_elder=False),
    Atom.YOUNGER_SISTER: Step(Tie.SIBLING, is_male=False, is_elder=False),
}
_ATOMS: Final = {(step.tie, step.is_male, step.is_unreported, step.is_elder): atom for atom, step in _STEPS.items()}
_BACK: Final = {Tie.SPOUSE: Tie.SPOUSE, Tie.CHILD: Tie.PARENT, Tie.PARENT: Tie.CHILD, Tie.SIBLING: Tie.SIBLING}


def steps_of(chain: Sequence[Atom], *, is_male: bool | None) -> tuple[Step, ...]:
    """Return the steps of a chain that ends with somebody of this sex, with what the chain tells of those between."""
    found: list[Step] = []
    for position, atom in enumerate(chain):
        step = _STEPS[atom]
        following = chain[position + 1] if position + 1 < len(chain) else None
        if step.is_male is None and following is not None and following.is_spouse:
            step = replace(step, is_male=not following.is_male)
        elif step.is_male is None and following is None:
            step = replace(step, is_male=is_male)
        found.append(step)
    return tuple(found)


def steps_back(steps: Sequence[Step], *, is_male: bool | None) -> tuple[Step, ...]:
    """Return the way back, to a beginning who is of this sex."""
    before = (is_male, *(step.is_male for step in steps[:-1]))
    return tuple(
        Step(
            _BACK[step.tie],
            is_male=came_from,
            is_unreported=step.is_unreported,
            is_elder=None if step.is_elder is None else not step.is_elder,
        )
        for step, came_from in zip(reversed(steps), reversed(before), strict=True)
    )


def chains_of(steps: Sequence[Step]) -> tuple[tuple[Atom, ...], ...]:
    """Return every chain the steps may be written as: more than one where a sex or who is elder is not known."""
    return tuple(product(*(_atoms_of(step) for step in steps)))


def _atoms_of(step: Step) -> tuple[Atom, ...]:
    if step.word is not None:
        return (step.word,)
    if step.tie is Tie.CHILD:
        return (Atom.CHILD,)
    sexes = (True, False) if step.is_male is None else (step.is_male,)
    ages = (True, False) if step.tie is Tie.SIBLING and step.is_elder is None else (step.is_elder,)
    return tuple(_ATOMS[step.tie, sex, step.is_unreported, age] for sex in sexes for age in ages)


def fold(steps: tuple[Step, ...], meeting: int, *, is_male: bool | None, is_elder: bool | None) -> tuple[Reading, ...]:
    """Return what the steps may amount to, the most usual first, where two ways meet before step `meeting`.

    `is_male` is the sex of whoever the way begins at; `is_elder` whether its end is older than its beginning.
    """
    if not 0 < meeting < len(steps):
        return (Reading(steps),)
    start = meeting - 1
    is_whole = len(steps) == 2  # noqa: PLR2004 - from the beginning to the end: two persons who are not the same
    sex = is_male if start == 0 else steps[start - 1].is_male
    pair = _Pair(steps[start], steps[meeting], sex, is_elder if is_whole else None, is_whole=is_whole)
    found = pair.readings()
    results: list[Reading] = []
    for reading in found:
        folded = (*steps[:start], *reading.steps, *steps[meeting + 1 :])
        certain = reading.is_certain and len(found) == 1
        if len(reading.steps) == 2:  # noqa: PLR2004 - they stay as they were
            results.append(Reading(folded, certain))
            continue
        following = start + len(reading.steps)
        places = [place for place in (following, following - 1) if 0 < place < len(folded)]
        results += _further(folded, places, certain=certain, is_male=is_male, is_elder=is_elder)
    return tuple(results)


def _further(
    steps: tuple[Step, ...], places: Sequence[int], *, certain: bool, is_male: bool | None, is_elder: bool | None
) -> list[Reading]:
    """Fold on at the first of the places where something folds."""
    for place in places:
        found = fold(steps, place, is_male=is_male, is_elder=is_elder)
        if found != (Reading(steps),):
            return [Reading(one.steps, one.is_certain and certain) for one in found]
    return [Reading(steps, certain)]


@dataclass(frozen=True, slots=True, repr=False)
class _Pair:
    """Two steps that meet: from A by `one` to B, and by `other` to C."""

    one: Step
    other: Step
    #: Sex of A.
    is_male: bool | None
    is_elder: bool | None
    #: Whether A is the beginning and C the end, so that they are two persons.
    is_whole: bool

    def readings(self) -> list[Reading]:
        """Return what the pair may amount to, the most usual first."""
        kept = Reading((self.one, self.other), is_certain=False)
        same = [] if self.is_whole or not self._may_be_same() else [Reading((), is_certain=False)]
        child, parent = self._usual(Tie.CHILD), self._usual(Tie.PARENT)
        folds = {
            (Tie.SPOUSE, Tie.SPOUSE): [Reading(())],
            (Tie.SPOUSE, Tie.CHILD): [child, kept],
            (Tie.CHILD, Tie.SIBLING): [child, kept],
            (Tie.PARENT, Tie.CHILD): [*same, Reading((self._sibling(),))],
            (Tie.PARENT, Tie.SPOUSE): [parent, kept],
            (Tie.SIBLING, Tie.PARENT): [parent, kept],
            (Tie.CHILD, Tie.PARENT): [*same, *self._spouse(), kept],
            (Tie.SIBLING, Tie.SIBLING): [*same, Reading((self._sibling(),), is_certain=False)],
        }
        return folds.get((self.one.tie, self.other.tie), [Reading((self.one, self.other))])

    def _usual(self, tie: Tie) -> Reading:
        """Return that C is tied to A so, as is usual and not certain."""
        word = self.other.word if tie is Tie.CHILD else None
        return Reading((Step(tie, self.other.is_male, word=word),), is_certain=False)

    def _may_be_same(self) -> bool:
        return self.is_male is None or self.other.is_male is None or self.is_male is self.other.is_male

    def _sibling(self) -> Step:
        return Step(Tie.SIBLING, self.other.is_male, is_elder=self.is_elder)

    def _spouse(self) -> list[Reading]:
        """Return that C, the other parent of A's child, is A's husband or wife."""
        if self.is_male is not None and self.is_male is self.other.is_male:
            return []
        sex = self.other.is_male if self.is_male is None else not self.is_male
        return [Reading((Step(Tie.SPOUSE, sex),), is_certain=False)]
