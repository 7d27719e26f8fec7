"""What each member's relationship (続柄) becomes when another of them is householder: proposals for the clerk.

Nobody can compute kinship from relationships to one person alone: 子 of the householder may be the wife's child or not.
So each proposal says whether nothing else can be meant, and what else it may be; the clerk confirms the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import HouseholderNeededError, RelationshipNotWrittenSoError
from jukinet.domain.identification import Sex
from jukinet.domain.relationship_steps import Reading, Step, Tie, chains_of, fold, steps_back, steps_of
from jukinet.domain.relationships import (
    LODGER,
    MOST_GENERATIONS,
    RELATIVE,
    Atom,
    Relationship,
    require_relationship,
)
from jukinet.domain.resident_record import HOUSEHOLDER

_COUPLED: Final = frozenset({Atom.CHILD_CHILDS_HUSBAND.value, Atom.CHILD_CHILDS_WIFE.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a household, as the register has the person now."""

    resident_number: int
    relationship: str = field(repr=False)
    sex: Sex = field(repr=False)
    birth_date: CivilDate = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A relationship to the new householder, whether it is certain, and what else it may be."""

    text: str = field(repr=False)
    is_certain: bool
    alternatives: tuple[str, ...] = field(default=(), repr=False)


def propose_relationships(members: Iterable[Member], *, householder: int) -> dict[int, Proposal]:
    """Return each member's relationship to the member who becomes householder, by resident number.

    Raises:
        HouseholderNeededError: nobody of them has this number, or not exactly one is householder now.
        RelationshipNotWrittenSoError: a present relationship is not one.
    """
    present = {member.resident_number: member for member in members}
    new = present.get(householder)
    old = [member for member in present.values() if member.relationship == HOUSEHOLDER]
    if new is None or len(old) != 1:
        raise HouseholderNeededError(field="householder")
    return {number: _propose(member, new=new, old=old[0]) for number, member in present.items()}


def inverse_of(relationship: str, *, own_sex: Sex, other_sex: Sex) -> Proposal:
    """Return what the householder is to a person whose relationship to the householder this is.

    `own_sex` is that person's, `other_sex` the householder's.
    """
    found = require_relationship(relationship, field="relationship")
    if found.single:
        return Proposal(found.single, is_certain=True)
    steps = steps_back(steps_of(found.chain, is_male=_is_male(own_sex)), is_male=_is_male(other_sex))
    return _written([Reading(steps)])


def _propose(member: Member, *, new: Member, old: Member) -> Proposal:
    if member.resident_number == new.resident_number:
        return Proposal(HOUSEHOLDER, is_certain=True)
    if new.resident_number == old.resident_number:
        return Proposal(member.relationship, is_certain=True)
    to_new = require_relationship(new.relationship, field="relationship")
    to_member = require_relationship(member.relationship, field="relationship")
    if LODGER in {to_new.single, to_member.single}:
        is_certain = member is old or to_new.single != LODGER
        return Proposal(LODGER, is_certain=is_certain)
    if RELATIVE in {to_new.single, to_member.single}:
        return Proposal(RELATIVE, is_certain=member is old)
    back = steps_back(steps_of(to_new.chain, is_male=_is_male(new.sex)), is_male=_is_male(old.sex))
    onward = steps_of(to_member.chain, is_male=_is_male(member.sex))
    is_elder = _is_elder(member.birth_date, than=new.birth_date)
    readings = fold((*back, *onward), len(back), is_male=_is_male(new.sex), is_elder=is_elder)
    return _written([*_couple(member, new), *readings])


def _couple(member: Member, new: Member) -> list[Reading]:
    """Return that they are husband and wife where 子（子の夫） or 子（子の妻） says so of two children."""
    texts = {member.relationship, new.relationship}
    if not texts & _COUPLED or not texts <= {*_COUPLED, Atom.CHILD.value}:
        return []
    sex = _is_male(member.sex)
    if sex is None or sex is _is_male(new.sex):
        return []
    return [Reading((Step(Tie.SPOUSE, sex),), is_certain=False)]


def _written(readings: Iterable[Reading]) -> Proposal:
    """Return the readings as the register writes them, without those it cannot write."""
    texts: list[str] = []
    is_certain = True
    for reading in readings:
        is_certain = is_certain and reading.is_certain
        if not reading.steps:
            continue
        for chain in chains_of(reading.steps):
            try:
                text = RELATIVE if len(chain) > MOST_GENERATIONS else Relationship(chain).text
            except RelationshipNotWrittenSoError:
                continue
            if text not in texts:
                texts.append(text)
    if not texts:
        return Proposal(RELATIVE, is_certain=False)
    return Proposal(texts[0], is_certain=is_certain and len(texts) == 1, alternatives=tuple(texts[1:]))


def _is_male(sex: Sex) -> bool | None:
    return {Sex.MALE: True, Sex.FEMALE: False}.get(sex)


def _is_elder(one: CivilDate, *, than: CivilDate) -> bool | None:
    """Return whether somebody is the elder; None where the dates do not tell."""
    if one.span[1] < than.span[0]:
        return True
    return False if one.span[0] > than.span[1] else None
