"""What each member's relationship becomes under another householder."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import HouseholderNeededError
from jukinet.domain.identification import Sex
from jukinet.domain.relationship_proposals import Member, Proposal, inverse_of, propose_relationships
from jukinet.domain.relationships import Atom, Relationship
from tests.builders_relationships import chains

M, F = Sex.MALE, Sex.FEMALE
SEXES = st.sampled_from([M, F])


def member(number: int, relationship: str, sex: Sex, year: int) -> Member:
    return Member(resident_number=number, relationship=relationship, sex=sex, birth_date=CivilDate.of(date(year, 4, 1)))


FAMILY = (
    member(1, "世帯主", M, 1950),
    member(2, "妻", F, 1952),
    member(3, "子", M, 1975),
    member(4, "子の妻", F, 1977),
    member(5, "子の子", F, 2005),
    member(6, "父", M, 1920),
    member(7, "妹", F, 1955),
    member(8, "妻の母", F, 1928),
    member(9, "子", F, 1980),
    member(10, "同居人", M, 1990),
    member(11, "縁故者", M, 1991),
)


def proposed(householder: int) -> dict[int, Proposal]:
    return propose_relationships(FAMILY, householder=householder)


@pytest.mark.parametrize(
    ("householder", "expected"),
    [
        (2, ["夫", "世帯主", "子", "子の妻", "子の子", "夫の父", "夫の妹", "母", "子", "同居人", "縁故者"]),
        (3, ["父", "母", "世帯主", "妻", "子", "父の父", "父の妹", "母の母", "妹", "同居人", "縁故者"]),
        (6, ["子", "子の妻", "子の子", "子の子の妻", "子の子の子", "世帯主", "子", "子の妻の母", "子の子"]),
        (7, ["兄", "兄の妻", "兄の子", "兄の子の妻", "兄の子の子", "父", "世帯主", "兄の妻の母", "兄の子"]),
    ],
)
def test_the_usual_family_is_related_as_everybody_expects(householder: int, expected: list[str]) -> None:
    found = [proposal.text for proposal in proposed(householder).values()]

    assert found[: len(expected)] == expected


def test_a_proposal_is_certain_only_where_nothing_else_can_be_meant() -> None:
    of_wife = proposed(2)

    assert of_wife[1] == Proposal("夫", is_certain=True)
    assert of_wife[8] == Proposal("母", is_certain=True)
    assert of_wife[6] == Proposal("夫の父", is_certain=True)
    assert of_wife[3] == Proposal("子", is_certain=False, alternatives=("夫の子",))


def test_of_two_children_the_dates_of_birth_tell_the_elder() -> None:
    assert proposed(3)[9] == Proposal("妹", is_certain=True)
    assert proposed(9)[3] == Proposal("兄", is_certain=True)
    twins = (member(1, "世帯主", M, 1950), member(2, "子", M, 1975), member(3, "子", F, 1975))
    assert propose_relationships(twins, householder=2)[3] == Proposal("姉", is_certain=False, alternatives=("妹",))


def test_whether_the_grandchild_s_parent_is_father_or_mother_is_asked() -> None:
    assert proposed(5)[1] == Proposal("父の父", is_certain=False, alternatives=("母の父",))


def test_a_child_who_married_another_child_is_first_taken_for_the_husband() -> None:
    couple = (member(1, "世帯主", M, 1950), member(2, "子", F, 1975), member(3, "子（子の夫）", M, 1974))

    assert propose_relationships(couple, householder=2)[3] == Proposal("夫", is_certain=False, alternatives=("兄",))
    assert propose_relationships(couple, householder=3)[2] == Proposal("妻", is_certain=False, alternatives=("妹",))


def test_who_shares_a_home_with_a_lodger_is_a_lodger() -> None:
    of_lodger, of_relative = proposed(10), proposed(11)

    assert of_lodger[1] == Proposal("同居人", is_certain=True)
    assert of_lodger[2] == Proposal("同居人", is_certain=False)
    assert of_relative[1] == Proposal("縁故者", is_certain=True)
    assert of_relative[2] == Proposal("縁故者", is_certain=False)


def test_the_same_householder_changes_nothing() -> None:
    assert {number: one.text for number, one in proposed(1).items()} == {
        one.resident_number: one.relationship for one in FAMILY
    }


def test_a_householder_is_one_of_the_household() -> None:
    with pytest.raises(HouseholderNeededError):
        propose_relationships(FAMILY, householder=99)
    with pytest.raises(HouseholderNeededError):
        propose_relationships(FAMILY[1:], householder=2)


@pytest.mark.parametrize(
    ("relationship", "own", "other", "expected"),
    [
        ("妻", F, M, "夫"),
        ("夫（未届）", M, F, "妻（未届）"),
        ("子", F, M, "父"),
        ("母", F, M, "子"),
        ("兄", M, F, "妹"),
        ("父の妻", F, M, "夫の子"),
        ("同居人", M, M, "同居人"),
    ],
)
def test_the_inverse_tells_it_from_the_other_s_side(relationship: str, own: Sex, other: Sex, expected: str) -> None:
    assert inverse_of(relationship, own_sex=own, other_sex=other) == Proposal(expected, is_certain=True)


def _sex_of(chain: tuple[Atom, ...], drawn: Sex) -> Sex:
    return drawn if chain[-1].is_male is None else M if chain[-1].is_male else F


@given(chain=chains(), drawn=SEXES, other=SEXES)
def test_the_inverse_of_a_certain_inverse_is_where_one_began(chain: tuple[Atom, ...], drawn: Sex, other: Sex) -> None:
    own = _sex_of(chain, drawn)
    if chain[0].is_spouse:
        other = F if chain[0].is_male else M
    # That a child is another child's husband too, nobody can tell from 父.
    text = Relationship(tuple(Atom.CHILD if atom.value.startswith("子") else atom for atom in chain)).text
    there = inverse_of(text, own_sex=own, other_sex=other)
    back = inverse_of(there.text, own_sex=other, other_sex=own)

    if there.is_certain:
        assert text in {back.text, *back.alternatives}
        assert not back.is_certain or back.text == text


HOUSEHOLDS = st.lists(
    st.tuples(
        st.one_of(chains().map(lambda chain: Relationship(chain).text), st.sampled_from(["縁故者", "同居人"])),
        SEXES,
        st.integers(0, 30_000),
    ),
    min_size=1,
    max_size=6,
)


@given(others=HOUSEHOLDS, sex=SEXES, chosen=st.integers(0, 100))
def test_no_proposal_leaves_the_grammar(others: list[tuple[str, Sex, int]], sex: Sex, chosen: int) -> None:
    people = [("世帯主", sex, 10_000), *others]
    members = [
        Member(
            resident_number=number,
            relationship=text,
            sex=each,
            birth_date=CivilDate.of(date(1930, 1, 1) + timedelta(days=days)),
        )
        for number, (text, each, days) in enumerate(people)
    ]
    new = chosen % len(members)
    found = propose_relationships(members, householder=new)

    assert [number for number, one in found.items() if one.text == "世帯主"] == [new]
    for proposal in found.values():
        for text in (proposal.text, *proposal.alternatives):
            assert Relationship.parse(text).text == text
        assert not (proposal.is_certain and proposal.alternatives)
