"""What a relationship to the householder (続柄) may be written as."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.errors import (
    InvalidValueError,
    RelationshipNotWrittenSoError,
    RelationshipTooDistantError,
    RelationshipWordError,
)
from jukinet.domain.names import require_relationship
from jukinet.domain.relationships import FORBIDDEN_WORDS, Atom, Relationship, highest_of
from jukinet.domain.rules import Rule
from jukinet.population.households import household_tables
from tests.builders import birth
from tests.builders_relationships import chains


@pytest.mark.parametrize(
    "text",
    [
        "世帯主",
        "縁故者",
        "同居人",
        "妻",
        "夫（未届）",
        "子（子の夫）",
        "子（子の妻）の子",
        "妻の子",
        "夫（未届）の子",
        "父の妻",
        "母の夫",
        "子の子の子の子",
        "父の兄の子の妻",
    ],
)
def test_what_the_standard_writes_is_a_relationship(text: str) -> None:
    require_relationship(text, field="relationship")

    assert Relationship.parse(text).text == text


@given(chain=chains())
def test_every_chain_is_read_as_it_is_written(chain: tuple[Atom, ...]) -> None:
    relationship = Relationship(chain)

    assert Relationship.parse(relationship.text) == relationship


@pytest.mark.rule(Rule.RELATIONSHIP_GRAMMAR)
@pytest.mark.parametrize(
    "text", ["", " 子", "子 ", "の", "子の", "の子", "子子", "子のの子", "世帯主の子", "同居人の妻", "妻(未届)", "犬"]
)
def test_what_is_put_together_otherwise_is_none(text: str) -> None:
    with pytest.raises(RelationshipNotWrittenSoError) as caught:
        require_relationship(text, field="relationship")

    assert caught.value.field == "relationship"


@pytest.mark.rule(Rule.RELATIONSHIP_GRAMMAR)
@pytest.mark.parametrize("text", ["夫の妻", "妻の夫", "父の夫", "子の妻の妻", "兄の夫", "母の妻", "妻の夫（未届）"])
def test_nobody_is_the_husband_of_a_man_or_the_wife_of_a_wife(text: str) -> None:
    with pytest.raises(RelationshipNotWrittenSoError):
        require_relationship(text, field="relationship")


@pytest.mark.rule(Rule.RELATIONSHIP_GRAMMAR)
@pytest.mark.parametrize("word", FORBIDDEN_WORDS)
def test_a_word_the_register_does_not_use_is_refused_with_the_one_it_uses(word: str) -> None:
    for text in (word, f"{word}の妻", f"子の{word}"):
        with pytest.raises(RelationshipWordError) as caught:
            require_relationship(text, field="relationship")
        assert "Written " in caught.value.detail
    for written in FORBIDDEN_WORDS[word].split("、"):
        require_relationship(written, field="relationship")


def test_a_grandchild_is_written_as_the_child_of_a_child() -> None:
    with pytest.raises(RelationshipWordError, match="子の子"):
        Relationship.parse("孫")


@pytest.mark.rule(Rule.RELATIONSHIP_GRAMMAR)
@pytest.mark.parametrize("text", ["子の子の子の子の子", "父の父の父の父の妻"])
def test_the_fifth_generation_is_a_relative(text: str) -> None:
    with pytest.raises(RelationshipTooDistantError):
        require_relationship(text, field="relationship")


@pytest.mark.parametrize("text", ["子\x00", "子\n子", "\u202e子", "子\u200b", "子" * 5000])
def test_no_birth_is_reported_with_another(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        replace(birth(), relationship=text)

    assert caught.value.field == "relationship"


def test_of_two_true_relationships_the_higher_is_written() -> None:
    def highest(*texts: str) -> str:
        return highest_of(tuple(Relationship.parse(text) for text in texts)).text

    assert highest("子の夫", "子") == "子"
    assert highest("同居人", "縁故者", "妻の妹の子") == "妻の妹の子"
    assert highest("妹", "妻") == "妻"


@given(texts=st.lists(chains().map(lambda chain: Relationship(chain).text), unique=True, min_size=2))
def test_the_print_order_tells_any_two_apart(texts: list[str]) -> None:
    keys = {Relationship.parse(text).print_order for text in [*texts, "世帯主", "縁故者", "同居人"]}

    assert len(keys) == len(texts) + 3


def test_synthetic_residents_are_related_as_the_standard_writes_it() -> None:
    labels = {label.decode() for row in household_tables().relationship for label in row}

    assert "世帯主" in labels
    for label in labels:
        require_relationship(label, field="relationship")


def test_who_is_whose_kin_is_not_printed() -> None:
    assert "妻" not in f"{Relationship.parse('妻')} {Relationship.parse('妻')!r}"
