"""How often things are: after Japan, within what chance allows for 100,000 residents."""

from __future__ import annotations

from collections import Counter

import pytest

from jukinet.domain.bundled import surname_rows
from jukinet.domain.characters import canonical_text
from jukinet.domain.repertoire import is_variation_selector
from jukinet.population.pyramid import PYRAMID
from tests.unit.population.people import Person, age_of, households_of, people_of

RESIDENTS = 100_000


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return people_of(residents=RESIDENTS, seed=1)


def share(people: list[Person], count: int) -> float:
    return count / len(people)


def test_ages_follow_the_pyramid_of_each_sex(people: list[Person]) -> None:
    total = sum(map(sum, PYRAMID))
    found = Counter((person["sex"], min(age_of(person) // 5, 20)) for person in people)

    for sex, groups in zip("12", PYRAMID, strict=True):
        for group, expected in enumerate(groups):
            assert found[sex, group] / RESIDENTS == pytest.approx(expected / total, abs=0.0035)


def test_household_sizes_follow_the_census(people: list[Person]) -> None:
    sizes = Counter(len(household) for household in households_of(people))
    households = sizes.total()

    for size, percent in {1: 38.1, 2: 28.1, 3: 16.6, 4: 11.9, 5: 3.9, 6: 0.9, 7: 0.5}.items():
        assert sizes[size] / households == pytest.approx(percent / 100, abs=0.012)


def test_surnames_are_as_frequent_as_they_are(people: list[Person]) -> None:
    bearers = {row[0]: int(row[1]) for row in surname_rows()}
    japanese = [person["name"].split("\u3000")[0] for person in people if not person["nationality"]]
    found = Counter(japanese)

    for surname in ("佐藤", "鈴木", "田中", "伊藤"):
        assert found[surname] / len(japanese) == pytest.approx(bearers[surname] / sum(bearers.values()), rel=0.15)


def test_about_three_names_in_a_hundred_are_written_with_a_rare_character(people: list[Person]) -> None:
    usual = {row[0] for row in surname_rows()}
    japanese = [person["name"].split("\u3000")[0] for person in people if not person["nationality"]]
    rare = [surname for surname in japanese if surname not in usual]
    with_selector = [surname for surname in rare if any(map(is_variation_selector, surname))]

    assert 0.025 < len(rare) / len(japanese) < 0.035
    assert 0.001 < len(with_selector) / len(japanese) < 0.02
    assert {"髙橋", canonical_text("山﨑"), "𠮷田"} <= set(rare)


def test_about_three_residents_in_a_hundred_are_foreign_and_some_have_an_alias(people: list[Person]) -> None:
    foreign = [person for person in people if person["nationality"]]
    with_alias = [person for person in foreign if person["alias"]]

    assert 0.024 < share(people, len(foreign)) < 0.036
    assert 0.05 < len(with_alias) / len(foreign) < 0.25
    assert len({person["nationality"] for person in foreign}) == 10


def test_one_resident_in_a_hundred_has_a_former_surname(people: list[Person]) -> None:
    assert 0.008 < share(people, sum(person["former_surname"] is not None for person in people)) < 0.012


def test_a_few_residents_are_protected(people: list[Person]) -> None:
    assert 0.0009 < share(people, sum(person["is_protected"] for person in people)) < 0.0022


def test_a_few_of_the_very_old_and_nobody_else_have_a_birth_date_known_in_part(people: list[Person]) -> None:
    unknown = [person for person in people if "X" in person["birth_date"]]

    assert unknown
    assert len(unknown) < RESIDENTS * 0.001
    assert all(age_of(person) >= 89 for person in unknown)


def test_given_names_belong_to_their_generation(people: list[Person]) -> None:
    def share_ending_in_ko(first_year: int, last_year: int) -> float:
        women: list[str] = [
            person["kana"]
            for person in people
            if person["sex"] == "2"
            and not person["nationality"]
            and first_year <= int(person["birth_date"][:4]) <= last_year
        ]
        return sum(kana.endswith("こ") for kana in women) / len(women)

    assert share_ending_in_ko(1930, 1949) > 0.6
    assert 0.2 < share_ending_in_ko(1965, 1979) < 0.4
    assert share_ending_in_ko(2010, 2026) < 0.08


def test_some_were_born_where_they_live(people: list[Person]) -> None:
    assert 0.15 < share(people, sum(person["change_reason"] == "birth" for person in people)) < 0.5
